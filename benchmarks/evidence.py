"""Does what is retrieved hold the answer? ``batch --retrieval-only`` over all questions that can be counted, scored."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.archives import add_options, countable_in, prepared
from benchmarks.common import CLI, K, Skipped, arguments, checked, run, save, spread, table, workplace
from benchmarks.data import scorer_file, write
from benchmarks.peer import score


def main(argv: Sequence[str] | None) -> None:
    """Retrieve, score, save."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evidence", description=__doc__)
    add_options(parser)
    parser.add_argument("--questions", type=int, help="so many of those that count, evenly spaced [all]")
    parser.add_argument("--scorer", type=Path, help="score_passages.py [../shared/eval/score_passages.py]")
    parser.add_argument("--work", type=Path, help="keep questions and run in this folder [a temporary one]")
    options = arguments(parser, argv)
    scorer = scorer_file(options.scorer)
    if scorer is None:
        raise Skipped("there is no scorer; name score_passages.py with --scorer")
    corpus = countable_in(prepared(options))
    asked = spread(corpus.questions, options.questions or len(corpus.questions))
    with workplace(options.work) as place:
        write(place / "articles.jsonl", corpus.articles)
        questions = write(place / "questions.jsonl", asked)
        found = place / "run.jsonl"
        batch = ["batch", str(questions), "--out", str(found), "--retrieval-only", "--limit", str(K)]
        ended = checked([*CLI, "--archive", options.archive, *batch], 7200)
        figures = {**score(scorer, place, found), "seconds": round(ended.seconds, 1)}
    table(f"{len(asked):,} questions over {len(corpus.articles):,} articles", list(figures.items()))
    promised = options.articles is None and options.questions is None
    sizes = {"articles": len(corpus.articles), "questions": len(asked), "passages_a_question": K}
    save("evidence", options.out, promised, corpus.digest, sizes, figures)


if __name__ == "__main__":
    run(main)
