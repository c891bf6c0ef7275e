"""Connections: how many there may be, and how long one may keep the server waiting.

uvicorn closes a connection that says nothing after an answer, but waits for ever for the rest of a request, and for a
client to take what it asked for. Here every such wait ends; and when all connections are taken, the one that the server
has been waiting for longest makes room for the next, so that a client that only holds connections open denies nobody.
"""

from __future__ import annotations

import resource
from asyncio import Transport
from collections.abc import Mapping
from typing import Any, Literal

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

State = Literal["idle", "receiving", "working", "stalled", "closing"]
"""What a connection does: no request is complete yet; its body is not; it is answered; the client does not take what it
is sent; all is sent and the client has not taken the end of it."""

_MOST = 1000
_RESERVED = 192
"""Open files that are kept for the archive, its indexes and whatever else is read."""
_FILES = 4096
"""Open files that the process asks the system for."""
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"


def capacity() -> int:
    """Return how many connections there may be: as many as the limit on open files leaves, 1,000 at most."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if soft == resource.RLIM_INFINITY else max(8, min(_MOST, soft - _RESERVED))


def raise_file_limit() -> None:
    """Raise the limit on open files towards what the system allows, where it is low."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class WatchedConnection(H11Protocol):
    """One connection; see the module.

    :cvar seconds: how long each state may last; those left out, for ever.
    :cvar look: seconds between looks at the state.
    """

    seconds: Mapping[State, float] = {"idle": 15, "receiving": 30, "stalled": 30, "closing": 15}
    look = 2.0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin to watch, and make room where there is none."""
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
        """Take what came, and note what it changed."""
        super().data_received(data)
        self._note()

    def on_response_complete(self) -> None:
        """End an answer, and note it."""
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
        """End the connection that has kept the server waiting longest; where all others are answered, this one."""
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
    """Return how uvicorn serves ``app``.

    :param grace: seconds that open connections get when the server is told to stop.
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
