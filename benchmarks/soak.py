"""Soak test of the server: many clients for an hour, while articles are added, corrected and deleted.

The clients ask, search and open articles; some hang up halfway, hold connections open or send bad requests
(``soak_clients``). Meanwhile, commands change the archive (``soak_writer``), and the server's descriptors, threads and
memory are recorded. The test fails if they grow, or if an answer is wrong.
"""

from __future__ import annotations

import argparse
import hashlib
import threading
import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.archives import build_sample, sample_files
from benchmarks.common import CLI, Failed, arguments, checked, latencies, report, run, save, table, workplace
from benchmarks.data import rows
from benchmarks.sample import QUESTIONS
from benchmarks.serving import Load, Server, answers, growth, served
from benchmarks.soak_clients import Client, Tally
from benchmarks.soak_writer import Ledger, Writer

MINUTES = 60.0
CLIENTS = 16
CEILINGS: Mapping[str, float] = {
    "server_errors": 0,
    "unexpected": 0,
    "wrong": 0,
    "missed": 0,
    "lost": 0,
    "errors_logged": 0,
    "writer_errors": 0,
    "descriptors_growth": 10,
    "threads_growth": 4,
    "memory_growth_mb": 32,
}
"""The most that each figure may be.

Descriptors and threads vary by a few from minute to minute: connections come and go, and idle threads end and are
started again. Memory: an allocator does not return everything, and the page keeps up to 500 sessions of some 50 kB,
which may still be arriving after the first fifth. A server that leaks a megabyte a minute exceeds 32 MB, as does one
that keeps 3 kB of each of 20,000 requests an hour.
"""

_LOOK = 5.0
"""Seconds between samples of the server's load."""
_TELL = 300.0
"""Seconds between progress reports."""
_LEAVE = 120.0
"""Seconds that clients and commands get to finish what they are doing."""
_PARTS = 10


def main(argv: Sequence[str] | None) -> None:
    """Run the soak test and report the result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__.split("\n\n")[0])
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long it lasts [%(default)s]")
    parser.add_argument("--clients", type=int, default=CLIENTS, help="number of concurrent clients [%(default)s]")
    parser.add_argument("--seed", type=int, default=1, help="seed of the clients' random choices [%(default)s]")
    options = arguments(parser, argv)
    figures = soak(options.minutes, options.clients, options.seed)
    shown = ("requests", "overloaded", "slowest_s", "asked_about_deleted", "memory_mb", *CEILINGS)
    table("soak", [(name, figures[name]) for name in shown])
    promised = (options.minutes, options.clients) == (MINUTES, CLIENTS)
    chosen = {"seed": options.seed, "minutes": options.minutes, "clients": options.clients}
    save("soak", options.out, promised, _corpus(), chosen, figures)
    if broken := faults(figures):
        raise Failed("\n  ".join([*broken, *figures["named"][:10]]))


def soak(minutes: float, clients: int, seed: int) -> dict[str, Any]:
    """Run the soak test on the sample archive; return the figures.

    :raises Failed: if the server ends or is not ready afterwards, or a client or command does not finish.
    """
    questions = [str(row["question"]) for row in rows(QUESTIONS)]
    ledger, tally, loads = Ledger(), Tally(), list[Load]()
    with workplace() as work:
        archive = work / "sample"
        build_sample(archive)
        with served(archive) as server:
            stop = threading.Event()
            crew: list[threading.Thread] = [
                Client(number, seed, server.port, questions, ledger, tally, stop) for number in range(clients)
            ]
            crew.append(Writer(archive, work, ledger, stop))
            for member in crew:
                member.start()
            try:
                _watch(server, loads, tally, time.monotonic() + 60 * minutes)
            finally:
                stop.set()
                _leave(crew)
            lost = _lost(server, archive, ledger)
            log = server.log()
    return _figures(loads, tally, ledger, lost, log)


def _watch(server: Server, loads: list[Load], tally: Tally, until: float) -> None:
    """Sample the server's load until the time is up."""
    told = time.monotonic()
    while time.monotonic() < until:
        time.sleep(min(_LOOK, max(0.0, until - time.monotonic())))
        loads.append(server.load())
        if time.monotonic() - told >= _TELL:
            told = time.monotonic()
            named = {name: value for name, value in tally.counts.items() if CEILINGS.get(name) == 0}
            report(f"{(until - told) / 60:.0f} min left: {sum(tally.busy.values()):,} requests, {loads[-1]}, {named}")


