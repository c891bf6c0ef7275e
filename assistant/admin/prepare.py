"""Prepares articles for the archive: clean, split into passages, count words, extract quotes, embed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.archive import ArchiveWriter, NewVersion
from assistant.archive.counts import Counts
from assistant.archive.integrity import content_digest
from assistant.attributions import Attribution
from assistant.embedding.embedder import Embedder, passage_text
from assistant.errors import BadRecord
from assistant.languages.detection import detect
from assistant.passages import split
from assistant.quotes.extract import EXTRACTOR, quotes
from assistant.retrieval.term_counts import COUNTER, count
from assistant.text import Span, clean, clean_line, well_formed
from assistant.types import Article

PASSAGE_TOKENS = 180
"""Maximum length of a passage in tokens of the embedding model, excluding the headline."""

HEADLINE_TOKENS = 40
"""Maximum number of headline tokens embedded with each passage as context."""


def normalise(article: Article) -> Article:
    """Return the article as the archive stores it; a missing language is left empty.

    :raises BadRecord: if the article has no text.
    """
    text = clean(article.text)
    if not text:
        raise BadRecord("it has no text")
    return replace(
        article,
        text=text,
        id=well_formed(article.id) if article.id else None,
        url=well_formed(article.url.strip()),
        headline=clean_line(article.headline),
        byline=clean_line(article.byline),
        outlet=clean_line(article.outlet),
        section=clean_line(article.section),
        language=article.language.strip().lower()[:2],
    )


def with_language(article: Article) -> Article:
    """Return the article, with its language detected if it has none."""
    return article if article.language else replace(article, language=detect(f"{article.headline}\n{article.text}"))


def digest_of(article: Article) -> bytes:
    """Return the content digest of a normalised article."""
    published = article.published.iso() if article.published else None
    return content_digest(
        article.text, article.headline, article.byline, article.outlet, article.section, article.url, published
    )


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything derived from a normalised article without the archive.

    :ivar article: the article, with its language.
    :ivar spans: its passages, ascending; ``texts``: the text embedded for each.
    :ivar counts: its word counts.
    :ivar quotes: its attributions.
    :ivar extractor: version of the quote extractors; None if quotes were not extracted.
    """

    article: Article
    spans: list[Span]
    texts: list[str]
    counts: Counts
    quotes: list[Attribution]
    extractor: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """A prepared article that needs a new version, and its id."""

    prepared: Prepared
    id: str
    named: str
    digest: bytes


class Preparer:
    """Splits articles, extracts quotes and embeds passages. Vectors already in the archive are reused.

    :param quotes: extract quotes.
    """

    def __init__(self, archive: ArchiveWriter, embedder: Embedder, quotes: bool = True) -> None:
        self._archive = archive
        self._embedder = embedder
        self._headline_tokens = min(HEADLINE_TOKENS, embedder.window // 3)
        self._passage_tokens = PASSAGE_TOKENS
        self._quotes = quotes

    def prepare(self, article: Article) -> Prepared:
        """Do the work that needs neither the archive nor embedding; may run in a separate thread."""
        article = with_language(article)
        spans, texts = self.cut(article.text, article.headline, article.language)
        counts = count(article.text, article.language)
        found = quotes(article.text, article.language, article.headline, article.byline) if self._quotes else []
        return Prepared(article, spans, texts, counts, found, EXTRACTOR if self._quotes else None)

    def versions(self, articles: Sequence[Known]) -> list[NewVersion]:
        """Return one version per article, in order; all their passages are embedded together."""
        vectors = self.vectors([text for known in articles for text in known.prepared.texts])
        versions, begin = [], 0
        for known in articles:
            prepared, end = known.prepared, begin + len(known.prepared.texts)
            keys = [self.key(text) for text in prepared.texts]
            versions.append(
                NewVersion(
                    prepared.article, known.id, known.named, known.digest, prepared.spans, keys, vectors[begin:end],
                    prepared.counts, COUNTER, prepared.quotes, prepared.extractor,
                )
            )  # fmt: skip
            begin = end
        return versions

    def cut(self, text: str, headline: str, language: str) -> tuple[list[Span], list[str]]:
        """Return an article's passages, and the text embedded for each."""
        context = self._embedder.clip(headline, self._headline_tokens)
        room = self._embedder.window - self._embedder.count([passage_text(context, "")])[0]
        spans = split(text, language, max(1, min(self._passage_tokens, room)), self._embedder.count)
        return spans, [passage_text(context, text[start:end]) for start, end in spans]

    def key(self, text: str) -> bytes:
        """Return a digest of a text to embed and of the embedding model."""
        return hashlib.blake2b(f"{self._embedder.fingerprint}\n{text}".encode(), digest_size=16).digest()

    def vectors(self, texts: Sequence[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        """Return the vectors of texts, float32 [len(texts), dim]; equal texts are embedded once."""
        keys = [self.key(text) for text in texts]
        known = self._archive.vectors(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        known.update(zip(missing, self._embedder.passages(list(missing.values())), strict=True))
        return np.array([known[key] for key in keys], np.float32).reshape(len(keys), self._embedder.dim)
