"""How far the reading has come, on standard error: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY = 5.0
"""Seconds between plain lines."""


class Reporter:
    """Shows bytes, rate, time left and counts. A ``Progress`` for ``read``, or updated by hand.

    :param stream: where to; standard error when None.
    :param quiet: True to show nothing at all.
    """

    def __init__(
        self, stream: TextIO | None = None, quiet: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._clock = clock
        self._bar: Any = None
        self._total = 0
        self._started = self._shown = clock()
        self._latest = (0, 0, 0)
        self._told: tuple[int, int, int] | None = None

    def start(self, total_bytes: int) -> None:
        """Begin; ``total_bytes`` is 0 when it is not known (standard input)."""
        self._total = total_bytes
        self._started = self._shown = self._clock()
        if not self._quiet and self._stream.isatty():
            from tqdm import tqdm

            self._bar = tqdm(
                total=total_bytes or None, unit="B", unit_scale=True, unit_divisor=1024, file=self._stream,
                dynamic_ncols=True, mininterval=0.2, leave=True,
            )  # fmt: skip

    def update(self, bytes_done: int, articles: int, rejected: int) -> None:
        """Take the figures so far."""
        self._latest = (bytes_done, articles, rejected)
        if self._quiet:
            return
        if self._bar is not None:
            self._bar.set_postfix_str(_counts(articles, rejected), refresh=False)
            self._bar.update(bytes_done - self._bar.n)
        elif self._clock() - self._shown >= EVERY:
            self._line()

    def close(self) -> None:
        """Show the last figures and let go of the terminal."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
        elif not self._quiet and self._told != self._latest:
            self._line()

    def _line(self) -> None:
        self._shown, self._told = self._clock(), self._latest
        done, articles, rejected = self._latest
        seconds = max(self._shown - self._started, 1e-9)
        parts = [_counts(articles, rejected), f"{done / (1 << 20):,.1f} MiB"]
        if self._total:
            parts[1] += f" of {self._total / (1 << 20):,.1f} ({min(100, 100 * done // self._total)} %)"
        parts.append(f"{articles / seconds:,.0f} articles/s")
        if self._total and 0 < done < self._total:
            parts.append(f"{_span((self._total - done) * seconds / done)} left")
        self._stream.write(", ".join(parts) + "\n")
        self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _counts(articles: int, rejected: int) -> str:
    noun = "article" if articles == 1 else "articles"
    return f"{articles:,} {noun}" + (f", {rejected:,} rejected" if rejected else "")


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
