"""Check that an ingest that is killed at random moments and rerun makes the same archive as an undisturbed one.

The ingest runs as a child process, which gets SIGKILL in its first seconds, while it reads articles, while it commits a
batch, or while it publishes an index. Which of these, and when, is drawn from ``--seed``.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.common import CLI, Failed, arguments, checked, environment, report, run, save, table, workplace
from benchmarks.compare import committed, differences
from benchmarks.data import Digest, articles_file, rows, write
from benchmarks.static import static_model

KILLS = 20
_QUERIES = 50
_FIRST_SECONDS = 4.0
_TIMED = 128
"""Articles that are ingested to measure how long a batch takes."""
_PATIENCE = 60.0
"""Seconds to wait for a commit or a publication before killing anyway."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill.

    :ivar kind: "start" (counted from the process's start), "run" (once ``after`` articles are committed), "commit"
        (after that, when the database is next written) or "publish" (after that, when an index is next published).
    :ivar after: number of articles to be committed first.
    :ivar delay: seconds after that.
    """

    kind: str
    after: int
    delay: float


def moments(count: int, articles: int, batch_seconds: float, seed: int) -> list[Moment]:
    """Draw ``count`` moments of an ingest: a fifth each in the first seconds, at commits and at publications.

    :param articles: how many the ingest has; the last twentieth of them is left undisturbed.
    :param batch_seconds: how long a batch takes; a delay is anywhere within one.
    """
    draw = random.Random(seed)
    fifth = count // 5
    kinds = ["start"] * fifth + ["commit"] * fifth + ["publish"] * fifth
    kinds += ["run"] * (count - len(kinds))
    draw.shuffle(kinds)
    kinds[0] = "start"  # before there is an archive
    places = sorted(draw.randrange(max(1, articles * 19 // 20)) for _ in kinds)
    longest = {"start": _FIRST_SECONDS, "run": batch_seconds, "commit": 0.02, "publish": 0.1}
    return [
        Moment(kind, 0 if kind == "start" else after, draw.uniform(0, longest[kind]))
        for kind, after in zip(kinds, places, strict=True)
    ]


def main(argv: Sequence[str] | None) -> None:
    """Ingest twice, once disturbed; compare."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kill", description=__doc__)
    parser.add_argument("--articles", type=int, help="number of articles, from the first [all]")
    parser.add_argument("--kills", type=int, default=KILLS, help="number of kills [%(default)s]")
    parser.add_argument("--seed", type=int, default=1, help="seed of the moments [%(default)s]")
    parser.add_argument("--work", type=Path, help="keep both archives in this folder [a temporary one]")
    parser.add_argument(
        "--whole", type=Path, help="compare with this archive, undisturbed and of the same articles [one is built]"
    )
    parser.add_argument(
        "--static",
        action="store_true",
        help="embed with a stand-in that costs next to nothing, since embedding is not under test",
    )
    parser.add_argument("--limit", type=float, default=7200, help="seconds that one run may take [%(default)s]")
    options = arguments(parser, argv)
    source = articles_file()
    digest = Digest()
    with workplace(options.work) as place:
        items = list(digest.articles(rows(source, options.articles)))
        path = write(place / "articles.jsonl", items)
        model = str(static_model(place / "model")) if options.static else None
        figures = disturb(path, len(items), place, model, options)
    promised = options.articles is None and options.kills == KILLS
    chosen = {"seed": options.seed, "source": source.name, "static": options.static}
    save("kill", options.out, promised, digest.hex(), chosen, figures)
    if figures["differences"]:
        raise Failed(f"the archives differ: {figures['differences'][0]}")


