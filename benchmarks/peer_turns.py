"""Processes that take turns, so that other load on the machine affects all of them equally."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.common import Failed, environment

_READY = "ready for a turn"
_PAUSE = 0.01
"""Seconds between turns, so that threads that keep spinning after a turn are idle before the next one."""


def my_turn() -> None:
    """Report, in such a process, that it is ready, and wait for its turn."""
    print(_READY, flush=True)
    if not sys.stdin.readline():
        sys.exit("the process that gives the turns has ended")


class Player:
    """Such a process, seen from its parent.

    :param limit: seconds after which it is killed.
    """

    def __init__(self, arguments: Sequence[str | Path], limit: float) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process
        self._process = subprocess.Popen(
            [str(one) for one in arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
            text=True, env=environment(),
        )  # fmt: skip
        self._timer = threading.Timer(limit, self._process.kill)
        self._timer.start()

    def ready(self) -> None:
        """Wait until it is ready for its next turn.

        :raises Failed: if it has ended instead.
        """
        assert self._process.stdout
        for line in self._process.stdout:
            if line.strip() == _READY:
                return
        self.end()
        raise Failed(f"{self._name()} ended before its turns")

    def turn(self) -> None:
        """Give it a turn."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def end(self) -> None:
        """Wait until it ends.

        :raises Failed: with the end of its output, if it ended in an error.
        """
        self._process.communicate()
        self._timer.cancel()
        with self._errors:
            self._errors.seek(0)
            words = self._errors.read().decode(errors="replace")[-1000:]
        if self._process.returncode != 0:
            raise Failed(f"{self._name()} ended with {self._process.returncode}: {words}")

    def stop(self) -> None:
        """Kill it, unless it has ended already."""
        self._timer.cancel()
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def _name(self) -> str:
        return " ".join(map(str, self._process.args)) if isinstance(self._process.args, list) else "a process"


def in_turns(players: Sequence[Player], turns: int) -> None:
    """Give each process ``turns`` turns, one at a time; which one goes first changes every round."""
    for number in range(turns):
        for place in range(len(players)):
            player = players[(number + place) % len(players)]
            time.sleep(_PAUSE)
            player.turn()
            player.ready()
