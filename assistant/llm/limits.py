"""How much a model may be asked: requests at a time, and tokens in all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Event, Lock

from assistant.errors import ModelBudget, ModelTimeout

_LOOK = 0.05
"""Seconds between two looks at whether anybody still waits."""


WAIT = 30.0
"""Seconds that a request waits for its turn."""


class Turns:
    """Requests at a time.

    :param most: how many.
    """

    def __init__(self, most: int) -> None:
        self._free = BoundedSemaphore(most)
        self._most = most

    @contextmanager
    def turn(self, cancelled: Event) -> Iterator[bool]:
        """Hold a turn; gives False where ``cancelled`` was set before it came.

        :raises ModelTimeout: when it does not come in time.
        """
        until = time.monotonic() + WAIT
        while not self._free.acquire(timeout=max(0.0, min(_LOOK, until - time.monotonic()))):
            if cancelled.is_set():
                yield False
                return
            if time.monotonic() >= until:
                raise ModelTimeout(
                    f"{self._most} requests to the language model are under way, and none ended in {WAIT:g} s; "
                    "see llm.concurrency"
                )
        try:
            yield True
        finally:
            self._free.release()


class TokenBudget:
    """Tokens, read and written, since the model was loaded.

    :param most: how many there may be; 0 for any number.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._taken = 0

    @property
    def spent(self) -> int:
        """Tokens used, those of requests under way reckoned at their most."""
        return self._taken

    @contextmanager
    def spending(self, most: int) -> Iterator[list[int]]:
        """Set ``most`` tokens aside; what the list adds up to in the end is spent, the rest given back.

        :raises ModelBudget: when so many are not left.
        """
        with self._lock:
            if self._most and self._taken + most > self._most:
                raise ModelBudget(
                    f"{self._taken:,} of the {self._most:,} tokens that llm.budget allows this process are spent; "
                    f"a request of up to {most:,} does not fit in what is left"
                )
            self._taken += most
        used: list[int] = []
        try:
            yield used
        finally:
            with self._lock:
                self._taken += sum(used) - most
