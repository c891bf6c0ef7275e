"""Measure whether passages and answers contain the expected answer: run ``evaluate`` on all countable questions.

The script that ``--scorer`` names scores the passages; ``evaluate`` itself scores the answers.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.archives import add_options, countable_in, prepared
from benchmarks.common import CLI, K, Skipped, arguments, checked, run, save, spread, table, workplace
from benchmarks.data import scorer_file, write
from benchmarks.peer import score

_ANSWERS = ("answer@100", "citation_precision")


def main(argv: Sequence[str] | None) -> None:
    """Retrieve, score, save."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evidence", description=__doc__)
    add_options(parser)
    parser.add_argument("--questions", type=int, help="number of countable questions to ask, evenly spaced [all]")
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
        judged = [{**question, "article_ids": question.get("relevant")} for question in asked]
        questions = write(place / "questions.jsonl", judged)
        evaluate = ["evaluate", str(questions), "--out", str(place / "found"), "--limit", str(K), "--json"]
        ended = checked([*CLI, "--archive", options.archive, *evaluate], 7200)
        told = json.loads(ended.output)
        answers = {name: round(told["answers"][name]["mean"], 4) for name in _ANSWERS}
        figures = {**score(scorer, place, place / "found" / "run.jsonl"), **answers, "seconds": round(ended.seconds, 1)}
    table(f"{len(asked):,} questions over {len(corpus.articles):,} articles", list(figures.items()))
    promised = options.articles is None and options.questions is None
    sizes = {"articles": len(corpus.articles), "questions": len(asked), "passages_a_question": K}
    save("evidence", options.out, promised, corpus.digest, sizes, figures)


if __name__ == "__main__":
    run(main)
