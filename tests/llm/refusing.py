"""A small HTTP server that answers as it is told, and notes what it was asked and when it was left."""

from __future__ import annotations

import json
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Self


def spoken(*pieces: str, finish: str | None = "stop") -> bytes:
    """What an OpenAI-compatible server streams for an answer in these pieces."""
    chunks: list[dict[str, Any]] = [{"delta": {"content": piece}} for piece in pieces]
    if finish:
        chunks.append({"delta": {}, "finish_reason": finish})
    about = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "small"}
    events = [json.dumps({**about, "choices": [{"index": 0, **chunk}]}) for chunk in chunks]
    return "".join(f"data: {event}\n\n" for event in (*events, *(["[DONE]"] if finish else []))).encode()


Reply = tuple[int, dict[str, str], bytes]

OK: Reply = (200, {"Content-Type": "text/event-stream"}, spoken("It ", "rains."))
HANG: Reply = (0, {}, b"")
"""Says nothing, until it is left."""


def refusal(status: int, message: str, **headers: str) -> Reply:
    """What an OpenAI-compatible server answers when it refuses."""
    body = json.dumps({"error": {"message": message, "type": "some_error"}}).encode()
    return status, {"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}, body


class Refusing:
    """Gives these replies to chat requests, one each, the last for ever; it has no tokenizer."""

    def __init__(self, replies: Iterable[Reply]) -> None:
        self.replies = list(replies)
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.left = Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                reply: Reply = (404, {}, b"")
                if self.path.endswith("/chat/completions"):
                    outer.asked.append(body)
                    outer.keys.append(self.headers.get("Authorization", ""))
                    reply = outer.replies.pop(0) if len(outer.replies) > 1 else outer.replies[0]
                status, headers, content = reply
                if reply == HANG:
                    if self.connection.recv(1) == b"":
                        outer.left.set()
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
