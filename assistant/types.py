"""The types that are passed between packages. Imported everywhere; imports only ``dates`` and ``inferences``.

Offsets count characters (Unicode code points) of the stored text, start inclusive, end exclusive. ``Outgoing`` types
are sent as JSON exactly as declared here; ``assistant.schemas`` has the rest of the JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from assistant.dates import Moment, parse_date
from assistant.errors import UsageError
from assistant.inferences import InferenceName, ShownInference, inference_names
from assistant.outgoing import End, Outgoing, PassageScore, Published, Start, Superseded, Version, When

Status = Literal["supported", "partial", "not_found"]
Sort = Literal["relevance", "newest", "oldest"]
AnswerKind = Literal["fact", "speech", "timeline", "summary", "comparison", "yesno"]
QuotationKind = Literal["direct", "mixed", "indirect"]
"""``direct``: the speaker's own words, in quotation marks; ``mixed``: reported words with some in quotation marks;
``indirect``: reported words only."""

MAX_HISTORY = 20
"""Most earlier questions of a conversation that a follow-up is resolved against."""
MAX_HISTORY_CHARACTERS = 8_000
"""Most characters in all of them together."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article as ingested, before it has a version.

    :ivar text: the body as read; the archive normalises it (``assistant.text.clean``).
    :ivar id: the id it came with; if None, its URL is used, or else a digest of its content.
    :ivar language: ISO 639-1 code, or "" to have it detected.
    :ivar published: when it was published; None if unknown.
    :ivar updated: when its text last changed, according to the outlet; None if unknown.
    """

    text: str
    id: str | None = None
    url: str = ""
    headline: str = ""
    byline: str = ""
    outlet: str = ""
    section: str = ""
    language: str = ""
    published: Moment | None = None
    updated: Moment | None = None


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """One version of an article, as stored in the archive.

    :ivar key: the archive's internal number for the article, never reused.
    :ivar id: the public id: the one it came with, else its URL, else a digest of its content.
    :ivar version: 1, 2, ...; ``current`` tells whether it is the latest.
    :ivar text: in NFC with normalised white space; offsets refer to it.
    """

    key: int
    id: str
    version: int
    current: bool
    text: str
    url: str
    headline: str
    byline: str
    outlet: str
    section: str
    language: str
    published: Moment | None
    updated: Moment | None


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive sentences of one version, short enough for the embedding model to read in full.

    :ivar id: SQLite AUTOINCREMENT key, and the id in every index.
    """

    id: int
    article: StoredArticle
    position: int
    start: int
    end: int

    @property
    def text(self) -> str:
        """The passage's characters."""
        return self.article.text[self.start : self.end]


