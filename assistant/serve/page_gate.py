"""Validate what browsers send to the page's events: only values that the events' fields can have get through.

The web framework accepts any JSON for an event. An object that describes a file makes it open that path or fetch that
address, wherever the object occurs and whatever the field's type. So the body of an event is parsed here, checked
against the fields of the page and serialized again for the framework. That way nothing can exploit differences between
two JSON parsers (encodings, repeated keys).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.serve.connections import capacity
from assistant.serve.errors import error_response
from assistant.serve.requests import MAX_QUESTION

JOIN = "/gradio_api/queue/join"
"""Where the page sends its events."""
DATA = "/gradio_api/queue/data"
"""Where it waits for their outcome."""
HEARTBEAT = "/gradio_api/heartbeat/"
"""Where it shows that it is still open, followed by its session."""
MAX_CHOICES = 100
"""Maximum number of values of a field that takes several."""

MAX_UNREAD = 32
"""Events of one session whose outcome may be unfetched at a time. An open page fetches them at once."""

Kind = Literal["text", "texts", "nothing"]
"""What a field takes: a text, several texts, or nothing, since its value stays on the server."""

_Text = Annotated[str, StringConstraints(max_length=MAX_QUESTION)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Click(_Strict):
    """What was clicked in a list of the page."""

    kind: Annotated[str, StringConstraints(max_length=20)]
    turn: Annotated[int, Field(ge=0, lt=2**53)]
    number: Annotated[int, Field(ge=0, lt=2**53)]


class Sent(_Strict):
    """An event, as the page sends it."""

    data: list[_Text | Annotated[list[_Text], Field(max_length=MAX_CHOICES)] | None]
    fn_index: int
    session_hash: Annotated[str, StringConstraints(pattern=r"\A[A-Za-z0-9]{1,64}\z")]
    trigger_id: int | None = None
    event_data: _Click | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the page.

    :ivar fields: the type of each value sent with it, in order.
    :ivar triggers: the ids of the elements that trigger it.
    """

    fields: tuple[Kind, ...]
    triggers: frozenset[int | None]


class Sessions(Protocol):
    """What the framework knows about the sessions of its pages."""

    def known(self, session: str) -> bool:
        """Return whether a session has sent an event."""

    def unread(self, session: str) -> int:
        """Return how many of a session's events have an outcome that has not been fetched."""


def read_event(body: bytes, events: Mapping[int, Event]) -> Sent:
    """Return the event that a request's body holds.

    :param events: the page's events, by number.
    :raises ValueError: if it is not one of them, or has values that its fields cannot have.
    """
    try:
        sent = Sent.model_validate_json(body)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(f"{'.'.join(map(str, fault['loc'])) or 'body'}: {fault['msg']}") from None
    event = events.get(sent.fn_index)
    if event is None:
        raise ValueError("fn_index: the page has no such event")
    if sent.trigger_id is not None and sent.trigger_id not in event.triggers:
        raise ValueError("trigger_id: no element with that number triggers this event")
    if len(sent.data) != len(event.fields):
        raise ValueError(f"data: this event takes {len(event.fields)} values, not {len(sent.data)}")
    for place, (value, kind) in enumerate(zip(sent.data, event.fields, strict=True)):
        if not _holds(kind, value):
            raise ValueError(f"data.{place}: this field cannot have that value")
    return sent


def _holds(kind: Kind, value: str | Sequence[str] | None) -> bool:
    if value is None:
        return True
    return isinstance(value, str) if kind == "text" else isinstance(value, list) and kind == "texts"


class PageGate:
    """ASGI middleware; see the module.

    :param events: the page's events, by number.
    """

    def __init__(self, app: ASGIApp, events: Mapping[int, Event], sessions: Sessions) -> None:
        self.app = app
        self.events = events
        self.sessions = sessions
        self._streams = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on other requests unchanged and valid events as parsed; refuse invalid events."""
        path = scope["path"] if scope["type"] == "http" else ""
        if path == DATA and not self.sessions.known(_session(scope)):
            await error_response(404, "not_found", "there is no such session")(scope, receive, send)
        elif path == DATA or path.startswith(HEARTBEAT):
            await self._stream(scope, receive, send)
        elif path == JOIN:
            await self._join(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request that stays open as long as its page, if that leaves connections for others."""
        if self._streams >= capacity() // 2:
            await _overloaded("too many pages are open")(scope, receive, send)
            return
        self._streams += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._streams -= 1

    async def _join(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            sent = read_event(await _body(receive), self.events)
        except HTTPException as error:
            await error_response(error.status_code, "too_large", str(error.detail))(scope, receive, send)
            return
        except ValueError as error:
            await error_response(422, "invalid_request", str(error))(scope, receive, send)
            return
        if self.sessions.unread(sent.session_hash) >= MAX_UNREAD:
            await _overloaded("too many events of this session are waiting to be fetched")(scope, receive, send)
            return
        body = sent.model_dump_json().encode()
        await self.app({**scope, "headers": _headers(scope, body)}, _again(body, receive), send)


def _overloaded(message: str) -> JSONResponse:
    return error_response(503, "overloaded", message, {"Retry-After": "5"})


def _session(scope: Scope) -> str:
    found = re.fullmatch(rb"session_hash=([A-Za-z0-9]{1,64})", scope["query_string"])
    return found[1].decode() if found else ""


async def _body(receive: Receive) -> bytes:
    pieces = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ValueError("the request was cut off")
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(pieces)


def _headers(scope: Scope, body: bytes) -> list[tuple[bytes, bytes]]:
    """Return the request's headers, with those about its body adjusted to ``body``."""
    of_body = (b"content-length", b"content-type", b"content-encoding", b"transfer-encoding")
    kept: list[Any] = [pair for pair in scope["headers"] if pair[0] not in of_body]
    return [*kept, (b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a channel that yields ``body``, then whatever follows."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
