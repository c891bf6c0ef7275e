"""What passes between the rooms. Known to all, knows nobody but ``dates``.

Offsets are characters (Unicode code points) of the stored text, start inclusive, end exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Self

from assistant.dates import Moment, parse_date
from assistant.errors import UsageError
from assistant.inferences import InferenceName, inference_names

Status = Literal["supported", "partial", "not_found"]
Sort = Literal["relevance", "newest", "oldest"]
AnswerKind = Literal["fact", "speech", "timeline", "summary", "comparison", "yesno"]
QuotationKind = Literal["direct", "mixed", "indirect"]
"""``direct``: the speaker's own words, in quotation marks; ``mixed``: reported words with some in quotation marks;
``indirect``: reported words only."""

MAX_HISTORY = 20
"""Questions of a conversation that a follow-up is read against."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it comes in, before it has a version.

    :ivar text: the body, as read; the archive normalises it (``assistant.text.clean``).
    :ivar id: the id it came with, or None: then its url, or else a digest of its content, names it.
    :ivar language: ISO 639-1 code, or "" to have it detected.
    :ivar published: when it was published; None when unknown.
    :ivar updated: when its text last changed, as the outlet says; None when unknown.
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
    """One version of an article as it stands in the archive.

    :ivar key: the archive's own number of the article, never reused.
    :ivar id: the public id: the one it came with, else its url, else a content digest.
    :ivar version: 1, 2, ... ; ``current`` tells whether it is the latest.
    :ivar text: NFC, clean white space; what offsets speak of.
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
    """A run of sentences of one version, short enough for the embedding model to read whole.

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
    """The values as a tuple; a text is no list of its letters."""
    if isinstance(values, str):
        raise UsageError(f"{name} must be a list of texts; it is one text: {values!r:.100}")
    return tuple(values)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is restricted to. Empty means no restriction; several values mean any of them.

    :ivar since: earliest published day or instant, inclusive.
    :ivar until: latest, exclusive (half-open). An article without a date passes no date filter.
    :ivar outlets: compared without regard to case.
    :ivar authors: a byline passes when it contains one of them, without regard to case.
    """

    since: Moment | None = None
    until: Moment | None = None
    outlets: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

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
        """Return filters with dates as people write them; "" and None mean no restriction.

        :param since: 2023, 2023-05, 2023-05-12, 2023-05-12T15:56:15Z, or any other common form; ``until`` likewise.
        :param languages: ISO 639-1 codes, in either case.
        :raises BadFilter: when a date cannot be read.
        :raises UsageError: when one text is given instead of a list.
        """
        first, last = (parse_date(given) if given else None for given in (since, until))
        codes = tuple(code.strip().lower() for code in _listed("languages", languages))
        listed = (_listed("outlets", outlets), _listed("authors", authors), _listed("sections", sections))
        return cls(first, last, *listed, codes)

    def __bool__(self) -> bool:
        return any((self.since, self.until, self.outlets, self.authors, self.sections, self.languages))


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOptions:
    """How a question is asked.

    :ivar filters: what the search is restricted to; always kept.
    :ivar as_of: the instant it is asked at, from which "yesterday" counts; None means now. One without a zone is in
        the archive's. It hides nothing: articles published later are found too.
    :ivar without: inferences not to make from the question.
    :ivar history: the earlier questions of the conversation, oldest first, as asked or as ``Answer.query`` gave them:
        what a follow-up leaves out ("and in June?") is taken from them. The last ``MAX_HISTORY`` count.
    :ivar model: let the language model write the answer, where one is configured.
    """

    filters: Filters = field(default_factory=Filters)
    as_of: datetime | None = None
    without: Sequence[InferenceName] = ()
    history: Sequence[str] = ()
    model: bool = True

    def __post_init__(self) -> None:
        """Keep both lists as tuples.

        :raises UsageError: when there is no such inference, or one text is given instead of a list.
        """
        object.__setattr__(self, "without", inference_names(_listed("without", self.without)))
        object.__setattr__(self, "history", _listed("history", self.history))


@dataclass(frozen=True, slots=True)
class Inference:
    """One thing that was read out of a question, shown as a chip that can be changed or removed.

    :ivar name: what it is; never "variants", which is not shown.
    :ivar label: for people: "May 2023", "BBC".
    :ivar value: for programs: "2023-05-01/2023-06-01", "BBC".
    :ivar span: characters of the question that say it; None where nothing does.
    :ivar relaxed: it left nothing, and was let go of.
    """

    name: InferenceName
    label: str
    value: str
    span: tuple[int, int] | None = None
    relaxed: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """One article of a story: which it is, who published it, and when (ISO 8601; None when unknown)."""

    article_id: str
    outlet: str
    published: str | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found, with the score that ordered it (higher is better)."""

    passage: Passage
    score: float
    dense: float | None = None
    """Cosine in [-1, 1] of passage and query; None when dense search did not see it."""
    lexical: float | None = None
    """BM25, from 0 up; None when lexical search did not see it."""
    story: tuple[Telling, ...] = ()
    """All articles among those found that carry the same text, this one too, earliest first; empty for one alone."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where in the archive some words stand: ``article.text[start:end] == text``, always."""

    marker: int
    article_id: str
    version: int
    headline: str
    outlet: str
    url: str
    published: str | None
    byline: str
    language: str
    start: int
    end: int
    text: str
    superseded: bool = False
    """True when a later version of the article exists."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """Some characters of an article: ``article.text[span[0]:span[1]] == text``."""

    text: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Quote:
    """A speaker's words as an article gives them: ``article.text[start:end] == text``, always.

    :ivar text: the words said; with their quotation marks where they stand in some.
    :ivar speaker: the name that the archive knows the speaker by; None where the article names nobody.
    :ivar named: the fullest name that the article itself has for the speaker; None likewise.
    :ivar source: the mention that the words are attributed to ("he", "a spokesman").
    :ivar cue: what attributes them ("said", "according to"); None where only the layout does.
    :ivar addressee: whom they are said to ("reporters"); None where the article does not plainly say.
    :ivar version: the version of the article that the offsets count in.
    :ivar published: when the article was published, ISO 8601 in the precision it gave; None when unknown.
    """

    text: str
    kind: QuotationKind
    speaker: str | None
    named: str | None
    source: Fragment | None
    cue: Fragment | None
    addressee: Fragment | None
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


@dataclass(frozen=True, slots=True)
class QuoteAttribution:
    """Whose words a sentence of an answer holds, and how they are given.

    :ivar speaker: the name that the archive knows the speaker by; ``named`` the one that the article has.
    :ivar cue: the word that gives them ("said"); "" when only the layout does.
    :ivar content: the words said: characters of the article, in the version that the first citation names.
    :ivar addressee: whom they are said to, as it stands there ("reporters"); "" where the article does not plainly say.
    """

    kind: QuotationKind
    speaker: str
    named: str
    cue: str
    content: tuple[int, int]
    addressee: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at in a sentence that a model wrote.

    :ivar name: what: "citation", "quotation", "speaker", "number", "date", "name", "negation", "similarity", ...
    :ivar detail: what was looked for and not found, for people; "" where it holds.
    """

    name: str
    holds: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer: verbatim from the first of its citations, or, where it was ``checked``, a model's.

    :ivar citations: markers into ``Answer.citations``; more than one when several outlets carry it.
    :ivar score: relevance in [0, 1], comparable within one answer only.
    :ivar speaker: whose words they are, where the question asked for someone's; else None.
    :ivar quote: how they are given, where ``speaker`` is not None.
    :ivar group: what heads it: a day in a timeline, an outlet in a comparison, a side where yes or no was asked.
    :ivar highlight: characters of ``text`` that answer who, when, where or how many, where that can be told.
    :ivar supported: False for a model's sentence that its evidence does not bear out: shown struck, with no citation.
    :ivar checked: what was looked at in a model's sentence before it went out; empty for the archive's own.
    """

    text: str
    citations: tuple[int, ...]
    score: float
    speaker: str | None = None
    quote: QuoteAttribution | None = None
    group: str | None = None
    highlight: tuple[int, int] | None = None
    supported: bool = True
    checked: tuple[Checked, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """How an answer came to its words.

    :ivar by: "model" where one wrote it and each sentence was checked; "archive" where its own sentences stand.
    :ivar model: which one wrote, or was to write; "" where none was asked.
    :ivar prompt: name and version of what it was asked with; "" where none was asked.
    :ivar note: why the archive's own sentences stand though a model was asked; "" otherwise.
    :ivar drafted: sentences that the model wrote; ``dropped``: those of them that did not go out as supported.
    :ivar faults: names of the checks that those failed, each once.
    """

    by: Literal["archive", "model"] = "archive"
    model: str = ""
    prompt: str = ""
    note: str = ""
    drafted: int = 0
    dropped: int = 0
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Freshness:
    """Which dates the archive covers, and when it last took something in (ISO 8601, UTC)."""

    articles: int
    first: str | None
    last: str | None
    ingested: str | None

    def __str__(self) -> str:
        if not self.articles:
            return "The archive is empty."
        covers = f"covering {self.first} to {self.last}" if self.first else "none of them dated"
        taken = f"; last taken in {self.ingested[:16].replace('T', ' ')} UTC" if self.ingested else ""
        noun = "article" if self.articles == 1 else "articles"
        return f"{self.articles:,} {noun}, {covers}{taken}."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gets: sentences of the archive, or a plain reason why there are none.

    :ivar answer: the sentences joined, each with its markers: ``... said. [1][2]``; for
        ``not_found`` the plain statement that the archive does not say.
    :ivar query: the question that was answered: the one asked, or what a follow-up was resolved to.
    :ivar as_of: the instant it was asked at, ISO 8601.
    :ivar inferred: what was read out of the question.
    :ivar confidence: that the archive answers, in [0, 1]; refused under a threshold.
    :ivar near_misses: the closest passages when ``status`` is not ``supported``.
    :ivar wording: whose words they are, the archive's or a model's.
    """

    question: str
    answer: str
    status: Status
    reason: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    near_misses: tuple[Citation, ...]
    freshness: Freshness
    filters: Filters = field(default_factory=Filters)
    kind: AnswerKind = "fact"
    query: str = ""
    as_of: str = ""
    inferred: tuple[Inference, ...] = ()
    confidence: float = 0.0
    milliseconds: float = 0.0
    wording: Wording = Wording()


@dataclass(frozen=True, slots=True)
class Part:
    """One sentence of an answer that is still coming, with what it cites; its markers are those of ``citations``."""

    sentence: Sentence
    citations: tuple[Citation, ...]
