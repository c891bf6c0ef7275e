"""Measure whether answers answer: news-quiz questions to an archive that holds the answers of some of them.

An answer holds what was asked if one of its sentences has the expected words; other wordings of the same answer are not
recognised, so every share is a lower bound.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.archives import ARCHIVE
from benchmarks.common import Failed, arguments, run, save, spread, table
from benchmarks.data import Row, answers_of, corpus_digest, countable, folded, questions_file, rows

if TYPE_CHECKING:
    from assistant import Answer, Assistant

_BINS = 10


def main(argv: Sequence[str] | None) -> None:
    """Ask, and report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answers", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--archive", type=Path, default=ARCHIVE, help="of RealTimeQA's articles [indexes/realtimeqa]")
    parser.add_argument("--questions", type=int, default=500, help="questions asked, spread over all [%(default)s]")
    options = arguments(parser, argv)
    if not (options.archive / "archive.sqlite3").exists():
        raise Failed(f"there is no archive at {options.archive}; `ontherecord ingest` some of RealTimeQA's articles")
    asked = spread([row for row in rows(questions_file()) if answers_of(row)], options.questions)
    texts, figures = measure(options.archive, asked)
    table("answers", list(figures.items()))
    digest = corpus_digest([{"id": key, "text": text} for key, text in sorted(texts.items())], asked)
    save("answers", options.out, False, digest, {"articles": len(texts), "questions": len(asked)}, figures)


def measure(archive: Path, questions: Sequence[Row]) -> tuple[dict[str, str], dict[str, Any]]:
    """Ask an archive all questions, each on its day; return its articles' texts and the figures."""
    from assistant import Assistant
    from assistant.archive import Archive
    from assistant.settings import load_settings

    with Archive(archive) as kept:
        texts = {one.id: folded(f"{one.headline} . {one.text}") for one in kept.articles()}
    held = {row["id"] for row in countable(questions, texts)}
    with Assistant.open(load_settings({"archive": archive})) as assistant:
        given = [(row, _ask(assistant, row)) for row in questions]
    return texts, figures_of(given, held)


def _ask(assistant: Assistant, question: Row) -> Answer:
    from assistant import AskOptions
    from assistant.dates import asked_at

    return assistant.ask(question["question"], AskOptions(as_of=asked_at(question["date"], assistant.zone)))


def figures_of(given: Sequence[tuple[Row, Answer]], held: set[str]) -> dict[str, Any]:
    """Return the figures of answers.

    :param held: ids of the questions that the archive answers.
    """
    hits = [[_holds(row, sentence.text) for sentence in answer.sentences] for row, answer in given]
    judged = [(row["id"] in held, answer.status, has) for (row, answer), has in zip(given, hits, strict=True)]
    answerable = [(status, has) for inside, status, has in judged if inside]
    others = [(status, has) for inside, status, has in judged if not inside]
    supported = [any(has) for _, status, has in judged if status == "supported"]
    read = [
        (sentence.probability, hit)
        for (_, answer), has in zip(given, hits, strict=True)
        for sentence, hit in zip(answer.sentences, has, strict=True)
        if sentence.probability is not None
    ]
    return {
        "answerable": len(answerable),
        "first": _share([has[:1] == [True] for _, has in answerable]),
        "three": _share([any(has[:3]) for _, has in answerable]),
        "any": _share([any(has) for _, has in answerable]),
        "refused": _share([status == "not_found" for status, _ in answerable]),
        "sentences_that_answer": _share([hit for _, has in answerable for hit in has]),
        "supported": len(supported),
        "supported_precision": _share(supported),
        "false_support": _share([status == "supported" and not any(has) for status, has in others]),
        "unanswerable_refused": _share([status == "not_found" for status, _ in others]),
        "calibration_error": calibration_error(read),
    }


def calibration_error(read: Sequence[tuple[float, bool]]) -> float:
    """Return the expected calibration error of probabilities, each with what came true, over ten bins; in [0, 1]."""
    if not read:
        return 0.0
    probabilities, came_true = (np.array(values, np.float64) for values in zip(*read, strict=True))
    bins = np.minimum((probabilities * _BINS).astype(int), _BINS - 1)
    error = sum(abs((probabilities - came_true)[bins == one].sum()) for one in range(_BINS))
    return round(float(error / len(read)), 4)


def _holds(question: Row, text: str) -> bool:
    expected = answers_of(question)
    return expected is not None and expected.search(folded(text)) is not None


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


if __name__ == "__main__":
    run(main)
