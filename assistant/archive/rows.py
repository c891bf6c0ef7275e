"""Converts rows of the database into the types that the layers exchange."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from assistant.attributions import Attribution
from assistant.dates import Moment
from assistant.text import Span
from assistant.types import StoredArticle

VERSION_COLUMNS = (
    "a.key, a.id, v.number, a.current = v.key, v.text, v.url, v.headline, v.byline, v.outlet, v.section, v.language,"
    " v.published, v.updated, v.published_at, v.digest, v.key"
)
_PRECISIONS = {4: "year", 7: "month", 10: "day"}


class VersionRow(NamedTuple):
    """A row of ``VERSION_COLUMNS``.

    :ivar article: key of the article.
    :ivar id: public id of the article.
    :ivar published: ISO 8601, as precise as the source gave it.
    :ivar published_at: the same in seconds since 1970.
    :ivar digest: digest of the content at the time the version was written.
    :ivar key: key of the version.
    """

    article: int
    id: str
    number: int
    current: int
    text: str
    url: str
    headline: str
    byline: str
    outlet: str
    section: str
    language: str
    published: str | None
    updated: str | None
    published_at: int | None
    digest: bytes
    key: int


def article_of(row: VersionRow) -> StoredArticle:
    """Return the version in a row as an article.

    :raises ValueError: if a date is invalid.
    """
    return StoredArticle(
        row.article, row.id, row.number, bool(row.current), row.text, row.url, row.headline, row.byline, row.outlet,
        row.section, row.language, stored_moment(row.published), stored_moment(row.updated),
    )  # fmt: skip


QUOTE_COLUMNS = (
    'q.id, q.version, q.kind, q.start, q."end", q.source_start, q.source_end, q.cue_start, q.cue_end, q.speaker,'
    " q.addressee_start, q.addressee_end"
)


def attribution_of(row: tuple[Any, ...]) -> Attribution:
    """Return the attribution in a row of ``QUOTE_COLUMNS``."""
    _, _, kind, start, end, source_start, source_end, cue_start, cue_end, speaker, *addressee = row
    source, cue = _span(source_start, source_end), _span(cue_start, cue_end)
    return Attribution((start, end), source, cue, kind, speaker or None, _span(*addressee))


def _span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else (start, end)


def stored_moment(value: str | None) -> Moment | None:
    """Parse what ``Moment.iso`` wrote."""
    if value is None:
        return None
    precision = _PRECISIONS.get(len(value), "second")
    whole = value + "0001-01-01T00:00:00Z"[len(value) :]
    return Moment(datetime.fromisoformat(whole), precision)


def moment_iso(timestamp: int) -> str:
    """Return an instant in seconds since 1970 (negative before) as ISO 8601, in UTC."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=timestamp)).strftime("%Y-%m-%dT%H:%M:%SZ")
