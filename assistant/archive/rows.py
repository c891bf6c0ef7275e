"""Rows of the database as the types that the rooms exchange, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

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


def stored_moment(value: str | None) -> Moment | None:
    """Read what ``Moment.iso`` wrote."""
    if value is None:
        return None
    precision = _PRECISIONS.get(len(value), "second")
    whole = value + "0001-01-01T00:00:00Z"[len(value) :]
    return Moment(datetime.strptime(whole, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC), precision)


def moment_iso(timestamp: int) -> str:
    """ISO 8601 of seconds since 1970, also before it."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=timestamp)).strftime("%Y-%m-%dT%H:%M:%SZ")
