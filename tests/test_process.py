"""The process: tuned where it is the assistant's own, left alone where it is somebody else's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant import process
from assistant.cli import main
from assistant.errors import NoArchive
from assistant.serve import serve
from assistant.settings import load_settings
from tests.conftest import ROOT

_SCRIPT = """
import json, sys

contacted = []

def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        contacted.append(str(arguments))

sys.addaudithook(watch)
import numpy, threadpoolctl

def blas():
    found = threadpoolctl.ThreadpoolController().select(user_api="blas").lib_controllers
    return [library.num_threads for library in found if "numpy" in library.filepath]

threadpoolctl.threadpool_limits(limits=2, user_api="blas")
if sys.argv[2] == "dedicated":
    from assistant.process import dedicate
    dedicate()
before = blas()
from assistant import Assistant, load_settings
from assistant.quotes.extract import extract

with Assistant.open(load_settings({"archive": sys.argv[1]})) as assistant:
    assistant.search("tunnel")
assert extract("“It is late,” said Anna Berg.", "en")
import thinc.compat

print(json.dumps({
    "blas": [before, blas()],
    "hidden": [name for name, module in sys.modules.items() if module is None],
    "saw_torch": thinc.compat.has_torch,
    "contacted": contacted,
}))
import torch, openvino_telemetry
"""


def report(archive: Path, how: str) -> dict[str, Any]:
    """Return what searching and parsing do to a process of their own."""
    command = [sys.executable, "-c", _SCRIPT, str(archive), how]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_program_that_imports_the_assistant_is_left_as_it_was(small_archive: Path) -> None:
    told = report(small_archive, "shared")
    assert told["blas"] == [[2], [2]]
    assert told["saw_torch"], "whether torch is there is for the program to say"
    assert told["hidden"] == told["contacted"] == []


def test_a_dedicated_process_is_tuned(small_archive: Path) -> None:
    told = report(small_archive, "dedicated")
    assert told["blas"] == [[2], [1]]
    assert not told["saw_torch"]
    assert told["hidden"] == told["contacted"] == []


def test_the_entry_points_dedicate_their_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(process, "_dedicated", False)
    monkeypatch.setattr(sys, "argv", ["ontherecord", "--version"])
    with pytest.raises(SystemExit):
        main()
    assert process.is_dedicated()
    monkeypatch.setattr(process, "_dedicated", False)
    with pytest.raises(NoArchive):
        serve(load_settings({"archive": tmp_path / "none", "server": {"port": 0}}))
    assert process.is_dedicated()


def test_processors_are_counted_on_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "process_cpu_count", lambda: 3, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 2}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    assert process.processors() == 3
    monkeypatch.delattr(os, "process_cpu_count")
    assert process.processors() == 2
    monkeypatch.delattr(os, "sched_getaffinity")
    assert process.processors() == 4
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert process.processors() == 1
