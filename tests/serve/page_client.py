"""A client that speaks to the page's events the way a browser does, without one."""

from __future__ import annotations

import json
import secrets
from typing import Any

import httpx

from assistant.serve.page_gate import JOIN


def configuration(http: httpx.Client) -> dict[str, Any]:
    """What the page tells a browser of its fields and events."""
    _, _, after = http.get("/").text.partition("window.gradio_config = ")
    read: dict[str, Any] = json.JSONDecoder().raw_decode(after)[0]
    return read


def ask_event(http: httpx.Client, data: list[Any]) -> dict[str, Any]:
    """The event of the button "Ask", with the values of its fields: question, from, to, outlets, conversation."""
    laid_out = configuration(http)
    button = next(one["id"] for one in laid_out["components"] if one["props"].get("elem_id") == "otr-ask")
    event = next(one for one in laid_out["dependencies"] if [button, "click"] in one["targets"])
    return {"data": data, "fn_index": event["id"], "trigger_id": button, "session_hash": secrets.token_hex(6)}


def page_answer(http: httpx.Client, question: str) -> str:
    """Ask on the page, and return all that comes back."""
    event = ask_event(http, [question, "", "", [], None])
    http.post(JOIN, json=event).raise_for_status()
    with http.stream("GET", "/gradio_api/queue/data", params={"session_hash": event["session_hash"]}) as response:
        return "".join(response.iter_text())
