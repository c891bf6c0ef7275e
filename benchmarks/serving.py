"""Run our server in a process of its own, on a free local port, and measure its load."""

from __future__ import annotations

import http.client
import re
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from benchmarks.common import CLI, Failed, Skipped, environment

_START = 120.0
"""Seconds that the server may take to start."""
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Load:
    """The resources that a process uses.

    :ivar descriptors: open file descriptors.
    :ivar megabytes: resident memory.
    """

    descriptors: int
    threads: int
    megabytes: float


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers on 127.0.0.1.

    :ivar said: its log.
    """

    port: int
    process: subprocess.Popen[bytes]
    said: IO[bytes]

    def load(self) -> Load:
        """Return the resources that the server uses now.

        :raises Failed: if it has ended.
        """
        if self.process.poll() is not None:
            raise Failed(f"the server ended with {self.process.returncode}: {self.log()[-1000:]}")
        return load(self.process.pid)

    def log(self) -> str:
        """Return what the server has written to its log."""
        self.said.seek(0)
        return self.said.read().decode(errors="replace")


def load(pid: int) -> Load:
    """Return the resources that a process uses.

    :raises Skipped: if the system does not provide them.
    """
    folder = _PROC / str(pid)
    try:
        status = (folder / "status").read_text()
        descriptors = len(list((folder / "fd").iterdir()))
    except FileNotFoundError as error:
        raise Skipped(f"{folder} is not there: this can be measured on Linux only, while the process runs") from error
    values = {key: int(found[1]) for key in ("Threads", "VmRSS") if (found := re.search(rf"{key}:\s+(\d+)", status))}
    return Load(descriptors, values["Threads"], round(values["VmRSS"] / 1024, 1))


def growth(loads: Sequence[Load], name: str) -> float:
    """Return how much a resource grew: the median of the last fifth of the samples minus that of the second fifth.

    The first fifth does not count, because a server that has just started is still loading what it needs. Medians
    ignore a single busy moment.

    :param loads: samples in order, at least one.
    :param name: a field of ``Load``.
    """
    part = max(1, len(loads) // 5)
    early, late = loads[part : 2 * part] or loads, loads[-part:]
    before, after = (sorted(getattr(one, name) for one in some)[len(some) // 2] for some in (early, late))
    return round(float(after - before), 1)


@contextmanager
def served(archive: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run ``ontherecord serve``; yield the server once it answers, and stop it afterwards.

    :param settings: additional environment variables.
    :raises Failed: if it does not start.
    """
    command = [*CLI, "--archive", str(archive), "serve", "--port", "0"]
    with (
        TemporaryFile() as said,
        subprocess.Popen(command, stdout=said, stderr=said, env=environment(settings)) as process,
    ):
        try:
            yield Server(_port(process, said), process, said)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def _port(process: subprocess.Popen[bytes], said: IO[bytes]) -> int:
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline and process.poll() is None:
        said.seek(0)
        found = re.search(rb"http://127\.0\.0\.1:(\d+)", said.read())
        if found and answers(int(found[1])):
            return int(found[1])
        time.sleep(0.1)
    said.seek(0)
    raise Failed(f"the server did not start within {_START:.0f} s: {said.read()[-1000:].decode(errors='replace')}")


def answers(port: int) -> bool:
    """Return whether a server answers its health check."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
