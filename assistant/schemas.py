"""The JSON that goes out: of the command line (``--json``, ``batch``), of HTTP and of its events.

It is described once. What passes between the rooms in the very shape in which it goes out (``Answer``, ``Citation``,
``Quote``, ``Filters``, ...) is described in ``assistant.types``; what goes out in another shape, in this module.
``/openapi.json`` is made from both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from assistant import types
from assistant.answering.speech.listing import Listing, SpeakerProfile
from assistant.outgoing import End, Outgoing, PassageScore, Published, Start, Superseded, Version, When
from assistant.speakers.resolve import Speaker as KnownSpeaker


def as_json(one: Outgoing) -> dict[str, Any]:
    """Return what goes out as plain JSON values: objects, lists, texts, numbers, booleans and None."""
    kind: Any = type(one)
    plain: dict[str, Any] = _adapter(kind).dump_python(one, mode="json")
    return plain


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


# --- passages and articles ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hit(Outgoing):
    """A passage that a search found: ``article.text[start:end] == text``, always."""

    article_id: str
    version: Version
    headline: str
    outlet: str
    url: str
    published: Published
    byline: str
    language: str
    start: Start
    end: End
    text: Annotated[str, Field(description="Exactly the characters from start to end of that version's text.")]
    superseded: Superseded
    score: PassageScore
    story: Annotated[
        tuple[types.Telling, ...],
        Field(
            description="All articles found that carry the same text, this one too, earliest first; empty if there is "
            "no other."
        ),
    ]


@dataclass(frozen=True, slots=True)
class SearchResults(Outgoing):
    """What a search found, in the order asked for."""

    hits: tuple[Hit, ...]
    freshness: types.Freshness


@dataclass(frozen=True, slots=True)
class Article(Outgoing):
    """One version of an article: the text that offsets refer to."""

    id: Annotated[str, Field(description="The id it came with, else its URL, else a digest of its content.")]
    version: Annotated[int, Field(description="1, 2, ...")]
    current: Annotated[bool, Field(description="There is no later version.")]
    headline: str
    text: str
    url: str
    outlet: str
    byline: str
    section: str
    language: Annotated[str, Field(description="ISO 639-1 code; empty if unknown.")]
    published: When | None
    updated: Annotated[When | None, Field(description="When its text last changed, as the outlet says.")]


def hit(found: types.Hit) -> Hit:
    """Return a hit as it goes out."""
    passage, article = found.passage, found.passage.article
    return Hit(
        article_id=article.id,
        version=article.version,
        headline=article.headline,
        outlet=article.outlet,
        url=article.url,
        published=article.published.iso() if article.published else None,
        byline=article.byline,
        language=article.language,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        superseded=not article.current,
        score=round(found.score, 6),
        story=found.story,
    )


def article(stored: types.StoredArticle) -> Article:
    """Return a version of an article as it goes out."""
    return Article(
        id=stored.id,
        version=stored.version,
        current=stored.current,
        headline=stored.headline,
        text=stored.text,
        url=stored.url,
        outlet=stored.outlet,
        byline=stored.byline,
        section=stored.section,
        language=stored.language,
        published=stored.published,
        updated=stored.updated,
    )


# --- quotes and speakers -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Name(Outgoing):
    """A name of a speaker, and how many quotes are given under it."""

    name: str
    quotes: int


@dataclass(frozen=True, slots=True)
class Role(Outgoing):
    """What a speaker is said to be, and how often."""

    role: str
    quotes: int


@dataclass(frozen=True, slots=True)
class Speaker(Outgoing):
    """Somebody quoted in the archive, under all the names it is given."""

    name: Annotated[str, Field(description="The fullest of the names that are used most.")]
    kind: Annotated[
        Literal["person", "body", "name", "unnamed"],
        Field(description="A person, a body, a name that may be either, or nobody in particular (“officials”)."),
    ]
    quotes: int
    articles: Annotated[int, Field(description="How many articles quote it.")]
    names: Annotated[tuple[Name, ...], Field(description="All names as written, most used first.")]


@dataclass(frozen=True, slots=True)
class Profile(Speaker):
    """A speaker, with what articles call it."""

    roles: Annotated[tuple[Role, ...], Field(description="Most frequent first.")]
    mentions: Annotated[
        tuple[Name, ...], Field(description="How articles name it where it speaks; most frequent first.")
    ]
    first: Annotated[
        str | None, Field(description="The day it is first quoted, ISO 8601; null if no article is dated.")
    ]
    last: Annotated[str | None, Field(description="The day it is last quoted, ISO 8601.")]


@dataclass(frozen=True, slots=True)
class Speakers(Outgoing):
    """Speakers: those a name may mean, likeliest first, or those quoted most."""

    speakers: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class Quotes(Outgoing):
    """Quotes: the newest first, or those that have most of the words."""

    speakers: Annotated[tuple[Speaker, ...], Field(description="Whom the name asked for may mean.")]
    quotes: tuple[types.Quote, ...]
    total: Annotated[int, Field(description="How many there are, of which these are the first.")]


def speaker(known: KnownSpeaker) -> Speaker:
    """Return a speaker as it goes out."""
    return Speaker(known.name, known.kind, known.quotes, known.articles, _names(known.names))


def speakers(known: Iterable[KnownSpeaker]) -> Speakers:
    """Return a list of speakers as it goes out."""
    return Speakers(tuple(map(speaker, known)))


def profile(known: SpeakerProfile) -> Profile:
    """Return a speaker's profile as it goes out."""
    one = known.speaker
    roles = tuple(Role(role, quotes) for role, quotes in known.roles)
    return Profile(
        one.name, one.kind, one.quotes, one.articles, _names(one.names), roles, _names(known.mentions),
        known.first, known.last,
    )  # fmt: skip


