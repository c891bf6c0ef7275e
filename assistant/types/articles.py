"""Articles, their passages, and the quotes in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from assistant.dates import Moment
from assistant.outgoing import End, Outgoing, PassageScore, Published, Start, Version

QuotationKind = Literal["direct", "mixed", "indirect"]
"""``direct``: the speaker's own words, in quotation marks; ``mixed``: reported words with some in quotation marks;
``indirect``: reported words only."""


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
