"""Clients of the soak test: they ask, search and open articles, hang up, leave connections idle and send bad requests.

The order of a client's requests is drawn from a seed. Every answer is judged by its status, its form, and what the
archive contained at the time (``soak_writer.Ledger``).
"""

from __future__ import annotations

import json
import random
import secrets
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from benchmarks.common import Failed
from benchmarks.soak_writer import Ledger, Story

PAUSE = 0.5
"""Seconds that a client waits between requests, on average."""
_PATIENCE = 60.0
_HELD = 4
"""Maximum number of idle connections that a client keeps open."""
_IDLE = 60.0
"""Seconds after which the server must have closed an idle connection: twice its longest limit."""
_BUSY = frozenset({"overloaded", "archive_busy"})
"""Error codes of a 503 that does not indicate a fault."""
_NAMED = 50
"""Faults of each kind that are described; further ones are only counted."""
_WORDS = ("ferry", "tunnel", "harbour", "flood", "vaccine", '"North Quay"', "election", "Stadion", "vapur", "трамвай")
_JOIN, _DATA = "/gradio_api/queue/join", "/gradio_api/queue/data"
Nonsense = tuple[str, str, bytes, Mapping[str, str], int]
"""A request that must be refused: method, path, body, headers, and the status expected."""
_NONSENSE: Sequence[Nonsense] = (
    ("POST", "/v1/ask", b"{", {}, 422),
    ("POST", "/v1/ask", b'{"question": " "}', {}, 422),
    ("POST", "/v1/ask", b'{"question": "ferry", "unknown": 1}', {}, 422),
    ("POST", "/v1/ask", b'{"question": "ferry", "as_of": "soon"}', {}, 400),
    ("POST", "/v1/search", b'{"query": "ferry", "limit": 0}', {}, 422),
    ("POST", "/v1/search", b"\xff\xfe", {}, 422),
    ("PUT", "/v1/ask", b"{}", {}, 405),
    ("GET", "/v1/none", b"", {}, 404),
    ("GET", "/v1/articles/none", b"", {}, 404),
    ("GET", "/v1/speakers/nobody%20at%20all", b"", {}, 404),
    ("GET", "/gradio_api/file=/etc/passwd", b"", {}, 404),
    ("POST", _JOIN, b'{"data": [], "fn_index": 999, "session_hash": "a"}', {}, 422),
    ("GET", "/healthz", b"", {"Host": "evil.example"}, 400),
    ("POST", "/v1/ask", b'{"question": "ferry"}', {"Origin": "https://evil.example"}, 403),
)


@dataclass(slots=True)
class Tally:
    """The results of all clients' requests.

    :ivar seconds: latencies by kind of request.
    :ivar counts: ``server_errors``: 5xx other than an honest 503; ``unexpected``: other answers of the wrong status
        or form; ``wrong``: answers that show what was deleted or corrected; ``missed``: articles in the archive that
        were not found; ``overloaded``: honest 503s; and so on.
    :ivar busy: requests by client.
    :ivar named: descriptions of faults.
    """

    statuses: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    busy: Counter[int] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, client: int, kind: str, status: int, seconds: float) -> None:
        """Record an answer."""
        with self._guard:
            self.statuses[f"{kind} {status}"] += 1
            self.seconds.setdefault(kind, []).append(seconds)
            self.busy[client] += 1

    def count(self, name: str, what: str = "") -> None:
        """Count an event; ``what`` describes it if it is a fault."""
        with self._guard:
            self.counts[name] += 1
            if what and self.counts[name] <= _NAMED:
                self.named.append(f"{name}: {what}"[:400])


def honest(status: int, headers: Mapping[str, str], body: bytes) -> bool:
    """Return whether an answer is a 503 in the form of our errors that asks the client to try again later."""
    if status != 503 or "retry-after" not in headers:
        return False
    try:
        return json.loads(body)["error"]["code"] in _BUSY
    except (ValueError, KeyError, TypeError):
        return False


def page_event(http: httpx.Client) -> dict[str, Any]:
    """Return the event of the page's "Ask" button, with empty fields, as a browser would send it.

    :raises Failed: if the page has no such button.
    """
    _, _, after = http.get("/").text.partition("window.gradio_config = ")
    try:
        layout = json.JSONDecoder().raw_decode(after)[0]
        button = next(one["id"] for one in layout["components"] if one["props"].get("elem_id") == "otr-ask")
        event = next(one["id"] for one in layout["dependencies"] if [button, "click"] in one["targets"])
    except (ValueError, KeyError, StopIteration) as error:
        raise Failed(f"the page has no button to ask with: {error!r}") from error
    return {"data": ["", "", "", [], None], "fn_index": event, "trigger_id": button}


