"""Read and prepare mutants of every format as an ingest does, each format in a process of its own.

As a script (``python -m benchmarks.attack_readers JOB``), this module is that process. It records the number of each
mutant before reading it, so that the parent knows on which one it hung or crashed and continues with the next.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.attack_mutations import mutant
from benchmarks.common import environment, report
from benchmarks.serving import load

SLOW = 2.0
"""Seconds of processor time that reading and preparing one record of a mutant may take."""
_HUNG = 300.0
"""Seconds after which a mutant, or the start of a process, is considered hung."""
_AGAIN = 1
"""How often a slow mutant is retried: something may have been loaded for the first time."""
_WARM = 0.2
"""Share of the mutants after which memory is compared."""
_EVERY = 25
"""Mutants between measurements of memory."""
_KEPT = 10
"""Faults of each kind that the result lists."""


@dataclass(frozen=True, slots=True)
class Job:
    """The work of a process: the mutants of ``kind`` from ``first`` to ``count``, or until ``seconds`` have passed."""

    kind: str
    seed: int
    first: int
    count: int
    seconds: float
    work: str


@dataclass(slots=True)
class Tally:
    """The outcome for the mutants of one format.

    :ivar counts: "articles" and "rejected" of all mutants, and "unforeseen": those rejected for an error that no reader
        anticipates, which an ingest survives.
    :ivar uncaught: mutants on which an error escaped, or the process hung or crashed, with details.
    :ivar slow: mutants with a record that took longer than ``SLOW``, with its seconds.
    :ivar memory: megabytes of the process and its parsers, measured at intervals.
    """

    done: int = 0
    slowest: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)
    uncaught: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    unforeseen: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def add(self, other: Mapping[str, Any]) -> None:
        """Add what a process reported."""
        self.done += other["done"]
        self.slowest = max(self.slowest, other["slowest"])
        for name, count in other["counts"].items():
            self.counts[name] = self.counts.get(name, 0) + count
        for name in ("uncaught", "slow", "unforeseen", "memory"):
            getattr(self, name).extend(other[name])

    def figures(self) -> dict[str, Any]:
        """Return the figures; ``memory_growth_mb`` compares the second fifth of the run with its last."""
        part = max(1, int(len(self.memory) * _WARM))
        early, late = self.memory[part : 2 * part] or self.memory, self.memory[-part:]
        growth = _median(late) - _median(early) if self.memory else 0.0
        return {
            "mutations": self.done,
            **{name: self.counts.get(name, 0) for name in ("articles", "rejected", "unforeseen")},
            "uncaught": len(self.uncaught),
            "over_2s": len(self.slow),
            "slowest_s": round(self.slowest, 2),
            "memory_mb": round(max(self.memory, default=0.0), 1),
            "memory_growth_mb": round(growth, 1),
            "faults": [*self.uncaught[:_KEPT], *self.slow[:_KEPT], *sorted(set(self.unforeseen))[:_KEPT]],
        }


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def attack(kinds: Sequence[str], count: int, seconds: float, seed: int, work: Path) -> dict[str, dict[str, Any]]:
    """Read ``count`` mutants of each kind, for at most ``seconds`` each; return the figures of each."""
    found = {}
    for kind in kinds:
        tally = Tally()
        began = time.monotonic()
        first = 0
        while first < count and (left := seconds - (time.monotonic() - began)) > 0:
            first = _run(Job(kind, seed, first, count, left, str(work)), tally)
        found[kind] = tally.figures()
        short = {name: found[kind][name] for name in ("mutations", "uncaught", "over_2s", "slowest_s")}
        report(f"{kind:>9}: {', '.join(f'{name} {value}' for name, value in short.items())}")
    return found


def _run(job: Job, tally: Tally) -> int:
    """Run a process; return the number of the next mutant."""
    state, told = Path(job.work) / "state", Path(job.work) / "told"
    state.write_text(str(job.first))
    told.write_text("")
    command = [sys.executable, "-m", "benchmarks.attack_readers", json.dumps(asdict(job))]
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(command, stdout=said, stderr=said, env=environment()) as process:
            while process.poll() is None:
                time.sleep(0.2)
                if time.time() - state.stat().st_mtime > _HUNG:
                    process.kill()
        for line in told.read_text().splitlines():
            tally.add(json.loads(line))
        number = int(state.read_text())
        if process.returncode == 0:
            return number
        said.seek(0)
        words = said.read().decode(errors="replace").strip().splitlines()
        how = f"ended with {process.returncode}" if process.returncode != -9 else f"no end within {_HUNG:.0f} s"
        tally.uncaught.append(f"{job.kind} {number}: {how}: {(words or [''])[-1][:200]}")
        tally.done += 1
        return number + 1


# --- in the process ------------------------------------------------------------------------------------------------


class Reading:
    """Reads mutants as an ingest does, without a model or writing to a database."""

    def __init__(self, work: Path) -> None:
        from assistant.admin.prepare import Preparer
        from assistant.archive import ArchiveWriter
        from assistant.testing import word_embedder

        self._work = work
        self._archive = ArchiveWriter(work / "archive")
        self._preparer = Preparer(self._archive, word_embedder())
        self._prepared: set[int] = set()

    def close(self) -> None:
        """Close the archive, which stays empty."""
        self._archive.close()

    def load(self) -> None:
        """Load what is loaded on first use, so that no mutant is charged for it."""
        from assistant.types import Article

        for language in ("en", "de", "es"):
            article = Article(
                '"We are late," said minister Anna Berg on Monday. Sie sagte, es sei zu spät.', language=language
            )
            self._preparer.prepare(article)

    def read(self, kind: str, seed: int, number: int) -> tuple[Counter[str], list[str], float]:
        """Read and prepare a mutant.

        :return: the counts, the reasons of rejects for unanticipated errors, and the processor time, in seconds, of the
            record that took longest.
        """
        from assistant.ingest import ReadOptions, Record, read

        made = mutant(kind, seed, number)
        path = self._work / made.document.name
        path.write_bytes(made.document.data)
        counts: Counter[str] = Counter()
        unforeseen: list[str] = []
        slowest, began = 0.0, _processor_seconds()
        for item in read([str(path)], ReadOptions(format=made.forced)):
            reason = self._fault(item, made.long) if isinstance(item, Record) else item.reason
            counts["rejected" if reason else "articles"] += 1
            if "it cannot be read (" in reason:
                counts["unforeseen"] += 1
                unforeseen.append(f"{kind} {number}: {reason}"[:300])
            ended = _processor_seconds()
            slowest, began = max(slowest, ended - began), ended
        slowest = max(slowest, _processor_seconds() - began)  # until the end of the file is found
        path.unlink()
        return counts, unforeseen, slowest

    def _fault(self, record: Any, long: bool) -> str:
        """Prepare a record; return why it is rejected, "" if it is not."""
        from assistant.admin.prepare import digest_of, normalise
        from assistant.errors import BadRecord
        from assistant.ingest.model import unexpected

        try:
            article = normalise(record.article)
            digest_of(article)
            # Most records of a mutant are as in its original: preparing the same words again would show nothing new.
            words = hash((article.language, article.headline, article.byline, article.text))
            if not long and words not in self._prepared:
                self._preparer.prepare(article)
                self._prepared.add(words)
        except BadRecord as error:
            return str(error)
        except Exception as error:  # as an ingest does
            return unexpected(error)
        return ""


def work(job: Job) -> None:
    """Read the mutants of a job, and report the outcome of each."""
    logging.disable()
    state, told = Path(job.work) / "state", Path(job.work) / "told"
    until = time.monotonic() + job.seconds
    with tempfile.TemporaryDirectory(dir=job.work) as folder:
        reading = Reading(Path(folder))
        reading.load()
        state.touch()
        with told.open("a", buffering=1) as out:
            for number in range(job.first, job.count):
                state.write_text(str(number))
                tally = _one(reading, job, number)
                if number % _EVERY == 0:
                    tally.memory.append(_megabytes())
                out.write(json.dumps(asdict(tally)) + "\n")
                state.write_text(str(number + 1))
                if time.monotonic() > until:
                    break
        reading.close()


def _one(reading: Reading, job: Job, number: int) -> Tally:
    tally, best = Tally(done=1), float("inf")
    try:
        for _ in range(1 + _AGAIN):
            counts, unforeseen, slowest = reading.read(job.kind, job.seed, number)
            best = min(best, slowest)
            if best <= SLOW:
                break
        tally.counts, tally.unforeseen, tally.slowest = dict(counts), unforeseen, best
    except Exception as error:
        tally.uncaught.append(f"{job.kind} {number}: {type(error).__name__}: {error}"[:300])
    if SLOW < best < float("inf"):
        tally.slow.append(f"{job.kind} {number}: {best:.1f} s")
    return tally


def _megabytes() -> float:
    """Memory of this process and its children."""
    return round(sum(load(pid).megabytes for pid in (os.getpid(), *_children())), 1)


def _processor_seconds() -> float:
    """Processor time of this process and its children, including those that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = time.process_time() + ended.ru_utime + ended.ru_stime
    for pid in _children():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def _children() -> list[int]:
    return [int(pid) for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()]


if __name__ == "__main__":
    work(Job(**json.loads(sys.argv[1])))
