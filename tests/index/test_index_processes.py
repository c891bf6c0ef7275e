"""Several processes, kills and full disks, all of them real."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.index.base import Probe
from tests.index.backends import ALL, BACKENDS, LEXICAL, Backend, stocked
from tests.index.worker import ROUNDS, grow

every_backend = pytest.mark.parametrize("backend", BACKENDS, ids=lambda backend: backend.label)


def worker(what: str, backend: Backend, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.index.worker", what, backend.label, str(folder)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    out, complaints = process.communicate(timeout=100)
    assert process.returncode == 0, complaints
    return out


@every_backend
def test_a_reader_in_another_process_is_never_without_an_answer(backend: Backend, tmp_path: Path) -> None:
    archive = stocked()
    grow(archive, ROUNDS)
    writer = worker("write", backend, tmp_path)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    reader = backend.open(archive, tmp_path)
    states, searches = [reader.state()], 0
    while writer.poll() is None or searches < 5:
        reader.sync()
        states.append(reader.state())
        for id in (1, 30, 100):
            assert backend.found(reader, archive.entry(id))
        hits = reader.search(Probe("the", archive.unit()), 300, ALL)
        assert set(hits.ids.tolist()) <= set(archive.ids())
        searches += 1
    said(writer)
    reader.sync()
    assert states == sorted(states)
    assert reader.state() == archive.seq()
    assert len(reader) == archive.live()
    assert list(reader.check()) == []
    if backend is LEXICAL:
        assert states[0] < reader.state()


@every_backend
def test_a_writer_can_die_at_any_step(backend: Backend, tmp_path: Path) -> None:
    archive = stocked()
    index = backend.open(archive, tmp_path / "index", write=True)
    index.publish()
    index.close()
    deaths = int(said(worker("crash", backend, tmp_path / "index")))
    assert deaths >= 8


@every_backend
def test_native_code_meets_a_full_disk(backend: Backend, tmp_path: Path) -> None:
    refused, fault = said(worker("full", backend, tmp_path)).split()
    assert (refused, fault) == ("2", "0")
