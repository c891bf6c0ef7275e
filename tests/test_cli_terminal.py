"""Whatever stands in files, articles and arguments, nothing of it steers the terminal."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.cli import render
from assistant.text import visible
from tests.house import row, take_in, write_jsonl

if TYPE_CHECKING:
    from tests.conftest import Cli

EVIL = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\x08\u202e"
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_control_characters_are_shown_as_escapes() -> None:
    assert visible("a\tb\nc\x1b[2J\x9b\r\u202e\ud800") == "a\tb\nc\\x1b[2J\\x9b\\r\\u202e\\ud800"
    for kept in ("naïve “quotes” — 日本語 👩\u200d🚀", "نوشته\u200cها", "\u200fالميناء\u200e"):
        assert visible(kept) == kept


def test_no_command_prints_control_characters(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    words = f"The harbour crane stays. “The crane {EVIL} stays,” said Anna {EVIL} Berg on Monday."
    evil_id = f"a{EVIL}1"
    evil = row(
        1,
        words,
        id=evil_id,
        url=f"https://news.example/{EVIL}",
        headline=f"Crane {EVIL}",
        byline=EVIL,
        outlet=f"Post {EVIL}",
    )
    take_in(folder, [evil, row(2, "The ferry stays in port. “Fog,” said Bo Dahl.")])
    runs = [
        cli("search", "crane", archive=folder),
        cli("ask", "What did Anna Berg say about the crane?", archive=folder),
        cli("ask", f"What is {EVIL}?", archive=folder),
        cli("quotes", "crane", archive=folder),
        cli("speakers", "list", archive=folder),
        cli("speakers", "show", f"nobody {EVIL}", archive=folder),
        cli("status", archive=folder),
        cli("show", evil_id, archive=folder),
        cli("show", f"none{EVIL}", archive=folder),
        cli("delete", evil_id, archive=folder),
        cli("delete", evil_id, "--yes", archive=folder),
        cli("chat", archive=folder, stdin=f"Where is the crane {EVIL}?\n"),
    ]
    assert runs[7].exit_code == 0
    assert "\\x1b[2J" in runs[7].stdout
    for run in runs:
        assert run.stdout + run.stderr
        assert not STEERING.search(run.stdout + run.stderr)


def test_no_file_contains_control_characters(cli: Cli, tmp_path: Path) -> None:
    """Names of files and columns, values that are no dates and no addresses, members of a zip, options."""
    source = tmp_path / "in"
    source.mkdir()
    (source / f"a{EVIL}.txt").write_bytes(b"")
    (source / "b.csv").write_text(f"nr,{EVIL.replace(chr(13), '')}\n1,a\n", newline="")
    bad = {"text": "The crane stays.", "date": EVIL, "url": EVIL, f"{EVIL}": 1}
    write_jsonl(source / "c.jsonl", [bad, {EVIL: 1, "title": EVIL}])
    (source / "d.jsonl").write_text(json.dumps([EVIL]) + "\n" + EVIL + "\n")
    (source / "e.xml").write_text(f"<{EVIL}>")
    os.symlink(f"/nowhere{EVIL}", source / f"f{EVIL}")
    archive = tmp_path / "archive"
    runs = [
        cli("ingest", source, "--rejects", tmp_path / f"r{EVIL}.jsonl", archive=archive),
        cli("ingest", f"{source}/{EVIL}", archive=archive),
        cli("ingest", source, "--map", f"text={EVIL}", archive=archive),
        cli("ingest", source, "--map", EVIL, archive=archive),
        cli("ingest", source, "--format", EVIL, archive=archive),
        cli("ingest", source, "--encoding", EVIL, archive=archive),
        cli("status", archive=tmp_path / f"none{EVIL}"),
    ]
    for run in runs:
        assert run.stdout + run.stderr
        assert not STEERING.search(run.stdout + run.stderr), repr(run.stdout + run.stderr)
    assert "1 added" in runs[0].stdout


def test_json_is_left_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    render.print_json({"id": EVIL})
    assert json.loads(capsys.readouterr().out) == {"id": EVIL}
