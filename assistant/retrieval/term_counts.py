"""Count the words of whole articles, at ingestion or else when they are ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.archive import Archive
from assistant.archive.counts import Counts, counts, signatures
from assistant.retrieval.near_duplicate_articles import Signature, signature
from assistant.retrieval.stems import forms
from assistant.types import StoredArticle

COUNTER = 2
"""Version of the counts, stored with them; raised when words, roots, numbers or signatures change."""

_READ = 20_000
"""Characters of an article that are counted: live blogs run to hundreds of thousands."""


def count(text: str, language: str) -> Counts:
    """Count the words of an article and compute its signature, from its first 20,000 characters."""
    return replace(forms(language).counts(text[:_READ]), signature=signature(text))


def words_of(archive: Archive, articles: Sequence[StoredArticle], language: str) -> list[Counts]:
    """Return the word counts of each article: those stored in the archive, or counted now.

    :param language: of the question; used to stem articles whose language is unknown.
    """
    kept = counts(archive, [article for article in articles if article.language], COUNTER)
    return [
        kept[article.key] if article.key in kept else count(article.text, article.language or language)
        for article in articles
    ]


def signatures_of(archive: Archive, articles: Sequence[StoredArticle]) -> list[Signature | None]:
    """Return the signature of each article's text: the one stored in the archive, or computed now."""
    kept = signatures(archive, articles, COUNTER)
    return [kept[article.key] if article.key in kept else signature(article.text) for article in articles]
