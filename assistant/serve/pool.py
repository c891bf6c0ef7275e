"""The threads that do the assistant's work, with a bounded queue in front of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import BoundedSemaphore
from typing import TypeVar

_T = TypeVar("_T")

THREADS = 8
"""Requests worked on at a time."""
WAITING = 64
"""Further requests that may wait for a thread; beyond that, the response is 503."""


class Overloaded(Exception):
    """More requests are waiting than the pool allows."""


class Pool:
    """A fixed number of threads for the assistant's work, with a bounded queue in front of them.

    :param threads: pieces of work done at a time.
    :param waiting: pieces of work that may wait for a thread.
    """

    def __init__(self, threads: int = THREADS, waiting: int = WAITING) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="assistant")
        self._places = BoundedSemaphore(threads + waiting)

    async def run(self, work: Callable[[], _T]) -> _T:
        """Run ``work`` in a thread of the pool and return its result.

        Work that is cancelled while it waits is never started; once started, it runs to its end.

        :raises Overloaded: if too many pieces of work are waiting already.
        """
        if not self._places.acquire(blocking=False):
            raise Overloaded
        future = self._executor.submit(copy_context().run, work)
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Drop the waiting work, and return once all threads have ended."""
        self._executor.shutdown(cancel_futures=True)
