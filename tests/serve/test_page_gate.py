"""What the page's framework would do for anybody who asks, and is not let do."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount, Route

from assistant import Assistant
from assistant.serve import create_app, web
from assistant.serve.guard import passes
from assistant.serve.page_cache import page_cache
from assistant.serve.page_gate import JOIN, MAX_UNREAD
from assistant.serve.web import Unread, _Sessions, page_events
from assistant.settings import Settings
from tests.serve.conftest import Served
from tests.serve.page_client import ask_event, page_answer

FILE = {"_type": "gradio.FileData"}
QUESTION = "Why was the ferry tender postponed?"


def described(path: str) -> dict[str, Any]:
    """A path or address as the framework's own clients describe a file."""
    return {"path": path, "meta": FILE}


def shapes(path: str) -> dict[str, Any]:
    """Events that hold the description of a file, by where it stands in them."""
    file = described(path)
    return {
        "a question": [file, "", "", [], None],
        "a date": [QUESTION, file, "", [], None],
        "an outlet": [QUESTION, "", "", [file], None],
        "in place of a list": [QUESTION, "", "", file, None],
        "deep in a list": [[[[[file]]]], "", "", [], None],
        "inside another object": [{"a": {"b": file}}, "", "", [], None],
        "what stays on the server": [QUESTION, "", "", [], file],
        "with an address": [{**file, "url": path, "orig_name": "x", "size": 1, "is_stream": False}, "", "", [], None],
        "as a stream": [{**file, "is_stream": True}, "", "", [], None],
        "beside the values": [QUESTION, "", "", [], None, file],
    }


PLACES = tuple(shapes(""))


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that nobody should be given."""
    path = tmp_path / "secret.txt"
    path.write_text("not for everybody", encoding="utf-8")
    return path


def kept() -> list[Path]:
    """Files that the framework has copied for itself."""
    return [path for path in page_cache().rglob("*") if path.is_file()]


@pytest.mark.parametrize("place", PLACES)
def test_no_file_is_opened_or_revealed(http: httpx.Client, secret: Path, place: str) -> None:
    answers = set()
    for path in (str(secret), "/dev/null", str(secret.with_name("absent.txt"))):
        response = http.post(JOIN, json=ask_event(http, shapes(path)[place]))
        assert response.status_code == 422
        answers.add(response.text)
    assert len(answers) == 1
    assert kept() == []
    assert http.get("/healthz", timeout=2).status_code == 200


def test_the_frameworks_cache_is_this_users_alone(http: httpx.Client) -> None:
    assert os.environ["GRADIO_TEMP_DIR"] == str(page_cache())
    assert page_cache().stat().st_mode & 0o777 == 0o700


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket on this machine that nobody should connect to."""
    with socket.socket() as waiting:
        waiting.bind(("127.0.0.1", 0))
        waiting.listen()
        waiting.settimeout(0.2)
        yield waiting


@pytest.mark.parametrize("place", PLACES)
def test_no_address_is_fetched(http: httpx.Client, listener: socket.socket, place: str) -> None:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    assert http.post(JOIN, json=ask_event(http, shapes(address)[place])).status_code == 422
    with pytest.raises(TimeoutError):
        listener.accept()


def test_a_click_is_a_word_and_two_numbers(http: httpx.Client, secret: Path) -> None:
    click = {"kind": "cite", "turn": 1, "number": 1}
    forged = [
        described(str(secret)), {**click, "path": str(secret)}, {**click, "kind": described(str(secret))}, {**click, "turn": "1"},
        {**click, "number": -1}, {**click, "number": 10**400}, {**click, "number": True}, [], "cite", {},
    ]  # fmt: skip
    for event_data in forged:
        event = {**ask_event(http, [QUESTION, "", "", [], None]), "event_data": event_data}
        assert http.post(JOIN, json=event).status_code == 422, event_data
    assert kept() == []


