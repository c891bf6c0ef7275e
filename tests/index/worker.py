"""Run by tests as a process of its own: ``python -m tests.index.worker <what> <backend> <folder>``.

Its archive is generated from numbers, so the test that started it knows its contents at every point.
"""

from __future__ import annotations

import functools
import os
import resource
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import faiss  # noqa: F401  loaded before processes fork
import tantivy  # noqa: F401

from assistant.errors import NoSpace, OnTheRecordError
from tests.index.backends import BACKENDS, LEXICAL, Backend, numbered, stocked
from tests.index.memory_archive import MemoryArchive

ROUNDS = 6
EVENTS = ("open", "os.mkdir", "os.link", "os.rename", "os.remove", "os.rmdir", "os.scandir", "os.listdir")
TORN, LOST, FOREIGN = 41, 42, 43


def grow(archive: MemoryArchive, rounds: int, done: int = 0) -> None:
    """Add six passages and delete two in each round."""
    for step in range(done, rounds):
        ids = archive.add(*(numbered(1000 + 6 * step + each) for each in range(6)))
        archive.remove(ids[0] - 120, ids[0] - 119)


def write(backend: Backend, folder: Path) -> None:
    """Publish the archive as it grows."""
    archive = stocked()
    index = backend.open(archive, folder, write=True)
    index.publish()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for rounds in range(1, ROUNDS + 1):
        grow(archive, rounds, rounds - 1)
        index.sync()
        index.publish(purge=rounds % 2 == 0)


def crash(backend: Backend, folder: Path) -> None:
    """Publish, dying at one step after another until none is left; check the active generation after each death."""
    deaths = 0
    for purge in (False, True):
        for step in range(1 + purge, 1000, 5 if backend is LEXICAL else 3):
            place = folder.with_name("copy")
            shutil.copytree(folder, place)
            survived = not _run(functools.partial(_publish_until, backend, place, step, purge))
            if code := _run(functools.partial(_look, backend, place)):
                sys.exit(code)
            shutil.rmtree(place)
            if survived:
                break
            deaths += 1
    sys.stdout.write(f"{deaths}\n")


def full(backend: Backend, folder: Path) -> None:
    """Publish with a limit on file sizes, at which native code fails as on a full disk."""
    archive = stocked()
    index = backend.open(archive, folder, write=True)
    index.publish()
    grow(archive, 3)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))
    refused = 0
    for purge in (False, True):
        try:
            index.sync()
            index.publish(purge=purge)
        except NoSpace:
            refused += 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    code = _run(functools.partial(_look, backend, folder))
    index.sync()
    index.publish(purge=True)
    assert len(index) == archive.live()
    assert list(index.check()) == []
    sys.stdout.write(f"{refused} {code}\n")


def _run(task: Callable[[], None]) -> int:
    """Run a task in a child of this process; returns the child's exit status."""
    child = os.fork()
    if not child:
        task()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _publish_until(backend: Backend, folder: Path, step: int, purge: bool) -> None:
    archive = stocked()
    index = backend.open(archive, folder, write=True)
    grow(archive, 3)
    left = step

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in EVENTS and (str(folder) in str(arguments[0]) or isinstance(arguments[0], int)):
            left -= 1
            if not left:
                os._exit(9)

    sys.addaudithook(watch)
    index.sync()
    index.publish(purge=purge)


def _look(backend: Backend, folder: Path) -> None:
    """Check that the active generation is undamaged, and matches the archive before or after."""
    archive = stocked()
    grow(archive, 3)
    try:
        index = backend.open(archive, folder)
        manifest = index._manifest
        if manifest is None or list(index.check()):
            os._exit(TORN)
        if manifest.seq not in (stocked().seq(), archive.seq()):
            os._exit(FOREIGN)
    except OnTheRecordError:
        os._exit(TORN)
    now = archive if manifest.seq == archive.seq() or backend is not LEXICAL else stocked()
    kept = set(now.ids()) & set(archive.ids())  # deleted passages are hidden even before publishing
    if len(index) != len(kept) or not all(backend.found(index, now.entry(id)) for id in sorted(kept)[::7]):
        os._exit(LOST)


if __name__ == "__main__":
    what, label, place = sys.argv[1:]
    chosen = next(backend for backend in BACKENDS if backend.label == label)
    {"write": write, "crash": crash, "full": full}[what](chosen, Path(place))
