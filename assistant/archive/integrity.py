"""Checks that an archive contains what was written to it: each version of an article has a digest of its content.

A flipped bit on a disk turns one figure into another as easily as into nonsense, and SQLite does not notice. A version
is therefore compared with its digest before it is used, and is withheld if the two differ.
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
"""Greatest number of faults in the file that are listed."""


def content_digest(
    text: str, headline: str, byline: str, outlet: str, section: str, url: str, published: str | None
) -> bytes:
    """Return the digest of a version's content: every field but the article's id, the language and the date of update.

    :param published: ISO 8601, as precise as the source gave it; None if unknown.
    """
    fields = [text, headline, byline, outlet, section, url, published or ""]
    return hashlib.blake2b(json.dumps(fields).encode(), digest_size=16).digest()


def digest_of(row: VersionRow) -> bytes:
    """Return the digest of a stored version as it is now; empty if one of its texts is no longer text."""
    try:
        return content_digest(row.text, row.headline, row.byline, row.outlet, row.section, row.url, row.published)
    except TypeError:
        return b""


def intact(row: VersionRow) -> StoredArticle | None:
    """Return a stored version as an article; None if it is not what was written."""
    try:
        article = article_of(row)
        published_at = article.published.timestamp if article.published else None
        return article if digest_of(row) == row.digest and published_at == row.published_at else None
    except (ValueError, TypeError):  # an invalid date; bytes in place of text
        return None


def damage(row: VersionRow) -> ArticleDamaged:
    """Return the error that says which version is damaged."""
    return ArticleDamaged(
        f"version {row.number} of article {row.id!r} is not what was written to the archive, and is withheld; "
        "ingest the article again, or replace the archive with a backup"
    )


class VersionReader:
    """Reads versions, and compares each with its digest once; damage is logged, also once."""

    def __init__(self) -> None:
        self._intact: set[int] = set()
        self._reported: set[int] = set()

    def read(self, row: tuple[Any, ...]) -> StoredArticle | None:
        """Return the version in a row of ``VERSION_COLUMNS``; None if it is damaged."""
        version = VersionRow._make(row)
        if version.key in self._intact:
            return article_of(version)
        article = intact(version)
        if article is not None:
            self._intact.add(version.key)
        elif version.key not in self._reported:
            self._reported.add(version.key)
            log.warning("%s", damage(version))
        return article

    def read_again(self, row: tuple[Any, ...]) -> StoredArticle:
        """Return the version in a row; compare it with its digest even if that has been done before.

        :raises ArticleDamaged: if it is damaged.
        """
        version = VersionRow._make(row)
        article = intact(version)
        if article is None:
            self._intact.discard(version.key)
            raise damage(version)
        return article


def damaged_versions(db: sqlite3.Connection) -> Iterator[VersionRow]:
    """Read every version, and yield the damaged ones, oldest first."""
    query = f"SELECT {VERSION_COLUMNS} FROM versions v JOIN articles a ON a.key = v.article ORDER BY v.key"
    for row in map(VersionRow._make, db.execute(query)):
        if intact(row) is None:
            yield row


def archive_faults(db: sqlite3.Connection) -> list[str]:
    """Read a whole archive, and return its faults, one sentence each.

    These are what SQLite's own check of the file finds (https://www.sqlite.org/pragma.html#pragma_integrity_check), and
    the damaged versions.
    """
    try:
        found = [fault for (fault,) in db.execute(f"PRAGMA integrity_check({_FAULTS})") if fault != "ok"]
        return found + [str(damage(row)) for row in damaged_versions(db)]
    except ArchiveDamaged as error:
        return [str(error)]
