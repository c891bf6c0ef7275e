"""Measure refusals: questions of 2023 to an archive that ends with 2022, against questions of 2022 that it answers.

``--fit`` derives the weights in ``assistant/answering/answerability/confidence.toml`` again, from an archive that ends
with September 2022 and the questions of that year alone.
"""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.archives import add_options, prepared
from benchmarks.common import ROOT, arguments, report, run, save, table, workplace
from benchmarks.data import Corpus, Row, answers_of, countable, folded, headline

if TYPE_CHECKING:
    from assistant import Assistant
    from assistant.answering.answerability.confidence import Signals

END, FIT_END = "2023-01-01", "2022-10-01"
LATER = timedelta(days=180)
"""Time after its day at which a question is asked again: the archive answers it, but none of it is news any more."""

KEPT = 0.965
"""Share of the answerable questions, asked later, whose confidence should reach the threshold."""

_ON_ITS_DAY = 0.7
"""Weight of answerable questions asked on their day, relative to later ones: most questions are about news."""

_NEAR = 14
"""Days around a question within which articles with its answer are left out to make it unanswerable."""

_WEIGHTS = ROOT / "assistant" / "answering" / "answerability" / "confidence.toml"
_RIDGE = 1.0

Matrix = NDArray[np.float64]


def main(argv: Sequence[str] | None) -> None:
    """Measure, or fit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.refusal", description=__doc__)
    add_options(parser)
    parser.add_argument("--fit", action="store_true", help="derive the weights instead of measuring")
    parser.add_argument("--work", type=Path, help="keep the shortened archives in this folder [a temporary one]")
    options = arguments(parser, argv)
    corpus = prepared(options)
    with workplace(options.work) as place:
        if options.fit:
            _fit(cut(options.archive, place, FIT_END), corpus)
            return
        figures = measure(cut(options.archive, place, END), corpus)
    table("refusals", list(figures.items()))
    sizes = {"articles": len(corpus.articles), "ends": END}
    save("refusal", options.out, options.articles is None, corpus.digest, sizes, figures)


def cut(archive: Path, place: Path, end: str) -> Path:
    """Return a copy of an archive without articles from the day ``end`` on; reuse an existing copy."""
    from assistant.admin import reindex
    from assistant.archive import ArchiveWriter
    from assistant.dates import parse_date
    from assistant.settings import load_settings

    folder, draft = place / f"until-{end}", place / f"until-{end}.draft"
    if folder.exists():
        return folder
    draft.mkdir(parents=True)
    source = sqlite3.connect(f"file:{archive}/archive.sqlite3?mode=ro", uri=True)
    target = sqlite3.connect(draft / "archive.sqlite3")
    source.backup(target)
    source.close()
    target.close()
    instant = parse_date(end).instant
    with ArchiveWriter(draft, create=False) as writer:
        for article in list(writer.articles()):
            if article.published and article.published.instant >= instant:
                writer.delete(article.id)
    reindex(load_settings({"archive": draft, "ingest": {"quotes": False}}))  # quotes are copied
    draft.rename(folder)
    report(f"made {folder}")
    return folder


# --- questions -------------------------------------------------------------------------------------------


def day(row: Row, field: str) -> str:
    """Return a date of the data in the form 2022-06-17; "" if there is none."""
    return str(row.get(field) or "")[:10].replace("/", "-")


class Asked:
    """The questions before and after the end of an archive, and the articles in it that answer them."""

    def __init__(self, corpus: Corpus, end: str) -> None:
        inside = [article for article in corpus.articles if day(article, "published") < end]
        self._texts = {article["id"]: folded(f"{headline(article)} . {article['text']}") for article in inside}
        self._published = {article["id"]: date.fromisoformat(day(article, "published")) for article in inside}
        self.before = countable([q for q in corpus.questions if day(q, "date") < end], self._texts)
        self.after = [q for q in corpus.questions if day(q, "date") >= end]
        self.listed = {q["id"] for q in countable(self.after, self._texts)}

    def answering(self, question: Row) -> frozenset[str]:
        """Return the articles that may answer: those listed, and those close in time that contain an answer."""
        answer, asked = answers_of(question), date.fromisoformat(day(question, "date"))
        held = (
            key
            for key, text in self._texts.items()
            if answer and abs((self._published[key] - asked).days) <= _NEAR and answer.search(text)
        )
        return frozenset(question.get("relevant") or ()).union(held)


@contextmanager
def _open(archive: Path) -> Iterator[Assistant]:
    from assistant import Assistant
    from assistant.settings import load_settings

    with Assistant.open(load_settings({"archive": archive})) as assistant:
        yield assistant


def _instant(assistant: Assistant, question: Row) -> datetime:
    from assistant.dates import asked_at

    return asked_at(question["date"], assistant.zone)


# --- measuring -------------------------------------------------------------------------------------------


def measure(archive: Path, corpus: Corpus) -> dict[str, Any]:
    """Ask every question on its day; return the figures."""
    from assistant import AskOptions
    from assistant.evaluation.statistics import auroc, refusals
    from assistant.retrieval.understanding.parse import understand

    asked = Asked(corpus, END)
    with _open(archive) as assistant:

        def answers(questions: Sequence[Row], later: timedelta = timedelta()) -> list[tuple[str, str, float]]:
            found: list[tuple[str, str, float]] = []
            for question in questions:
                asked_at = _instant(assistant, question) + later
                answer = assistant.ask(question["question"], AskOptions(as_of=asked_at))
                found.append((str(question["id"]), answer.status, answer.confidence))
            return found

        timeless = [q for q in asked.before if understand(q["question"], _instant(assistant, q)).within is None]
        before, later, after = answers(asked.before), answers(timeless, LATER), answers(asked.after)
    fell = refusals([(True, s, c) for _, s, c in before] + [(False, s, c) for _, s, c in after])
    unlisted = [c for key, _, c in after if key not in asked.listed]
    return {
        "answerable": len(before),
        "unanswerable": len(after),
        "auroc": fell.auroc,
        "auroc_unlisted": auroc([c for _, _, c in before], unlisted),
        "auroc_later": auroc([c for _, _, c in later], [c for _, _, c in after]),
        "precision": fell.precision,
        "recall": fell.recall,
        "answerable_refused": fell.answerable_refused,
        "answerable_refused_later": round(sum(s == "not_found" for _, s, _ in later) / len(later), 4),
    }


# --- fitting ---------------------------------------------------------------------------------------------


def _fit(archive: Path, corpus: Corpus) -> None:
    asked = Asked(corpus, FIT_END)
    with _open(archive) as assistant:
        groups = _groups(assistant, asked)
    names = list(asdict(groups[0][0]))
    data = [np.array([list(asdict(one).values()) for one in group], dtype=np.float64) for group in groups]
    shares = (_ON_ITS_DAY, 1 - _ON_ITS_DAY, 0.5, 0.5)
    total = sum(map(len, data))
    weight = np.concatenate([np.full(len(d), s * total / 2 / len(d)) for d, s in zip(data, shares, strict=True)])
    answered = np.concatenate([np.full(len(d), float(place < 2)) for place, d in enumerate(data)])
    fitted = logistic(np.concatenate(data), answered, weight)
    later = 1 / (1 + np.exp(-(fitted[0] + data[1] @ fitted[1:])))
    threshold = float(np.quantile(later, 1 - KEPT))
    _write(dict(zip(names, fitted[1:].tolist(), strict=True)), float(fitted[0]), threshold, corpus.digest)


def _groups(assistant: Assistant, asked: Asked) -> list[list[Signals]]:
    """Signals of answerable questions on their day, later, and without the articles that answer; of later questions.

    Only questions that name no time are asked later, since "this week" is a different week by then.
    """
    from assistant.retrieval.understanding.parse import understand

    searcher = assistant.searcher
    groups: list[list[Signals]] = [[], [], [], []]
    for question in asked.before:
        text, instant = question["question"], _instant(assistant, question)
        groups[0].append(searcher.signals(text, as_of=instant))
        if understand(text, instant).within is None:
            groups[1].append(searcher.signals(text, as_of=instant + LATER))
        groups[2].append(searcher.signals(text, as_of=instant, leave_out=asked.answering(question)))
    for question in asked.after:
        if day(question, "date") < END and question["id"] not in asked.listed:
            groups[3].append(searcher.signals(question["question"], as_of=_instant(assistant, question)))
    report(f"fitted on {', '.join(str(len(group)) for group in groups)} questions")
    return groups


def logistic(data: Matrix, answered: Matrix, weight: Matrix) -> Matrix:
    """Return bias and weights of a logistic regression, with a ridge penalty on the weights, by Newton's method.

    :param data: float64 [n, signals]; ``answered`` 0 or 1 and ``weight`` float64 [n].
    :return: float64 [1 + signals].
    """
    rows = np.column_stack([np.ones(len(data)), data])
    ridge = np.diag([0.0, *[_RIDGE] * data.shape[1]])
    fitted = np.zeros(rows.shape[1])
    for _ in range(50):
        share = 1 / (1 + np.exp(-rows @ fitted))
        slope = rows.T @ (weight * (answered - share)) - ridge @ fitted
        curve = (rows * (weight * share * (1 - share))[:, None]).T @ rows + ridge
        step = np.linalg.solve(curve, slope)
        fitted = fitted + step
        if float(np.abs(step).max()) < 1e-9:
            break
    return fitted


def _write(weights: dict[str, float], bias: float, threshold: float, corpus: str) -> None:
    lines = [
        "# Made by `python -m benchmarks.refusal --fit`: the signals for an answer and their weights. Fitted on",
        "# RealTimeQA's questions of June to December 2022 and its articles until September 2022: docs/evaluation.md.",
        f'corpus = "{corpus}"',
        f"bias = {bias:.3f}",
        f"threshold = {threshold:.3f}",
        "",
        "[weights]",
        *(f"{name} = {value:.3f}" for name, value in weights.items()),
    ]
    _WEIGHTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    table("weights", [*weights.items(), ("bias", bias), ("threshold", threshold)])


if __name__ == "__main__":
    run(main)
