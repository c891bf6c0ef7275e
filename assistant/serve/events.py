"""Send an answer as server-sent events: each sentence once it is verified, then the whole answer.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from threading import Event

import anyio
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from assistant.errors import OnTheRecordError
from assistant.outgoing import Outgoing
from assistant.schemas import Error, Problem, as_json
from assistant.serve.errors import public_error
from assistant.serve.pool import Pool
from assistant.types import Answer, Part

_log = logging.getLogger(__name__)

Answering = Callable[[Event], Iterator[Part | Answer]]


class EventStream(Response):
    """Sends what ``answering`` yields as it is produced; stops the model if the client disconnects.

    :param answering: yields an answer, given an event that is set once nobody is listening; runs in a thread.
    :param pool: runs it; may refuse.
    """

    media_type = "text/event-stream"

    def __init__(self, answering: Answering, pool: Pool) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._answering, self._pool = answering, pool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events. An error before the first one is raised, so that it becomes an ordinary response."""
        cancelled = Event()
        loop = asyncio.get_running_loop()
        out: asyncio.Queue[bytes | Exception | None] = asyncio.Queue()

        def work() -> None:
            for one in self._answering(cancelled):
                loop.call_soon_threadsafe(out.put_nowait, _event_of(one))
                if cancelled.is_set():
                    return

        async def produce() -> None:
            try:
                await self._pool.run(work)
            except Exception as error:
                out.put_nowait(error)
            out.put_nowait(None)

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            cancelled.set()
            group.cancel_scope.cancel()

        early: Exception | None = None
        async with anyio.create_task_group() as group:
            group.start_soon(produce)
            group.start_soon(watch)
            try:
                early = await self._sent(out, send)
            finally:
                cancelled.set()
            group.cancel_scope.cancel()
        if early is not None:
            raise early

    async def _sent(self, out: asyncio.Queue[bytes | Exception | None], send: Send) -> Exception | None:
        """Send all items up to None; return the error if the first item is one."""
        begun = False
        while (item := await out.get()) is not None:
            if isinstance(item, Exception) and not begun:
                return item
            if not begun:
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                begun = True
            body = self._error(item) if isinstance(item, Exception) else item
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return None

    @staticmethod
    def _error(error: Exception) -> bytes:
        known = isinstance(error, OnTheRecordError)
        _log.error("an answer failed while it was being sent: %s", error, exc_info=None if known else error)
        what = public_error(error)
        return _event("error", Error(Problem(what.code, what.message)))


def _event_of(one: Part | Answer) -> bytes:
    return _event("answer" if isinstance(one, Answer) else "sentence", one)


def _event(name: str, data: Outgoing) -> bytes:
    return f"event: {name}\ndata: {json.dumps(as_json(data), ensure_ascii=False)}\n\n".encode()
