"""The tables, as small named migrations, each applied once and in order, in one transaction."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from assistant.errors import ArchiveTooNew


def create_articles(db: sqlite3.Connection) -> None:
    """Articles and their versions. Keys are AUTOINCREMENT: never used twice, not even after a deletion."""
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
        -- What a deleted article leaves: that versions up to this number were given out under an id of this digest.
        CREATE TABLE retired (id_digest BLOB PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
        """,
    )
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    db.executemany("INSERT INTO meta VALUES (?, ?)", [("uuid", str(uuid.uuid4())), ("created", now)])


def create_passages(db: sqlite3.Connection) -> None:
    """Passages, their vectors (float16), and the log that indexes follow."""
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
    """The ingest log: one row a run, brought up to date with every batch, in the batch's own transaction."""
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
    """Who said what: an attribution a row, of every version. Offsets are characters of the version's text."""
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
        ALTER TABLE versions ADD COLUMN extractor INTEGER;                -- whose quotes there are; NULL: nobody's yet
        """,
    )


def create_speaker_corrections(db: sqlite3.Connection) -> None:
    """What the keeper decided about speakers' names: by name and public id, so that no article need be there for it."""
    _run(
        db,
        """
        CREATE TABLE speaker_corrections (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL CHECK (kind IN ('merge', 'split')),
            name TEXT NOT NULL,
            other TEXT NOT NULL,                                          -- of a merge: a name of the speaker
            article TEXT,                                                 -- id of the one article it holds for
            made TEXT NOT NULL
        );
        """,
    )


def index_current(db: sqlite3.Connection) -> None:
    """From a version to the article that it is current of: what quotes are joined by."""
    db.execute("CREATE INDEX articles_current ON articles (current)")


def create_counts(db: sqlite3.Connection) -> None:
    """How often a version has each root of its words: what articles are ranked by."""
    _run(
        db,
        """
        CREATE TABLE counts (
            version INTEGER PRIMARY KEY REFERENCES versions (key),
            counter INTEGER NOT NULL,                                     -- whose numbers they are
            length INTEGER NOT NULL,                                      -- forms between blanks
            roots BLOB NOT NULL, times BLOB NOT NULL                      -- uint32, ascending; uint16; little-endian
        );
        """,
    )


def add_addressees(db: sqlite3.Connection) -> None:
    """Whom words are said to: characters of the version's text; NULL where it does not say."""
    _run(
        db,
        """
        ALTER TABLE quotes ADD COLUMN addressee_start INTEGER;
        ALTER TABLE quotes ADD COLUMN addressee_end INTEGER;
        """,
    )


def create_signatures(db: sqlite3.Connection) -> None:
    """By what copies of a version's text are known. What was counted before has none, and is counted anew."""
    _run(
        db,
        """
        DROP TABLE counts;
        CREATE TABLE counts (
            version INTEGER PRIMARY KEY REFERENCES versions (key),
            counter INTEGER NOT NULL,                                     -- whose numbers they are
            length INTEGER NOT NULL,                                      -- forms between blanks
            signature BLOB NOT NULL,                                      -- uint32, little-endian; or empty
            roots BLOB NOT NULL, times BLOB NOT NULL                      -- uint32, ascending; uint16; little-endian
        );
        """,
    )


def _run(db: sqlite3.Connection, script: str) -> None:
    """Execute a script statement by statement: ``executescript`` would commit the transaction around it."""
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
    """How many migrations the file has had."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def migrate(db: sqlite3.Connection, where: str) -> None:
    """Bring the file up to this release.

    :raises ArchiveTooNew: when a later release has written it.
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
    """:raises ArchiveTooNew: when the file has had more migrations than this release knows."""
    if have > len(MIGRATIONS):
        raise ArchiveTooNew(
            f"{where} was written by a later release (schema {have}; this one knows {len(MIGRATIONS)}); "
            "upgrade ontherecord"
        )
