"""Shared code of the benchmarks: paths, child processes, figures, results and tables."""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

from assistant.process import dedicate, processors

_T = TypeVar("_T")

ROOT = Path(__file__).resolve().parent.parent
K = 20
"""Passages retrieved for a question."""
RESULTS = ROOT / "benchmarks" / "results"
CLI = (sys.executable, "-m", "assistant")
"""The command line, as a child process of the same interpreter."""

_PACKAGES = ("torch", "sentence-transformers", "openvino", "faiss-cpu", "tantivy", "numpy", "llama-index-core",
             "llama-index-embeddings-huggingface", "llama-index-vector-stores-faiss")  # fmt: skip
_FORMATS: Mapping[str, str] = {"int": ",d", "float": ",.4g"}


class Skipped(Exception):
    """A benchmark cannot run because its data or a tool is missing; this does not count as a failure."""


class Failed(Exception):
    """A figure misses its floor or ceiling, or a command ended in an error."""


def report(text: str = "") -> None:
    """Print a line; nothing else in the benchmarks prints."""
    print(text, flush=True)


def table(title: str, rows: Sequence[tuple[str, object]]) -> None:
    """Print figures, one per line."""
    report(title)
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        report(f"  {name:<{width}}  {format(value, _FORMATS.get(type(value).__name__, ''))}")


def run(main: Callable[[Sequence[str] | None], None]) -> None:
    """Run a benchmark as a script; exit with 0 if it succeeds or is skipped, 1 if it fails.

    Benchmarks measure the default settings; any others are refused.
    """
    changed = sorted(name for name in os.environ if name.upper().startswith("ONTHERECORD_"))
    if changed or Path("ontherecord.toml").exists():
        found = ", ".join(changed) or "ontherecord.toml in this folder"
        sys.exit(f"benchmarks measure the default settings; remove {found}")
    dedicate()
    try:
        main(None)
    except Skipped as reason:
        report(f"skipped: {reason}")
    except Failed as reason:
        report(f"FAILED: {reason}")
        sys.exit(1)


# --- children --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child process ended.

    :ivar code: exit status; negative for a signal.
    :ivar cpu: seconds of processor time of all its threads.
    :ivar peak: its peak memory in bytes.
    """

    code: int
    seconds: float
    cpu: float
    peak: int
    output: str
    errors: str


def environment(settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for child processes: offline, and with the repository on the path.

    :param settings: additional variables, for benchmarks that compare a setting with its default.
    """
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "PYTHONPATH": path}
    return {**os.environ, **offline, **(settings or {})}


def child(arguments: Sequence[str | Path], limit: float, settings: Mapping[str, str] | None = None) -> Ended:
    """Run a process to its end.

    :param limit: seconds after which it is killed.
    :param settings: as in ``environment``.
    :raises Failed: if it took longer.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.monotonic()
        with subprocess.Popen(
            [str(a) for a in arguments], stdout=out, stderr=err, env=environment(settings)
        ) as process:
            status, cpu, peak = _reaped(process, began + limit)
        if status is None:
            raise Failed(f"{' '.join(map(str, arguments))} took longer than {limit:.0f} s and was stopped")
        seconds = time.monotonic() - began
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace"))
        return Ended(status, seconds, cpu, peak, *texts)


def _reaped(process: subprocess.Popen[bytes], deadline: float) -> tuple[int | None, float, int]:
    """Wait for a process and return its processor time and peak memory, which ``Popen.wait`` drops; kill it if late."""
    late = False
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            scale = 1 if sys.platform == "darwin" else 1024
            cpu = usage.ru_utime + usage.ru_stime
            return None if late else process.returncode, cpu, usage.ru_maxrss * scale
        if not late and time.monotonic() > deadline:
            late = True
            process.kill()
        time.sleep(0.01)


def checked(arguments: Sequence[str | Path], limit: float, settings: Mapping[str, str] | None = None) -> Ended:
    """Run a process that must succeed.

    :raises Failed: with the end of its output, if it did not.
    """
    ended = child(arguments, limit, settings)
    if ended.code != 0:
        words = "\n".join((ended.errors or ended.output).splitlines()[-15:])
        raise Failed(f"{' '.join(map(str, arguments))} ended with {ended.code}:\n{words}")
    return ended


def own_peak() -> int:
    """Return this process' peak memory in bytes since it began to run its program."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@contextmanager
def workplace(kept: Path | None = None) -> Iterator[Path]:
    """Yield a folder to work in: ``kept``, or a temporary one."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="ontherecord-bench-") as place:
        yield Path(place)


# --- figures ---------------------------------------------------------------------------------------------


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least ``percent`` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def latencies(seconds: Sequence[float]) -> dict[str, float]:
    """Return the summary of some latencies, in milliseconds."""
    milliseconds = [1000 * value for value in seconds]
    shares = {"median_ms": 50, "p95_ms": 95, "p99_ms": 99, "max_ms": 100}
    return {"n": len(seconds), **{name: round(percentile(milliseconds, at), 2) for name, at in shares.items()}}


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that ``work`` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def spread(items: Sequence[_T], count: int) -> list[_T]:
    """Return ``count`` of the items, evenly spaced, in order; all if there are not more."""
    if count >= len(items):
        return list(items)
    return [items[i * len(items) // count] for i in range(count)]


# --- results ---------------------------------------------------------------------------------------------


def arguments(parser: argparse.ArgumentParser, argv: Sequence[str] | None) -> argparse.Namespace:
    """Parse the options of a benchmark; all benchmarks have ``--out``."""
    parser.add_argument(
        "--out", type=Path, help="where the result goes [benchmarks/results/NAME.json; NAME.json.tmp for other sizes]"
    )
    return parser.parse_args(argv)


def save(
    name: str, out: Path | None, promised: bool, corpus: str, options: Mapping[str, Any], figures: Mapping[str, Any]
) -> Path:
    """Write a result.

    :param promised: whether the sizes are those that the floors apply to; others never replace a committed result.
    :param corpus: digest of the data measured on.
    """
    path = out or RESULTS / (f"{name}.json" if promised else f"{name}.json.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    body = {
        "benchmark": name,
        "measured": time.strftime("%Y-%m-%d", time.gmtime()),
        "corpus": corpus,
        "options": dict(options),
        "machine": machine(),
        "figures": dict(figures),
    }
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    report(f"  written to {path}")
    return path


def machine() -> dict[str, Any]:
    """Return what the figures depend on: processor, memory and package versions."""
    processor = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        named = re.search(r"^model name\s*:\s*(.+)$", information.read_text(), re.MULTILINE)
        processor = named[1] if named else processor
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": processor,
        "cores": processors(),
        "memory_gb": round(pages / 1e9, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: release for name in _PACKAGES if (release := _release(name))},
    }


def _release(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
