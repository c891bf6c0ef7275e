"""Writing the archive: one process at a time, one transaction per batch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from assistant.archive import schema
from assistant.archive.connection import Connection, connect
from assistant.archive.counts import Counts, keep_counts
from assistant.archive.passages import drop_passages, insert_passages
from assistant.archive.reader import DATABASE, Archive
from assistant.archive.rows import VERSION_COLUMNS
from assistant.archive.speech import keep_quotes
from assistant.archive.versions import NewVersion, id_digest, now, strip_version, write_version
from assistant.attributions import Attribution, Decision
from assistant.errors import ArchiveBusy, ArchiveError, NotFound
from assistant.text import Span
from assistant.types import Article, StoredArticle

LOCK = "write.lock"


@dataclass(slots=True)
class Tally:
    """The counts of an ingest run so far; stored with every batch."""

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    warnings: int = 0
    reasons: list[tuple[str, str]] = field(default_factory=list)


class ArchiveWriter(Archive):
    """The archive, open for writing. Holds a lock on the folder until closed."""

    def __init__(self, folder: Path, create: bool = True) -> None:
        """Open the archive in ``folder``; with ``create``, make one if there is none.

        :raises NoArchive: if there is none, without ``create``.
        :raises ArchiveBusy: if another process is writing.
        :raises ArchiveError: if the folder cannot be created or written to.
        :raises NoSpace: if the disk is full.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True) if create else None
        except OSError as error:
            raise ArchiveError(
                f"{folder} cannot be created: {error.strerror}; choose another with --archive"
            ) from error
        if not folder.is_dir():
            super().__init__(folder)  # raises NoArchive
        self._lock = FileLock(folder / LOCK, timeout=0)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise ArchiveBusy(
                f"another process is writing to {folder}; wait for it to finish. Searching and asking still work"
            ) from error
        except OSError as error:
            raise ArchiveError(f"{folder} cannot be written to: {error.strerror}") from error
        try:
            if create:
                self._create(folder)
            super().__init__(folder)
        except BaseException:
            self._lock.release()
            raise

    @staticmethod
    def _create(folder: Path) -> None:
        with closing(connect(folder / DATABASE, "mode=rwc")) as db:
            db.execute("PRAGMA journal_mode = WAL")
            schema.migrate(db, str(folder))

    def _migrate(self) -> None:
        schema.migrate(self.db, str(self.folder))

    def _configure(self, db: Connection) -> None:
        db.execute("PRAGMA synchronous = FULL")  # what was reported as ingested survives a power failure
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA secure_delete = ON")  # a deletion overwrites what it deletes
        # No mmap, unlike readers: pages once read would count as this process's memory, up to a gigabyte.

    def close(self) -> None:
        """Close the archive and release the lock."""
        super().close()
        self._lock.release()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        db = self.db
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    # --- models ------------------------------------------------------------------------------------------

    def use_model(self, fingerprint: str, name: str, dim: int) -> None:
        """Check that this model embedded the live passages; activate it if there has been no model yet.

        :raises WrongModel: if another model embedded them.
        """
        self.expect_model(fingerprint, name, dim)
        if not self.model:
            self.declare_model(fingerprint, name, dim)
            self.adopt_model(fingerprint)

    def declare_model(self, fingerprint: str, name: str, dim: int) -> None:
        """Register a model without activating it."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO models (fingerprint, name, dim) VALUES (?, ?, ?)", (fingerprint, name, dim)
            )

    def adopt_model(self, fingerprint: str) -> None:
        """Activate a declared model, and delete the passages and vectors of all others in the same transaction."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES ('model', ?)", (fingerprint,))
            other = "SELECT id FROM passages WHERE model NOT IN (SELECT key FROM models WHERE fingerprint = ?)"
            drop_passages(db, other, (fingerprint,))
            db.execute("DELETE FROM models WHERE fingerprint <> ?", (fingerprint,))

    def calibrate(self, calibration: str) -> None:
        """Store the result of a calibration, replacing any earlier one; "" removes it."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES ('calibration', ?)", (calibration,))

    # --- what is stored already --------------------------------------------------------------------------

    def identify(self, article: Article, digest: bytes) -> tuple[str, str]:
        """Return the public id for ``article`` and what it is made from ("id", "url" or "digest").

        The id is the article's own if it came with one; else that of a stored article with the same URL; else the URL
        itself; and without a URL, a digest of the content. Articles with different ids of their own are never merged.
        """
        if article.id:
            known = self.db.execute(
                "SELECT id, named FROM articles WHERE id = ? OR (named = 'url' AND url = ? AND url <> '')"
                " ORDER BY id <> ?",
                (article.id, article.url, article.id),
            ).fetchone()
            return (known[0], known[1]) if known else (article.id, "id")
        if article.url:
            known = self.db.execute(
                "SELECT id, named FROM articles WHERE url = ? ORDER BY key", (article.url,)
            ).fetchone()
            return (known[0], known[1]) if known else (article.url, "url")
        return f"text-{digest.hex()[:16]}", "digest"

    def knows(self, public: str, digest: bytes, updated_at: int | None) -> bool:
        """Return whether this content is stored already, so that it needs no new version.

        That is so if it is the content of the current version, or of an earlier one, unless it says that it was updated
        later than any of them. Ingesting the same files twice therefore changes nothing, whereas the withdrawal of a
        correction is still ingested. Damaged versions do not count, so that they are restored.
        """
        rows = self.db.execute(
            "SELECT a.current = v.key, v.digest, v.updated_at, v.key"
            " FROM articles a JOIN versions v ON v.article = a.key WHERE a.id = ?",
            (public,),
        ).fetchall()
        same = {key for _, seen, _, key in rows if seen == digest}
        if not same or len(self.versions_by_key(same)) < len(same):
            return False
        if any(current and key in same for current, _, _, key in rows):
            return True
        latest = max((at for _, _, at, _ in rows if at is not None), default=None)
        return updated_at is None or (latest is not None and updated_at <= latest)

    def vectors(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """Return the stored vectors with these passage digests, float32 [dim] each."""
        found: dict[bytes, NDArray[np.float32]] = {}
        for key in set(keys):
            row = self.db.execute(
                "SELECT x.vector FROM passages p JOIN vectors x ON x.passage = p.id WHERE p.digest = ? LIMIT 1", (key,)
            ).fetchone()
            if row:
                found[key] = np.frombuffer(row[0], np.float16).astype(np.float32)
        return found

    # --- batches -----------------------------------------------------------------------------------------

    def begin_ingest(self, sources: Sequence[str]) -> int:
        """Add a row to the ingest log, and return its key."""
        started = now()
        with self._transaction() as db:
            cursor = db.execute(
                "INSERT INTO ingests (started, touched, sources) VALUES (?, ?, ?)",
                (started, started, json.dumps(list(sources))),
            )
        return int(cursor.lastrowid or 0)

    def add(self, versions: Sequence[NewVersion], ingest: int, tally: Tally, finished: bool = False) -> None:
        """Write a batch, with its passages, vectors and log entry, in one transaction: all of it or nothing.

        :param versions: in the order in which they were read; each adds a version to its article, or replaces a damaged
            version with the same content.
        :param ingest: key of the run's row in the ingest log, which stores ``tally``.
        :raises NoSpace: if the disk is full; the archive is unchanged.
        """
        with self._transaction() as db:
            for new in versions:
                write_version(db, new, self.model)
            db.execute(
                "UPDATE ingests SET touched = ?, finished = ?, read = ?, added = ?, updated = ?, unchanged = ?,"
                " rejected = ?, warnings = ? WHERE key = ?",
                (now(), now() if finished else None, tally.read, tally.added, tally.updated, tally.unchanged,
                 tally.rejected, tally.warnings, ingest),
            )  # fmt: skip

    def stale(self, fingerprint: str, everything: bool = False) -> list[int]:
        """Return the keys of the versions without passages of this model, or of all versions, oldest first."""
        rows = self.db.execute(
            "SELECT v.key FROM versions v WHERE ? OR NOT EXISTS"
            " (SELECT 1 FROM passages p JOIN models m ON m.key = p.model"
            " WHERE p.version = v.key AND m.fingerprint = ?) ORDER BY v.key",
            (everything, fingerprint),
        )
        return [key for (key,) in rows]

    def version(self, key: int) -> StoredArticle:
        """Return a version by its key.

        :raises ArticleDamaged: if it is not what was written.
        """
        query = f"SELECT {VERSION_COLUMNS} FROM versions v JOIN articles a ON a.key = v.article WHERE v.key = ?"
        return self._versions.read_again(self.db.execute(query, (key,)).fetchone())

    def replace_passages(
        self, version: int, model: str, spans: Sequence[Span], keys: Sequence[bytes], vectors: NDArray[np.float32]
    ) -> None:
        """Insert a version's passages of ``model``, replacing any that it has of that model."""
        with self._transaction() as db:
            old = (
                "SELECT p.id FROM passages p JOIN models m ON m.key = p.model WHERE p.version = ? AND m.fingerprint = ?"
            )
            first, last = db.execute(f"SELECT MIN(id), MAX(id) FROM ({old})", (version, model)).fetchone()
            if first is not None:
                db.execute("INSERT INTO changes (added, first, last) VALUES (0, ?, ?)", (first, last))
                drop_passages(db, old, (version, model))
            insert_passages(db, version, model, spans, keys, vectors)

    # --- quotes ------------------------------------------------------------------------------------------

    def correct_speaker(self, kind: Decision, name: str, other: str, article_id: str | None) -> None:
        """Store a manual correction of a speaker's name, for one article or, if None, for all."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO speaker_corrections (kind, name, other, article, made) VALUES (?, ?, ?, ?, ?)",
                (kind, name, other, article_id, now()),
            )

    def unread(self, extractor: int) -> list[int]:
        """Return the keys of the versions that this extractor has not read, oldest first."""
        rows = self.db.execute("SELECT key FROM versions WHERE extractor IS NOT ? ORDER BY key", (extractor,))
        return [key for (key,) in rows]

    def attribute(self, version: int, quotes: Sequence[Attribution], extractor: int) -> None:
        """Store the quotes that ``extractor`` found in a version, replacing those it has."""
        with self._transaction() as db:
            db.execute("DELETE FROM quotes WHERE version = ?", (version,))
            keep_quotes(db, version, quotes)
            db.execute("UPDATE versions SET extractor = ? WHERE key = ?", (extractor, version))

    # --- words -------------------------------------------------------------------------------------------

    def keep_counts(self, found: Mapping[int, Counts], counter: int) -> None:
        """Store the words that ``counter`` counted in versions, by version key, replacing those they have."""
        with self._transaction() as db:
            for version, words in found.items():
                keep_counts(db, version, words, counter)

    # --- deletion ----------------------------------------------------------------------------------------

    def delete(self, article_id: str) -> None:
        """Delete an article with its versions, passages, vectors, quotes and counts; version numbers are not reused.

        The characters are overwritten in the database file and its log; the caller must purge the indexes.

        :raises NotFound: if there is no such article.
        """
        with self._transaction() as db:
            row = db.execute(
                "SELECT a.key, MAX(v.number) FROM articles a JOIN versions v ON v.article = a.key"
                " WHERE a.id = ? GROUP BY a.key",
                (article_id,),
            ).fetchone()
            if row is None:
                raise NotFound(f"there is no article {article_id!r} in {self.folder}; nothing was deleted")
            key, number = row
            for (version,) in db.execute("SELECT key FROM versions WHERE article = ?", (key,)).fetchall():
                strip_version(db, version)
            db.execute("UPDATE articles SET current = NULL WHERE key = ?", (key,))
            db.execute("DELETE FROM versions WHERE article = ?", (key,))
            db.execute("DELETE FROM articles WHERE key = ?", (key,))
            db.execute("INSERT OR REPLACE INTO retired VALUES (?, ?)", (id_digest(article_id), number))
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
