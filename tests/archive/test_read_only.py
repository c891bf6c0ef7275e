"""An archive on a read-only disk: read in full, leaving no trace, and read again after another process has written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.archive.reader import DATABASE
from tests.conftest import ROOT
from tests.house import row, take_in

_MOUNTED = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
"""Runs a command that sees its folder as a read-only disk; its own mount namespace leaves nothing behind."""

_MOUNTABLE = (
    shutil.which("unshare")
    and not subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode
)

_READER = """
import logging, sys
from pathlib import Path
from assistant import Assistant, load_settings

logging.basicConfig(level=logging.WARNING)
folder = Path(sys.argv[1])
try:
    (folder / "new").touch()
except OSError:
    pass
else:
    sys.exit("the folder can be written to")
with Assistant.open(load_settings({"archive": folder})) as assistant:
    for hit in assistant.search(sys.argv[2]):
        print(hit.passage.article.id, hit.lexical is not None, hit.dense is not None)
    print(assistant.ask("What closes in May?").status)
"""


def read_only(folder: Path, query: str) -> subprocess.CompletedProcess[str]:
    """Search in a process that cannot write to the folder: on a read-only disk if one can be mounted, else without
    permission, which root gives up first.
    """
    command = [sys.executable, "-c", _READER, str(folder), query]
    if os.geteuid() == 0 and not _MOUNTABLE:
        command = ["setpriv", "--bounding-set", "-dac_override", "--inh-caps", "-dac_override", *command]
    elif os.geteuid() == 0:
        command = ["unshare", "--mount", "sh", "-c", _MOUNTED, str(folder), *command]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    places = [folder, *(path for path in folder.rglob("*"))]
    modes = {path: path.stat().st_mode for path in places}
    for path in places:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of an archive that is not open anywhere."""
    take_in(tmp_path / "archive", [row(1, "The ferry line closes in May."), row(2, "The bridge opens in June.")])
    return tmp_path / "archive"


def test_an_archive_is_read_whole(folder: Path) -> None:
    before = sorted(path.name for path in folder.rglob("*"))
    done = read_only(folder, "ferry")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "a1 True True"
    assert sorted(path.name for path in folder.rglob("*")) == before


def test_changes_by_another_process_are_seen(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        db.execute("UPDATE articles SET id = 'renamed' WHERE id = 'a1'")
        db.commit()
        assert (folder / f"{DATABASE}-wal").stat().st_size
        done = read_only(folder, "ferry")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("renamed ")


def test_changes_that_cannot_be_read_there_are_not_left_out(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        db.execute("UPDATE articles SET id = 'renamed' WHERE id = 'a1'")
        db.commit()
        copy = folder.parent / "copy"  # like a backup of the disk that leaves -shm out
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*-shm"))
    done = read_only(copy, "ferry")
    assert done.returncode == 1
    assert "latest changes are still in" in done.stderr
    assert "ArchiveError" in done.stderr


def test_a_file_taken_for_unchanging_is_opened_anew_once_it_has_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and access(path, mode))
    with Archive(folder) as archive:
        assert archive.counts()["articles"] == 2
        assert not (folder / f"{DATABASE}-shm").exists()
        with monkeypatch.context() as patched:
            patched.setattr(os, "access", access)
            take_in(folder, [row(3, "The pilot station is new.")])
        assert archive.counts()["articles"] == 3
        assert archive.article("a3").text == "The pilot station is new."
