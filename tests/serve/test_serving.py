"""Starting, refusing to start, and stopping."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from assistant import Assistant
from assistant.errors import NoArchive, SettingsError
from assistant.serve import _listen, serve, suggested_questions
from assistant.settings import Settings, load_settings
from tests.conftest import Cli


def test_a_missing_archive_is_reported_before_anything_listens(tmp_path: Path) -> None:
    with pytest.raises(NoArchive):
        serve(load_settings({"archive": tmp_path / "none", "server": {"port": 0}}))


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=f"port {port}"):
            _listen("127.0.0.1", port)


def test_suggested_questions_come_from_the_archives_folder(tmp_path: Path) -> None:
    assert suggested_questions(tmp_path) == ()
    (tmp_path / "suggested.json").write_text('["One?", "  ", " Two? "]', encoding="utf-8")
    assert suggested_questions(tmp_path) == ("One?", "Two?")
    for wrong in ("{", '{"a": 1}', "[1]"):
        (tmp_path / "suggested.json").write_text(wrong, encoding="utf-8")
        with pytest.raises(SettingsError, match=r"suggested\.json"):
            suggested_questions(tmp_path)


def test_warming_up_does_what_the_first_question_would_wait_for(assistant: Assistant) -> None:
    question = "What did Jonas Ek say about the ferry?"
    before = assistant.ask(question)
    assistant.warm()
    assert [s.text for s in assistant.ask(question).sentences] == [s.text for s in before.sentences]


def test_an_archive_without_articles_can_be_served_too(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text('{"text": ""}\n', encoding="utf-8")
    cli("ingest", str(tmp_path / "empty.jsonl"), archive=tmp_path / "archive")
    with Assistant.open(load_settings({"archive": tmp_path / "archive"})) as assistant:
        assistant.warm()


_APP = """
import atexit, runpy, signal, sys, time

def watch(event, arguments):
    if event == "socket.getaddrinfo" and arguments[0] not in (None, "127.0.0.1", "localhost"):
        print("asks for", arguments[0], flush=True)
    if event == "socket.connect" and arguments[1][0] not in ("127.0.0.1", "::1"):
        print("connects to", arguments[1], flush=True)

sys.addaudithook(watch)
signal.signal(signal.SIGUSR1, lambda number, frame: print(time.process_time(), flush=True))
atexit.register(print, "ended in good order")
runpy.run_path("app.py", run_name="__main__")
"""
"""app.py, with every address that it looks up or connects to beyond this machine on its standard output; and, at
SIGUSR1, the processor time that it has taken, in seconds."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_server_contacts_no_host_and_stops_on_a_signal(settings: Settings, number: signal.Signals) -> None:
    # Interrupts are ignored by what a background shell starts; say that this one heeds them.
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", _APP],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
            env={**os.environ, "ONTHERECORD_ARCHIVE": str(settings.archive), "ONTHERECORD_SERVER__PORT": "0"},
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, previous)
    assert process.stderr is not None
    line = process.stderr.readline()
    while line and "On the Record is at" not in line:
        line = process.stderr.readline()
    found = re.search(r"http://\S+", line)
    assert found, process.communicate(timeout=10)
    with httpx.Client(base_url=found.group(), trust_env=False, timeout=30) as http:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                assert http.get("/healthz").status_code == 200
                assert http.get("/").status_code == 200
                assert http.post("/v1/ask", json={"question": "Who debated the bridge toll?"}).status_code == 200
                break
            except httpx.TransportError:
                time.sleep(0.05)
    assert any(_rests(process) for _ in range(10)), "it used a tenth of a core for ten seconds"
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert out == "ended in good order\n"


def _rests(process: subprocess.Popen[str]) -> bool:
    """Whether a process uses less than a tenth of a core for a second; a server without requests takes a hundredth."""
    before = _processor_time(process)
    time.sleep(1)
    return _processor_time(process) - before < 0.1


def _processor_time(process: subprocess.Popen[str]) -> float:
    assert process.stdout is not None
    process.send_signal(signal.SIGUSR1)
    return float(process.stdout.readline())
