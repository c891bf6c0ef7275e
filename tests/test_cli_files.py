"""JSON lines in and out, progress, and text for people."""

from __future__ import annotations

import bz2
import fcntl
import gzip
import json
import lzma
import os
import re
import select
import struct
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import files
from assistant.cli import render
from assistant.cli.progress import ProgressBar, ReadingProgress, duration, size
from assistant.errors import BadRecord, NoSpace, UnreadableSource, UsageError

Pack = Callable[[bytes], bytes]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress, bz2.compress])
def test_rows_of_any_compression(tmp_path: Path, pack: Pack) -> None:
    path = tmp_path / "rows"  # told from the content, not from the name
    path.write_bytes(pack('\ufeff{"id": "ş"}\r\n\n  \n{"id": 2}'.encode()))
    assert list(files.rows(str(path))) == [(f"{path}:1", {"id": "ş"}), (f"{path}:4", {"id": 2})]


def test_no_rows(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    assert list(files.rows(str(tmp_path / "empty"))) == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"{", "not JSON"),
        (b"[1]", "a JSON list where an object was expected"),
        (b'{"id": "\xff"}', "not UTF-8 (byte 9 of the line is 0xff)"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_bad_line_is_named(tmp_path: Path, line: bytes, says: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"id": 1}\n' + line)
    with pytest.raises(BadRecord) as caught:
        list(files.rows(str(path)))
    assert str(caught.value).startswith(f"{path}:2: ")
    assert says in str(caught.value)


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress])
def test_broken_off_file_is_named(tmp_path: Path, pack: Pack) -> None:
    path = tmp_path / "rows"
    rows = b"".join(b'{"id": "%s"}\n' % os.urandom(20).hex().encode() for _ in range(5000))
    path.write_bytes(pack(rows)[:-50])
    with pytest.raises(UnreadableSource, match=r"cannot be read.*: \S"):
        list(files.rows(str(path)))


@pytest.mark.parametrize(
    ("name", "unpack"), [("o.jsonl", bytes), ("o.gz", gzip.decompress), ("o.jsonl.xz", lzma.decompress)]
)
def test_written_is_compressed_by_its_name(tmp_path: Path, name: str, unpack: Pack) -> None:
    with files.written(tmp_path / name) as write:
        write({"id": "ş"})
        write({"id": 2})
    assert unpack((tmp_path / name).read_bytes()).decode() == '{"id": "ş"}\n{"id": 2}\n'
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_half_a_character_is_written_as_json_can(tmp_path: Path) -> None:
    with files.written(tmp_path / "o") as write:
        write({"text": "\ud83d"})
    assert json.loads((tmp_path / "o").read_bytes()) == {"text": "\ud83d"}


def test_an_error_of_the_caller_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(PermissionError, match="elsewhere"), files.written(tmp_path / "o"):
        raise PermissionError("elsewhere")
    assert not list(tmp_path.iterdir())


def test_failing_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    out.write_text("old")
    with pytest.raises(TypeError), files.written(out) as write:
        write({"id": 1, "text": object()})
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_a_pipe_is_written_to_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    with files.written(pipe) as write:
        write({"id": 1})
    reader.join(10)
    assert read == ['{"id": 1}\n']
    assert pipe.is_fifo()


def test_unwritable_place_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match=r"no/o\.jsonl cannot be written: No such file or directory"),
        files.written(tmp_path / "no" / "o.jsonl"),
    ):
        pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full to fail on")
def test_full_disk_is_told() -> None:
    with pytest.raises(NoSpace, match="/dev/full"), files.written(Path("/dev/full")) as write:
        write({"text": "x" * 100_000})


@pytest.mark.parametrize("row", [{}, {"id": ""}, {"id": None}, {"id": 1.5}, {"id": True}, {"id": ["x"]}])
def test_an_id_must_be_there(row: dict[str, object]) -> None:
    with pytest.raises(BadRecord, match=r'^here:3: "id" must be a text'):
        files.id_field(row, "here:3")


def test_progress_says_how_long_it_will_take(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar("questions", 1000, every=0) as progress:
        progress.show(250)
    assert capsys.readouterr().err.startswith("250 of 1,000 questions, about 0 s left")


def test_reading_progress(capsys: pytest.CaptureFixture[str]) -> None:
    with ReadingProgress(2_000_000, every=0) as progress:
        progress.update(500_000, 120, 3)
    told = capsys.readouterr().err
    assert told.startswith("25% of 2.0 MB read, about 0 s left; 120 articles, ")
    assert told.endswith(" a second, 3 rejected\n")


def test_progress_is_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr("sys.stderr", terminal)
        with ReadingProgress(2_000_000) as progress:
            time.sleep(0.2)  # a bar is drawn ten times a second at most
            progress.update(500_000, 120, 3)
        shown = ""
        while "rejected" not in shown and select.select([ours], [], [], 10)[0]:
            shown += os.read(ours, 100_000).decode(errors="replace")
    os.close(ours)
    assert re.search(r"25%\|.*500kB of 2\.00MB, 00:0\d left, 120 articles, .* a second, 3 rejected", shown)


def test_progress_keeps_quiet_between_two_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar("questions", 1000, every=60) as progress:
        for done in range(1000):
            progress.show(done)
    assert capsys.readouterr().err == ""


def test_sizes_and_durations() -> None:
    assert [size(n) for n in (0, 999, 3_400_000, 12_000_000_000_000)] == [
        "0 bytes",
        "999 bytes",
        "3.4 MB",
        "12,000.0 GB",
    ]
    assert [duration(s) for s in (0, 89, 120, 7500)] == ["0 s", "89 s", "2 min", "2 h 5 min"]


def test_an_article_cannot_control_the_terminal() -> None:
    shown = render._place("[1]", "Head\x1b[2Jline", ["Out\x07let"], "a\x1b]0;x\x07b\x9b1m", ["id"])
    assert shown == "[1] Head\\x1b[2Jline · Out\\x07let\n    a\\x1b]0;x\\x07b\\x9b1m\n    id"


def test_json_is_plain_ascii_where_the_terminal_takes_no_more(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="latin-1") as out:
        monkeypatch.setattr("sys.stdout", out)
        render.print_json({"text": "Kılıçdaroğlu"})
    assert json.loads((tmp_path / "out").read_bytes()) == {"text": "Kılıçdaroğlu"}
