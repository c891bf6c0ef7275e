"""Citations: where in the archive some words stand, and answers written out with their markers."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Citation, Hit, Sentence, StoredArticle


def cite(article: StoredArticle, start: int, end: int, marker: int) -> Citation:
    """Return a citation of ``article.text[start:end]``."""
    return Citation(
        marker=marker,
        article_id=article.id,
        version=article.version,
        headline=article.headline,
        outlet=article.outlet,
        url=article.url,
        published=article.published.iso() if article.published else None,
        byline=article.byline,
        language=article.language,
        start=start,
        end=end,
        text=article.text[start:end],
        superseded=not article.current,
    )


_NEAR_MISSES = 3
"""Nearest passages shown where the archive does not say."""


def near_misses(hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """Return the nearest passages, at most three, one an article, as citations numbered from 1."""
    nearest = {hit.passage.article.key: hit.passage for hit in reversed(hits)}
    order = [hit.passage for hit in hits if nearest.get(hit.passage.article.key) is hit.passage]
    return tuple(cite(p.article, p.start, p.end, marker) for marker, p in enumerate(order[:_NEAR_MISSES], start=1))


def written(sentences: Sequence[Sentence]) -> str:
    """Return the answer as one text, each sentence but struck ones followed by its markers: ``... said. [1][2]``.

    They are what follows the last space of a sentence's line. Numbers in brackets before that are an article's own, and
    stay as they are: the sentences are verbatim.
    """
    return "\n".join(
        f"{sentence.text} {''.join(f'[{marker}]' for marker in sentence.citations)}"
        for sentence in sentences
        if sentence.supported
    )
