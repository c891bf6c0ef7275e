"""Example responses for ``/openapi.json``, built from the response classes so that they cannot go out of date."""

from __future__ import annotations

from typing import Any

from assistant.outgoing import Outgoing
from assistant.schemas import Error, Problem, Readiness, as_json
from assistant.types import Answer, Citation, Freshness, Sentence

_TEXT = "The harbour authority has postponed the ferry tender until September, it said."
_FRESHNESS = Freshness(412, "2019-01-02", "2023-06-30", "2023-07-01T06:00:00Z")

ANSWER = Answer(
    question="Why was the ferry tender postponed?",
    query="Why was the ferry tender postponed?",
    as_of="2023-07-01T08:00:00+00:00",
    answer=f"{_TEXT} [1]",
    status="supported",
    confidence=0.91,
    reason="",
    sentences=(Sentence(_TEXT, (1,), 0.87),),
    citations=(
        Citation(
            marker=1,
            article_id="courier-2023-0512",
            version=1,
            headline="Harbour authority postpones ferry tender",
            outlet="Northern Courier",
            url="https://courier.example/2023/05/12/ferry-tender",
            published="2023-05-12T15:56:15Z",
            byline="Jonas Ek",
            language="en",
            start=0,
            end=len(_TEXT),
            text=_TEXT,
        ),
    ),
    near_misses=(),
    freshness=_FRESHNESS,
    milliseconds=48.2,
)
READINESS = Readiness("ready", _FRESHNESS)

PROBLEMS = {
    400: ("A filter or request that cannot be understood.", "bad_filter", "'soon' is not a date; write 2023-05-12"),
    404: (
        "No such article, version or speaker.",
        "not_found",
        "there is no such article, version or speaker in this archive",
    ),
    413: ("The request is too large.", "too_large", "a request may have at most 1,048,576 bytes"),
    422: ("The request does not have the form described here.", "invalid_request", "question: Field required"),
    503: (
        "The archive cannot be read, or too many requests are waiting.",
        "overloaded",
        "too many requests are waiting; try again in a few seconds",
    ),
}
"""By HTTP status: its meaning, and the code and message of an example."""


def example(one: Outgoing) -> dict[str, Any]:
    """Return the content of a response with an example."""
    return {"application/json": {"example": as_json(one)}}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the description of a route's errors."""
    return {
        status: {"model": Error, "description": meaning, "content": example(Error(Problem(code, message)))}
        for status, (meaning, code, message) in PROBLEMS.items()
        if status in statuses
    }
