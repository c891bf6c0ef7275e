"""Build citations, and write answers out with their markers."""

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
"""Number of nearest passages shown when the archive does not say."""


def near_misses(hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """Return the nearest passages, at most three and one per article, as citations numbered from 1."""
    nearest = {hit.passage.article.key: hit.passage for hit in reversed(hits)}
    order = [hit.passage for hit in hits if nearest.get(hit.passage.article.key) is hit.passage]
    return tuple(cite(p.article, p.start, p.end, marker) for marker, p in enumerate(order[:_NEAR_MISSES], start=1))


def written(sentences: Sequence[Sentence]) -> str:
    """Return the answer as one text, with markers after each sentence that is not struck out: ``... said. [1][2]``.

    The markers are what follows the last space of a line. Bracketed numbers before that are the article's own and are
    left alone: the sentences are verbatim.
    """
    return "\n".join(
        f"{sentence.text} {''.join(f'[{marker}]' for marker in sentence.citations)}"
        for sentence in sentences
        if sentence.supported
    )
