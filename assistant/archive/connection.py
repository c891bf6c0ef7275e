"""The SQLite file of an archive, and a connection to it for each thread.

Every connection is to the file that was opened first, closes when its thread ends, and raises errors that say what to
do next.
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
"""How long a statement waits for another process's lock."""

_text = partial(str, encoding="utf-8", errors="replace")
"""Decodes text, even where damage has made it invalid: its digest reveals the damage, and only it is withheld."""


class Cursor(sqlite3.Cursor):
    """A cursor that raises SQLite's errors as ``explained`` translates them."""

    connection: Connection

    def execute(self, sql: str, parameters: Any = (), /) -> Self:
        """Execute a statement."""
        try:
            return super().execute(sql, parameters)
        except sqlite3.Error as error:
            raise explained(error, self.connection.path) from error

    def executemany(self, sql: str, rows: Iterable[Any], /) -> Self:
        """Execute a statement for each row of parameters."""
        try:
            return super().executemany(sql, rows)
        except sqlite3.Error as error:
            raise explained(error, self.connection.path) from error

    def fetchone(self) -> Any:
        """Return the next row; None after the last one."""
        try:
            return super().fetchone()
        except sqlite3.Error as error:
            raise explained(error, self.connection.path) from error

    def fetchall(self) -> list[Any]:
        """Return the remaining rows."""
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
    """A connection whose statements raise SQLite's errors as ``explained`` translates them.

    :ivar path: the database file.
    """

    path: Path

    def cursor(self, factory: Any = Cursor) -> Any:
        """Return a new cursor."""
        return super().cursor(factory)

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Execute a statement through a new cursor, and return the cursor."""
        return self.cursor().execute(sql, parameters)  # type: ignore[no-any-return]

    def executemany(self, sql: str, rows: Iterable[Any], /) -> sqlite3.Cursor:
        """Execute a statement for each row of parameters through a new cursor, and return the cursor."""
        return self.cursor().executemany(sql, rows)  # type: ignore[no-any-return]


def connect(path: Path, options: str) -> Connection:
    """Open a database in autocommit mode.

    Only one thread at a time may use the connection; any thread may close it.

    :param options: as in ``file:`` URIs, such as "mode=rw" (https://www.sqlite.org/uri.html).
    :raises ArchiveError: if the file cannot be opened.
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
    """A connection that is closed as soon as nothing refers to this object.

    Dropping the connection itself would not close it: it and its statement cache refer to each other, so both, and the
    page cache with them, would stay until the garbage collector found them.

    :ivar frozen: if the file was opened as immutable, its modification time in nanoseconds and its size; else None.
    """

    def __init__(self, connection: Connection, frozen: tuple[int, int] | None) -> None:
        self.connection = connection
        self.frozen = frozen

    def __del__(self) -> None:
        self.connection.close()


class Database:
    """The open database file of an archive.

    If its folder is not writable, as on a read-only disk, SQLite cannot create the files beside it that coordinate
    readers and a writer. The file is then opened as immutable, and reopened after it has changed.

    :param path: the file, which must exist.
    :param configure: prepares a new connection.
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
        self._threads = threading.local()  # the only reference to a thread's ``_Owned``, which dies with the thread

    def connection(self) -> Connection:
        """Return the calling thread's connection.

        :raises ArchiveReplaced: if another file has taken the place of the one that was opened.
        :raises ArchiveError: if the database was closed or cannot be opened.
        """
        if self._closed:
            raise ArchiveError(f"{self.path} was closed while it was in use; open the archive again")
        status = self._status()
        owned: _Owned | None = getattr(self._threads, "owned", None)
        if owned is None or (owned.frozen and (owned.frozen != _mark(status) or os.path.exists(self._shared))):
            owned = self._threads.owned = _Owned(*self._opened(status))
        return owned.connection

    def open(self) -> Connection:
        """Open another connection, which the caller must close; raises what ``connection`` raises."""
        return self._opened(self._status())[0]

    def _opened(self, status: os.stat_result) -> tuple[Connection, tuple[int, int] | None]:
        """Return a new connection, and the ``frozen`` that belongs to it."""
        frozen = not os.access(self.path.parent, os.W_OK) and not os.path.exists(self._shared)
        if frozen and os.path.exists(self._log) and os.path.getsize(self._log):
            raise ArchiveError(
                f"{self.path.parent} is not writable, and the archive's latest changes are still in {self._log}, which "
                "SQLite can read only in a writable folder. Open the archive once where its folder is writable, or "
                "make the copy with `ontherecord backup`"
            )
        db = connect(self.path, "mode=ro&immutable=1" if frozen else "mode=rw")
        try:
            self._configure(db)
            db.execute("PRAGMA schema_version").fetchone()  # the first read: an unreadable file fails here
            self._status()  # the file may have been replaced in the meantime
        except BaseException:
            db.close()
            raise
        return db, _mark(status) if frozen else None

    def _status(self) -> os.stat_result:
        try:
            status = os.stat(self._name)
        except OSError as error:
            raise ArchiveReplaced(f"{self.path} no longer exists ({error.strerror}); open the archive again") from error
        if (status.st_dev, status.st_ino) != self._file:
            raise ArchiveReplaced(f"{self.path} is no longer the file that was opened; open the archive again")
        return status

    def close(self) -> None:
        """Close the connections of all threads for good."""
        self._closed = True
        self._threads = threading.local()


def _mark(status: os.stat_result) -> tuple[int, int]:
    return status.st_mtime_ns, status.st_size
