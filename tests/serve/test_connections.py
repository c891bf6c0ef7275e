"""Clients that hold connections and do nothing with them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio
import httpx
import pytest

from assistant import Assistant
from assistant.serve import connections, create_app, page_gate
from assistant.serve.connections import WatchedConnection, capacity
from assistant.settings import Settings
from tests.serve.conftest import Served

POST = b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n"


class Impatient(WatchedConnection):
    """Waits for less long, so that a test need not."""

    seconds = {"idle": 0.6, "receiving": 0.6, "stalled": 0.6, "closing": 0.6}  # noqa: RUF012
    look = 0.05


@pytest.fixture(scope="module")
def impatient(assistant: Assistant, settings: Settings) -> Iterator[Served]:
    with Served(create_app(assistant, settings), Impatient) as served:
        yield served


def connected(served: Served, buffer: int | None = None) -> socket.socket:
    """A connection to a server, with the smallest receive buffer there is where ``buffer`` says so."""
    client = socket.socket()
    if buffer is not None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    client.settimeout(10)
    host, port = served.url.removeprefix("http://").split(":")
    client.connect((host, int(port)))
    return client


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def ended(client: socket.socket) -> bool:
    """Tell whether the other side ends a connection without having said anything."""
    try:
        return client.recv(1) == b""
    except ConnectionError:
        return True


def test_a_silent_connection_is_closed(impatient: Served) -> None:
    with connected(impatient) as client:
        assert ended(client)


@pytest.mark.parametrize("begun", [b"", POST], ids=["head", "body"])
def test_a_request_sent_a_byte_at_a_time_is_ended(impatient: Served, begun: bytes) -> None:
    with connected(impatient) as client:
        client.sendall(begun or b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        sent = 0
        with contextlib.suppress(ConnectionError):
            while sent < 200:
                client.sendall(b"x")
                sent += 1
                time.sleep(0.05)
        assert 5 < sent < 100


def test_a_client_that_reads_nothing_is_disconnected(impatient: Served) -> None:
    assets = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"
    asset = max(assets.glob("*.js"), key=os.path.getsize)
    with connected(impatient, buffer=1) as client:
        client.sendall(f"GET /assets/{asset.name} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 4)
        assert within(5, lambda: impatient.connections == 1)
        assert within(10, lambda: impatient.connections == 0)


def test_an_answer_may_take_longer_than_a_client_may_pause(assistant: Assistant) -> None:
    async def slow(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await asyncio.sleep(1.5)
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"done"})

    with Served(slow, Impatient) as served:
        assert httpx.get(served.url, trust_env=False).text == "done"


def test_idle_connections_make_room(assistant: Assistant, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "capacity", lambda: 8)
    with Served(create_app(assistant, settings)) as served, contextlib.ExitStack() as held:
        clients = [held.enter_context(connected(served)) for _ in range(30)]
        for number, client in enumerate(clients):
            if number % 2:
                client.sendall(POST[:-20] if number % 3 else POST)
        assert httpx.get(f"{served.url}/healthz", trust_env=False).status_code == 200
        asked = {"question": "Why was the ferry tender postponed?"}
        assert httpx.post(f"{served.url}/v1/ask", json=asked, trust_env=False).status_code == 200
        assert served.connections <= 8


def test_a_full_server_asks_the_next_client_to_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "capacity", lambda: 2)
    asked = 0

    async def hang(scope: Any, receive: Any, send: Any) -> None:
        nonlocal asked
        if scope["type"] == "http":
            asked += 1
            while (await receive())["type"] != "http.disconnect":
                pass

    with Served(hang) as served, contextlib.ExitStack() as held:
        for _ in range(2):
            held.enter_context(connected(served)).sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert within(5, lambda: asked == 2)
        response = httpx.get(served.url, trust_env=False)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")


def test_open_pages_leave_connections_for_others(
    assistant: Assistant, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_gate, "capacity", lambda: 6)
    with Served(create_app(assistant, settings)) as served, contextlib.ExitStack() as held:

        def beat(number: int) -> int:
            client = held.enter_context(httpx.Client(base_url=served.url, trust_env=False, timeout=10))
            return held.enter_context(client.stream("GET", f"/gradio_api/heartbeat/page{number}")).status_code

        assert [beat(number) for number in range(4)] == [200, 200, 200, 503]
        assert httpx.get(f"{served.url}/healthz", trust_env=False).status_code == 200
        held.close()
        assert within(5, lambda: beat(9) == 200)


@pytest.mark.parametrize(("soft", "most"), [(64, 8), (256, 64), (1024, 832), (10**6, 1000), (resource.RLIM_INFINITY, 1000)])  # fmt: skip
def test_connections_leave_files_for_the_archive(monkeypatch: pytest.MonkeyPatch, soft: int, most: int) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, resource.RLIM_INFINITY))
    assert capacity() == most


_FEW_FILES = """
import resource, runpy
resource.setrlimit(resource.RLIMIT_NOFILE, (320, 320))
runpy.run_path("app.py", run_name="__main__")
"""


def test_four_hundred_idle_connections_deny_nobody(settings: Settings, tmp_path: Path) -> None:
    environment = {
        **os.environ, "ONTHERECORD_ARCHIVE": str(settings.archive.absolute()), "ONTHERECORD_SERVER__PORT": "0",
    }  # fmt: skip
    log = tmp_path / "log"
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-c", _FEW_FILES], stderr=stderr, cwd=Path(__file__).parents[2], env=environment
        )
    try:
        assert within(60, lambda: b"http://" in log.read_bytes()), log.read_text()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text())
        assert found
        with contextlib.ExitStack() as held, httpx.Client(base_url=found[0], trust_env=False, timeout=10) as http:
            assert within(20, lambda: answers(http))
            for _ in range(400):
                held.enter_context(socket.create_connection(("127.0.0.1", int(found[1])), timeout=10))
            for _ in range(20):
                assert http.get("/healthz").status_code == 200
                assert http.post("/v1/search", json={"query": "ferry"}).status_code == 200
        assert log.stat().st_size < 10_000, log.read_text()[:2_000]
    finally:
        process.terminate()
        process.wait(20)
    assert process.returncode == 0


def answers(http: httpx.Client) -> bool:
    try:
        return http.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False
