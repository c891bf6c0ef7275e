"""The server's log: what a client can repeat does not fill it, and what a client sends is shown, not obeyed."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from assistant.text import visible

MOST = 10
"""Records of one kind that are written in a minute."""
_WINDOW = 60.0
_KINDS = 200
"""Kinds of records that are counted at a time; further ones count as one."""

_Kind = tuple[str, int, str]


@dataclass(slots=True)
class _Window:
    """A minute in which records of one kind are counted."""

    began: float
    count: int = 0


class Tame(logging.Filter):
    """Lets ``MOST`` records of one kind through in a minute, counts the others, and makes all of them ``visible``.

    A kind is a logger, a level and a message before its values are filled in.

    :param clock: gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._windows: dict[_Kind, _Window] = {}
        self._guard = threading.Lock()
        self._formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is written; the same to every handler."""
        verdict: bool | None = getattr(record, "tame", None)
        if verdict is None:
            verdict = record.tame = self._judge(record)
        return verdict

    def _judge(self, record: logging.LogRecord) -> bool:
        count, left_out = self._counted((record.name, record.levelno, str(record.msg)))
        if count > MOST:
            return False
        text = visible(record.getMessage())
        if left_out:
            text += f" ({left_out:,} more like this were left out before)"
        if count == MOST:
            text += " (more like this are only counted for the next minute)"
        record.msg, record.args = text, None
        if record.exc_info and not record.exc_text:
            record.exc_text = visible(self._formatter.formatException(record.exc_info))
        return True

    def _counted(self, kind: _Kind) -> tuple[int, int]:
        """Return how many records of a kind this minute has had, and how many were left out in the one before."""
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
def tamed() -> Iterator[None]:
    """Keep the log tame while a server runs: what all loggers write where the process has said that it be written."""
    tame = Tame()
    handlers = logging.getLogger().handlers[:]
    for handler in handlers:
        handler.addFilter(tame)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(tame)
