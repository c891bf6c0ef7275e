"""Send malformed and hostile requests to our server on this machine: each must be answered, and quickly."""

from __future__ import annotations

import http.client
import json
import random
import socket
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.attack_mutations import mutated
from benchmarks.common import Failed, report
from benchmarks.serving import Load, Server, growth, served

SLOW = 2.0
"""Seconds that an answer may take."""
_AGAIN = 2
"""How often a slow case is retried: the machine may have been busy with something else."""
_CLIENTS = 8
_PATIENCE = 30.0
_HONEST = frozenset({"overloaded"})
"""Codes of a 503 that is not a fault."""
_SESSIONS = 40
_EVERY = 50
"""Cases between measurements of the server's load."""

_FILE = {"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}
_VALUES: Sequence[Any] = (
    None, True, False, 0, 1, -1, 21, 101, 2 ** 31, 2 ** 63, 2 ** 64, 10 ** 300, -(10 ** 300), 0.5, 1e308,
    float("nan"), float("inf"), "", " ", "\0", "a", "a" * 2_000, "a" * 2_001, "a  " * 600, "a" * 100_000, "1" * 5_000,
    "2023", "2023-05", "2023-13-45", "0000-00-00", "9999-12-31", "2023-05-12T15:56:15Z", "soon", "ferry", "who else?",
    "and in June?", '"ferry tender"', '"', "\ud800", "\ufeff", "\u202e", "😀" * 500, "漢字", "é\u0301" * 400,
    "' OR 1=1 --", "%s%n", "${7*7}{{7*7}}", "<script>", "../../etc/passwd", "file:///etc/passwd",
    "http://127.0.0.1:1/", "time", "newest", "relevance", "direct", [], [[]], ["a"] * 20, ["a" * 2_000] * 20,
    ["a"] * 21, [None], [1], {}, {"a": {}}, {"$ref": "#"}, _FILE, [_FILE],
)  # fmt: skip
_WORDS = tuple(value for value in _VALUES if isinstance(value, str) and 0 < len(value.strip()) <= 2_000)
_PATHS = (
    "/", "//", "/%2e%2e/%2e%2e/etc/passwd", "/v1", "/v1/", "/v1/ask/", "/v1/none", "/docs", "/redoc", "/config",
    "/info", "/gradio_api/info", "/gradio_api/upload", "/gradio_api/file=/etc/passwd",
    "/gradio_api/proxy=http://127.0.0.1:1/", "/gradio_api/run/ask", "/gradio_api/call/x",
    "/gradio_api/component_server", "/gradio_api/queue/data", "/gradio_api/queue/data?session_hash=nobody",
    "/gradio_api/startup-events", "/assets/../../routes.py", "/static/%2e%2e%2f", "/assets/" + "a/" * 2_000,
    "/theme.css", "/favicon.ico", "/healthz", "/readyz", "/openapi.json", "/v1/articles/", "/v1/articles/%00",
    "/v1/articles/" + "a" * 3_000, "/v1/articles/%ff%fe", "/v1/articles/x?version=0", "/v1/speakers/%F0%9F%98%80",
    "/v1/articles/x?version=" + "9" * 400, "/v1/speakers?limit=-1", "/v1/speakers?limit=101", "/v1/quotes?since=soon",
    "/?deep_link=x",
)  # fmt: skip
_HEADERS: Sequence[tuple[tuple[str, str], ...]] = (
    (),
    (("Host", "evil.example"),),
    (("Host", "localhost:1"),),
    (("Host", "a b"),),
    (("Origin", "https://evil.example"),),
    (("Sec-Fetch-Site", "cross-site"),),
    (("Connection", "Upgrade"), ("Upgrade", "websocket")),
    (("Range", "bytes=0-1,5-"),),
    (("Accept-Encoding", "br, gzip"),),
    (("X-Forwarded-Prefix", "/x"), ("X-Forwarded-Host", "evil.example")),
    (("Expect", "100-continue"),),
    (("Cookie", "a" * 4_000),),
)
_METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get")
_TYPES = (
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "multipart/form-data; boundary=x",
    "a/b",
    "",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A request.

    :ivar raw: if not empty, the bytes to send instead.
    """

    method: str = "GET"
    path: str = "/"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes = b""

    def __str__(self) -> str:
        """Return a short description."""
        return f"raw {self.raw[:120]!r}" if self.raw else f"{self.method} {self.path[:80]} {self.body[:120]!r}"


@dataclass(slots=True)
class Tally:
    """The outcome of the cases."""

    statuses: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    slowest: float = 0.0
    loads: list[Load] = field(default_factory=list)


def attack(count: int, seconds: float, seed: int, archive: Path) -> dict[str, Any]:
    """Send ``count`` cases to a server over ``archive``, for at most ``seconds``; return the figures."""
    tally = Tally()
    with served(archive) as server:
        described = json.loads(_sent(server, Case(path="/openapi.json"))[1])
        until = time.monotonic() + seconds
        done = 0
        with ThreadPoolExecutor(_CLIENTS) as clients:
            while done < count and time.monotonic() < until:
                numbers = range(done, min(count, done + _EVERY))
                cases = [case(described, seed, number) for number in numbers]
                list(clients.map(partial(_one, server, archive, tally), numbers, cases))
                done += len(numbers)
                tally.loads.append(server.load())
        for path in ("/healthz", "/readyz"):
            status, _, _ = _sent(server, Case(path=path))
            if status != 200:
                raise Failed(f"after the attack {path} answers {status}: {server.log()[-1000:]}")
        log = len(server.log())
    return _figures(done, tally, log)


def _figures(done: int, tally: Tally, log: int) -> dict[str, Any]:
    figures = {
        "cases": done,
        "faults": len(tally.faults),
        "over_2s": len(tally.slow),
        "slowest_s": round(tally.slowest, 2),
        "descriptors_growth": growth(tally.loads, "descriptors"),
        "threads_growth": growth(tally.loads, "threads"),
        "memory_growth_mb": growth(tally.loads, "megabytes"),
        "memory_mb": max(one.megabytes for one in tally.loads),
        "log_kb": round(log / 1000, 1),
        "statuses": dict(sorted(tally.statuses.items())),
        "named": [*tally.faults[:20], *tally.slow[:20]],
    }
    short = {name: value for name, value in figures.items() if name not in ("statuses", "named")}
    report(f"     http: {', '.join(f'{name} {value}' for name, value in short.items())}")
    return figures


# --- cases ---------------------------------------------------------------------------------------------------------


def case(described: Mapping[str, Any], seed: int, number: int) -> Case:
    """Draw a case; the same arguments always give the same case.

    :param described: the server's OpenAPI description.
    """
    draw = random.Random(f"{seed} http {number}")
    kind = draw.choices((_body_case, _query_case, _page_case, _odd_case, _raw_case), (50, 15, 15, 12, 8))[0]
    return kind(described, draw)


def _body_case(described: Mapping[str, Any], draw: random.Random) -> Case:
    path, schema = draw.choice(_bodies(described))
    body: Any = dict(schema["examples"][0])
    properties = list(schema["properties"])
    for name in draw.sample(properties, min(len(properties), draw.choice((1, 1, 2, 20)))):
        body[name] = draw.choice(_VALUES)
    if draw.random() < 0.5:
        body = {name: value for name, value in body.items() if _fits(schema["properties"].get(name, {}), value)}
        body |= {name: draw.choice(_WORDS) for name in schema.get("required", [])}
    if draw.random() < 0.1:
        body[draw.choice(("unknown", "", "__proto__", "a" * 5_000))] = draw.choice(_VALUES)
    if draw.random() < 0.1 and body:
        del body[draw.choice(list(body))]
    if draw.random() < 0.05:
        body = draw.choice((*_VALUES, [body], json.loads("[" * 500 + "]" * 500)))
    data = json.dumps(body, ensure_ascii=draw.random() < 0.5).encode("utf-8", "surrogatepass")
    if draw.random() < 0.2:
        data = mutated(data, draw, 1 << 17)
    if draw.random() < 0.02:
        data = b'{"question": ' + b"[" * draw.choice((1_000, 100_000)) + b"1"
    return Case("POST", path, data, (("Content-Type", _mostly(draw, _TYPES)),))


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    """Return whether a value has a property's type, so that it passes the first check."""
    kinds = {one.get("type") for one in schema.get("anyOf", [schema])}
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", type(None): "null"}
    return names.get(type(value)) in kinds


def _bodies(described: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    schemas = described["components"]["schemas"]
    found = []
    for path, operations in described["paths"].items():
        content = operations.get("post", {}).get("requestBody", {}).get("content", {})
        if content:
            found.append((path, schemas[content["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]]))
    return found


def _query_case(described: Mapping[str, Any], draw: random.Random) -> Case:
    path, operations = draw.choice([(path, got) for path, got in described["paths"].items() if "get" in got])
    parameters = operations["get"].get("parameters", [])
    for one in parameters:
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", quote(_text(draw), safe=draw.choice(("", "/", "/?&"))))
    names = [one["name"] for one in parameters if one["in"] == "query"]
    pairs = [(draw.choice([*names, "unknown"]), _text(draw)) for _ in range(draw.choice((0, 1, 1, 2, 5)))]
    return Case("GET", f"{path}?{urlencode(pairs)}"[:12_000] if pairs else path)


def _text(draw: random.Random) -> str:
    value = draw.choice(_VALUES)
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace").decode()[:3_000]


def _page_case(described: Mapping[str, Any], draw: random.Random) -> Case:
    event: dict[str, Any] = {
        "data": [draw.choice(("ferry", "", *_VALUES)) for _ in range(draw.choice((0, 1, 2, 5, 5, 6, 7)))],
        "fn_index": draw.choice((*range(30), -1, 10**9, None, "0")),
        "session_hash": draw.choice((f"s{draw.randrange(_SESSIONS)}", None, "../x", "x" * 65)),
    }
    if draw.random() < 0.5:
        event["trigger_id"] = draw.choice((*range(50), -1, None, "a"))
    if draw.random() < 0.5:
        event["event_data"] = {name: draw.choice(_VALUES) for name in ("kind", "turn", "number")}
    if draw.random() < 0.2:
        event[draw.choice(("path", "url", "simple_format", "batched", "event_id", "a"))] = draw.choice(_VALUES)
    data = json.dumps(event).encode()
    if draw.random() < 0.2:
        data = mutated(data, draw, 1 << 16)
    return Case("POST", "/gradio_api/queue/join", data, (("Content-Type", _mostly(draw, _TYPES)),))


def _odd_case(described: Mapping[str, Any], draw: random.Random) -> Case:
    headers = draw.choice(_HEADERS)
    return Case(draw.choice(_METHODS), draw.choice(_PATHS), draw.choice((b"", b"", b"{}", b"x" * 1_000)), headers)


def _raw_case(described: Mapping[str, Any], draw: random.Random) -> Case:
    body = json.dumps({"query": "ferry"}).encode()
    head = (
        "POST /v1/search HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return Case(raw=mutated("\r\n".join((*head, "", "")).encode() + body, draw, 1 << 17))


def _mostly(draw: random.Random, choices: Sequence[str]) -> str:
    return choices[0] if draw.random() < 0.85 else draw.choice(choices)


# --- sending -------------------------------------------------------------------------------------------------------


def _one(server: Server, archive: Path, tally: Tally, number: int, sent: Case) -> None:
    best = float("inf")
    for _ in range(1 + _AGAIN):
        began = time.perf_counter()
        status, body, kind = _sent(server, sent)
        best = min(best, time.perf_counter() - began)
        if best <= SLOW:
            break
    tally.statuses[str(status or "none")] += 1
    tally.slowest = max(tally.slowest, best)
    if best > SLOW:
        tally.slow.append(f"{number} {sent}: {best:.1f} s")
    if fault := _fault(sent, status, body, kind, archive):
        tally.faults.append(f"{number} {sent}: {fault}"[:400])


def _fault(sent: Case, status: int, body: bytes, kind: str, archive: Path) -> str:
    """Return what is wrong with a response; "" if nothing is."""
    if not status:
        return "" if sent.raw else f"no answer: {body.decode(errors='replace')}"
    if str(archive).encode() in body or b"Traceback (most recent call last)" in body:
        return f"{status} reveals internals: {body[:200]!r}"
    if status >= 500 and not (status == 503 and _code(body) in _HONEST):
        return f"{status}: {body[:200]!r}"
    if status >= 400 and not sent.raw and sent.method != "HEAD" and kind == "application/json" and not _code(body):
        return f"{status} not in the shape of an error: {body[:200]!r}"
    return ""


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return ""


def _sent(server: Server, sent: Case) -> tuple[int, bytes, str]:
    """Send a case; return the response's status (0 for none), its body and its type."""
    if sent.raw:
        return _sent_raw(server, sent.raw)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=_PATIENCE)
    named = {name.lower() for name, _ in sent.headers}
    try:
        connection.putrequest(sent.method, sent.path, skip_host="host" in named, skip_accept_encoding=True)
        for name, value in sent.headers:
            connection.putheader(name, value)
        if sent.body:
            connection.putheader("Content-Length", str(len(sent.body)))
        connection.endheaders(sent.body or None)
        response = connection.getresponse()
        return response.status, response.read(), response.headers.get_content_type()
    except (http.client.HTTPException, OSError) as error:
        return 0, repr(error).encode(), ""
    finally:
        connection.close()


def _sent_raw(server: Server, raw: bytes) -> tuple[int, bytes, str]:
    """Send bytes and close the sending side; whether there is a response depends on the bytes."""
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=_PATIENCE) as connection:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while len(answer) < 1 << 20 and (piece := connection.recv(65_536)):
                answer += piece
    except OSError as error:
        return 0, repr(error).encode(), ""
    head, _, body = answer.partition(b"\r\n\r\n")
    status = head.split(b" ", 2)[1] if head.startswith(b"HTTP/1.1 ") else b"0"
    return int(status), body, ""