@pytest.mark.parametrize(
    "change",
    [
        {"fn_index": -1}, {"fn_index": 10**6}, {"fn_index": 10**400}, {"fn_index": None}, {"fn_index": "0"},
        {"fn_index": 1.5}, {"fn_index": True}, {"trigger_id": 10**6}, {"trigger_id": -1}, {"session_hash": None},
        {"session_hash": "../x"}, {"session_hash": "x" * 65}, {"session_hash": ""}, {"session_hash": "a\n"},
        {"simple_format": True}, {"batched": True}, {"oauth_token": "x"}, {"event_id": "x"}, {"api_name": "answer"},
        {"data": []}, {"data": None}, {"data": {}}, {"data": [QUESTION] * 5}, {"data": [QUESTION, "", "", "", None]},
        {"data": [1, "", "", [], None]}, {"data": [QUESTION, 2023, "", [], None]}, {"data": [QUESTION, "", "", [1], None]},
        {"data": ["x" * 2_001, "", "", [], None]}, {"data": [QUESTION, "1" * 500_000, "", [], None]},
        {"data": [QUESTION, "", "", ["x"] * 101, None]}, {"data": [QUESTION, "", "", [], "kept"]},
    ],
)  # fmt: skip
def test_an_event_that_the_page_never_sends_is_refused(http: httpx.Client, change: dict[str, Any]) -> None:
    event = {**ask_event(http, [QUESTION, "", "", [], None]), **change}
    response = http.post(JOIN, json=event)
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "invalid_request"


def bodies(event: dict[str, Any]) -> dict[str, bytes]:
    """An event that describes a file, written so that one reader may see it and another not."""
    text = json.dumps(event)
    honest = json.dumps([QUESTION, "", "", [], None])
    return {
        "utf-16": text.encode("utf-16"),
        "utf-32": text.encode("utf-32-be"),
        "utf-8 with a mark": text.encode("utf-8-sig"),
        "latin-1": text.replace("meta", "m\u00e9ta").encode("latin-1"),
        "escaped": text.replace("path", "\\u0070ath").replace("meta", "m\\u0065ta").encode(),
        "said twice": f'{{"data": {honest}, {text[1:]}'.encode(),
        "nested": f'{text[:-1]}, "event_data": {"[" * 50_000}{"]" * 50_000}}}'.encode(),
        "not a number": text.replace('""', "NaN", 1).encode(),
        "cut off": text.encode()[:-3],
        "empty": b"",
    }


BODIES = tuple(bodies({}))


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded", ""])
@pytest.mark.parametrize("written", BODIES)
def test_no_encoding_of_a_file_reference_gets_through(
    http: httpx.Client, secret: Path, written: str, content_type: str
) -> None:
    content = bodies(ask_event(http, shapes(str(secret))["a question"]))[written]
    response = http.post(JOIN, content=content, headers={"Content-Type": content_type})
    assert response.status_code == 422
    assert kept() == []
    assert http.get("/healthz", timeout=2).status_code == 200


def test_of_duplicate_keys_the_framework_gets_the_value_that_was_checked(http: httpx.Client, secret: Path) -> None:
    event = ask_event(http, shapes(str(secret))["a question"])
    honest = json.dumps({**event, "data": [QUESTION, "", "", [], None]})
    content = f'{{"data": {json.dumps(event["data"])}, {honest[1:]}'
    assert http.post(JOIN, content=content, headers={"Content-Type": "application/json"}).status_code == 200
    assert kept() == []


def test_an_event_larger_than_a_megabyte_is_refused(http: httpx.Client) -> None:
    event = ask_event(http, ["x" * (1 << 20), "", "", [], None])
    assert http.post(JOIN, json=event).status_code == 413
    pieces = (b" " * 65_536 for _ in range(17))
    assert http.post(JOIN, content=pieces, headers={"Content-Type": "application/json"}).status_code == 413


