"""Reading the archive: articles, passages, quotes, and what the indexes need."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import numpy as np

from assistant.archive import schema
from assistant.archive.changes import Change, Entry
from assistant.archive.columns import Columns
from assistant.archive.connection import Connection, Database
from assistant.archive.integrity import VersionReader
from assistant.archive.rows import QUOTE_COLUMNS, VERSION_COLUMNS, attribution_of, moment_iso
from assistant.arrays import Ids
from assistant.attributions import StoredQuote
from assistant.errors import ArchiveError, ArchiveReplaced, NoArchive, NotFound, WrongModel
from assistant.types import Filters, Freshness, Passage, Sort, StoredArticle

_T = TypeVar("_T")

DATABASE = "archive.sqlite3"

_LIVE = (
    "passages p JOIN versions v ON v.key = p.version JOIN articles a ON a.key = v.article AND a.current = v.key"
    " AND p.model = (SELECT m.key FROM models m JOIN meta ON meta.name = 'model' AND meta.value = m.fingerprint)"
)
_ORDER = {
    "relevance": "v.key",
    "newest": "v.published_at IS NULL, v.published_at DESC, v.key DESC",
    "oldest": "v.published_at IS NULL, v.published_at, v.key",
}
_BLOCK = 500
"""Number of ids in one SQL statement, below SQLite's limit on parameters."""


