"""What the extraction of speech passes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from assistant.dates import Moment
from assistant.text import Span
from assistant.types import QuotationKind, StoredArticle


@dataclass(frozen=True, slots=True)
class Attribution:
    """Some words of an article, and whose words they are.

    Spans are characters of the text exactly as given: start inclusive, end exclusive, start < end.

    :ivar content: the words said; with their quotation marks where they stand in some.
    :ivar source: the mention the words are attributed to ("He", "a spokesman"); None when the text names nobody.
        It lies inside ``content`` only where the cue breaks the words and ``content`` runs on behind it ("..., he said,
        ..."), and in German where a whole sentence reports an act of speech ("X fordert Y").
    :ivar cue: what attributes them ("said", "according to", "allegation"); None when only the layout does.
    :ivar kind: how the words are given.
    :ivar speaker: the fullest form of the source's name that the article has ("Dmitry Peskov" for "He"); the
        mention itself when it names nobody; None when there is no source.
    :ivar addressee: the mention the words are said to ("reporters", "him"), as it stands; None when the text does not
        plainly say. It shares no character with ``source`` and ``cue``, and lies inside ``content`` only where the cue
        does, or where reported words begin with those who are bidden ("urged *Congress to act*").
    :ivar unsaid: whether the article reports that the words were not said: "would not say that ...", "failed to say
        that ...", "if she says that ...". Told in English texts only; an archive keeps no such words as a quote.
    """

    content: Span
    source: Span | None
    cue: Span | None
    kind: QuotationKind
    speaker: str | None
    addressee: Span | None = None
    unsaid: bool = False


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """An attribution as it stands in the archive.

    :ivar id: SQLite AUTOINCREMENT key.
    :ivar article: the version that it stands in, and that its offsets speak of.
    """

    id: int
    article: StoredArticle
    said: Attribution

    @property
    def text(self) -> str:
        """The characters of the words said."""
        return self.article.text[self.said.content[0] : self.said.content[1]]


@dataclass(frozen=True, slots=True)
class Utterance:
    """A quote with what is needed to list it, without its whole article.

    :ivar id: SQLite AUTOINCREMENT key of the quote.
    :ivar version: key of the version that it stands in; ``number`` is that version's public number.
    :ivar article: the archive's key of the article; ``article_id`` the public id.
    :ivar text: the characters of the words said; ``source``, ``cue`` and ``addressee`` likewise, or "".
    """

    id: int
    version: int
    article: int
    article_id: str
    number: int
    headline: str
    outlet: str
    url: str
    byline: str
    language: str
    published: Moment | None
    said: Attribution
    text: str
    source: str
    cue: str
    addressee: str = ""


class QuoteRef(NamedTuple):
    """What quotes are chosen by, before their words are read.

    :ivar id: SQLite AUTOINCREMENT key of the quote.
    :ivar article: the archive's key of the article.
    :ivar published: when that was published, in seconds since 1970; None when unknown.
    :ivar speaker: the name that the article gives the speaker, or "".
    """

    id: int
    article: int
    published: int | None
    kind: QuotationKind
    speaker: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A name, as an article resolved it, in one article.

    :ivar article: the archive's key of the article.
    :ivar count: attributions it has there.
    """

    name: str
    article: int
    count: int = 1


Decision = Literal["merge", "split"]


@dataclass(frozen=True, slots=True)
class Correction:
    """What the keeper decided of a name: it belongs to ``other`` ("merge"), or to nobody else ("split").

    :ivar name: as articles have it; compared without case and accents.
    :ivar other: of a merge, a name of the speaker that it belongs to, or a new name for a speaker of its own.
    :ivar article: the archive's key of the one article it holds for; None for all.
    """

    kind: Decision
    name: str
    other: str = ""
    article: int | None = None