def test_events_that_the_page_sends_are_answered(http: httpx.Client) -> None:
    assert "the seabed survey was incomplete" in page_answer(http, QUESTION)


@pytest.mark.parametrize(
    "query", ["session_hash=nobody", "session_hash=", "", "session_hash=a&session_hash=b", "session_hash=%2e"]
)
def test_an_unknown_session_has_nothing_to_fetch(
    http: httpx.Client, caplog: pytest.LogCaptureFixture, query: str
) -> None:
    assert http.get(f"/gradio_api/queue/data?{query}").status_code == 404
    assert caplog.records == []


def test_a_session_that_fetches_nothing_is_held_back(http: httpx.Client) -> None:
    event = ask_event(http, ["", "", "", [], None])
    answers = [http.post(JOIN, json=event).status_code for _ in range(MAX_UNREAD + 1)]
    assert answers == [200] * MAX_UNREAD + [503]
    assert http.post(JOIN, json={**event, "session_hash": "another"}).status_code == 200


def test_nothing_is_kept_of_ended_sessions(
    assistant: Assistant, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "_SESSIONS", 4)
    app = create_app(assistant, settings)
    [queue] = [
        sessions._queue for one in app.user_middleware if isinstance(sessions := one.kwargs.get("sessions"), _Sessions)
    ]
    with Served(app) as served, httpx.Client(base_url=served.url, trust_env=False, timeout=30) as http:
        for _ in range(10):
            assert "the seabed survey was incomplete" in page_answer(http, QUESTION)
        assert 0 < len(queue.pending_event_ids_session) <= 4
        assert 0 < len(queue.pending_messages_per_session) <= 4


def test_sessions_with_nothing_to_fetch_make_room_first() -> None:
    unread = Unread(3)
    for session, events in (("waits", {"a"}), ("done", set()), ("waits too", {"b"}), ("new", set())):
        unread[session] = events
    assert list(unread) == ["waits", "waits too", "new"]
    unread["new"] = {"c"}
    unread["newest"] = set()
    assert list(unread) == ["waits too", "new", "newest"]


def test_a_field_of_an_unknown_kind_is_not_served() -> None:
    async def lay_out() -> gr.Blocks:
        with gr.Blocks() as blocks:
            upload = gr.File()
            upload.change(lambda value: None, upload)
        return blocks

    with pytest.raises(TypeError, match="File"):
        page_events(asyncio.run(lay_out()))


def routes_of(app: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the method and an example of a path of each route, in those mounted too."""
    for route in app.routes:
        if isinstance(route, Mount):
            yield from routes_of(route.app, prefix + route.path.rstrip("/"))
        elif included := getattr(route, "original_router", None):
            yield from routes_of(included, prefix + route.include_context.prefix)
        else:
            assert isinstance(route, Route | APIRoute), f"{route} is of a kind that is not known here"
            path = re.sub(r"\{\w+(?::\w+)?\}", "x", route.path)
            yield from ((method, prefix + path) for method in route.methods or ())


SERVED = {
    ("GET", "/"), ("HEAD", "/"), ("GET", "/theme.css"), ("GET", "/assets/x"), ("GET", "/static/x"), ("GET", "/favicon.ico"),
    ("GET", "/gradio_api/queue/data"), ("GET", "/gradio_api/heartbeat/x"), ("POST", "/gradio_api/queue/join"),
}  # fmt: skip
"""What of the framework's routes a page in a browser asks for."""


def test_the_framework_has_no_other_routes(http: httpx.Client, assistant: Assistant, settings: Settings) -> None:
    found = set(routes_of(create_app(assistant, settings)))
    framework = {(method, path) for method, path in found if not re.match(r"/(?:v1/|healthz|readyz|openapi)", path)}
    assert len(framework) > 50
    assert {one for one in framework if passes(*one)} == SERVED
    for method, path in sorted(framework - SERVED):
        assert http.request(method, path).status_code in (403, 404), (method, path)
