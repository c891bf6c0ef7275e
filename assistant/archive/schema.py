"""The tables, as small named migrations. Each is applied once, in order, in a transaction of its own."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from assistant.errors import ArchiveTooNew


def create_articles(db: sqlite3.Connection) -> None:
    """Articles and their versions. Keys are AUTOINCREMENT: they are never reused, not even after a deletion."""
    _run(
        db,
        """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE articles (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            named TEXT NOT NULL CHECK (named IN ('id', 'url', 'digest')),  -- what the id was made from
            url TEXT NOT NULL,
            current INTEGER                                               -- key of the version in retrieval
        );
        CREATE INDEX articles_url ON articles (url) WHERE url <> '';
        CREATE TABLE versions (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            article INTEGER NOT NULL REFERENCES articles (key),
            number INTEGER NOT NULL,
            digest BLOB NOT NULL,
            headline TEXT NOT NULL, byline TEXT NOT NULL, outlet TEXT NOT NULL, section TEXT NOT NULL,
            language TEXT NOT NULL, url TEXT NOT NULL,
            published TEXT, published_at INTEGER,                         -- ISO 8601 as precise as given; Unix seconds
            updated TEXT, updated_at INTEGER,
            text TEXT NOT NULL,
            ingested TEXT NOT NULL,
            UNIQUE (article, number)
        );
        CREATE INDEX versions_digest ON versions (article, digest);
        -- What remains of a deleted article: the digest of its id, and the highest version number it had.
        CREATE TABLE retired (id_digest BLOB PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
        """,
    )
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    db.executemany("INSERT INTO meta VALUES (?, ?)", [("uuid", str(uuid.uuid4())), ("created", now)])


def create_passages(db: sqlite3.Connection) -> None:
    """Passages, their vectors (float16), and the change log that the indexes follow."""
    _run(
        db,
        """
        CREATE TABLE models (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            fingerprint TEXT NOT NULL UNIQUE, name TEXT NOT NULL, dim INTEGER NOT NULL
        );
        CREATE TABLE passages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            version INTEGER NOT NULL REFERENCES versions (key),
            model INTEGER NOT NULL REFERENCES models (key),
            position INTEGER NOT NULL,
            start INTEGER NOT NULL, "end" INTEGER NOT NULL,
            digest BLOB NOT NULL                                          -- of what was embedded
        );
        CREATE INDEX passages_version ON passages (version, model);
        CREATE INDEX passages_digest ON passages (digest);
        CREATE TABLE vectors (passage INTEGER PRIMARY KEY REFERENCES passages (id), vector BLOB NOT NULL);
        CREATE TABLE changes (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            added INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL
        );
        """,
    )


def create_ingests(db: sqlite3.Connection) -> None:
    """The ingest log: one row per run, updated with every batch, in the batch's own transaction."""
    _run(
        db,
        """
        CREATE TABLE ingests (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            started TEXT NOT NULL, touched TEXT NOT NULL, finished TEXT,
            sources TEXT NOT NULL,
            read INTEGER NOT NULL DEFAULT 0, added INTEGER NOT NULL DEFAULT 0, updated INTEGER NOT NULL DEFAULT 0,
            unchanged INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0,
            warnings INTEGER NOT NULL DEFAULT 0
        );
        """,
    )


def create_quotes(db: sqlite3.Connection) -> None:
    """Who said what: one attribution per row, for every version. Offsets are characters of the version's text."""
    _run(
        db,
        """
        CREATE TABLE quotes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            version INTEGER NOT NULL REFERENCES versions (key),
            kind TEXT NOT NULL CHECK (kind IN ('direct', 'mixed', 'indirect')),
            start INTEGER NOT NULL, "end" INTEGER NOT NULL,               -- the words said
            source_start INTEGER, source_end INTEGER,                     -- the mention they are attributed to
            cue_start INTEGER, cue_end INTEGER,                           -- "said"
            speaker TEXT NOT NULL                                         -- the fullest name the article has, or ''
        );
        CREATE INDEX quotes_version ON quotes (version);
        CREATE INDEX quotes_speaker ON quotes (speaker, version);
        ALTER TABLE versions ADD COLUMN extractor INTEGER;                -- version of the extractor; NULL: not read
        """,
    )


def create_speaker_corrections(db: sqlite3.Connection) -> None:
    """Manual corrections of speakers' names, by name and public id: they outlive the articles they refer to."""
    _run(
        db,
        """
        CREATE TABLE speaker_corrections (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL CHECK (kind IN ('merge', 'split')),
            name TEXT NOT NULL,
            other TEXT NOT NULL,                                          -- of a merge: a name of the speaker
            article TEXT,                                                 -- id of the only article it applies to
            made TEXT NOT NULL
        );
        """,
    )


def index_current(db: sqlite3.Connection) -> None:
    """An index from a version to the article whose current version it is, for joins with quotes."""
    db.execute("CREATE INDEX articles_current ON articles (current)")


def create_counts(db: sqlite3.Connection) -> None:
    """How often each root occurs in a version, for ranking articles."""
    _run(
        db,
        """
        CREATE TABLE counts (
            version INTEGER PRIMARY KEY REFERENCES versions (key),
            counter INTEGER NOT NULL,                                     -- version of the counter
            length INTEGER NOT NULL,                                      -- number of forms
            roots BLOB NOT NULL, times BLOB NOT NULL                      -- uint32, ascending; uint16; little-endian
        );
        """,
    )


def add_addressees(db: sqlite3.Connection) -> None:
    """Whom a quote is addressed to: offsets in the version's text; NULL if it does not say."""
    _run(
        db,
        """
        ALTER TABLE quotes ADD COLUMN addressee_start INTEGER;
        ALTER TABLE quotes ADD COLUMN addressee_end INTEGER;
        """,
    )


def create_signatures(db: sqlite3.Connection) -> None:
    """MinHash signatures, which find near-duplicates of a text. Earlier counts lack them, and are made again."""
    _run(
        db,
        """
        DROP TABLE counts;
        CREATE TABLE counts (
            version INTEGER PRIMARY KEY REFERENCES versions (key),
            counter INTEGER NOT NULL,                                     -- version of the counter
            length INTEGER NOT NULL,                                      -- number of forms
            signature BLOB NOT NULL,                                      -- uint32, little-endian; or empty
            roots BLOB NOT NULL, times BLOB NOT NULL                      -- uint32, ascending; uint16; little-endian
        );
        """,
    )


def _run(db: sqlite3.Connection, script: str) -> None:
    """Execute a script statement by statement: ``executescript`` would commit the surrounding transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    create_articles,
    create_passages,
    create_ingests,
    create_quotes,
    create_speaker_corrections,
    index_current,
    create_counts,
    add_addressees,
    create_signatures,
)


def version_of(db: sqlite3.Connection) -> int:
    """Return the number of migrations applied to the file."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def migrate(db: sqlite3.Connection, where: str) -> None:
    """Migrate the file to this release's schema.

    :raises ArchiveTooNew: if a later release has written it.
    """
    have = version_of(db)
    refuse_newer(have, where)
    for number, step in enumerate(MIGRATIONS[have:], start=have + 1):
        db.execute("BEGIN IMMEDIATE")
        try:
            step(db)
            db.execute(f"PRAGMA user_version = {number}")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


def refuse_newer(have: int, where: str) -> None:
    """Refuse a file with more migrations than this release knows.

    :raises ArchiveTooNew: if it has.
    """
    if have > len(MIGRATIONS):
        raise ArchiveTooNew(
            f"{where} was written by a later release (schema {have}; this one supports up to {len(MIGRATIONS)}); "
            "upgrade ontherecord"
        )