def quotes(listing: Listing) -> Quotes:
    """Return a listing of quotes as it goes out."""
    return Quotes(tuple(map(speaker, listing.speakers)), listing.quotes, listing.total)


def _names(counted: Iterable[tuple[str, int]]) -> tuple[Name, ...]:
    return tuple(Name(name, quotes) for name, quotes in counted)


# --- lines of a batch --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Excerpt(Outgoing):
    """A sentence that may hold the answer."""

    article_id: str
    text: str
    start: Start
    end: End
    score: Annotated[
        float,
        Field(
            description="How likely it holds the answer, from 0 to 1, compared with the likeliest sentence found for "
            "the question, which has 1."
        ),
    ]


@dataclass(frozen=True, slots=True)
class BatchResult(Outgoing):
    """What was found for one question of a batch."""

    id: Annotated[str | int, Field(description="The question's, as it was given.")]
    passages: Annotated[tuple[Excerpt, ...], Field(description="Best first.")]


@dataclass(frozen=True, slots=True)
class BatchAnswer(BatchResult):
    """What was found for one question of a batch, and the answer."""

    answer: str
    status: types.Status
    confidence: float


def excerpt(found: types.Hit) -> Excerpt:
    """Return an excerpt as it goes out."""
    passage = found.passage
    return Excerpt(passage.article.id, passage.text, passage.start, passage.end, round(found.score, 6))


# --- health and errors -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Health(Outgoing):
    """That the process runs."""

    status: Literal["ok"]


@dataclass(frozen=True, slots=True)
class Readiness(Outgoing):
    """That the archive can be read."""

    status: Literal["ready"]
    freshness: types.Freshness


@dataclass(frozen=True, slots=True)
class Problem(Outgoing):
    """What went wrong."""

    code: Annotated[str, Field(description="Stable, in snake_case.")]
    message: Annotated[str, Field(description="For people; may change between releases.")]


@dataclass(frozen=True, slots=True)
class Error(Outgoing):
    """Every error has this shape."""

    error: Problem
