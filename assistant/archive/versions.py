"""Writing versions, with their passages, quotes and counts: new versions, and damaged ones again.

Each function runs in a transaction that its caller has begun.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.archive.counts import Counts, keep_counts
from assistant.archive.integrity import digest_of, intact
from assistant.archive.passages import drop_passages, insert_passages, retire_passages
from assistant.archive.rows import VERSION_COLUMNS, VersionRow
from assistant.archive.speech import keep_quotes
from assistant.attributions import Attribution
from assistant.text import Span
from assistant.types import Article

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version ready to be written: cleaned, identified, split into passages, embedded, counted and read for quotes.

    :ivar article: text and fields as they will be stored.
    :ivar id: public id.
    :ivar named: what the id was made from ("id", "url" or "digest").
    :ivar digest: of the content; the same content has the same digest.
    :ivar spans: the passages, ascending.
    :ivar keys: one digest per passage, of the characters that were embedded.
    :ivar vectors: float32 [passages, dim], unit length.
    :ivar counts: the frequencies of its words.
    :ivar counter: version of the counter that counted them.
    :ivar quotes: who says what in it.
    :ivar extractor: version of the extractor that found the quotes; None if it has not been read for quotes.
    """

    article: Article
    id: str
    named: str
    digest: bytes
    spans: Sequence[Span]
    keys: Sequence[bytes]
    vectors: NDArray[np.float32]
    counts: Counts
    counter: int
    quotes: Sequence[Attribution] = ()
    extractor: int | None = None


def write_version(db: sqlite3.Connection, new: NewVersion, model: str) -> None:
    """Write a version: as its article's new current one, or over a damaged one that had the same content.

    :param model: fingerprint of the embedding model of its vectors.
    """
    row = db.execute("SELECT key, current FROM articles WHERE id = ?", (new.id,)).fetchone()
    version = _restored(db, row[0], new) if row else None
    if version is None:
        version = _appended(db, row, new)
    insert_passages(db, version, model, new.spans, new.keys, new.vectors)
    keep_quotes(db, version, new.quotes)
    keep_counts(db, version, new.counts, new.counter)


def _appended(db: sqlite3.Connection, row: tuple[int, int] | None, new: NewVersion) -> int:
    """Insert the row of a version, and return its key.

    :param row: key and current version of the article; None if the article is new.
    """
    if row:
        article, previous = row
        retire_passages(db, previous)
        (number,) = db.execute("SELECT MAX(number) FROM versions WHERE article = ?", (article,)).fetchone()
    else:
        query = "INSERT INTO articles (id, named, url) VALUES (?, ?, ?)"
        article = int(db.execute(query, (new.id, new.named, new.article.url)).lastrowid or 0)
        retired = db.execute("SELECT number FROM retired WHERE id_digest = ?", (id_digest(new.id),)).fetchone()
        number = retired[0] if retired else 0
    content = _content(new)
    marks = ", ".join("?" * len(content))
    query = f"INSERT INTO versions (article, number, {', '.join(content)}) VALUES (?, ?, {marks})"
    version = int(db.execute(query, (article, number + 1, *content.values())).lastrowid or 0)
    db.execute("UPDATE articles SET current = ?, url = ? WHERE key = ?", (version, new.article.url, article))
    return version


def _restored(db: sqlite3.Connection, article: int, new: NewVersion) -> int | None:
    """Overwrite the article's damaged version that had this content, and return its key; None if there is none."""
    query = f"SELECT {VERSION_COLUMNS} FROM versions v JOIN articles a ON a.key = v.article WHERE a.key = ?"
    for row in map(VersionRow._make, db.execute(query, (article,)).fetchall()):
        if intact(row) is None and new.digest in (row.digest, digest_of(row)):
            log.warning("version %d of article %r was damaged and has been restored", row.number, row.id)
            strip_version(db, row.key)
            content = _content(new)
            assignments = ", ".join(f"{name} = ?" for name in content)
            db.execute(f"UPDATE versions SET {assignments} WHERE key = ?", (*content.values(), row.key))
            return row.key
    return None


def _content(new: NewVersion) -> dict[str, Any]:
    """Return the values of a version's row, by column."""
    article, published, updated = new.article, new.article.published, new.article.updated
    return {
        "digest": new.digest,
        "headline": article.headline,
        "byline": article.byline,
        "outlet": article.outlet,
        "section": article.section,
        "language": article.language,
        "url": article.url,
        "published": published and published.iso(),
        "published_at": published and published.timestamp,
        "updated": updated and updated.iso(),
        "updated_at": updated and updated.timestamp,
        "text": article.text,
        "ingested": now(),
        "extractor": new.extractor,
    }


def strip_version(db: sqlite3.Connection, version: int) -> None:
    """Delete a version's passages, quotes and counts; log for the indexes that the passages are no longer live."""
    retire_passages(db, version)
    drop_passages(db, "SELECT id FROM passages WHERE version = ?", (version,))
    db.execute("DELETE FROM quotes WHERE version = ?", (version,))
    db.execute("DELETE FROM counts WHERE version = ?", (version,))


def id_digest(article_id: str) -> bytes:
    """Return the digest by which a deleted article's id is remembered."""
    return hashlib.blake2b(article_id.encode(), digest_size=16, person=b"retired").digest()


def now() -> str:
    """Return the current time in UTC, to the second, as ISO 8601."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
