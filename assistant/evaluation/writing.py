"""Writes the results of an evaluation: the run in two formats, the measures and the report."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from assistant import files
from assistant.errors import NoSpace, UsageError
from assistant.evaluation.runs import Outcome, line, trec

RUN, TREC, MEASURES, REPORT = "run.jsonl", "run.trec", "measures.json", "report.html"


def folder(path: Path) -> Path:
    """Create the output folder.

    :raises UsageError: if it cannot be created.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{path} cannot be created: {error.strerror}; name another folder with --out") from error
    return path


def write_run(place: Path, outcomes: Iterable[Outcome], latency: bool) -> None:
    """Write the run as JSON Lines and in TREC format."""
    kept = list(outcomes)
    with files.written(place / RUN) as write:
        for outcome in kept:
            write(line(outcome, latency))
    _write(place / TREC, "".join(f"{each}\n" for each in trec(kept)))


def write_measures(place: Path, measures: Mapping[str, Any]) -> None:
    """Write the measures as JSON."""
    _write(place / MEASURES, json.dumps(measures, indent=1, ensure_ascii=False) + "\n")


def write_report(place: Path, html: str) -> None:
    """Write the report."""
    _write(place / REPORT, html)


def _write(path: Path, text: str) -> None:
    """Write a file atomically: it appears, or is replaced, only when complete."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(text.encode("utf-8", "backslashreplace"))
        draft.replace(path)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise NoSpace(
                f"no space left on the disk for {path}; make room, or name another folder with --out"
            ) from error
        raise UsageError(f"{path} cannot be written: {error.strerror}; name another folder with --out") from error
    finally:
        draft.unlink(missing_ok=True)
