"""Runs a request to a LlamaIndex model in the background, so that the caller can abandon it at any time.

Models with a true asynchronous interface share one event loop: cancelling a task closes its connection, and the server
stops generating. A model without one (a ``CustomLLM``) runs in a thread, which ends at its next piece.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import Any

from assistant.llm.base import Message

_CLOSING = 2.0
"""Maximum number of seconds that ``leave`` waits for the connection to close."""


class StreamEnd:
    """Marks the end of a stream.

    :ivar error: the error the request failed with, if any.
    :ivar finished: whether the server reported completion, in protocols that do so.
    """

    def __init__(self, error: BaseException | None = None, finished: bool = False) -> None:
        self.error = error
        self.finished = finished


class Pump:
    """One request in progress.

    :param llm: a LlamaIndex LLM.
    :param options: keyword arguments of the request.
    """

    def __init__(self, llm: Any, messages: Sequence[Message], options: Mapping[str, Any]) -> None:
        from llama_index.core.llms import ChatMessage
        from llama_index.core.llms.custom import CustomLLM

        self._llm = llm
        self._messages = [ChatMessage(role=message.role, content=message.content) for message in messages]
        self._options = dict(options)
        self._queue: SimpleQueue[str | StreamEnd] = SimpleQueue()
        self._finished = False
        self._left = Event()
        self._over = Event()
        self._task: Future[None] | None = None
        if isinstance(llm, CustomLLM):
            self._run_in_thread()
        else:
            self._task = asyncio.run_coroutine_threadsafe(self._run(), _loop())

    def get(self, timeout: float) -> str | StreamEnd | None:
        """Return the next piece, which may be empty, or the end; None if neither arrives in ``timeout`` seconds."""
        try:
            return self._queue.get(timeout=max(0.0, timeout))
        except Empty:
            return None

    def leave(self) -> None:
        """Cancel the request, if it is still running, and close its connection."""
        self._left.set()
        if self._task is not None and not self._over.is_set():
            self._task.cancel()
            self._over.wait(_CLOSING)

    def _take(self, response: Any) -> None:
        choices = getattr(response.raw, "choices", None) or ()
        self._finished = self._finished or any(getattr(one, "finish_reason", None) for one in choices)
        self._queue.put(response.delta or "")

    async def _run(self) -> None:
        error: BaseException | None = None
        try:
            async for response in await self._llm.astream_chat(self._messages, **self._options):
                self._take(response)
        except NotImplementedError:
            self._run_in_thread()
            return
        except BaseException as raised:
            error = raised
        self._end(error)

    def _run_in_thread(self) -> None:
        context = contextvars.copy_context()
        Thread(target=context.run, args=(self._read,), name="language-model", daemon=True).start()

    def _read(self) -> None:
        error: BaseException | None = None
        try:
            stream = self._llm.stream_chat(self._messages, **self._options)
            try:
                for response in stream:
                    self._take(response)
                    if self._left.is_set():
                        break
            finally:
                close: Callable[[], None] | None = getattr(stream, "close", None)
                if close is not None:
                    close()
        except BaseException as raised:
            error = raised
        self._end(error)

    def _end(self, error: BaseException | None) -> None:
        self._over.set()
        self._queue.put(StreamEnd(error, self._finished))


_lock = Lock()
_running: list[asyncio.AbstractEventLoop] = []


def _loop() -> asyncio.AbstractEventLoop:
    """Return the event loop shared by all asynchronous models, which runs in its own thread."""
    with _lock:
        if not _running:
            loop = asyncio.new_event_loop()
            Thread(target=loop.run_forever, name="language-models", daemon=True).start()
            _running.append(loop)
        return _running[0]
