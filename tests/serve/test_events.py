"""Written answers over HTTP: one sentence at a time, and the model is stopped once nobody is listening."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from threading import Event
from typing import Any

import httpx
import pytest

from assistant import Assistant
from assistant.errors import ModelUnavailable
from assistant.llm import LanguageModel, Message
from assistant.serve import create_app
from assistant.settings import Settings
from tests.answering.scripted import ByWords, Scripted
from tests.serve.conftest import Served

QUESTION = "Why was the ferry tender postponed?"
TRUE = "The ferry tender was postponed until September because the seabed survey was incomplete [1]."
TWELVE = "The ferry tender covers three routes [2]."


def served(settings: Settings, model: LanguageModel) -> tuple[Assistant, Served]:
    assistant = Assistant.open(settings, model, ByWords())
    return assistant, Served(create_app(assistant, settings))


def events(text: str) -> list[tuple[str, Any]]:
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


@pytest.fixture(scope="module")
def written(settings: Settings) -> Iterator[httpx.Client]:
    assistant, server = served(settings, Scripted(f"{TRUE} The mayor sang [9]."))
    with assistant, server, httpx.Client(base_url=server.url, trust_env=False, timeout=30) as client:
        yield client


def test_sentences_are_sent_as_events_before_the_answer(written: httpx.Client) -> None:
    response = written.post("/v1/ask", json={"question": QUESTION, "stream": True}).raise_for_status()
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["x-content-type-options"] == "nosniff"
    (first, part), (last, answer) = events(response.text)
    assert (first, last) == ("sentence", "answer")
    assert part["sentence"] == answer["sentences"][0]
    assert part["citations"] == answer["citations"]
    assert answer["wording"]["by"] == "model"
    assert answer["wording"]["faults"] == ["citation"]


def test_the_whole_answer_is_the_same(written: httpx.Client) -> None:
    whole = written.post("/v1/ask", json={"question": QUESTION}).raise_for_status().json()
    streamed = events(written.post("/v1/ask", json={"question": QUESTION, "stream": True}).text)[-1][1]
    for body in (whole, streamed):
        del body["milliseconds"], body["as_of"]
    assert whole == streamed


def test_without_a_model_the_archives_own_sentences_are_returned(written: httpx.Client) -> None:
    body = written.post("/v1/ask", json={"question": QUESTION, "model": False}).raise_for_status().json()
    assert body["wording"] == {
        "by": "archive", "model": "", "prompt": "", "note": "", "drafted": 0, "dropped": 0, "faults": [],
    }  # fmt: skip
    assert all(not sentence["checked"] for sentence in body["sentences"])


def test_a_failure_before_the_first_event_is_an_ordinary_error(written: httpx.Client) -> None:
    request = {"question": QUESTION, "stream": True, "since": "2024", "until": "2023"}
    response = written.post("/v1/ask", json=request)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_filter")


def test_a_model_that_breaks_off_leaves_the_archives_answer(settings: Settings) -> None:
    assistant, server = served(settings, Scripted(f"{TRUE} {TWELVE}", fails=ModelUnavailable("gone"), after=40))
    with assistant, server:
        body = httpx.post(f"{server.url}/v1/ask", json={"question": QUESTION, "stream": True}, trust_env=False)
        *_, (name, answer) = events(body.text)
    assert name == "answer"
    assert answer["wording"]["by"] == "archive"
    assert "broke off" in answer["wording"]["note"]
    assert answer["sentences"]


class Endless(Scripted):
    """Streams empty pieces until it is cancelled, so that no limit on the length of a draft ends it earlier."""

    def stream(
        self, messages: Sequence[Message], max_tokens: int, cancelled: Event | None = None, grammar: str = ""
    ) -> Iterator[str]:
        try:
            yield self._says(messages)
            yield "Then "  # only this ends the sentence before it
            for _ in range(6_000):
                self.pieces += 1
                if cancelled is not None and cancelled.is_set():
                    return
                yield ""
                time.sleep(0.01)
        finally:
            self.closed += 1


def wait_for(come: Callable[[], int]) -> None:
    deadline = time.monotonic() + 60  # a busy machine takes long
    while not come() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert come() == 1


def test_hanging_up_stops_the_model(settings: Settings) -> None:
    model = Endless(f"{TRUE} ")
    assistant, server = served(settings, model)
    with assistant, server:
        request = {"question": QUESTION, "stream": True}
        with httpx.stream("POST", f"{server.url}/v1/ask", json=request, trust_env=False, timeout=30) as response:
            assert next(response.iter_text()).startswith("event: sentence\n")
            assert model.closed == 0
        wait_for(lambda: model.closed)
        assert httpx.get(f"{server.url}/healthz", trust_env=False).status_code == 200


def test_hanging_up_before_the_first_sentence_stops_the_model_too(settings: Settings) -> None:
    model = Endless("")
    assistant, server = served(settings, model)
    body = json.dumps({"question": QUESTION, "stream": True})
    head = f"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    with assistant, server:
        with socket.create_connection(("127.0.0.1", httpx.URL(server.url).port or 0)) as connection:
            connection.sendall(f"{head}\r\n\r\n{body}".encode())
            wait_for(lambda: model.pieces > 0)
            assert model.closed == 0
        wait_for(lambda: model.closed)
