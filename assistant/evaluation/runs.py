"""Runs, which record the outcome of each question, as JSON Lines and in TREC format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import files
from assistant.errors import BadRecord

_STATUSES = ("supported", "partial", "not_found")
_SPACE = re.compile(r"\s")

TAG = "ontherecord"
"""Name of the run in the TREC format."""


@dataclass(frozen=True, slots=True)
class RunPassage:
    """A passage in a run, with its offsets and its score (None in runs without them)."""

    article_id: str
    text: str
    start: int | None = None
    end: int | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class RunCitation:
    """A citation in a run, which claims that ``article[start:end]`` equals ``text``."""

    marker: int
    article_id: str
    version: int | None
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class RunSentence:
    """A sentence of an answer, with the markers of its citations."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one question. ``None`` means that the run does not include the value.

    :ivar passages: best first.
    :ivar status: "supported", "partial" or "not_found".
    :ivar confidence: confidence that the archive answers the question, in [0, 1].
    """

    id: str
    passages: tuple[RunPassage, ...]
    answer: str | None = None
    status: str | None = None
    reason: str | None = None
    confidence: float | None = None
    sentences: tuple[RunSentence, ...] | None = None
    citations: tuple[RunCitation, ...] | None = None
    milliseconds: float | None = None

    @property
    def refused(self) -> bool:
        """Whether the answer is that the archive does not say."""
        return self.status == "not_found"


def line(outcome: Outcome, latency: bool = True) -> dict[str, Any]:
    """Return a line of a run, omitting unknown values; ``batch`` writes a subset of the same fields."""
    row: dict[str, Any] = {"id": outcome.id, "passages": [_without_none(_passage(p)) for p in outcome.passages]}
    row |= {name: getattr(outcome, name) for name in ("answer", "status", "reason", "confidence")}
    if outcome.sentences is not None:
        row["sentences"] = [{"text": s.text, "citations": list(s.citations)} for s in outcome.sentences]
    if outcome.citations is not None:
        row["citations"] = [_without_none(_citation(c)) for c in outcome.citations]
    if latency:
        row["milliseconds"] = outcome.milliseconds
    return _without_none(row)


def _passage(passage: RunPassage) -> dict[str, Any]:
    return {name: getattr(passage, name) for name in ("article_id", "text", "start", "end", "score")}


def _citation(citation: RunCitation) -> dict[str, Any]:
    return {name: getattr(citation, name) for name in ("marker", "article_id", "version", "start", "end", "text")}


def _without_none(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def trec(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the lines of a TREC run: question, Q0, article, rank, score, tag.

    Articles are ranked by their first passage; the score decreases with the rank, so that every reader sees that
    order. White space in ids, which the format does not allow, is percent-encoded.
    """
    for outcome in outcomes:
        ranked = articles(outcome)
        for rank, article in enumerate(ranked, start=1):
            yield f"{_word(outcome.id)} Q0 {_word(article)} {rank} {len(ranked) + 1 - rank} {TAG}"


def articles(outcome: Outcome) -> list[str]:
    """Return the ids of the articles found, without duplicates, best first."""
    return list(dict.fromkeys(passage.article_id for passage in outcome.passages))


def _word(text: str) -> str:
    return _SPACE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)


# --- reading ---------------------------------------------------------------------------------------------


def read(path: Path) -> dict[str, Outcome]:
    """Read a run written by ``evaluate`` or ``batch``; return its outcomes by question id.

    :raises UnreadableSource: if the file cannot be read.
    :raises BadRecord: for an invalid line; the message names the file and line.
    """
    found: dict[str, Outcome] = {}
    for where, row in files.rows(str(path)):
        outcome = _outcome(row, where)
        if outcome.id in found:
            raise BadRecord(f"{where}: id {outcome.id!r} was given before; a run has one line per question")
        found[outcome.id] = outcome
    if not found:
        raise BadRecord(f"{path} is an empty run; make one with: ontherecord batch QUESTIONS --out {path}")
    return found


def _outcome(row: dict[str, Any], where: str) -> Outcome:
    status = _optional(row, "status", where, str)
    if status is not None and status not in _STATUSES:
        raise BadRecord(f'{where}: "status" is {status!r:.80}; it must be one of {", ".join(_STATUSES)}')
    confidence = _number(row, "confidence", where)
    if confidence is not None and not 0 <= confidence <= 1:
        raise BadRecord(f'{where}: "confidence" is {confidence}; it must be between 0 and 1')
    return Outcome(
        str(files.id_field(row, where)),
        tuple(_found(each, where) for each in _objects(row, "passages", where)),
        _optional(row, "answer", where, str),
        status,
        _optional(row, "reason", where, str),
        confidence,
        tuple(_said(each, where) for each in _objects(row, "sentences", where)) if "sentences" in row else None,
        tuple(_cited(each, where) for each in _objects(row, "citations", where)) if "citations" in row else None,
        _number(row, "milliseconds", where),
    )


def _found(row: dict[str, Any], where: str) -> RunPassage:
    return RunPassage(
        files.text_field(row, "article_id", where),
        _required(row, "text", where, str),
        _optional(row, "start", where, int),
        _optional(row, "end", where, int),
        _number(row, "score", where),
    )


def _said(row: dict[str, Any], where: str) -> RunSentence:
    markers = row.get("citations")
    if not isinstance(markers, list) or not all(type(marker) is int for marker in markers):
        raise BadRecord(f'{where}: "citations" of a sentence must be a list of whole numbers; it is {markers!r:.80}')
    return RunSentence(_required(row, "text", where, str), tuple(markers))


def _cited(row: dict[str, Any], where: str) -> RunCitation:
    return RunCitation(
        _required(row, "marker", where, int),
        files.text_field(row, "article_id", where),
        _optional(row, "version", where, int),
        _required(row, "start", where, int),
        _required(row, "end", where, int),
        _required(row, "text", where, str),
    )


def _objects(row: dict[str, Any], name: str, where: str) -> list[dict[str, Any]]:
    value = row.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise BadRecord(f'{where}: "{name}" must be a list of objects; it is {value!r:.80}')
    return value


def _number(row: dict[str, Any], name: str, where: str) -> float | None:
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise BadRecord(f'{where}: "{name}" is {value!r:.80}; it must be a number')
    return float(value)


def _optional(row: dict[str, Any], name: str, where: str, kind: type) -> Any:
    return None if row.get(name) is None else _required(row, name, where, kind)


def _required(row: dict[str, Any], name: str, where: str, kind: type) -> Any:
    value = row.get(name)
    if type(value) is not kind:
        wanted = "a text" if kind is str else "a whole number"
        raise BadRecord(f'{where}: "{name}" must be {wanted}; it is {value!r:.80}')
    return value
