"""On the Record: answers from a news archive, in words that can be quoted.

The rooms, from the reader's side inwards; imports point down this list only::

    serve/        web app and HTTP: convert, call, convert back
    evaluation/   datasets, runs, measures, report
    pipeline.py   Assistant.ask(): understand -> retrieve -> compose -> cite
    answering/    extractive answers and their citations
    retrieval/    understanding, dense and lexical search, fusion
    quotes/       who said what
    index/        the vector index and the lexical index: caches of the archive
    embedding.py  text -> vectors
    archive/      SQLite: articles, versions, passages; the only source of ids and text
    ingest/       one module a format; each yields Article
    types, text, dates, settings, errors, files: known to all, know nobody
"""

__version__ = "0.1.0"
