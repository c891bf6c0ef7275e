"""Relax inferences that leave nothing to find: an inference never silently empties a result."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from assistant.dates import Moment
from assistant.retrieval.understanding.intents import topic_of
from assistant.retrieval.understanding.query import Query
from assistant.retrieval.understanding.spans import without_spans
from assistant.types import Hit, Inference


def narrowed(query: Query) -> Query:
    """Return ``query`` with its inferred time and outlets as filters, within the asker's own."""
    filters, time = query.filters, query.within
    since = max(filter(None, (filters.since, _moment(time.since) if time else None)), key=_instant, default=None)
    until = min(filter(None, (filters.until, _moment(time.until) if time else None)), key=_instant, default=None)
    outlets = filters.outlets or query.outlets
    return replace(query, filters=replace(filters, since=since, until=until, outlets=outlets))


def _moment(at: datetime | None) -> Moment | None:
    return Moment(at.astimezone(UTC)) if at else None


def _instant(moment: Moment) -> datetime:
    return moment.instant


def relaxed(query: Query, kept: Sequence[Hit], name: str) -> Query:
    """Return ``query`` without the inference ``name`` if that keeps no hits, else unchanged.

    A year that was dropped is searched for as a word: if nothing was published in it, it may be the topic.

    :param kept: the hits that satisfy the inference.
    :param name: "time" or "outlet".
    """
    if kept or not any(one.name == name and not one.relaxed for one in query.inferred):
        return query
    inferred = tuple(replace(one, relaxed=True) if one.name == name else one for one in query.inferred)
    text = without_spans(query.question, [one.span for one in inferred if one.span]) or query.question
    text = topic_of(text) if query.kind in ("timeline", "summary", "comparison") else text
    if name == "time":
        said = [query.question[slice(*one.span)] for one in inferred if one.name == "time" and one.span]
        years = [year for part in said for year in re.findall(r"(?<!\d)\d{4}(?!\d)", part) if year not in text]
        text = " ".join(filter(None, [text, *years, query.event]))
        return replace(query, inferred=inferred, text=text, within=None, recent=query.kind != "timeline", event="")
    return replace(query, inferred=inferred, text=text, outlets=())


def to_anyone(query: Query) -> Query:
    """Return ``query`` without its addressee."""
    return replace(
        query, inferred=tuple(replace(one, relaxed=one.relaxed or one.name == "addressee") for one in query.inferred)
    )


def relaxation(query: Query) -> str:
    """Return what was relaxed, as sentences; "" if nothing was."""
    dropped = [one for one in query.inferred if one.relaxed and one.name != "addressee"]
    said = " and ".join(map(_published, dropped))
    notes = (
        [f"Nothing relevant was published {said}; these results are from other times or outlets."] if dropped else []
    )
    notes += [
        f"No article says that any of this was {one.label}; these words were said to others or to nobody named."
        for one in query.inferred
        if one.relaxed and one.name == "addressee"
    ]
    return " ".join(notes)


def _published(one: Inference) -> str:
    if one.name == "outlet":
        return f"by {one.label}"
    if one.label.startswith(("since", "before")):
        return one.label
    day = re.match(r"\d+ \w+ \d{4}\b", one.label)
    return f"{'from' if ' to ' in one.label else 'on' if day else 'in'} {one.label}"
