"""How far the reading has come, on a terminal and elsewhere."""

from __future__ import annotations

import io
import itertools

from assistant.ingest.progress import Reporter


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_plain_line_now_and_then() -> None:
    out = io.StringIO()
    ticks = itertools.count()
    with Reporter(out, clock=lambda: float(next(ticks))) as reporter:
        reporter.start(40 << 20)
        for step in range(1, 21):
            reporter.update(step << 20, step * 100, step // 10)
    lines = out.getvalue().splitlines()
    assert 3 <= len(lines) <= 6
    assert lines[0].startswith("500 articles, 5.0 MiB of 40.0 (12 %), ")
    assert lines[-1].startswith("2,000 articles, 2 rejected, 20.0 MiB of 40.0 (50 %), ")
    assert lines[-1].endswith(" left")


def test_nothing_is_said_twice_or_when_quiet() -> None:
    out = io.StringIO()
    ticks = itertools.count(0, 10)
    with Reporter(out, clock=lambda: float(next(ticks))) as reporter:
        reporter.start(0)
        reporter.update(1 << 20, 1, 0)
    assert out.getvalue().count("\n") == 1
    assert out.getvalue().startswith("1 article, 1.0 MiB, ")
    silent = io.StringIO()
    with Reporter(silent, quiet=True) as reporter:
        reporter.start(10)
        reporter.update(5, 1, 0)
    assert silent.getvalue() == ""


def test_a_bar_on_a_terminal() -> None:
    out = Terminal()
    with Reporter(out) as reporter:
        reporter.start(1000)
        reporter.update(500, 3, 1)
        reporter.update(1000, 6, 1)
    assert "100%" in out.getvalue()
    assert "6 articles, 1 rejected" in out.getvalue()
