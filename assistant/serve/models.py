"""Requests and responses of the HTTP interface, as ``/openapi.json`` describes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from assistant.dates import asked_at, parse_date
from assistant.inferences import InferenceName
from assistant.types import AnswerKind, Filters, Sort, Status

MAX_QUESTION = 2_000
"""Characters of a question or query."""
MAX_HISTORY = 20
"""Questions of a conversation that a request may carry."""
MAX_LIMIT = 100
"""Hits of one search."""

_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION)]
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_Names = Annotated[list[_Name], Field(max_length=100)]
_Date = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]

_CITATION: JsonDict = {
    "marker": 1,
    "article_id": "courier-2023-0512",
    "version": 1,
    "headline": "Harbour authority postpones ferry tender",
    "outlet": "Northern Courier",
    "url": "https://courier.example/2023/05/12/ferry-tender",
    "published": "2023-05-12T15:56:15Z",
    "byline": "Jonas Ek",
    "language": "en",
    "start": 0,
    "end": 77,
    "text": "The harbour authority has postponed the ferry tender until September, it said.",
    "superseded": False,
}
_FRESHNESS: JsonDict = {
    "articles": 412,
    "first": "2019-01-02",
    "last": "2023-06-30",
    "ingested": "2023-07-01T06:00:00Z",
    "text": "412 articles, covering 2019-01-02 to 2023-06-30; last taken in 2023-07-01 06:00 UTC.",
}
_CITATION["end"] = len(str(_CITATION["text"]))


def make_filters(
    since: str | None,
    until: str | None,
    outlets: Sequence[str] = (),
    authors: Sequence[str] = (),
    sections: Sequence[str] = (),
    languages: Sequence[str] = (),
) -> Filters:
    """Return filters from what a caller wrote; empty dates mean none.

    :raises BadFilter: when a date is none.
    """
    first, last = (parse_date(text) if text else None for text in (since, until))
    return Filters(first, last, tuple(outlets), tuple(authors), tuple(sections), tuple(languages))


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Filtered(_Model):
    since: _Date | None = Field(
        default=None,
        description="Earliest published day or instant, inclusive: 2023, 2023-05, 2023-05-12, 2023-05-12T15:56:15Z.",
    )
    until: _Date | None = Field(default=None, description="Latest published day or instant, exclusive.")
    outlets: _Names = Field(default_factory=list, description="Any of these outlets, without regard to case.")
    authors: _Names = Field(default_factory=list, description="A byline that contains any of these.")
    sections: _Names = Field(default_factory=list, description="Any of these sections.")
    languages: _Names = Field(default_factory=list, description="Any of these languages, as ISO 639-1 codes.")

    as_of: _Date | None = Field(
        default=None,
        description='The day or instant the question is asked at, for "yesterday" and "last week"; left out, now. It '
        "hides nothing that was published later; `until` does.",
    )
    without: list[InferenceName] = Field(
        default_factory=list, max_length=8, description="What is not to be inferred from the question."
    )

    def asked_at(self, zone: tzinfo) -> datetime:
        """Return the instant the question is asked at: now where none is named.

        :raises BadFilter: when it is not a date.
        """
        return asked_at(self.as_of, zone) if self.as_of else datetime.now(zone)

    def filters(self) -> Filters:
        """Return the filters asked for.

        :raises BadFilter: when a date is none.
        """
        return make_filters(
            self.since, self.until, self.outlets, self.authors, self.sections, [code.lower() for code in self.languages]
        )


class AskRequest(_Filtered):
    """A question, and what to look for the answer in."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "Why was the ferry tender postponed?", "since": "2023-05"}]}
    )

    question: _Words = Field(description="In plain words.")
    history: list[_Words] = Field(
        default_factory=list,
        max_length=MAX_HISTORY,
        description="The questions before it in the same conversation, oldest first, as asked or as `query` gave them: "
        "what the question leaves out is taken from them. Nothing of a conversation is kept here.",
    )
    model: bool = Field(
        default=True,
        description="Let the language model word the answer, where one is configured; else nothing changes.",
    )
    stream: bool = Field(
        default=False,
        description="Answer as server-sent events: `sentence`, once each is verified, with its sources; then `answer`, "
        "the whole of it, which stands whatever came before; or `error`. Hanging up stops the language model.",
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
    limit: int = Field(default=10, ge=1, le=MAX_LIMIT, description="Passages at most.")


class FreshnessModel(_Model):
    """Which dates the archive covers, and when it last took something in (ISO 8601, UTC)."""

    model_config = ConfigDict(json_schema_extra={"examples": [_FRESHNESS]})

    articles: int
    first: str | None
    last: str | None
    ingested: str | None
    text: str = Field(description="The same as one sentence.")


class _Place(_Model):
    article_id: str
    version: int = Field(description="The version the offsets speak of.")
    headline: str
    outlet: str
    url: str
    published: str | None = Field(description="ISO 8601, in the precision the article gave.")
    byline: str
    language: str
    start: int = Field(description="First character in the article's text, in Unicode code points.")
    end: int = Field(description="One past the last character.")
    text: str = Field(description="Exactly the characters from start to end of that version's text.")
    superseded: bool = Field(description="A later version of the article exists.")


class CitationModel(_Place):
    """Where in the archive some words stand."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CITATION]})

    marker: int = Field(description="The number that sentences refer to it by.")


class TellingModel(_Model):
    """One article of a story."""

    article_id: str
    outlet: str
    published: str | None = Field(description="ISO 8601.")


class HitModel(_Place):
    """A passage that a search found."""

    score: float = Field(description="What ordered it; higher is better, comparable within one search.")
    story: list[TellingModel] = Field(
        description="All articles found that carry the same text, this one too, earliest first; none for one alone."
    )


class SaidModel(_Model):
    """Whose words a sentence holds, and how they are given."""

    kind: Literal["direct", "mixed", "indirect"] = Field(description="In quotation marks, partly so, or reported.")
    speaker: str = Field(description="The name the archive knows the speaker by.")
    named: str = Field(description="The fullest name that the article has for the speaker.")
    cue: str = Field(description='What gives the words: "said"; empty when only the layout does.')
    content: list[int] = Field(description="The words said: characters of the first cited article, start and end.")
    addressee: str = Field(
        description='Whom they are said to: "reporters"; empty where the article does not plainly say.'
    )


class CheckedModel(_Model):
    """One thing that was looked at in a sentence that a language model wrote."""

    name: str = Field(description="What: its citations, quotations, numbers, names, negations, similarity, ...")
    holds: bool
    detail: str = Field(description="What was looked for and not found; empty where it holds.")


class SentenceModel(_Model):
    """One sentence of an answer, verbatim from the first of its citations unless a language model worded it."""

    text: str
    citations: list[int] = Field(description="Markers of citations.")
    score: float = Field(description="Relevance in [0, 1], comparable within one answer.")
    speaker: str | None = Field(description="Whose words they are, where the question asked for someone's.")
    quote: SaidModel | None = Field(description="How they are given, where there is a speaker.")
    group: str | None = Field(
        description="What heads it: a day in a timeline, an outlet in a comparison, a side where yes or no was asked."
    )
    highlight: list[int] | None = Field(
        description="Characters of `text`, start and end, that answer who, when, where or how many, if it can be told."
    )
    supported: bool = Field(description="False for a language model's sentence that its evidence does not bear out.")
    checked: list[CheckedModel] = Field(description="What was looked at in a language model's sentence.")


class WordingModel(_Model):
    """How an answer came to its words."""

    by: Literal["archive", "model"] = Field(description="Whose words they are.")
    model: str = Field(description="Which language model wrote, or was to write; empty where none was asked.")
    prompt: str = Field(description="Name and version of what it was asked with.")
    note: str = Field(description="Why the archive's own sentences stand though a model was asked.")
    drafted: int = Field(description="Sentences that the model wrote.")
    dropped: int = Field(description="Those of them that did not go out as supported.")
    faults: list[str] = Field(description="Names of the checks that those failed.")


class FiltersModel(_Model):
    """What the search was restricted to."""

    since: str | None
    until: str | None
    outlets: list[str]
    authors: list[str]
    sections: list[str]
    languages: list[str]


class InferenceModel(_Model):
    """One thing that was read out of the question."""

    name: InferenceName
    label: str = Field(description="For people.")
    value: str = Field(description='For programs; a time is an ISO 8601 span, half-open, ".." where it has no end.')
    span: list[int] | None = Field(description="Characters of `query` that say it, start and end.")
    relaxed: bool = Field(description="It left nothing, and was let go of.")


class AskResponse(_Model):
    """An answer in sentences of the archive, or a plain statement that the archive does not say, with the reason."""

    question: str = Field(description="As it was asked.")
    query: str = Field(description="The question that was answered: a follow-up stands here in full.")
    kind: AnswerKind = Field(description="What kind of answer was asked for.")
    as_of: str = Field(description="The instant it was asked at, ISO 8601.")
    inferred: list[InferenceModel] = Field(description="What was read out of the question.")
    answer: str = Field(description="The sentences, each followed by its markers.")
    status: Status
    confidence: float = Field(description="That the archive answers, from 0 to 1; under a threshold, it does not say.")
    reason: str = Field(description="Why the answer is partial or missing; may be empty.")
    sentences: list[SentenceModel]
    citations: list[CitationModel]
    near_misses: list[CitationModel] = Field(description="The closest passages, when the status is not supported.")
    freshness: FreshnessModel
    filters: FiltersModel
    milliseconds: float
    wording: WordingModel


class SearchResponse(_Model):
    """What a search found, in the order asked for."""

    hits: list[HitModel]
    freshness: FreshnessModel


class ArticleResponse(_Model):
    """One version of an article: the text that offsets speak of."""

    id: str
    version: int
    current: bool = Field(description="No later version exists.")
    headline: str
    text: str
    url: str
    outlet: str
    byline: str
    section: str
    language: str
    published: str | None
    updated: str | None


class HealthResponse(_Model):
    """Whether the process runs."""

    status: Literal["ok"]


class ReadyResponse(_Model):
    """Whether the archive can be read."""

    status: Literal["ready"]
    freshness: FreshnessModel


class ErrorDetail(_Model):
    """What went wrong."""

    code: str = Field(description="Stable, in snake_case.")
    message: str = Field(description="For people; may change between releases.")


class ErrorResponse(_Model):
    """Every error has this shape."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"error": {"code": "bad_filter", "message": "'soon' is not a date; write 2023-05-12 or 2023"}}]
        }
    )

    error: ErrorDetail
