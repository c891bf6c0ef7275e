"""Measure what each ranking signal contributes: with all of them, then with each one left out."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.archives import add_options, countable_in, prepared
from benchmarks.common import K, Skipped, arguments, report, run, save, spread, workplace
from benchmarks.data import Row, scorer_file, write
from benchmarks.peer import score

if TYPE_CHECKING:
    from assistant.retrieval.ranking import ArticleWeights
    from assistant.searcher import Searcher

SIGNALS = ("lexical", "dense", "article", "coverage", "headline", "recency")
"""Signals that have a weight in ``assistant/retrieval/ranking.toml``."""

_FIGURES = ("evidence@100", "evidence@200", "article@1", "mrr@10")


def main(argv: Sequence[str] | None) -> None:
    """Retrieve with all signals and without each, score, save."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation", description=__doc__)
    add_options(parser)
    parser.add_argument("--questions", type=int, help="number of countable questions to ask, evenly spaced [all]")
    parser.add_argument("--scorer", type=Path, help="score_passages.py [../shared/eval/score_passages.py]")
    options = arguments(parser, argv)
    scorer = scorer_file(options.scorer)
    if scorer is None:
        raise Skipped("there is no scorer; name score_passages.py with --scorer")
    corpus = countable_in(prepared(options))
    asked = spread(corpus.questions, options.questions or len(corpus.questions))
    figures: dict[str, Any] = {}
    with workplace() as place:
        write(place / "articles.jsonl", corpus.articles)
        write(place / "questions.jsonl", asked)
        for name, weights in _variants().items():
            found = write(place / "run.jsonl", _found(options.archive, weights, asked))
            figures[name] = {key: score(scorer, place, found)[key] for key in _FIGURES}
            report(f"  {name:<20} " + "  ".join(f"{key} {figures[name][key]:.4f}" for key in _FIGURES))
    promised = options.articles is None and options.questions is None
    sizes = {"articles": len(corpus.articles), "questions": len(asked), "passages_a_question": K}
    save("ablation", options.out, promised, corpus.digest, sizes, figures)


def _variants() -> dict[str, Mapping[str, float]]:
    without = {f"without {name}": {name: 0.0} for name in SIGNALS}
    whole = dict.fromkeys(("article", "coverage", "headline"), 0.0)
    return {"all": {}, **without, "passages alone": whole, "passages, no date": {**whole, "recency": 0.0}}


def _found(folder: Path, changed: Mapping[str, float], questions: Sequence[Row]) -> list[Row]:
    from assistant.dates import asked_at
    from assistant.retrieval.ranking import ArticleWeights

    out: list[Row] = []
    with searching(folder, replace(ArticleWeights.shipped(), **changed)) as searcher:
        for question in questions:
            hits = searcher.excerpts(question["question"], limit=K, as_of=asked_at(question["date"], UTC))
            passages = [{"article_id": hit.passage.article.id, "text": hit.passage.text} for hit in hits]
            out.append({"id": question["id"], "passages": passages})
    return out


@contextmanager
def searching(folder: Path, weights: ArticleWeights) -> Iterator[Searcher]:
    """Open the archive in ``folder`` for searching with weights other than the defaults."""
    from assistant.answering.answerability.scoring import Answerability
    from assistant.archive import Archive
    from assistant.embedding.embedder import Embedder
    from assistant.index import open_indexes
    from assistant.searcher import Searcher
    from assistant.settings import load_settings
    from assistant.speakers.directory import SpeakerDirectory

    settings = load_settings({"archive": folder})
    with Archive(folder) as archive, closing(open_indexes(archive, archive.index_folder, write=False)) as indexes:
        embedder = Embedder.load(settings.embedding)
        answerability = Answerability(archive, indexes, embedder.fingerprint)
        with closing(
            Searcher(archive, indexes, embedder, settings, SpeakerDirectory(archive), answerability, weights)
        ) as searcher:
            yield searcher


if __name__ == "__main__":
    run(main)
