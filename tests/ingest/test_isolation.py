"""Parsers that hang, exhaust memory or crash lose only the record they were parsing."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from assistant.errors import BadRecord
from assistant.ingest import Record, Reject, isolation
from assistant.ingest.isolation import call, stream
from assistant.ingest.model import ReadStopped
from tests.ingest.reading import articles, items, wrote

PARSERS = """
import os, signal, time
from assistant.errors import BadRecord
from assistant.ingest.model import ReadStopped

def double(value): return 2 * value
def pid(): return os.getpid()
def spin():
    while True: pass
def backtrack():
    import re
    return re.match(r"(a+)+b", "a" * 60)
def sleep(seconds): time.sleep(seconds)
def eat():
    return len(bytearray(1 << 40))
def crash(): os.kill(os.getpid(), signal.SIGSEGV)
def refuse(): raise BadRecord("not for publication")
def stopped(): raise ReadStopped("it ends too early", "raw")
def err(): raise ZeroDivisionError("by nought")
def count(upto):
    for number in range(upto):
        yield number
def count_pids(n):
    for _ in range(n):
        yield os.getpid()

def count_and_crash(upto):
    yield from range(upto)
    crash()
def say(): os.write(1, b"loud"); os.write(2, b"louder")
"""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """Return a module that the isolated processes can import."""
    folder = tmp_path_factory.mktemp("module")
    (folder / "odd_parsers.py").write_text(PARSERS)
    sys.path.insert(0, str(folder))
    isolation.end_idle()  # running processes do not know the folder
    yield importlib.import_module("odd_parsers")
    sys.path.remove(str(folder))
    isolation.end_idle()


def test_a_call_gives_what_the_function_gives(odd: ModuleType) -> None:
    assert call(odd.double, 21) == 42
    assert call(odd.double, "x" * 5_000_000) == "x" * 10_000_000
    assert call(odd.pid) == call(odd.pid) != os.getpid()
    assert list(stream(odd.count, 5)) == [0, 1, 2, 3, 4]


def test_calls_and_streams_share_a_process(odd: ModuleType) -> None:
    process = call(odd.pid)
    assert [*stream(odd.count_pids, 2), *stream(odd.count_pids, 1), call(odd.pid)] == [process] * 4


def test_an_exception_in_the_process_is_raised_here(odd: ModuleType) -> None:
    before = call(odd.pid)
    with pytest.raises(BadRecord, match="not for publication"):
        call(odd.refuse)
    with pytest.raises(ReadStopped) as caught:
        call(odd.stopped)
    assert (caught.value.reason, caught.value.raw) == ("it ends too early", "raw")
    assert call(odd.pid) == before
    with pytest.raises(BadRecord, match="ZeroDivisionError: by nought"):
        call(odd.err)


@pytest.mark.parametrize("name", ["spin", "backtrack"])
def test_a_function_that_does_not_return_is_ended(odd: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(isolation, "SECONDS", 0.3)
    with pytest.raises(BadRecord, match="took more than 0 s of CPU time"):
        call(getattr(odd, name))
    assert call(odd.double, 2) == 4


def test_a_function_that_only_waits_is_ended(odd: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "SECONDS", 0.2)
    with pytest.raises(BadRecord, match="took longer than 2 s"):
        call(odd.sleep, 60)
    assert call(odd.double, 2) == 4


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not limit address space")
def test_memory_is_bounded(odd: ModuleType) -> None:
    with pytest.raises(BadRecord, match="takes more memory than a record may take"):
        call(odd.eat)
    assert call(odd.double, 2) == 4


def test_a_crash_is_survived(odd: ModuleType) -> None:
    with pytest.raises(BadRecord, match=f"crashed \\(exit code -{int(signal.SIGSEGV)}\\)"):
        call(odd.crash)
    given: list[int] = []
    with pytest.raises(BadRecord, match="crashed"):
        given.extend(stream(odd.count_and_crash, 3))
    assert call(odd.double, 2) == 4


def test_a_stream_can_be_abandoned_and_can_contain_calls(odd: ModuleType) -> None:
    for number in stream(odd.count, 1_000_000):
        assert call(odd.double, number) == 2 * number
        if number == 3:
            break
    assert call(odd.double, 2) == 4


def test_a_process_is_replaced_after_many_calls(odd: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_CALLS", 2)
    assert len({call(odd.pid) for _ in range(6)}) >= 3


def test_output_of_a_parser_does_not_mix_with_our_data(odd: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    call(odd.say)
    assert capfd.readouterr() == ("", "")


def test_no_process_is_left_behind(tmp_path: Path) -> None:
    """Whether the program ends or is killed; and a script without a main guard is not run twice."""
    page = wrote(tmp_path / "a.html", "<html><body><p>The crane stays on the quay, the board said.</p></body></html>")
    script = wrote(
        tmp_path / "script.py",
        "import os, sys, signal\nfrom assistant.ingest import isolation, read\n"
        "print('once', flush=True)\nlist(read([sys.argv[1]]))\n"
        "print(isolation.call(os.getpid), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL) if sys.argv[2] == 'killed' else None\n",
    )
    for how in ("ended", "killed"):
        done = subprocess.run([sys.executable, script, page, how], capture_output=True, text=True, check=False)
        once, pid = done.stdout.split()
        assert (once, done.stderr) == ("once", "")
        deadline = time.monotonic() + 10
        while _lives(int(pid)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not _lives(int(pid))


def _lives(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_modules_are_not_imported_from_the_working_folder(tmp_path: Path) -> None:
    wrote(tmp_path / "pickle.py", "raise SystemExit('taken from the working folder')")
    wrote(tmp_path / "a.html", "<html><body><p>The crane stays on the quay, the board said.</p></body></html>")
    code = f"import sys; sys.path[:] = {[entry for entry in sys.path if entry]!r}; from assistant.ingest import read; print(list(read(['a.html'])))"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert "The crane stays" in done.stdout


# --- with the readers --------------------------------------------------------------------------------------


def test_a_page_that_keeps_its_parser_busy_is_a_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a megabyte of tiny paragraphs, for which finding the article takes quadratic time."""
    monkeypatch.setattr(isolation, "SECONDS", 1.0)
    page = "<html><body><article>{}</article></body></html>"
    wrote(tmp_path / "a.html", page.format("<p>The board voted on Monday to keep the crane, Ann Berg said.</p>"))
    wrote(tmp_path / "b.html", page.format("<p>a</p>" * 65_000))
    wrote(tmp_path / "c.html", page.format("<p>The ferry stays in port because of the fog, said Bo Dahl.</p>"))
    before, slow, after = items(tmp_path)
    assert isinstance(before, Record)
    assert isinstance(slow, Reject)
    assert "took more than 1 s of CPU time" in slow.reason
    assert slow.raw.startswith("<html>")
    assert isinstance(after, Record)


def test_markdown_and_feeds_are_read_in_isolation_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "SECONDS", 0.02)
    wrote(tmp_path / "a.md", "- a\n" * 200_000)
    entry = "<item><description>&lt;p&gt;The tide.&lt;/p&gt;</description></item>"
    wrote(tmp_path / "b.xml", f"<rss><channel>{entry * 4000}</channel></rss>")
    assert [type(item) for item in items(tmp_path)] == [Reject, Reject]
    monkeypatch.undo()
    assert len(articles(tmp_path / "b.xml")) == 4000
