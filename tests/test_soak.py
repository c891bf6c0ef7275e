"""The soak test finds planted faults, and its parts find none in a sound server."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from benchmarks import soak_clients, soak_writer
from benchmarks.serving import Load, served
from benchmarks.soak import CEILINGS, _figures, faults
from benchmarks.soak_clients import Client, Tally
from benchmarks.soak_writer import Ledger, Story, Writer

FLAT = [Load(9, 3, 50.0), *[Load(20, 9, 100.0)] * 19]

# --- figures -------------------------------------------------------------------------------------------------------


def figures(loads: list[Load], tally: Tally | None = None, log: str = "") -> dict[str, Any]:
    return _figures(loads, tally or Tally(), Ledger(), [], log)


def test_a_server_that_stays_as_it_is_keeps_every_promise() -> None:
    assert faults(figures(FLAT)) == []


@pytest.mark.parametrize(
    ("load", "name"),
    [(Load(31, 9, 100.0), "descriptors_growth is 11"), (Load(20, 14, 100.0), "threads_growth is 5"),
     (Load(20, 9, 132.5), "memory_growth_mb is 32.5")],
)  # fmt: skip
def test_a_leak_is_reported(load: Load, name: str) -> None:
    leaking = [*FLAT[:-4], *[load] * 4]
    [fault] = faults(figures(leaking))
    assert fault.startswith(name)


def test_a_busy_moment_is_not_a_leak() -> None:
    assert faults(figures([*FLAT[:-1], Load(500, 90, 900.0)])) == []


def test_medians_show_when_it_grew() -> None:
    loads = [Load(number, 3, 50.0 + number) for number in range(20)]
    assert figures(loads)["medians"]["descriptors"] == [0.5 + 2 * part for part in range(10)]


@pytest.mark.parametrize("name", [name for name, most in CEILINGS.items() if most == 0])
def test_every_fault_fails_the_gate(name: str) -> None:
    assert faults({**figures(FLAT), name: 1}) == [f"{name} is 1, over 0"]


def test_errors_in_the_log_are_told() -> None:
    log = "On the Record is at http://127.0.0.1:1\nerror: POST '/v1/ask' failed\nTraceback (most recent call last):\n"
    found = figures(FLAT, log=log)
    assert found["errors_logged"] == 2
    assert "logged: error: POST '/v1/ask' failed" in found["named"]


# --- a server with faults --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Planted:
    """A server that gives the same answer to every request."""

    port: int
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def planted() -> Iterator[Planted]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        answer = Planted(server.server_port)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield answer
        server.shutdown()
        thread.join()


Make = Callable[..., Client]


@pytest.fixture
def client() -> Iterator[Make]:
    """Create clients of the server at a port; they are closed afterwards."""
    made = []

    def make(port: int, ledger: Ledger | None = None) -> Client:
        questions = ["Why was the ferry late?", "Who?"]
        made.append(Client(1, 1, port, questions, ledger or Ledger(), Tally(), threading.Event()))
        return made[-1]

    yield make
    for one in made:
        one.close()


BUSY = b'{"error": {"code": "overloaded", "message": "x"}}'


@pytest.mark.parametrize(
    ("status", "body", "headers", "counted"),
    [
        (500, b"", {}, "server_errors"),
        (503, BUSY, {"Retry-After": "5"}, "overloaded"),
        (503, BUSY, {}, "server_errors"),
        (503, b'{"error": {"code": "index_unavailable", "message": "x"}}', {"Retry-After": "5"}, "server_errors"),
        (404, b"{}", {}, "unexpected"),
        (200, b'{"hits": []}', {}, ""),
    ],
)
def test_statuses_are_judged(
    planted: Planted, client: Make, status: int, body: bytes, headers: dict[str, str], counted: str
) -> None:
    planted.status, planted.body, planted.headers = status, body, headers
    one = client(planted.port)
    one._search()
    assert one._tally.counts == ({counted: 1} if counted else {})
    assert one._tally.statuses == {f"search {status}": 1}


def test_a_stream_that_breaks_off_is_reported(planted: Planted, client: Make) -> None:
    planted.headers = {"Content-Type": "text/event-stream"}
    planted.body = b'event: error\ndata: {"error": {"code": "internal_error", "message": "x"}}\n\n'
    one = client(planted.port)
    one._stream()
    assert one._tally.counts == {"server_errors": 1}


def test_a_deleted_article_that_is_shown_is_a_fault(planted: Planted, client: Make) -> None:
    story = Story.of(7)
    ledger = Ledger({story.id: story})
    hit = {"article_id": story.id, "version": 1}
    planted.body = json.dumps({"hits": [hit]}).encode()
    story.added = 0.0
    one = client(planted.port, ledger)
    one._search()
    assert one._tally.counts == {}
    story.deleted = time.monotonic()
    one._search()
    assert one._tally.counts == {"wrong": 1}
    assert "shows soak-00007, deleted" in one._tally.named[0]


def test_a_superseded_version_shown_as_current_is_a_fault(planted: Planted, client: Make) -> None:
    story = Story.of(7)
    story.corrected = 0.0
    for superseded, version, wrong in ((False, 1, 1), (True, 1, 0), (False, 2, 0)):
        hit = {"article_id": story.id, "version": version, "superseded": superseded}
        planted.body = json.dumps({"hits": [hit]}).encode()
        one = client(planted.port, Ledger({story.id: story}))
        one._search()
        assert one._tally.counts["wrong"] == wrong


def test_an_article_that_is_there_must_be_found(client: Make) -> None:
    story = Story.of(7)
    story.added = 1.0
    one = client(1)
    cited = {"citations": [{"article_id": story.id}], "status": "supported", "answer": ""}
    one._judge_found(soak_clients._Found(2.0, 3.0, cited), story)
    assert one._tally.counts == {"asked_about_held": 1}
    one._judge_found(soak_clients._Found(2.0, 3.0, {**cited, "citations": []}), story)
    assert one._tally.counts["missed"] == 1
    story.deleting, story.deleted = 2.5, 4.0
    one._judge_found(soak_clients._Found(2.0, 3.0, {**cited, "citations": []}), story)  # it may be either
    assert one._tally.counts["asked_about_held"] == 2
    one._judge_found(soak_clients._Found(5.0, 6.0, {**cited, "answer": f"Ms {story.engineer} said so."}), story)
    assert (one._tally.counts["asked_about_deleted"], one._tally.counts["wrong"]) == (1, 1)


def test_a_connection_that_stays_open_is_reported(client: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak_clients, "_IDLE", 0.0)
    one = client(1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        for closes in (True, False):
            ours = socket.create_connection(listener.getsockname())
            theirs = listener.accept()[0]
            with theirs:
                if closes:
                    theirs.close()
                one._held.append((ours, 0.0))
                one._check_held()
                assert one._tally.counts["unexpected"] == (0 if closes else 1)


# --- a server that is sound ------------------------------------------------------------------------------------------


def test_every_kind_of_request_is_answered_as_it_should_be(small_archive: Path, client: Make) -> None:
    with served(small_archive) as server:
        one = client(server.port)
        one._event = soak_clients.page_event(one._http)
        for action in (one._ask, one._stream, one._break_off, one._walk_away, one._search, one._quotes, one._open,
                       one._page, one._hold, one._look):  # fmt: skip
            action()
        for nonsense in soak_clients._NONSENSE:
            one._send(nonsense)
        assert server.log().count("\n") <= 1
    assert one._tally.named == []
    assert {name.split()[0] for name in one._tally.statuses} >= {"ask", "stream", "search", "quotes", "article", "page"}
    assert sum(count for name, count in one._tally.statuses.items() if name.startswith("nonsense 4")) == len(
        soak_clients._NONSENSE
    )


def test_articles_are_added_corrected_and_deleted(
    archive_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soak_writer, "_NEW", 1)
    monkeypatch.setattr(soak_writer, "_KEPT", 1)
    ledger = Ledger()
    writer = Writer(archive_copy, tmp_path, ledger, threading.Event())
    writer._round()
    writer._round()
    assert ledger.counts() == {"ingests": 2, "added": 2, "corrected": 1, "deleted": 1}
    first, second = ledger.stories.values()
    assert first.added < first.correcting < first.corrected < first.deleting < first.deleted < float("inf")
    assert second.added < float("inf") == second.deleting


def test_no_two_stories_share_a_name() -> None:
    stories = [Story.of(number) for number in range(1_000)]
    assert len({name for story in stories for name in (story.place, story.engineer)}) == 2_000
    assert all(story.engineer not in story.question for story in stories)