def _listed(name: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return the values as a tuple; reject a single string."""
    if isinstance(values, str):
        raise UsageError(f"{name} must be a list of strings, not a single string: {values!r:.100}")
    return tuple(values)


@dataclass(frozen=True, slots=True)
class Filters(Outgoing):
    """What a search is restricted to. Empty means no restriction; several values mean any of them."""

    since: Annotated[
        When | None,
        Field(description="Earliest published day or instant, inclusive. An undated article passes no date filter."),
    ] = None
    until: Annotated[When | None, Field(description="Latest published day or instant, exclusive.")] = None
    outlets: Annotated[tuple[str, ...], Field(description="Outlets, compared without regard to case.")] = ()
    authors: Annotated[
        tuple[str, ...], Field(description="Names; a byline passes if it contains one, without regard to case.")
    ] = ()
    sections: Annotated[tuple[str, ...], Field(description="Sections, compared without regard to case.")] = ()
    languages: Annotated[tuple[str, ...], Field(description="ISO 639-1 codes.")] = ()

    @classmethod
    def of(
        cls,
        *,
        since: str | date | None = None,
        until: str | date | None = None,
        outlets: Iterable[str] = (),
        authors: Iterable[str] = (),
        sections: Iterable[str] = (),
        languages: Iterable[str] = (),
    ) -> Self:
        """Return filters, reading dates as people write them; "" and None mean no restriction.

        :param since: 2023, 2023-05, 2023-05-12, 2023-05-12T15:56:15Z, or any other common form; ``until`` likewise.
        :param languages: ISO 639-1 codes, in either case.
        :raises BadFilter: if a date cannot be read.
        :raises UsageError: if a string is given instead of a list.
        """
        first, last = (parse_date(given) if given else None for given in (since, until))
        codes = tuple(code.strip().lower() for code in _listed("languages", languages))
        listed = (_listed("outlets", outlets), _listed("authors", authors), _listed("sections", sections))
        return cls(first, last, *listed, codes)

    def __bool__(self) -> bool:
        return any((self.since, self.until, self.outlets, self.authors, self.sections, self.languages))


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOptions:
    """Options for asking a question.

    :ivar filters: restrictions on the search; never relaxed.
    :ivar as_of: the instant it is asked at, which "yesterday" is relative to; None means now. Without a zone, it is in
        the archive's. It hides nothing: articles published later are found, too.
    :ivar without: inferences that must not be made from the question.
    :ivar history: the earlier questions of the conversation, oldest first, as asked or as in ``Answer.query``. What a
        follow-up leaves out ("and in June?") is taken from the last ``MAX_HISTORY``, as far as they have
        ``MAX_HISTORY_CHARACTERS`` together.
    :ivar model: whether the language model, if one is configured, may write the answer.
    """

    filters: Filters = field(default_factory=Filters)
    as_of: datetime | None = None
    without: Sequence[InferenceName] = ()
    history: Sequence[str] = ()
    model: bool = True

    def __post_init__(self) -> None:
        """Store both lists as tuples.

        :raises UsageError: if there is no such inference, or a string is given instead of a list.
        """
        object.__setattr__(self, "without", inference_names(_listed("without", self.without)))
        object.__setattr__(self, "history", _listed("history", self.history))


@dataclass(frozen=True, slots=True)
class Inference(Outgoing):
    """Something inferred from a question, shown as a chip that can be changed or removed."""

    name: Annotated[ShownInference, Field(description="What it is.")]
    label: Annotated[str, Field(description='For people: "May 2023", "BBC".')]
    value: Annotated[
        str, Field(description='For programs; a time is a half-open ISO 8601 interval, ".." where it has no end.')
    ]
    span: Annotated[
        tuple[int, int] | None, Field(description="Characters of `query` that say it, start and end; null if none do.")
    ] = None
    relaxed: Annotated[bool, Field(description="It left nothing to find, and was dropped.")] = False


@dataclass(frozen=True, slots=True)
class Telling(Outgoing):
    """One of the articles that carry a story."""

    article_id: str
    outlet: str
    published: Published


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found by a search, or a sentence of one (``Assistant.excerpts``)."""

    passage: Passage
    score: PassageScore
    """For an excerpt: its likelihood of containing the answer, in (0, 1], relative to the most likely one found."""
    dense: float | None = None
    """Cosine of passage and query, in [-1, 1]; None if dense search did not find it."""
    lexical: float | None = None
    """BM25 score, at least 0; None if lexical search did not find it."""
    story: tuple[Telling, ...] = ()
    """All articles found that carry the same text, including this one, earliest first; empty if there is just one."""


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
class Fragment(Outgoing):
    """A span of an article: ``article.text[span[0]:span[1]] == text``."""

    text: str
    span: Annotated[tuple[int, int], Field(description="Start and end, in Unicode code points of the article's text.")]


@dataclass(frozen=True, slots=True)
class Quote(Outgoing):
    """A speaker's words in an article: ``article.text[start:end] == text``, always."""

    text: Annotated[str, Field(description="The words said, with their quotation marks where they stand in some.")]
    kind: Annotated[
        QuotationKind, Field(description="In quotation marks, reported with some in quotation marks, or reported.")
    ]
    speaker: Annotated[
        str | None,
        Field(description="The name that the archive knows the speaker by; null if the article names nobody."),
    ]
    named: Annotated[str | None, Field(description="The fullest name that the article itself has for the speaker.")]
    source: Annotated[
        Fragment | None, Field(description='The mention that the words are attributed to: "he", "a spokesman".')
    ]
    cue: Annotated[
        Fragment | None,
        Field(description='What attributes them: "said", "according to"; null if only the layout does.'),
    ]
    addressee: Annotated[
        Fragment | None,
        Field(description='Whom they are said to: "reporters"; null if the article does not plainly say.'),
    ]
    article_id: str
    version: Version
    start: Start
    end: End
    headline: str
    outlet: str
    url: str
    published: Published
    byline: str
    language: str


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
        taken = f"; last taken in {self.ingested[:16].replace('T', ' ')} UTC" if self.ingested else ""
        noun = "article" if self.articles == 1 else "articles"
        return f"{self.articles:,} {noun}, {covers}{taken}."

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
