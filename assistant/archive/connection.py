"""The SQLite file of an archive, and a connection to it for each thread.

Every connection is to the file that the archive was opened on, closes when its thread ends, and raises errors that say
what to do next.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Self

from assistant.archive.disk import explained
from assistant.errors import ArchiveError, ArchiveReplaced

_BUSY_SECONDS = 30.0
"""How long a statement waits for a lock that another process holds."""

_text = partial(str, encoding="utf-8", errors="replace")
"""Reads a text. One that damage has made undecodable is read too: its digest gives it away, and only it is withheld."""


class Cursor(sqlite3.Cursor):
    """Raises what ``explained`` makes of SQLite's errors."""

    connection: Connection

    def execute(self, sql: str, parameters: Any = (), /) -> Self:
        """Execute a statement."""
        try:
            return super().execute(sql, parameters)
        except sqlite3.Error as error:
            raise explained(error, self.connection.path) from error

    def executemany(self, sql: str, rows: Iterable[Any], /) -> Self:
        """Execute a statement once for each row of parameters."""
        try:
            return super().executemany(sql, rows)
        except sqlite3.Error as error:
            raise explained(error, self.connection.path) from error

    def fetchone(self) -> Any:
        """Return the next row; None after the last."""
        try:
            return super().fetchone()
        except sqlite3.Error as error:
            raise explained(error, self.connection.path) from error

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        try:
            return super().fetchall()
        except sqlite3.Error as error:
            raise explained(error, self.connection.path) from error

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except sqlite3.Error as error:
            raise explained(error, self.connection.path) from error


class Connection(sqlite3.Connection):
    """A connection whose statements raise what ``explained`` makes of SQLite's errors.

    :ivar path: the database file.
    """

    path: Path

    def cursor(self, factory: Any = Cursor) -> Any:
        """Return a new cursor."""
        return super().cursor(factory)

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Execute a statement through a new cursor, and return that."""
        return self.cursor().execute(sql, parameters)  # type: ignore[no-any-return]

    def executemany(self, sql: str, rows: Iterable[Any], /) -> sqlite3.Cursor:
        """Execute a statement for each row of parameters through a new cursor, and return that."""
        return self.cursor().executemany(sql, rows)  # type: ignore[no-any-return]


def connect(path: Path, options: str) -> Connection:
    """Open a database in autocommit mode.

    Another thread may close the connection; only one at a time may use it.

    :param options: as in ``file:`` URIs, such as "mode=rw" (https://www.sqlite.org/uri.html).
    :raises ArchiveError: when the file cannot be opened.
    """
    try:
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?{options}",
            uri=True, isolation_level=None, timeout=_BUSY_SECONDS, check_same_thread=False, factory=Connection,
        )  # fmt: skip
    except sqlite3.Error as error:
        raise explained(error, path) from error
    db.path = path
    db.text_factory = _text
    return db


class _Owned:
    """A connection that is closed when its owner goes.

    Dropping the connection would not close it: it and the cache of its statements refer to each other, so that it
    would stay open, its page cache with it, until the garbage collector happens to find the two.

    :ivar frozen: of a connection that takes the file for unchanging: when it was changed last, in ns, and its size.
    """

    def __init__(self, connection: Connection, frozen: tuple[int, int] | None) -> None:
        self.connection = connection
        self.frozen = frozen

    def __del__(self) -> None:
        self.connection.close()


class Database:
    """The database file of an archive, open.

    Where its folder cannot be written to, as on a read-only disk, SQLite cannot make the files beside it through which
    readers and a writer keep out of each other's way. The file is then read as one that does not change, and anew
    once it has.

    :param path: the file; it is there.
    :param configure: sets what a new connection needs.
    """

    def __init__(self, path: Path, configure: Callable[[Connection], None]) -> None:
        self.path = path
        self._configure = configure
        self._name = str(path)
        self._log = f"{path}-wal"
        self._shared = f"{path}-shm"
        status = os.stat(self._name)
        self._file = (status.st_dev, status.st_ino)
        self._closed = False
        self._threads = threading.local()  # the only reference to a thread's ``_Owned``: it goes when the thread does

    def connection(self) -> Connection:
        """Return the calling thread's connection.

        :raises ArchiveReplaced: when another file lies where this one was opened.
        :raises ArchiveError: when the database was closed, or cannot be opened.
        """
        if self._closed:
            raise ArchiveError(f"{self.path} was closed while it was in use; open the archive again")
        status = self._status()
        owned: _Owned | None = getattr(self._threads, "owned", None)
        if owned is None or (owned.frozen and (owned.frozen != _mark(status) or os.path.exists(self._shared))):
            owned = self._threads.owned = _Owned(*self._opened(status))
        return owned.connection

    def open(self) -> Connection:
        """Open a further connection, for the caller to close; raises as ``connection`` does."""
        return self._opened(self._status())[0]

    def _opened(self, status: os.stat_result) -> tuple[Connection, tuple[int, int] | None]:
        """A new connection, and what the file must stay like for it to be used."""
        frozen = not os.access(self.path.parent, os.W_OK) and not os.path.exists(self._shared)
        if frozen and os.path.exists(self._log) and os.path.getsize(self._log):
            raise ArchiveError(
                f"{self.path.parent} cannot be written to, and the archive's latest changes are still in {self._log}, "
                "which SQLite can read only where it can write beside it. Open the archive once where it can be "
                "written to, or copy it with `ontherecord backup`"
            )
        db = connect(self.path, "mode=ro&immutable=1" if frozen else "mode=rw")
        try:
            self._configure(db)
            db.execute("PRAGMA schema_version").fetchone()  # the first to read: what cannot be read is found out here
            self._status()  # it might have been replaced meanwhile
        except BaseException:
            db.close()
            raise
        return db, _mark(status) if frozen else None

    def _status(self) -> os.stat_result:
        try:
            status = os.stat(self._name)
        except OSError as error:
            raise ArchiveReplaced(f"{self.path} is gone ({error.strerror}); open the archive again") from error
        if (status.st_dev, status.st_ino) != self._file:
            raise ArchiveReplaced(f"{self.path} is another file than the one that was opened; open the archive again")
        return status

    def close(self) -> None:
        """Close the connections of all threads, for good."""
        self._closed = True
        self._threads = threading.local()


def _mark(status: os.stat_result) -> tuple[int, int]:
    return status.st_mtime_ns, status.st_size
