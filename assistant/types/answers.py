"""Answers: their sentences, citations and checks, and how they were worded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from assistant.outgoing import End, Outgoing, Published, Start, Superseded, Version
from assistant.types.articles import QuotationKind
from assistant.types.questions import AnswerKind, Filters, Inference

Status = Literal["supported", "partial", "not_found"]


@dataclass(frozen=True, slots=True)
class Citation(Outgoing):
    """Where words are in the archive: ``article.text[start:end] == text``, always."""

    marker: Annotated[int, Field(description="The number that sentences refer to it by.")]
    article_id: str
    version: Version
    headline: str
    outlet: str
    url: str
    published: Published
    byline: str
    language: Annotated[str, Field(description="ISO 639-1 code; empty if unknown.")]
    start: Start
    end: End
    text: Annotated[str, Field(description="Exactly the characters from start to end of that version's text.")]
    superseded: Superseded = False


@dataclass(frozen=True, slots=True)
class QuoteAttribution(Outgoing):
    """Whose words a sentence of an answer contains, and how they are reported."""

    kind: Annotated[QuotationKind, Field(description="In quotation marks, partly so, or reported.")]
    speaker: Annotated[str, Field(description="The name that the archive knows the speaker by.")]
    named: Annotated[str, Field(description="The fullest name that the article has for the speaker.")]
    cue: Annotated[str, Field(description='What attributes the words: "said"; empty if only the layout does.')]
    content: Annotated[
        tuple[int, int],
        Field(description="The words said: characters of the first cited article, in the version cited."),
    ]
    addressee: Annotated[
        str, Field(description='Whom they are said to: "reporters"; empty if the article does not plainly say.')
    ] = ""


@dataclass(frozen=True, slots=True)
class Checked(Outgoing):
    """One check of a sentence that a language model wrote."""

    name: Annotated[
        str,
        Field(
            description="What was checked: citation, quotation, speaker, number, date, name, negation, similarity, ..."
        ),
    ]
    holds: bool
    detail: Annotated[str, Field(description="What was looked for and not found; empty if the check holds.")] = ""


@dataclass(frozen=True, slots=True)
class Sentence(Outgoing):
    """One sentence of an answer: verbatim from the first of its citations or, if it was ``checked``, a model's."""

    text: str
    citations: Annotated[
        tuple[int, ...], Field(description="Markers of citations; several if more than one outlet carries the words.")
    ]
    score: Annotated[
        float,
        Field(
            description="Relevance, from 0 to 1, comparable within one answer. A language model's sentence has 1, or 0 "
            "if it is not supported."
        ),
    ]
    speaker: Annotated[str | None, Field(description="Whose words they are, if the question asked for someone's.")] = (
        None
    )
    quote: Annotated[QuoteAttribution | None, Field(description="How they are given, if there is a speaker.")] = None
    group: Annotated[
        str | None,
        Field(
            description="Its heading: a day in a timeline, an outlet in a comparison, a side of a yes-or-no question."
        ),
    ] = None
    highlight: Annotated[
        tuple[int, int] | None,
        Field(
            description="Characters of `text`, start and end, that answer who, when, where or how many, if that can be "
            "told."
        ),
    ] = None
    probability: Annotated[
        float | None,
        Field(
            description="Estimated probability, from 0 to 1, that the sentence answers the question, by a model that "
            "read both; null if none did: only questions about facts, in English, are read."
        ),
    ] = None
    supported: Annotated[
        bool, Field(description="False for a language model's sentence that what it cites does not support.")
    ] = True
    checked: Annotated[
        tuple[Checked, ...],
        Field(description="The checks of a language model's sentence; empty for the archive's own."),
    ] = ()


@dataclass(frozen=True, slots=True)
class Wording(Outgoing):
    """How the wording of an answer came about."""

    by: Annotated[
        Literal["archive", "model"],
        Field(
            description="Who worded it: the archive's own sentences, or a language model whose sentences were checked."
        ),
    ] = "archive"
    model: Annotated[
        str, Field(description="The language model that wrote, or was to write; empty if none was asked.")
    ] = ""
    prompt: Annotated[str, Field(description="Name and version of the prompt; empty if no model was asked.")] = ""
    note: Annotated[
        str, Field(description="Why the archive's own sentences stand although a model was asked; otherwise empty.")
    ] = ""
    drafted: Annotated[int, Field(description="Sentences that the model wrote.")] = 0
    dropped: Annotated[int, Field(description="How many of them did not go out as supported.")] = 0
    faults: Annotated[tuple[str, ...], Field(description="Names of the checks that those failed, each once.")] = ()


@dataclass(frozen=True, slots=True)
class Freshness(Outgoing):
    """The dates that the archive covers, and when it last ingested anything."""

    articles: int
    first: Annotated[str | None, Field(description="Earliest date of publication, ISO 8601; null if none is dated.")]
    last: Annotated[str | None, Field(description="Latest date of publication, ISO 8601.")]
    ingested: Annotated[str | None, Field(description="When it last took something in: ISO 8601, UTC.")]
    text: Annotated[str, Field(description="The same as one sentence.")] = field(init=False, default="")

    def __post_init__(self) -> None:
        """Set ``text``."""
        object.__setattr__(self, "text", self._sentence())

    def _sentence(self) -> str:
        if not self.articles:
            return "The archive is empty."
        covers = f"covering {self.first} to {self.last}" if self.first else "none of them dated"
        updated = f"; last updated {self.ingested[:16].replace('T', ' ')} UTC" if self.ingested else ""
        noun = "article" if self.articles == 1 else "articles"
        return f"{self.articles:,} {noun}, {covers}{updated}."

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Outgoing):
    """An answer in sentences of the archive, or a plain statement that the archive does not say, with the reason."""

    question: Annotated[str, Field(description="As it was asked.")]
    query: Annotated[str, Field(description="The question that was answered: a follow-up stands here in full.")] = ""
    kind: Annotated[AnswerKind, Field(description="What kind of answer was asked for.")] = "fact"
    as_of: Annotated[str, Field(description="The instant it was asked at, ISO 8601.")] = ""
    inferred: Annotated[tuple[Inference, ...], Field(description="What was read out of the question.")] = ()
    answer: Annotated[
        str,
        Field(
            description="The sentences, each followed by a space and its markers: `... said. [1][2]`; numbers in "
            "brackets before that are an article's own words. For not_found, the statement that the archive does not "
            "say."
        ),
    ]
    status: Annotated[Status, Field(description="Whether the archive answers; partial: only in part.")]
    confidence: Annotated[
        float,
        Field(
            description="Estimated probability, from 0 to 1, that the archive answers the question. Below a threshold "
            "the status is not_found."
        ),
    ] = 0.0
    reason: Annotated[str, Field(description="Why the answer is partial or missing; may be empty.")]
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    near_misses: Annotated[
        tuple[Citation, ...], Field(description="The closest passages, if the status is not supported.")
    ]
    also: Annotated[
        tuple[Citation, ...],
        Field(description="Other sentences found, best first and numbered from 1. They are not part of the answer."),
    ] = ()
    freshness: Freshness
    filters: Annotated[Filters, Field(description="What the search was restricted to.")] = field(
        default_factory=Filters
    )
    milliseconds: Annotated[float, Field(description="Time that answering took.")] = 0.0
    wording: Wording = Wording()


@dataclass(frozen=True, slots=True)
class Part(Outgoing):
    """One sentence of an answer that is being streamed, with its citations; its markers refer to ``citations``."""

    sentence: Sentence
    citations: tuple[Citation, ...]
