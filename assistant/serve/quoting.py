"""``/v1/quotes`` and ``/v1/speakers``: who said what, with the same JSON as the command line's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from assistant.assistant import Assistant
from assistant.payload import listing_payload, profile_payload, speaker_payload
from assistant.serve.models import MAX_LIMIT, MAX_QUESTION, make_filters
from assistant.types import Filters

Run = Callable[[Callable[[], Any]], Awaitable[Any]]
"""Does some work in a thread of the pool."""

Problems = Callable[..., dict[int | str, dict[str, Any]]]
"""Describes the errors of a route."""

_Date = Annotated[str, Field(min_length=1, max_length=40)]
_Name = Annotated[str, Field(max_length=200)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class QuotesRequest(_Model):
    """Whose words, with which words in them, from where and when."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"speaker": "Jonas Ek", "query": "ferry", "limit": 20}]})

    query: str = Field(default="", max_length=MAX_QUESTION, description="Words that the quotes are to have.")
    speaker: _Name = Field(default="", description="Whose words; any name or spelling will do.")
    kind: Literal["direct", "indirect"] | None = Field(
        default=None, description="Only words in quotation marks, or only reported ones."
    )
    variants: bool = Field(default=True, description="Under the speaker's other names and spellings too.")
    limit: int = Field(default=20, ge=1, le=MAX_LIMIT, description="Quotes at most.")
    since: _Date | None = Field(default=None, description="Earliest published day or instant, inclusive.")
    until: _Date | None = Field(default=None, description="Latest published day or instant, exclusive.")
    outlets: list[_Name] = Field(default_factory=list, max_length=100, description="Any of these outlets.")
    languages: list[_Name] = Field(default_factory=list, max_length=100, description="Any of these, as ISO codes.")

    def filters(self) -> Filters:
        """Return the filters asked for.

        :raises BadFilter: when a date is none.
        """
        return make_filters(
            self.since, self.until, self.outlets, languages=[code.strip().lower() for code in self.languages]
        )


class PieceModel(_Model):
    """Some characters of the article."""

    text: str
    span: list[int] = Field(description="Start and end, in Unicode code points of the article's text.")


class QuoteModel(_Model):
    """A quote: whose words, which, how they are given, and where they stand."""

    text: str = Field(description="Exactly the characters from start to end; with quotation marks where it has them.")
    kind: Literal["direct", "mixed", "indirect"]
    speaker: str | None = Field(description="The name the archive knows the speaker by.")
    named: str | None = Field(description="The fullest name that the article has for the speaker.")
    source: PieceModel | None = Field(description='The mention that the words are attributed to: "he".')
    cue: PieceModel | None = Field(description='What attributes them: "said".')
    addressee: PieceModel | None = Field(
        description='Whom they are said to, where the article plainly says: "reporters".'
    )
    article_id: str
    version: int
    start: int
    end: int
    headline: str
    outlet: str
    url: str
    published: str | None
    byline: str
    language: str


class NameModel(_Model):
    """A name of a speaker, and how many quotes are given under it."""

    name: str
    quotes: int


class RoleModel(_Model):
    """What a speaker is said to be, and how often."""

    role: str
    quotes: int


class SpeakerModel(_Model):
    """One who speaks in the archive, under all the names it is given."""

    name: str
    kind: Literal["person", "body", "name", "unnamed"]
    quotes: int
    articles: int
    names: list[NameModel]


class ProfileModel(SpeakerModel):
    """A speaker, with what articles call it."""

    roles: list[RoleModel]
    mentions: list[NameModel]
    first: str | None
    last: str | None


class QuotesResponse(_Model):
    """Quotes: the newest first, or those that have most of the words."""

    speakers: list[SpeakerModel] = Field(description="Whom the name asked for may mean.")
    quotes: list[QuoteModel]
    total: int = Field(description="How many there are, of which these are the first.")


class SpeakersResponse(_Model):
    """Speakers, those quoted most first."""

    speakers: list[SpeakerModel]


def add_quotes(api: FastAPI, assistant: Assistant, run: Run, problems: Problems) -> None:
    """Add the routes.

    :param run: does the work in the pool.
    """
    add_speakers(api, assistant, run, problems)
    errors = problems(400, 413, 422, 503)

    async def listed(request: QuotesRequest) -> dict[str, Any]:
        filters = request.filters()

        def work() -> dict[str, Any]:
            found = assistant.quotes(
                request.query,
                speaker=request.speaker,
                filters=filters,
                kind=request.kind,
                limit=request.limit,
                variants=request.variants,
            )
            return listing_payload(found)

        return dict(await run(work))

    @api.get("/v1/quotes", response_model=QuotesResponse, responses=errors, tags=["quotes"])
    async def get_quotes(request: Annotated[QuotesRequest, Query()]) -> dict[str, Any]:
        """List who said what."""
        return await listed(request)

    @api.post("/v1/quotes", response_model=QuotesResponse, responses=errors, tags=["quotes"])
    async def post_quotes(request: QuotesRequest) -> dict[str, Any]:
        """List who said what."""
        return await listed(request)


def add_speakers(api: FastAPI, assistant: Assistant, run: Run, problems: Problems) -> None:
    """Add the routes of speakers."""

    @api.get("/v1/speakers", response_model=SpeakersResponse, responses=problems(422, 503), tags=["quotes"])
    async def speakers(
        name: Annotated[str, Query(max_length=200, description="Only those who may be called so.")] = "",
        limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Speakers at most.")] = 50,
    ) -> dict[str, Any]:
        """List those who are quoted most, each with all its names."""
        return {"speakers": [speaker_payload(one) for one in await run(lambda: assistant.speakers(name, limit=limit))]}

    @api.get(
        "/v1/speakers/{name:path}", response_model=ProfileModel, responses=problems(404, 422, 503), tags=["quotes"]
    )
    async def speaker(
        name: Annotated[str, Path(description="Any of its names, percent-encoded.", max_length=200)],
    ) -> dict[str, Any]:
        """Return a speaker: every name and role it is given, and since when it is quoted."""
        return profile_payload(await run(lambda: assistant.profile(name)))