def disturb(path: Path, articles: int, place: Path, model: str | None, options: argparse.Namespace) -> dict[str, Any]:
    """Ingest ``path`` undisturbed and disturbed; return the figures.

    :param articles: how many there are in ``path``.
    :param model: folder of the embedding model; None for the default.
    """
    settings = {"ONTHERECORD_EMBEDDING__MODEL": model} if model else {}
    whole, killed = options.whole or place / "whole", place / "killed"
    if killed.exists() or (not options.whole and whole.exists()):
        raise Failed(f"{place} holds archives already; name an empty folder with --work")
    if not options.whole:
        checked([*CLI, "--archive", whole, "ingest", path], options.limit, settings)
    if not committed(whole):
        raise Failed(f"there are no articles in {whole}")
    began = time.monotonic()
    _killed(place / "timed", path, Moment("run", _TIMED, 0), options.limit, settings)
    batch = 64 * (time.monotonic() - began) / _TIMED
    report(f"{articles:,} articles; a batch takes about {batch:.0f} s")
    kills: list[dict[str, Any]] = []
    began = time.monotonic()
    for number, moment in enumerate(moments(options.kills, articles, batch, options.seed), start=1):
        kill = _killed(killed, path, moment, options.limit, settings)
        if not kill["killed"]:  # it ended too early: kill one that has nothing left to do, at its start
            kill = _killed(killed, path, Moment("start", 0, moment.delay % _FIRST_SECONDS), options.limit, settings)
        kills.append(kill)
        report(
            f"kill {number:>2} ({kill['kind']}) after {kill['seconds']:,.1f} s: {kill['articles']:,} articles committed"
        )
    checked([*CLI, "--archive", killed, "ingest", path], options.limit, settings)
    if committed(whole) != committed(killed):
        raise Failed(f"{committed(killed):,} articles were ingested, but {committed(whole):,} into {whole}")
    counts, found = differences(whole, killed, _QUERIES, model)
    table("compared", list(counts.items()))
    report("identical" if not found else "different: " + "\n  ".join(found))
    return {
        "identical": int(not found),
        "kills": sum(kill["killed"] for kill in kills),
        "seconds_disturbed": round(time.monotonic() - began, 1),
        "compared": counts,
        "differences": found,
        "moments": kills,
    }


def _killed(archive: Path, path: Path, moment: Moment, limit: float, settings: Mapping[str, str]) -> dict[str, Any]:
    """Start an ingest and kill it at ``moment``; return how far it had got."""
    before = committed(archive)
    command = [*CLI, "--archive", str(archive), "ingest", str(path)]
    quiet = subprocess.DEVNULL
    began = time.monotonic()
    with subprocess.Popen(command, stdout=quiet, stderr=subprocess.PIPE, env=environment(settings)) as process:
        try:
            _wait(process, archive, moment, began + limit)
            seconds = time.monotonic() - began
        finally:
            process.send_signal(signal.SIGKILL)
            _, errors = process.communicate()
    if process.returncode not in (0, -signal.SIGKILL):
        raise Failed(f"the ingest ended with {process.returncode}: {errors.decode(errors='replace')[-1000:]}")
    after = committed(archive)
    if after < before:
        raise Failed(f"articles were lost: {before:,} before the kill, {after:,} after it")
    killed = process.returncode == -signal.SIGKILL
    return {"kind": moment.kind, "seconds": round(seconds, 2), "articles": after, "killed": killed}


def _wait(process: subprocess.Popen[bytes], archive: Path, moment: Moment, deadline: float) -> None:
    """Return at the moment, or when the process has ended by itself."""

    def until(happened: Callable[[], bool], patience: float, pause: float) -> None:
        end = min(deadline, time.monotonic() + patience)
        while process.poll() is None and not happened() and time.monotonic() < end:
            time.sleep(pause)

    if moment.kind != "start":
        until(lambda: committed(archive) >= moment.after, deadline - time.monotonic(), 0.05)
    if moment.kind in ("commit", "publish"):
        look = _log_size if moment.kind == "commit" else _generations
        seen = look(archive)
        until(lambda: look(archive) != seen, _PATIENCE, 0.001)
    until(lambda: False, moment.delay, min(0.02, moment.delay / 4 + 0.0005))


def _log_size(archive: Path) -> object:
    """What changes while a transaction is being written."""
    try:
        status = (archive / "archive.sqlite3-wal").stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _generations(archive: Path) -> object:
    """What changes while a generation of an index is being made."""
    try:
        return sorted(path.name for path in (archive / "index").iterdir())
    except OSError:
        return None


if __name__ == "__main__":
    run(main)
