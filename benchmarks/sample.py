"""Measure the answers to the sample's questions: small enough for the tests to do it every time."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.archives import build_sample
from benchmarks.common import ROOT, arguments, run, save, table, workplace
from benchmarks.data import rows

QUESTIONS = ROOT / "sample" / "questions.jsonl"
AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
"""The instant the questions are asked at: the day after the sample's last article."""

_LIMIT = 100


def main(argv: Sequence[str] | None) -> None:
    """Build the sample, ask, measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sample", description=__doc__)
    options = arguments(parser, argv)
    with workplace() as place:
        build_sample(place / "sample")
        corpus, figures = measure(place / "sample")
    table("sample", list(figures.items()))
    save("sample", options.out, True, corpus, {"questions": len(list(rows(QUESTIONS)))}, figures)


def measure(archive: Path) -> tuple[str, dict[str, Any]]:
    """Return the digest of the sample's articles and questions, and the figures for its answers."""
    from assistant import Assistant
    from assistant.archive import Archive
    from assistant.evaluation.asking import ask_all
    from assistant.evaluation.datasets import read
    from assistant.evaluation.holdings import Holdings
    from assistant.evaluation.measures import score
    from assistant.evaluation.summary import summarise
    from assistant.settings import load_settings

    questions = read(QUESTIONS)
    with Assistant.open(load_settings({"archive": archive})) as assistant:
        outcomes = {one.id: one for one in ask_all(assistant, questions, _LIMIT, as_of=AS_OF)}
    with Archive(archive) as opened:
        holdings = Holdings(opened)
        found = summarise(score(questions, outcomes, holdings), latency=False)
        corpus = holdings.digest()
    means = {name: m["mean"] for group in ("ranking", "evidence", "answers") for name, m in found[group].items()}
    refusal = {f"refusal_{name}": value for name, value in found["refusal"].items() if name != "statuses"}
    return f"{corpus}-{_digest()}", {**means, **refusal}


def _digest() -> str:
    from hashlib import blake2b

    return blake2b(QUESTIONS.read_bytes(), digest_size=6).hexdigest()


if __name__ == "__main__":
    run(main)
