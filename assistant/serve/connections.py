"""Limits on connections: how many there may be, and how long one may keep the server waiting.

uvicorn closes a connection that stays silent after a response, but waits forever for the rest of a request, and for a
client to read its response. Here every such wait has a limit. When all connections are in use, the one that has kept
the server waiting longest is closed for the next, so that a client cannot block others by holding connections open.
"""

from __future__ import annotations

import resource
from asyncio import Transport
from collections.abc import Mapping
from typing import Any, Literal

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

State = Literal["idle", "receiving", "working", "stalled", "closing"]
"""The state of a connection: waiting for a request; waiting for the rest of its body; working on the response; waiting
for the client to read it; waiting for the client to read the end of it."""

_MOST = 1000
_RESERVED = 192
"""Open files reserved for the archive, its indexes and anything else that is read."""
_FILES = 4096
"""Limit on open files that the process requests from the system."""
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"


def capacity() -> int:
    """Return how many connections there may be: as many as the limit on open files allows, up to 1,000."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if soft == resource.RLIM_INFINITY else max(8, min(_MOST, soft - _RESERVED))


def raise_file_limit() -> None:
    """Raise a low limit on open files, as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class WatchedConnection(H11Protocol):
    """One connection; see the module.

    :cvar seconds: how long each state may last; states not listed may last forever.
    :cvar look: seconds between checks of the state.
    """

    seconds: Mapping[State, float] = {"idle": 15, "receiving": 30, "stalled": 30, "closing": 15}
    look = 2.0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Start watching the connection, and close another if there are too many."""
        super().connection_made(transport)
        self.state: State = "idle"
        self.since = self.loop.time()
        self.ended = False
        self._next_look = self.loop.call_later(self.look, self._look)
        if len(self.connections) > capacity():
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        self._next_look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Receive data, and update the state."""
        super().data_received(data)
        self._note()

    def on_response_complete(self) -> None:
        """Finish a response, and update the state."""
        super().on_response_complete()
        self._note()

    def _note(self) -> None:
        state = self._current()
        if state != self.state:
            self.state, self.since = state, self.loop.time()

    def _current(self) -> State:
        if self.transport.is_closing():
            return "closing"
        if self.flow.write_paused:
            return "stalled"
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request, whatever its type says
        if cycle is None or cycle.response_complete:
            return "idle"
        return "receiving" if cycle.more_body else "working"

    def _look(self) -> None:
        self._note()
        if self.loop.time() - self.since >= self.seconds.get(self.state, float("inf")):
            self._end()
        else:
            self._next_look = self.loop.call_later(self.look, self._look)

    def _end(self) -> None:
        self.ended = True
        self.transport.abort()

    def _make_room(self) -> None:
        """End the connection that has kept the server waiting longest, or this one if all others are being served."""
        others = [
            one for one in self.connections if isinstance(one, WatchedConnection) and not one.ended and one is not self
        ]
        if len(others) < capacity():
            return
        waited_for = [one for one in others if one.state != "working"]
        if waited_for:
            min(waited_for, key=lambda one: one.since)._end()
        else:
            self.transport.write(_FULL)
            self.transport.close()


def server_config(app: Any, grace: int, connection: type[WatchedConnection] = WatchedConnection) -> uvicorn.Config:
    """Return uvicorn's configuration for ``app``.

    :param grace: seconds that open connections are given to finish when the server stops.
    """
    return uvicorn.Config(
        app,
        http=connection,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=128,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=grace,
    )