def _leave(crew: Sequence[threading.Thread]) -> None:
    until = time.monotonic() + _LEAVE
    for member in crew:
        member.join(max(0.0, until - time.monotonic()))
    if late := [member.name for member in crew if member.is_alive()]:
        raise Failed(f"still running {_LEAVE:.0f} s after the end: {', '.join(late)}")


def _lost(server: Server, archive: Path, ledger: Ledger) -> list[str]:
    """Check that archive and server are sound; return where the archive differs from what was acknowledged."""
    import httpx

    checked([*CLI, "--archive", archive, "status", "--check"], 300)
    found = []
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=60, trust_env=False) as http:
        if not answers(server.port) or (ready := http.get("/readyz")).status_code != 200:
            raise Failed(f"the server is not ready afterwards: {ready.text if answers(server.port) else server.log()}")
        for story in ledger.stories.values():
            response = http.get(f"/v1/articles/{story.id}")
            version = response.json()["version"] if response.status_code == 200 else 0
            expected = 0 if story.deleted < float("inf") else 2 if story.corrected < float("inf") else 1
            if version != expected and story.added < float("inf"):
                found.append(f"lost: {story.id} is there in version {version}, not {expected}")
    return found


def _figures(loads: Sequence[Load], tally: Tally, ledger: Ledger, lost: Sequence[str], log: str) -> dict[str, Any]:
    logged = [line for line in log.splitlines() if line.startswith(("error:", "critical:", "Traceback"))]
    seconds = [value for values in tally.seconds.values() for value in values]
    counted = ("server_errors", "unexpected", "wrong", "missed", "overloaded", "disconnects", "idle_connections")
    return {
        "requests": len(seconds),
        "least_of_a_client": min(tally.busy.values(), default=0),
        **{name: tally.counts[name] for name in (*counted, "asked_about_deleted", "asked_about_held")},
        "lost": len(lost),
        "errors_logged": len(logged),
        "writer_errors": len(ledger.errors),
        **ledger.counts(),
        "slowest_s": round(max(seconds, default=0.0), 2),
        "descriptors_growth": growth(loads, "descriptors"),
        "threads_growth": growth(loads, "threads"),
        "memory_growth_mb": growth(loads, "megabytes"),
        "memory_mb": max(one.megabytes for one in loads),
        "medians": {name: _parts(loads, name) for name in ("descriptors", "threads", "megabytes")},
        "log_kb": round(len(log) / 1000, 1),
        "latency": {kind: latencies(values) for kind, values in sorted(tally.seconds.items())},
        "statuses": dict(sorted(tally.statuses.items())),
        "named": [*tally.named, *lost[:20], *ledger.errors[:20], *(f"logged: {line[:300]}" for line in logged[:20])],
    }


def _parts(loads: Sequence[Load], name: str) -> list[float]:
    """Return the medians of ten equal parts of the time, in order."""
    values = [float(getattr(one, name)) for one in loads]
    cuts = [len(values) * part // _PARTS for part in range(_PARTS + 1)]
    return [round(median(values[a:b]), 1) for a, b in pairwise(cuts) if a < b]


def faults(figures: Mapping[str, Any]) -> list[str]:
    """Return which figures exceed their ceiling."""
    return [f"{name} is {figures[name]}, over {most}" for name, most in CEILINGS.items() if figures[name] > most]


def _corpus() -> str:
    """Digest of the sample's articles and questions."""
    digest = hashlib.blake2b(digest_size=12)
    for path in (*sample_files(), QUESTIONS):
        digest.update(f"{path.name} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    run(main)