class Archive:
    """An archive, open for reading. Threads may share it; each gets a connection of its own.

    Implements ``assistant.archive.changes.IndexSource``: an index is built from this and nothing else.

    A passage is live, or in retrieval, if it belongs to an article's current version and to the active embedding model.
    """

    def __init__(self, folder: Path) -> None:
        """Open the archive in ``folder``.

        :raises NoArchive: if there is none.
        :raises ArchiveTooNew: if a later release wrote it.
        :raises ArchiveError: if the file is not an archive.
        """
        self.folder = folder
        self.path = folder / DATABASE
        self.index_folder = folder / "index"
        if not self.path.is_file():
            raise NoArchive(
                f"there is no archive at {folder}; create one with: ontherecord --archive {folder} ingest PATH"
            )
        self._database = Database(self.path, self._configure)
        self._versions = VersionReader()
        self._columns = Columns(self)
        self._memory: dict[str, tuple[tuple[int, int], Any]] = {}
        try:
            have = schema.version_of(self.db)
            schema.refuse_newer(have, str(folder))
            if have < len(schema.MIGRATIONS):
                self._migrate()
            self.uuid = self._meta("uuid")
        except BaseException:
            self.close()
            raise

    def _migrate(self) -> None:
        raise ArchiveError(
            f"{self.folder} was written by an earlier release; update it with: "
            f"ontherecord --archive {self.folder} reindex"
        )

    @property
    def db(self) -> sqlite3.Connection:
        """This thread's connection, which is closed when the thread ends.

        :raises ArchiveReplaced: if the file is no longer the one that was opened.
        """
        return self._database.connection()

    def _configure(self, db: Connection) -> None:
        db.execute("PRAGMA query_only = ON")
        db.execute("PRAGMA mmap_size = 1073741824")

    def probe(self) -> None:
        """Read an article as a question would, through a new connection, for a readiness check.

        :raises ArchiveError: if the archive cannot be read.
        """
        with closing(self._database.open()) as db:
            db.execute("SELECT text FROM versions ORDER BY key DESC LIMIT 1").fetchone()

    def close(self) -> None:
        """Close the connections of all threads."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- articles ----------------------------------------------------------------------------------------

    def article(self, article_id: str, version: int | None = None) -> StoredArticle:
        """Return one article, in its current version unless another is given.

        :raises NotFound: if there is no such article or version.
        :raises ArticleDamaged: if it is not what was written.
        """
        which = "a.current = v.key" if version is None else "v.number = :number"
        row = self.db.execute(
            f"SELECT {VERSION_COLUMNS} FROM articles a JOIN versions v ON v.article = a.key AND {which}"
            " WHERE a.id = :id",
            {"id": article_id, "number": version},
        ).fetchone()
        if row is None:
            wanted = f"article {article_id!r}" if version is None else f"version {version} of article {article_id!r}"
            raise NotFound(f"there is no {wanted} in {self.folder}; `ontherecord search` shows the ids of articles")
        return self._versions.read_again(row)

    def versions(self, article_id: str) -> list[int]:
        """Return the version numbers of an article, ascending; empty if there is no such article."""
        rows = self.db.execute(
            "SELECT v.number FROM versions v JOIN articles a ON a.key = v.article WHERE a.id = ? ORDER BY 1",
            (article_id,),
        )
        return [number for (number,) in rows]

    def articles(
        self, filters: Filters = Filters(), sort: Sort = "newest", limit: int = -1, offset: int = 0
    ) -> Iterator[StoredArticle]:
        """Yield the current versions that pass ``filters``; undated ones last. ``limit`` -1 means all.

        Here and in the methods below, damaged versions are left out.
        """
        keys = self._columns.articles(filters)
        query = f"SELECT {VERSION_COLUMNS} FROM articles a JOIN versions v ON v.key = a.current"
        rows = self.db.execute(f"{query} ORDER BY {_ORDER[sort]}")
        passed = 0
        for row in rows:
            if (keys is None or row[0] in keys) and (article := self._versions.read(row)):
                passed += 1
                if passed > offset:
                    yield article
                if limit >= 0 and passed >= offset + limit:
                    return

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Return those of the passages that are live, by id."""
        found: dict[int, tuple[int, int, int, int]] = {}
        for block in _blocks(ids):
            marks = ",".join("?" * len(block))
            rows = self.db.execute(
                f'SELECT p.id, v.key, p.position, p.start, p."end" FROM {_LIVE} WHERE p.id IN ({marks})', block
            )
            found.update((row[0], row[1:]) for row in rows)
        articles = self.versions_by_key({version for version, *_ in found.values()})
        return {
            key: Passage(key, articles[version], position, start, end)
            for key, (version, position, start, end) in found.items()
            if version in articles
        }

    def versions_by_key(self, keys: Iterable[int]) -> dict[int, StoredArticle]:
        """Return versions by their keys."""
        found: dict[int, StoredArticle] = {}
        for block in _blocks(sorted(keys)):
            marks = ",".join("?" * len(block))
            query = (
                f"SELECT {VERSION_COLUMNS} FROM versions v JOIN articles a ON a.key = v.article"
                f" WHERE v.key IN ({marks})"
            )
            for row in self.db.execute(query, block):
                if article := self._versions.read(row):
                    found[row[-1]] = article
        return found

    # --- quotes ------------------------------------------------------------------------------------------

    def unread_articles(self) -> int:
        """Return the number of articles that have not been read for quotes."""
        query = "SELECT COUNT(*) FROM articles a JOIN versions v ON v.key = a.current WHERE v.extractor IS NULL"
        return int(self.db.execute(query).fetchone()[0])

    def speaker_names(self) -> dict[str, int]:
        """Return the number of quotes in current versions by speaker's name, highest first."""
        return self._remembered(
            "speakers",
            lambda: dict(
                self.db.execute(
                    "SELECT q.speaker, COUNT(*) FROM quotes q JOIN articles a ON a.current = q.version"
                    " WHERE q.speaker <> '' GROUP BY 1 ORDER BY 2 DESC, 1"
                ).fetchall()
            ),
        )

    def quotes(self, names: Sequence[str] | None = None, filters: Filters = Filters()) -> list[StoredQuote]:
        """Return the quotes of current versions, those published last first; in text order within an article.

        :param names: only those attributed to these names, as ``speaker_names`` returns them; None means all.
        :param filters: only those in articles that pass.
        """
        current = "quotes q JOIN articles a ON a.current = q.version"
        if names is None:
            rows = self.db.execute(f"SELECT {QUOTE_COLUMNS}, a.key FROM {current}").fetchall()
        else:
            rows = []
            for start in range(0, len(names), _BLOCK):
                block = list(names[start : start + _BLOCK])
                marks = ",".join("?" * len(block))
                query = f"SELECT {QUOTE_COLUMNS}, a.key FROM {current} WHERE q.speaker IN ({marks})"
                rows += self.db.execute(query, block).fetchall()
        allowed = self._columns.articles(filters)
        rows = [row for row in rows if allowed is None or row[-1] in allowed]
        articles = self.versions_by_key({row[1] for row in rows})
        found = [StoredQuote(row[0], articles[row[1]], attribution_of(row[:-1])) for row in rows if row[1] in articles]
        return sorted(found, key=_latest)

    def matching(self, filters: Filters) -> set[int] | None:
        """Return the keys of the articles that pass ``filters``; None if all do."""
        return self._columns.articles(filters)

    def any_matching(self, filters: Filters) -> bool:
        """Return whether any article passes ``filters``."""
        return self._columns.any(filters)

    def published(self) -> dict[int, int]:
        """Return the time of publication, in seconds since 1970, by article key; undated articles are left out."""
        return self._columns.published()

    def state(self) -> tuple[int, int, int]:
        """Return numbers that change whenever the articles, the quotes or the corrections of speakers do."""
        quotes, decided = self.db.execute(
            "SELECT (SELECT COALESCE(MAX(id), 0) FROM quotes), (SELECT COALESCE(MAX(key), 0) FROM speaker_corrections)"
        ).fetchone()
        return self.seq(), quotes, decided

    # --- what the archive is -----------------------------------------------------------------------------

    def _meta(self, name: str) -> str:
        row = self.db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def calibration(self) -> str:
        """Return what ``ArchiveWriter.calibrate`` stored last; "" if nothing."""
        return self._meta("calibration")

    def freshness(self) -> Freshness:
        """Return which dates the archive covers and when articles were last ingested."""
        count, first, last = self._remembered("freshness", self._coverage)
        (ingested,) = self.db.execute("SELECT MAX(touched) FROM ingests WHERE added + updated > 0").fetchone()
        return Freshness(articles=count, first=first, last=last, ingested=ingested)

    def _coverage(self) -> tuple[int, str | None, str | None]:
        count, *ends = self.db.execute(
            "SELECT COUNT(*), MIN(v.published_at), MAX(v.published_at)"
            " FROM articles a JOIN versions v ON v.key = a.current"
        ).fetchone()
        first, last = (moment_iso(end)[:10] if end is not None else None for end in ends)
        return count, first, last

    def _remembered(self, name: str, compute: Callable[[], _T]) -> _T:
        """Return ``compute()``, which may read every article, from memory unless the archive has changed."""
        (quotes,) = self.db.execute("SELECT COALESCE(MAX(id), 0) FROM quotes").fetchone()
        state = (self.seq(), quotes)
        kept = self._memory.get(name)
        if kept is None or kept[0] != state:
            kept = self._memory[name] = (state, compute())
        value: _T = kept[1]
        return value

    def counts(self) -> dict[str, int]:
        """Return the numbers of articles, versions, live passages, vectors, and quotes in current versions."""
        tables = {
            "articles": "articles",
            "versions": "versions",
            "passages": _LIVE,
            "vectors": "vectors",
            "quotes": "quotes q JOIN articles a ON a.current = q.version",
        }
        return {
            name: int(self.db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]) for name, table in tables.items()
        }

    def outlets(self) -> list[str]:
        """Return the outlets, most articles first."""
        return self._remembered("outlet", lambda: self._values("outlet"))

    def languages(self) -> list[str]:
        """Return the languages, most articles first."""
        return self._remembered("language", lambda: self._values("language"))

    def sections(self) -> list[str]:
        """Return the sections, most articles first."""
        return self._remembered("section", lambda: self._values("section"))

    def _values(self, column: str) -> list[str]:
        rows = self.db.execute(
            f"SELECT v.{column} FROM articles a JOIN versions v ON v.key = a.current"
            f" WHERE v.{column} <> '' GROUP BY 1 ORDER BY COUNT(*) DESC, 1"
        )
        return [value for (value,) in rows]

    def ingests(self, limit: int = 10) -> list[dict[str, object]]:
        """Return the latest runs of the ingest log, newest first."""
        cursor = self.db.execute("SELECT * FROM ingests ORDER BY key DESC LIMIT ?", (limit,))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    # --- IndexSource: what an index is built from -------------------------------------------------------------

    @property
    def model(self) -> str:
        """Fingerprint of the embedding model of the live passages; "" if there has been none yet."""
        return self._meta("model")

    @property
    def model_name(self) -> str:
        """The model's name in the settings when it was first used; "" if there has been none yet."""
        row = self.db.execute("SELECT name FROM models WHERE fingerprint = ?", (self.model,)).fetchone()
        return str(row[0]) if row else ""

    @property
    def dim(self) -> int:
        """Dimension of the vectors; 0 if there has been no model yet."""
        row = self.db.execute("SELECT dim FROM models WHERE fingerprint = ?", (self.model,)).fetchone()
        return int(row[0]) if row else 0

    def expect_model(self, fingerprint: str, name: str, dim: int) -> None:
        """Check that the live passages, if any, were embedded by this model.

        :raises WrongModel: if another model embedded them.
        """
        if self.model not in ("", fingerprint):
            raise WrongModel(
                f"{self.folder} was built with {self.model_name!r} ({self.dim} dimensions); the settings name {name!r} "
                f"({dim}). Rebuild it with `ontherecord reindex`, or set "
                f"ONTHERECORD_EMBEDDING__MODEL={self.model_name}."
            )

    def seq(self) -> int:
        """Return the number of the latest change; 0 for an empty archive.

        :raises ArchiveReplaced: if another archive has been copied over this one.
        """
        query = "SELECT COALESCE(MAX(seq), 0), (SELECT value FROM meta WHERE name = 'uuid') FROM changes"
        seq, uuid = self.db.execute(query).fetchone()
        if uuid != self.uuid:
            raise ArchiveReplaced(f"{self.path} is not the archive that was opened; open it again")
        return int(seq)

    def changes(self, after: int) -> Iterator[Change]:
        """Yield the changes with a number above ``after``, in order."""
        for seq, added, first, last in self.db.execute(
            "SELECT seq, added, first, last FROM changes WHERE seq > ? ORDER BY seq", (after,)
        ):
            yield Change(seq, bool(added), first, last)

    def entries(self, first: int, last: int) -> Iterator[Entry]:
        """Yield the live passages with ids from ``first`` to ``last`` (inclusive), in order of id."""
        rows = self.db.execute(
            f"""SELECT p.id, a.key, substr(v.text, p.start + 1, p."end" - p.start), v.headline, v.outlet, v.byline,
                       v.section, v.language, v.published_at, x.vector
                FROM {_LIVE} JOIN vectors x ON x.passage = p.id
                WHERE p.id BETWEEN ? AND ? ORDER BY p.id""",
            (first, last),
        )
        for key, article, text, headline, outlet, byline, section, language, published, blob in rows:
            vector = np.frombuffer(blob, np.float16).astype(np.float32)
            yield Entry(key, article, text, headline, outlet, byline, section, language, published, vector)

    def live(self) -> int:
        """Return the number of live passages."""
        return int(self.db.execute(f"SELECT COUNT(*) FROM {_LIVE}").fetchone()[0])

    def allowed(self, filters: Filters) -> Ids | None:
        """Return the ids of the live passages that pass ``filters``, ascending; None if all do."""
        return self._columns.passages(filters)

    def live_ranges(self, after: int, upto: int) -> Iterable[tuple[int, int]]:
        """Yield ``(passage id, article key)`` of the live passages with ``after`` < id <= ``upto``."""
        return self.db.execute(
            f"SELECT p.id, a.key FROM {_LIVE} WHERE p.id > ? AND p.id <= ? ORDER BY p.id", (after, upto)
        )


def _latest(quote: StoredQuote) -> tuple[bool, int, int, tuple[int, int]]:
    published = quote.article.published
    return published is None, -published.timestamp if published else 0, quote.article.key, quote.said.content


def _blocks(ids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _BLOCK):
        yield [int(value) for value in ids[start : start + _BLOCK]]
