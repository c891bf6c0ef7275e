"""Checks on every request: the hosts, sites, paths and sizes that are allowed; and the headers of every response.

The web app's framework comes with routes for uploads, files, proxying and calling functions by name. None of them is
needed here, so only the few paths that the page itself requests are allowed.
"""

from __future__ import annotations

import logging
import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.serve.errors import error_response, internal_error
from assistant.serve.hosts import Hosts

_log = logging.getLogger(__name__)

MAX_BODY = 1 << 20
"""Maximum number of bytes in a request's body."""
TOO_LARGE = f"a request may have at most {MAX_BODY:,} bytes"

_READ = frozenset({"GET", "HEAD"})
_ANY = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
PASSES: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (re.compile(r"/v1/.*", re.DOTALL), _ANY),  # unknown paths get an error in the usual shape
    (re.compile(r"/healthz|/readyz|/openapi\.json"), _READ),
    (re.compile(r"/|/favicon\.ico|/theme\.css"), _READ),
    (re.compile(r"/(?:assets|static)(?:/[\w@+~-][\w@+~.-]*)+"), _READ),
    (re.compile(r"/gradio_api/(?:queue/data|heartbeat/\w{1,64})"), frozenset({"GET"})),
    (re.compile(r"/gradio_api/queue/join"), frozenset({"POST"})),
)
"""Allowed paths and methods: ours, and those that the page requests from its framework. Others get a 404."""

_SOCIAL_META = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>', re.DOTALL)
_SCRIPT = re.compile(rb"<script(?=[\s>])")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def policy(nonce: str) -> str:
    """Return a Content-Security-Policy that lets the page work and nothing be loaded from or sent to other machines.

    The framework compiles its page templates in the browser, which requires 'unsafe-eval'; inline scripts run only
    with ``nonce``, and inline event handlers never do.
    """
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )


def passes(method: str, path: str) -> bool:
    """Return whether requests with this method for this path (percent-decoded) are allowed."""
    return any(method in methods and pattern.fullmatch(path) for pattern, methods in PASSES)


class Guard:
    """ASGI middleware; see the module.

    :param hosts: the names that requests may be addressed to.
    """

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        headers = Headers(scope=scope)
        reply = _Reply(send, nonce, page=scope["path"] == "/", head=scope["method"] == "HEAD")
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, reply.send)
            return
        if reply.head:
            scope = {**scope, "method": "GET"}
        if reply.page:
            kept = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            scope = {**scope, "headers": kept, "query_string": b""}
        try:
            await self.app(scope, _bounded(receive), reply.send)
        except Exception as error:
            _log.error("%s %r failed", scope["method"], scope["path"], exc_info=error)
            if not reply.begun:
                await internal_error()(scope, receive, reply.send)

    def _refusal(self, scope: Scope, headers: Headers) -> JSONResponse | None:
        host = headers.getlist("host")
        if not self.hosts.takes(host):
            message = "the Host header must name this server; the setting server.allowed_hosts lists its names"
            return error_response(400, "bad_host", message)
        sent_by = headers.getlist("origin"), headers.getlist("sec-fetch-site")
        if scope["method"] not in _READ and not self.hosts.trusts(host[0], *sent_by):
            return error_response(403, "bad_origin", "requests from other web sites are not allowed")
        if not passes(scope["method"], scope["path"]):
            return error_response(404, "not_found", "no such page; /openapi.json lists those that exist")
        length = headers.get("content-length", "0")
        return _too_large() if length.isdigit() and int(length) > MAX_BODY else None


def _too_large() -> JSONResponse:
    return error_response(413, "too_large", TOO_LARGE, {"Connection": "close"})


def _bounded(receive: Receive) -> Receive:
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MAX_BODY:
            raise HTTPException(413, TOO_LARGE)
        return message

    return bounded


class _Reply:
    """Sends a response with our headers, and the page with a nonce on its scripts.

    :ivar begun: whether the response's status has been sent or is about to be.
    :ivar head: whether only the headers are wanted.
    """

    def __init__(self, send: Send, nonce: str, page: bool, head: bool) -> None:
        self._send = send
        self._nonce = nonce
        self._start: Message | None = None
        self._body = bytearray()
        self.begun = False
        self.page = page
        self.head = head

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            self._add_headers(message)
            self.page = self.page and "text/html" in MutableHeaders(scope=message).get("content-type", "")
            if self.page:
                self._start = message
                return
        elif self.page and self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish()
            return
        elif self.head:
            message = {**message, "body": b""}
        await self._send(message)

    async def _finish(self) -> None:
        assert self._start is not None
        page = _SCRIPT.sub(b'<script nonce="' + self._nonce.encode() + b'"', _SOCIAL_META.sub(b"", bytes(self._body)))
        headers = MutableHeaders(scope=self._start)
        if page:
            headers["Content-Length"] = str(len(page))
        headers["Cache-Control"] = "no-store"
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": b"" if self.head else page})

    def _add_headers(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in _HEADERS.items():
            headers[name] = value
        headers["Content-Security-Policy"] = policy(self._nonce)
