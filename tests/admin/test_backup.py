"""Backups: complete, checked, made during an ingest, and never overwriting anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.admin import backup, reindex, status
from assistant.archive import Archive
from assistant.archive.reader import DATABASE
from assistant.errors import NoArchive, UsageError
from tests.conftest import ROOT, Cli
from tests.house import row, settings_for, take_in, write_jsonl

_INGEST = """
import sys
from assistant import load_settings
from assistant.admin import ingest
from assistant.ingest import ReadOptions
ingest(load_settings({"archive": sys.argv[1]}), [sys.argv[2]], ReadOptions(), batch_articles=5)
"""


def test_a_backup_is_an_archive(archive_copy: Path, tmp_path: Path) -> None:
    (archive_copy / "suggested.json").write_text('["Why?"]')
    report = backup(settings_for(archive_copy), tmp_path / "new" / "copy")
    assert (report.articles, report.faults) == (20, ())
    settings = settings_for(tmp_path / "new" / "copy")
    assert report.bytes == (settings.archive / DATABASE).stat().st_size
    assert sorted(path.name for path in settings.archive.iterdir()) == [DATABASE, "suggested.json"]
    reindex(settings)
    with Assistant.open(settings) as copy, Assistant.open(settings_for(archive_copy)) as archive:
        assert copy.search("harbour tunnel") == archive.search("harbour tunnel")
        assert list(copy.outlets()) == list(archive.outlets())


def test_backups_made_while_an_ingest_runs_are_whole(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(0, "The lock keeper left at noon.")])
    rows = [row(i, f"Ferry {i} left the quay at dusk. “It was full,” said Marta Lind.") for i in range(1, 200)]
    source = write_jsonl(tmp_path / "rows.jsonl", rows)
    counted: list[int] = []
    with subprocess.Popen(
        [sys.executable, "-c", _INGEST, str(folder), str(source)], cwd=ROOT, env=os.environ
    ) as process:
        while process.poll() is None:
            copy = tmp_path / f"copy-{len(counted)}"
            counted.append(backup(settings_for(folder), copy).articles)
            checked = status(settings_for(copy), check=True)
            assert checked["check"] == {"intact": True, "faults": []}
            assert checked["articles"] == counted[-1]
            time.sleep(0.1)
    assert process.returncode == 0
    assert counted == sorted(counted)
    assert len(set(counted)) > 2, "several states of the archive were seen"
    assert {count % 5 for count in counted} <= {1, 0}, "no batch was copied in part"


def test_damage_is_copied_and_told(archive_copy: Path, tmp_path: Path, cli: Cli) -> None:
    with Archive(archive_copy) as archive:  # the last connection to close merges the log into the file
        assert archive.article("ferry-1").text.startswith("Fares on the island ferry")
    path = archive_copy / DATABASE
    path.write_bytes(path.read_bytes().replace(b"Fares on the island ferry will", b"Fares on the island ferry wilt"))
    done = cli("backup", str(tmp_path / "copy"), "--json", archive=archive_copy)
    assert done.exit_code == 4
    told = json.loads(done.stdout)
    assert told["articles"] == 20
    assert ["'ferry-1'" in fault for fault in told["faults"]] == [True]
    assert (tmp_path / "copy" / DATABASE).is_file()


def test_a_backup_overwrites_nothing_and_needs_an_archive(archive_copy: Path, tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        backup(settings_for(archive_copy), tmp_path / "used")
    with pytest.raises(UsageError, match="cannot be created"):
        backup(settings_for(archive_copy), tmp_path / "used" / "notes.txt" / "copy")
    with pytest.raises(NoArchive):
        backup(settings_for(tmp_path / "none"), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert cli("backup", str(tmp_path / "copy"), archive=archive_copy).exit_code == 0
    assert cli("backup", str(tmp_path / "copy"), archive=archive_copy).exit_code == 2
