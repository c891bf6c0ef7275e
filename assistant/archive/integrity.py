"""Whether what an archive holds is what was written to it: each version of an article has a digest of its content.

A flipped bit on a disk turns one figure into another as easily as into nonsense, and SQLite does not notice. So a
version is compared with its digest before anything is made of it, and is left out where the two differ.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from collections.abc import Iterator
from typing import Any

from assistant.archive.rows import VERSION_COLUMNS, VersionRow, article_of
from assistant.errors import ArchiveDamaged, ArticleDamaged
from assistant.types import StoredArticle

log = logging.getLogger(__name__)

_FAULTS = 20
"""Faults of the file that are listed at most."""


def content_digest(
    text: str, headline: str, byline: str, outlet: str, section: str, url: str, published: str | None
) -> bytes:
    """Return the digest of what makes a version: everything but its article's id, its language and when it was updated.

    :param published: ISO 8601, as precise as it was given; None when unknown.
    """
    fields = [text, headline, byline, outlet, section, url, published or ""]
    return hashlib.blake2b(json.dumps(fields).encode(), digest_size=16).digest()


def digest_of(row: VersionRow) -> bytes:
    """Return the digest that a stored version has now; none (empty) where a text of it is no text any more."""
    try:
        return content_digest(row.text, row.headline, row.byline, row.outlet, row.section, row.url, row.published)
    except TypeError:
        return b""


def intact(row: VersionRow) -> StoredArticle | None:
    """Return a stored version as an article; None when it is not what was written."""
    try:
        article = article_of(row)
        published_at = article.published.timestamp if article.published else None
        return article if digest_of(row) == row.digest and published_at == row.published_at else None
    except (ValueError, TypeError):  # a date that is none; bytes where a text should be
        return None


def damage(row: VersionRow) -> ArticleDamaged:
    """Return the error that says which version is damaged."""
    return ArticleDamaged(
        f"version {row.number} of article {row.id!r} is not what was written to the archive, and is withheld; "
        "ingest the article again, or put a backup of the archive in its place"
    )


class VersionReader:
    """Reads versions, and compares each with its digest once; what is damaged is logged, also once."""

    def __init__(self) -> None:
        self._intact: set[int] = set()
        self._told: set[int] = set()

    def read(self, row: tuple[Any, ...]) -> StoredArticle | None:
        """Return the version in a row of ``VERSION_COLUMNS``; None when it is damaged."""
        version = VersionRow._make(row)
        if version.key in self._intact:
            return article_of(version)
        article = intact(version)
        if article is not None:
            self._intact.add(version.key)
        elif version.key not in self._told:
            self._told.add(version.key)
            log.warning("%s", damage(version))
        return article

    def read_again(self, row: tuple[Any, ...]) -> StoredArticle:
        """Return the version in a row, compared with its digest however often it was before.

        :raises ArticleDamaged: when it is damaged.
        """
        version = VersionRow._make(row)
        article = intact(version)
        if article is None:
            self._intact.discard(version.key)
            raise damage(version)
        return article


def damaged_versions(db: sqlite3.Connection) -> Iterator[VersionRow]:
    """Read every version, and yield those that are not what was written, oldest first."""
    query = f"SELECT {VERSION_COLUMNS} FROM versions v JOIN articles a ON a.key = v.article ORDER BY v.key"
    for row in map(VersionRow._make, db.execute(query)):
        if intact(row) is None:
            yield row


def archive_faults(db: sqlite3.Connection) -> list[str]:
    """Read a whole archive, and return what is wrong with it, a sentence each.

    That is what SQLite's own check of the file finds (https://www.sqlite.org/pragma.html#pragma_integrity_check), and
    the versions that are not what was written.
    """
    try:
        found = [fault for (fault,) in db.execute(f"PRAGMA integrity_check({_FAULTS})") if fault != "ok"]
        return found + [str(damage(row)) for row in damaged_versions(db)]
    except ArchiveDamaged as error:
        return [str(error)]
