"""Rows of the database as the types that the rooms exchange, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from assistant.attributions import Attribution, Span
from assistant.dates import Moment
from assistant.types import StoredArticle

ARTICLE_COLUMNS = (
    "a.key, a.id, v.number, a.current = v.key, v.text, v.url, v.headline, v.byline, v.outlet, v.section, v.language,"
    " v.published, v.updated"
)
_PRECISIONS = {4: "year", 7: "month", 10: "day"}


def article_of(row: tuple[Any, ...]) -> StoredArticle:
    """Read a row of ``ARTICLE_COLUMNS``."""
    key, public, number, current, text, url, headline, byline, outlet, section, language, published, updated = row
    return StoredArticle(
        key, public, number, bool(current), text, url, headline, byline, outlet, section, language,
        stored_moment(published), stored_moment(updated),
    )  # fmt: skip


QUOTE_COLUMNS = (
    'q.id, q.version, q.kind, q.start, q."end", q.source_start, q.source_end, q.cue_start, q.cue_end, q.speaker,'
    " q.addressee_start, q.addressee_end"
)


def attribution_of(row: tuple[Any, ...]) -> Attribution:
    """Read a row of ``QUOTE_COLUMNS``."""
    _, _, kind, start, end, source_start, source_end, cue_start, cue_end, speaker, *addressee = row
    source, cue = _span(source_start, source_end), _span(cue_start, cue_end)
    return Attribution((start, end), source, cue, kind, speaker or None, _span(*addressee))


def _span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else (start, end)


def stored_moment(value: str | None) -> Moment | None:
    """Read what ``Moment.iso`` wrote."""
    if value is None:
        return None
    precision = _PRECISIONS.get(len(value), "second")
    whole = value + "0001-01-01T00:00:00Z"[len(value) :]
    return Moment(datetime.fromisoformat(whole), precision)


def moment_iso(timestamp: int) -> str:
    """ISO 8601 of seconds since 1970, also before it."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=timestamp)).strftime("%Y-%m-%dT%H:%M:%SZ")
