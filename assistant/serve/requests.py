"""The HTTP requests, as ``/openapi.json`` describes them; the responses are in ``assistant.schemas``."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.dates import asked_at
from assistant.inferences import InferenceName
from assistant.types import MAX_HISTORY, Filters, Sort

MAX_QUESTION = 2_000
"""Maximum number of characters in a question or query."""
MAX_LIMIT = 100
"""Maximum number of hits of one search."""

_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION)]
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_Names = Annotated[list[_Name], Field(max_length=100)]
_Date = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
_AnyName = Annotated[str, Field(max_length=200)]
_AnyDate = Annotated[str, Field(min_length=1, max_length=40)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Filtered(_Model):
    since: _Date | None = Field(
        default=None,
        description="Earliest published day or instant, inclusive: 2023, 2023-05, 2023-05-12, 2023-05-12T15:56:15Z.",
    )
    until: _Date | None = Field(default=None, description="Latest published day or instant, exclusive.")
    outlets: _Names = Field(default_factory=list, description="Any of these outlets, ignoring case.")
    authors: _Names = Field(default_factory=list, description="A byline that contains any of these.")
    sections: _Names = Field(default_factory=list, description="Any of these sections.")
    languages: _Names = Field(default_factory=list, description="Any of these languages, as ISO 639-1 codes.")

    as_of: _Date | None = Field(
        default=None,
        description='The day or instant the question is asked at, for "yesterday" and "last week"; now by default. It '
        "does not hide what was published later; `until` does.",
    )
    without: list[InferenceName] = Field(
        default_factory=list, max_length=8, description="Inferences not to make from the question."
    )

    def asked_at(self, zone: tzinfo) -> datetime:
        """Return the instant the question is asked at: now if none is given.

        :raises BadFilter: if it is not a date.
        """
        return asked_at(self.as_of, zone) if self.as_of else datetime.now(zone)

    def filters(self) -> Filters:
        """Return the filters asked for.

        :raises BadFilter: when a date is none.
        """
        return Filters.of(
            since=self.since,
            until=self.until,
            outlets=self.outlets,
            authors=self.authors,
            sections=self.sections,
            languages=self.languages,
        )


class AskRequest(_Filtered):
    """A question, and filters on the articles to answer it from."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "Why was the ferry tender postponed?", "since": "2023-05"}]}
    )

    question: _Words = Field(description="The question, in plain words.")
    history: list[_Words] = Field(
        default_factory=list,
        max_length=MAX_HISTORY,
        description="The earlier questions of the conversation, oldest first, as asked or as `query` returned them: "
        "what the question leaves out is taken from them. Only the latest count, up to 8,000 characters. The server "
        "keeps no conversations.",
    )
    model: bool = Field(
        default=True,
        description="Let the language model word the answer; no effect if none is configured.",
    )
    stream: bool = Field(
        default=False,
        description="Answer as server-sent events: a `sentence` for each, once it is verified, with its sources; then "
        "`answer`, the whole answer, which replaces what came before; or `error`. Closing the connection stops the "
        "language model.",
    )


class SearchRequest(_Filtered):
    """Words to search for, and the order of what is found."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"query": "ferry tender", "sort": "newest", "limit": 20}]}
    )

    query: _Words = Field(description='Words; "double quotes" hold a phrase together.')
    sort: Sort = Field(
        default="relevance", description="Best match first, or by date of publication; undated articles come last."
    )
    limit: int = Field(default=10, ge=1, le=MAX_LIMIT, description="Maximum number of passages.")


class QuotesRequest(_Model):
    """The quotes to list: their speaker, words in them, outlets and dates."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"speaker": "Jonas Ek", "query": "ferry", "limit": 20}]})

    query: str = Field(default="", max_length=MAX_QUESTION, description="Words to look for in the quotes.")
    speaker: _AnyName = Field(default="", description="A name of the speaker, in any spelling.")
    kind: Literal["direct", "indirect"] | None = Field(
        default=None, description="Only words in quotation marks, or only reported ones."
    )
    variants: bool = Field(default=True, description="Include the speaker's other names and spellings.")
    limit: int = Field(default=20, ge=1, le=MAX_LIMIT, description="Maximum number of quotes.")
    since: _AnyDate | None = Field(default=None, description="Earliest published day or instant, inclusive.")
    until: _AnyDate | None = Field(default=None, description="Latest published day or instant, exclusive.")
    outlets: list[_AnyName] = Field(default_factory=list, max_length=100, description="Any of these outlets.")
    languages: list[_AnyName] = Field(default_factory=list, max_length=100, description="Any of these, as ISO codes.")

    def filters(self) -> Filters:
        """Return the filters asked for.

        :raises BadFilter: when a date is none.
        """
        return Filters.of(since=self.since, until=self.until, outlets=self.outlets, languages=self.languages)