class Client(threading.Thread):
    """One client.

    :param questions: questions about the sample.
    :param stop: set to stop it after the current request.
    """

    def __init__(
        self, number: int, seed: int, port: int, questions: Sequence[str],
        ledger: Ledger, tally: Tally, stop: threading.Event,
    ) -> None:  # fmt: skip
        super().__init__(name=f"client {number}")
        self._number, self._port = number, port
        self._draw = random.Random(f"{seed} soak {number}")
        self._questions = questions
        self._ledger, self._tally = ledger, tally
        self._stop_asked = stop
        self._known: deque[str] = deque(maxlen=100)
        self._held: deque[tuple[socket.socket, float]] = deque()
        # The server closes connections after 5 idle seconds; a request sent at that moment would be lost.
        limits = httpx.Limits(keepalive_expiry=2.0)
        base = f"http://127.0.0.1:{port}"
        self._http = httpx.Client(base_url=base, timeout=_PATIENCE, limits=limits, trust_env=False)
        self._event: dict[str, Any] = {}

    def run(self) -> None:
        """Send requests until told to stop."""
        actions = {
            self._ask: 30, self._stream: 10, self._break_off: 10, self._walk_away: 3, self._search: 15,
            self._quotes: 8, self._open: 10, self._page: 8, self._send_nonsense: 5, self._hold: 2, self._look: 2,
        }  # fmt: skip
        try:
            self._event = page_event(self._http)
            while not self._stop_asked.is_set():
                action = self._draw.choices(list(actions), list(actions.values()))[0]
                try:
                    action()
                    self._check_held()
                except Exception as error:
                    self._tally.count("unexpected", f"{action.__name__}: {error!r}")
                self._stop_asked.wait(self._draw.uniform(0, 2 * PAUSE))
        except (Failed, httpx.HTTPError) as error:
            self._tally.count("unexpected", f"the page: {error!r}")
        finally:
            self.close()

    def close(self) -> None:
        """Close all connections."""
        self._http.close()
        for connection, _ in self._held:
            connection.close()

    # --- questions ---------------------------------------------------------------------------------------------------

    def _question(self) -> tuple[str, Story | None]:
        """Draw a question about the sample, or about a made-up article, which may have been deleted by now."""
        stories = list(self._ledger.stories.values())[-60:]
        if not stories or self._draw.random() < 0.6:
            return self._draw.choice(self._questions), None
        story = self._draw.choice(stories)
        return story.question, story

    def _ask(self) -> None:
        question, story = self._question()
        body: dict[str, Any] = {"question": question}
        if self._draw.random() < 0.2:
            body |= {"history": self._draw.sample(self._questions, 2)}
            story = None  # the answer may be about those, too
        answer = self._sent("ask", "POST", "/v1/ask", json=body)
        self._judge_found(answer, story)

    def _stream(self) -> None:
        question, story = self._question()
        sent = time.monotonic()
        with self._http.stream("POST", "/v1/ask", json={"question": question, "stream": True}) as response:
            body = response.read()
        self._judge("stream", sent, response, body, {200})
        if response.status_code == 200:
            if b"event: answer\n" not in body or b"event: error\n" in body:
                self._tally.count("server_errors", f"a stream without an answer: {body[-200:]!r}")
            else:
                answer = json.loads(body.rpartition(b"data: ")[2])
                self._judge_found(_Found(sent, time.monotonic(), answer), story)

    def _break_off(self) -> None:
        question, _ = self._question()
        sent = time.monotonic()
        with self._http.stream("POST", "/v1/ask", json={"question": question, "stream": True}) as response:
            body = b"" if response.status_code == 200 else response.read()
            if not body and self._draw.random() < 0.7:
                next(response.iter_raw(), b"")
        self._judge("break off", sent, response, body, {200})
        self._tally.count("disconnects")

    def _walk_away(self) -> None:
        """Send a question, or half of one, and hang up without reading the answer."""
        body = json.dumps({"question": self._question()[0]}).encode()
        with self._connected() as connection:
            connection.sendall(_head(len(body)) + body[: self._draw.choice((len(body), len(body) // 2))])
        self._tally.count("disconnects")

    def _judge_found(self, answer: _Found | None, story: Story | None) -> None:
        """Check that an answer cites the made-up article in question, and tells nothing of it once it is deleted."""
        if answer is None or story is None:
            return
        if story.deleted < answer.sent:
            self._tally.count("asked_about_deleted")
            if story.engineer in json.dumps(answer.body, ensure_ascii=False):
                self._tally.count("wrong", f"{story.id} was deleted, but its content is still told: {story.question}")
        elif story.added < answer.sent and answer.received < story.deleting:
            self._tally.count("asked_about_held")
            if story.id not in [one["article_id"] for one in answer.body["citations"]]:
                self._tally.count("missed", f"{story.question} {answer.body['status']}: {answer.body['answer'][:200]}")

    # --- other requests ----------------------------------------------------------------------------------------------

    def _search(self) -> None:
        words = self._draw.choice((*_WORDS, self._question()[0]))
        sort = self._draw.choice(("relevance", "newest"))
        body = {"query": words, "sort": sort, "limit": self._draw.choice((1, 10, 50))}
        found = self._sent("search", "POST", "/v1/search", json=body)
        if found is not None:
            self._known.extend(hit["article_id"] for hit in found.body["hits"][:10])

    def _quotes(self) -> None:
        path = self._draw.choice(("/v1/quotes?limit=50", "/v1/quotes?query=ferry", "/v1/quotes?speaker=Ottla", ""))
        self._sent("quotes", "GET", path or "/v1/speakers")

    def _open(self) -> None:
        if not self._known:
            self._search()
        name = self._draw.choice(self._known)
        story = self._ledger.stories.get(name)
        found = self._sent("article", "GET", f"/v1/articles/{quote(name, safe='')}", (200, 404) if story else (200,))
        if found is None and story is not None:
            self._known.remove(name)
            if story.deleting == float("inf"):
                self._tally.count("missed", f"{name} is not there")

    def _look(self) -> None:
        self._sent("ready", "GET", self._draw.choice(("/readyz", "/healthz")))

    def _send_nonsense(self) -> None:
        self._send(self._draw.choice(_NONSENSE))

    def _send(self, nonsense: Nonsense) -> None:
        method, path, body, headers, status = nonsense
        headers = {"Content-Type": "application/json", **headers}
        self._sent("nonsense", method, path, {status}, content=body, headers=headers)

    def _page(self) -> None:
        """Open the page, ask a question, and wait for the answer or leave early."""
        self._http.get("/").raise_for_status()
        session = secrets.token_hex(6)
        question, _ = self._question()
        data = [question, *self._event["data"][1:]]
        sent = time.monotonic()
        joined = self._http.post(_JOIN, json={**self._event, "data": data, "session_hash": session})
        self._judge("page", sent, joined, joined.content, {200})
        if joined.status_code != 200:
            return
        leaves = self._draw.random() < 0.3
        with self._http.stream("GET", _DATA, params={"session_hash": session}) as response:
            pieces = response.iter_raw()
            body = next(pieces, b"") if leaves else b"".join(pieces)
        self._judge("page", sent, response, body, {200})
        if leaves:
            self._tally.count("disconnects")
        elif b'"process_completed"' not in body or b'"success":true' not in body.replace(b'": ', b'":'):
            self._tally.count("unexpected", f"the page was not answered: {body[-200:]!r}")

    # --- idle connections --------------------------------------------------------------------------------------------

    def _hold(self) -> None:
        """Open a connection, send nothing or part of a request, and leave it open."""
        if len(self._held) < _HELD:
            connection = self._connected()
            connection.sendall(self._draw.choice((b"", b"POST /v1/ask HTTP/1.1\r\nHost: ", _head(100) + b'{"quest')))
            self._held.append((connection, time.monotonic()))
            self._tally.count("idle_connections")

    def _check_held(self) -> None:
        """Check that the server has closed connections that have been idle for long."""
        while self._held and time.monotonic() - self._held[0][1] > _IDLE:
            connection, _ = self._held.popleft()
            with connection:
                if not _closed(connection):
                    self._tally.count("unexpected", f"a connection was still open after {_IDLE:.0f} s of silence")

    def _connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self._port), timeout=_PATIENCE)

    # --- sending and judging -----------------------------------------------------------------------------------------

    def _sent(
        self, kind: str, method: str, path: str, expected: Collection[int] = (200,),
        *, json: Any = None, content: bytes | None = None, headers: Mapping[str, str] | None = None,
    ) -> _Found | None:  # fmt: skip
        """Send a request and judge the answer; return it if its status is 200."""
        sent = time.monotonic()
        response = self._http.request(method, path, json=json, content=content, headers=headers)
        self._judge(kind, sent, response, response.content, expected)
        return _Found(sent, time.monotonic(), response.json()) if response.status_code == 200 else None

    def _judge(self, kind: str, sent: float, response: httpx.Response, body: bytes, expected: Collection[int]) -> None:
        status = response.status_code
        self._tally.answered(self._number, kind, status, time.monotonic() - sent)
        if status in expected:
            for wrong in self._wrong(response, body, sent):
                self._tally.count("wrong", f"{kind} {response.url}: {wrong}")
        elif honest(status, response.headers, body):
            self._tally.count("overloaded")
        else:
            name = "server_errors" if status >= 500 else "unexpected"
            self._tally.count(name, f"{kind} {response.url}: {status} {body[:200]!r}")

    def _wrong(self, response: httpx.Response, body: bytes, sent: float) -> Iterator[str]:
        yield from self._ledger.wrong(body.decode(errors="replace"), sent)
        if response.headers.get("content-type") == "application/json" and body:
            yield from self._ledger.stale(json.loads(body), sent)


@dataclass(frozen=True, slots=True)
class _Found:
    """A JSON answer, and when it was requested and received."""

    sent: float
    received: float
    body: Any


def _head(length: int) -> bytes:
    lines = ("POST /v1/ask HTTP/1.1", "Host: localhost", "Content-Type: application/json", f"Content-Length: {length}")
    return "\r\n".join((*lines, "", "")).encode()


def _closed(connection: socket.socket) -> bool:
    """Return whether the other side has closed a connection; anything it sent before is discarded."""
    connection.settimeout(0.1)
    try:
        while connection.recv(65_536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True
