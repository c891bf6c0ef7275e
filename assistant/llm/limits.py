"""Limits on the use of a model: concurrent requests, and tokens in total."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Event, Lock

from assistant.errors import ModelBudget, ModelTimeout

_LOOK = 0.05
"""Seconds between checks for cancellation."""


WAIT = 30.0
"""Maximum number of seconds that a request waits for its turn."""


class Turns:
    """Limits concurrent requests.

    :param most: maximum number of requests at a time.
    """

    def __init__(self, most: int) -> None:
        self._free = BoundedSemaphore(most)
        self._most = most

    @contextmanager
    def turn(self, cancelled: Event) -> Iterator[bool]:
        """Wait for a turn and hold it; yields False if ``cancelled`` was set first.

        :raises ModelTimeout: if no turn comes free within ``WAIT`` seconds.
        """
        until = time.monotonic() + WAIT
        while not self._free.acquire(timeout=max(0.0, min(_LOOK, until - time.monotonic()))):
            if cancelled.is_set():
                yield False
                return
            if time.monotonic() >= until:
                raise ModelTimeout(
                    f"{self._most} requests to the language model are in progress, and none finished within "
                    f"{WAIT:g} s; see llm.concurrency"
                )
        try:
            yield True
        finally:
            self._free.release()


class TokenBudget:
    """Limits the tokens read and written since the model was loaded.

    :param most: maximum number of tokens; 0 means unlimited.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._taken = 0

    @property
    def spent(self) -> int:
        """Tokens used so far, counting requests in progress at their maximum."""
        return self._taken

    @contextmanager
    def spending(self, most: int) -> Iterator[list[int]]:
        """Reserve ``most`` tokens; on exit the sum of the yielded list is spent and the rest is released.

        :raises ModelBudget: if fewer than ``most`` tokens are left.
        """
        with self._lock:
            if self._most and self._taken + most > self._most:
                raise ModelBudget(
                    f"{self._taken:,} of the {self._most:,} tokens that llm.budget allows this process are spent; "
                    f"too few are left for a request of up to {most:,}"
                )
            self._taken += most
        used: list[int] = []
        try:
            yield used
        finally:
            with self._lock:
                self._taken += sum(used) - most
