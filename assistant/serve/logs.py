"""Protect the server's log: clients cannot flood it, and control characters that they send are made visible."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from assistant.text import visible

MOST = 10
"""Maximum number of records of one kind written in a minute."""
_WINDOW = 60.0
_KINDS = 200
"""Kinds of records that are counted separately at a time; all others count as one."""

_Kind = tuple[str, int, str]


@dataclass(slots=True)
class _Window:
    """A minute in which records of one kind are counted."""

    began: float
    count: int = 0


class ThrottlingFilter(logging.Filter):
    """Passes ``MOST`` records of each kind in a minute, counts the others, and makes the text of records ``visible``.

    A kind is a logger, a level and a message before its values are filled in.

    :param clock: returns seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._windows: dict[_Kind, _Window] = {}
        self._guard = threading.Lock()
        self._formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is written; every handler gets the same result."""
        verdict: bool | None = getattr(record, "throttled", None)
        if verdict is None:
            verdict = record.throttled = self._judge(record)
        return verdict

    def _judge(self, record: logging.LogRecord) -> bool:
        count, left_out = self._counted((record.name, record.levelno, str(record.msg)))
        if count > MOST:
            return False
        text = visible(record.getMessage())
        if left_out:
            text += f" ({left_out:,} more like this were left out earlier)"
        if count == MOST:
            text += " (further ones like this are only counted for the next minute)"
        record.msg, record.args = text, None
        if record.exc_info and not record.exc_text:
            record.exc_text = visible(self._formatter.formatException(record.exc_info))
        return True

    def _counted(self, kind: _Kind) -> tuple[int, int]:
        """Return how many records of a kind this minute has had, and how many the previous one left out."""
        now = self._clock()
        with self._guard:
            if kind not in self._windows and len(self._windows) >= _KINDS:
                self._windows = {one: window for one, window in self._windows.items() if now - window.began < _WINDOW}
                if len(self._windows) >= _KINDS:
                    kind = ("", 0, "")
            window = self._windows.setdefault(kind, _Window(now))
            left_out = 0
            if now - window.began >= _WINDOW:
                left_out = max(0, window.count - MOST)
                window = self._windows[kind] = _Window(now)
            window.count += 1
            return window.count, left_out


@contextmanager
def throttled() -> Iterator[None]:
    """Apply the filter to the root logger's handlers, and so to all records, while a server runs."""
    throttling = ThrottlingFilter()
    handlers = logging.getLogger().handlers[:]
    for handler in handlers:
        handler.addFilter(throttling)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(throttling)
