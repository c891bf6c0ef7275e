"""Progress on stderr: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from assistant.cli.session import note

if TYPE_CHECKING:
    from tqdm import tqdm

EVERY = 10.0
"""Seconds between plain lines."""


class ProgressBar:
    """Shows progress towards a total; a context manager."""

    def __init__(self, noun: str, total: int, every: float = EVERY) -> None:
        """Start at zero.

        :param noun: what is counted, in the plural.
        :param total: the total; 0 if unknown.
        """
        self._noun = noun
        self._total = total
        self._every = every
        self._began = self._said = time.monotonic()
        self._bar: tqdm[Any] | None = None
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=total or None, unit=f" {noun}", file=sys.stderr, **self._layout())

    def _layout(self) -> dict[str, Any]:
        return {"leave": False, "dynamic_ncols": True}

    def show(self, done: int, total: int | None = None, beside: str = "") -> None:
        """Show that ``done`` are done."""
        self._total = total or self._total
        if self._bar is not None:
            self._bar.total = self._total or None
            self._bar.set_postfix_str(beside, refresh=False)
            self._bar.update(done - self._bar.n)
        elif (now := time.monotonic()) - self._said >= self._every:
            self._said = now
            note(self._line(done, now - self._began) + (f"; {beside}" if beside else ""))

    def _line(self, done: int, seconds: float) -> str:
        if not self._total:
            return f"{done:,} {self._noun}"
        left = seconds / max(done, 1) * max(self._total - done, 0)
        return f"{done:,} of {self._total:,} {self._noun}, about {duration(left)} left"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()


class ReadingProgress(ProgressBar):
    """Progress of an ingest, in bytes of its sources; implements ``assistant.ingest.model.Progress``."""

    def __init__(self, total_bytes: int, every: float = EVERY) -> None:
        super().__init__("bytes", total_bytes, every)

    def _layout(self) -> dict[str, Any]:
        known = "{l_bar}{bar}| {n_fmt}B of {total_fmt}B, {remaining} left{postfix}"
        return super()._layout() | {
            "unit_scale": True,
            "bar_format": known if self._total else "{n_fmt}B read in {elapsed}{postfix}",
        }

    def update(self, bytes_done: int, articles: int, rejected: int) -> None:
        """Update the figures."""
        rate = articles / max(time.monotonic() - self._began, 1e-6)
        refused = f", {rejected:,} rejected" if rejected else ""
        self.show(bytes_done, beside=f"{articles:,} articles, {rate:,.0f} a second{refused}")

    def _line(self, done: int, seconds: float) -> str:
        if not self._total:
            return f"{size(done)} read"
        left = seconds / max(done, 1) * max(self._total - done, 0)
        return f"{done / self._total:.0%} of {size(self._total)} read, about {duration(left)} left"


def duration(seconds: float) -> str:
    """Format a duration: "8 s", "3 min", "2 h 5 min"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def size(count: int) -> str:
    """Format a number of bytes: "512 bytes", "3.4 MB"."""
    if count < 1000:
        return f"{count} bytes"
    scaled = float(count)
    for unit in ("kB", "MB", "GB"):
        scaled /= 1000
        if scaled < 1000 or unit == "GB":
            break
    return f"{scaled:,.1f} {unit}"
