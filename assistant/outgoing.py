"""What all JSON that goes out has in common: how a class becomes JSON, and the terms that several classes share.

A class that is ``Outgoing`` is described once, by its fields. Those in ``assistant.types`` also pass between the rooms;
``assistant.schemas`` has the others, and turns all of them into JSON.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field, PlainSerializer

from assistant.dates import Moment

When = Annotated[Moment, PlainSerializer(Moment.iso, return_type=str)]
"""A moment; as JSON, ISO 8601 in the precision it was given in."""

Published = Annotated[
    str | None,
    Field(description="When the article was published: ISO 8601, in the precision it gave; null if unknown."),
]
Version = Annotated[int, Field(description="The version of the article that the offsets refer to: 1, 2, ...")]
Start = Annotated[int, Field(description="First character in the article's text, in Unicode code points.")]
End = Annotated[int, Field(description="One past the last character.")]
Superseded = Annotated[bool, Field(description="The archive has a later version of the article.")]
PassageScore = Annotated[
    float,
    Field(
        description="How well the passage matches; higher is better, and comparable within one search. At most 1, at "
        "times a little below 0; between 1 and 2 if a reranker ordered the passage. Passages of the time or the outlet "
        "that the query names come first whatever their score."
    ),
]


def _without_defaults(schema: dict[str, Any]) -> None:
    """Leave defaults out of a JSON schema: what goes out always has every field."""
    for described in schema["properties"].values():
        described.pop("default", None)


class Outgoing:
    """Sent as JSON as it is: the JSON's names, order, types and descriptions are those of the fields."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", json_schema_serialization_defaults_required=True, json_schema_extra=_without_defaults
    )
