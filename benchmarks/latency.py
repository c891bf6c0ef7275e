"""Measure how long a question takes in a running process with the model loaded: in Python and over HTTP, one client."""

from __future__ import annotations

import argparse
import http.client
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.archives import add_options, prepared
from benchmarks.common import Failed, K, arguments, latencies, run, save, spread, table
from benchmarks.data import corpus_digest
from benchmarks.serving import served

MEDIAN_MS, P95_MS = 60.0, 150.0
_REQUESTS = 300
_WARM = 20


def main(argv: Sequence[str] | None) -> None:
    """Ask all questions; report how long the answers took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.latency", description=__doc__)
    add_options(parser)
    parser.add_argument("--questions", type=int, help="number of questions to ask, evenly spaced [all]")
    parser.add_argument("--requests", type=int, default=_REQUESTS, help="questions over HTTP; 0 for none [%(default)s]")
    options = arguments(parser, argv)
    corpus = prepared(options)
    asked = spread([str(q["question"]) for q in corpus.questions], options.questions or len(corpus.questions))
    figures: dict[str, Any] = in_process(options.archive, asked)
    if options.requests:
        figures["http"] = over_http(options.archive, spread(asked, options.requests))
    for name, figure in figures.items():
        table(name, list(figure.items()))
    promised = options.articles is None and options.questions is None
    sizes = {"articles": len(corpus.articles), "questions": len(asked)}
    save("latency", options.out, promised, corpus_digest(corpus.articles, corpus.questions), sizes, figures)
    if promised and (figures["ask"]["median_ms"] >= MEDIAN_MS or figures["ask"]["p95_ms"] >= P95_MS):
        raise Failed(f"ask must take less than {MEDIAN_MS} ms (median) and {P95_MS} ms (p95)")


def in_process(archive: Path, questions: Sequence[str]) -> dict[str, Any]:
    """Return the latencies of whole answers and of their stages over all questions, after warming up."""
    from assistant import Assistant
    from assistant.archive import Archive
    from assistant.embedding.embedder import Embedder
    from assistant.index import open_indexes
    from assistant.index.base import Probe
    from assistant.settings import load_settings
    from assistant.types import Filters

    settings = load_settings({"archive": archive})
    embedder = Embedder.load(settings.embedding)
    vectors = [embedder.query(question) for question in questions]
    with (
        Assistant.open(settings) as assistant,
        Archive(archive) as source,
        open_indexes(source, source.index_folder) as indexes,
    ):
        top = settings.retrieval.top_k
        return {
            "ask": each(questions, assistant.ask),
            "search": each(questions, lambda question: assistant.search(question, limit=K)),
            "stage: embed the question": each(questions, embedder.query),
            "stage: lexical index": each(questions, lambda q: indexes.lexical.search(Probe(text=q), top, Filters())),
            "stage: vector index": each(vectors, lambda v: indexes.vector.search(Probe(vector=v), top, Filters())),
        }


def each(items: Sequence[Any], work: Callable[[Any], object]) -> dict[str, float]:
    """Return the latencies of ``work`` on each item in turn, after warming up with the first few."""
    for item in items[:_WARM]:
        work(item)
    seconds = []
    for item in items:
        began = time.perf_counter()
        work(item)
        seconds.append(time.perf_counter() - began)
    return latencies(seconds)


# --- HTTP ------------------------------------------------------------------------------------------------


def over_http(archive: Path, questions: Sequence[str]) -> dict[str, float]:
    """Return the latencies of ``POST /v1/ask`` over one connection to a local server."""
    with served(archive) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        try:
            return each(questions, lambda question: _post(connection, question))
        finally:
            connection.close()


def _post(connection: http.client.HTTPConnection, question: str) -> None:
    body = json.dumps({"question": question})
    connection.request("POST", "/v1/ask", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = response.read()
    if response.status != 200:
        raise Failed(f"POST /v1/ask gave {response.status}: {answer[:500].decode(errors='replace')}")


if __name__ == "__main__":
    run(main)
