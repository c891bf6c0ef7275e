"""Connections to SQLite, one a thread."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable

from assistant.errors import ArchiveError

_BUSY_SECONDS = 30.0
"""How long a statement waits for a lock that another process holds."""


def connect(uri: str) -> sqlite3.Connection:
    """Open the database that a ``file:`` URI names (https://www.sqlite.org/uri.html), in autocommit mode.

    Another thread may close the connection; only one at a time may use it.
    """
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_SECONDS, check_same_thread=False)


class _Owned:
    """A connection that is closed when its owner goes.

    Dropping the connection would not close it: it and the cache of its statements refer to each other, so that it
    would stay open, its page cache with it, until the garbage collector happens to find the two.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()


class Connections:
    """A connection for each thread, opened at the thread's first use of it and closed when the thread ends.

    :param open_one: opens a connection.
    """

    def __init__(self, open_one: Callable[[], sqlite3.Connection]) -> None:
        self._open = open_one
        self._closed = False
        self._threads = threading.local()  # the only reference to a thread's ``_Owned``: it goes when the thread does

    def get(self) -> sqlite3.Connection:
        """Return the calling thread's connection.

        :raises ArchiveError: when they were closed.
        """
        if self._closed:
            raise ArchiveError("the archive was closed while it was in use; open it again")
        owned: _Owned | None = getattr(self._threads, "owned", None)
        if owned is None:
            owned = self._threads.owned = _Owned(self._open())
        return owned.connection

    def close(self) -> None:
        """Close the connections of all threads, for good."""
        self._closed = True
        self._threads = threading.local()
