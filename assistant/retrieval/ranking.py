"""Ranking articles by what their passages, their words, their headline and their date say; then their passages.

A score is a weighted sum of shares in [0, 1], divided by the sum of the weights, which stand in ``ranking.toml``.
docs/retrieval.md says what each signal is worth.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log1p

from assistant.archive.counts import Counts
from assistant.retrieval.query_terms import Counted, QueryTerms, counted
from assistant.retrieval.recency import recency
from assistant.retrieval.understanding.query import Query
from assistant.types import Passage, StoredArticle

_READ = 32
"""Articles, best by their passages and date, whose whole text is looked at; the others come behind."""

_K1, _B = 0.9, 0.6
"""BM25's constants for whole articles; the share of words an article has at all is a signal of its own."""

_OWN = 0.1
"""What a passage's own match is worth beside its article's score, in order among passages."""

_AGAIN = 0.05
"""What each further passage of an article loses, times ln(1 + those before it): several articles speak first."""


@dataclass(frozen=True, slots=True)
class ArticleWeights:
    """What each signal of an article is worth, 0 or more; see ``ranking.toml``.

    :ivar half_life: days, after its first six, until an article's recency counts half.
    """

    lexical: float
    dense: float
    article: float
    coverage: float
    headline: float
    recency: float
    half_life: float

    @classmethod
    @cache
    def shipped(cls) -> ArticleWeights:
        """Return the weights that ship."""
        text = files("assistant.retrieval").joinpath("ranking.toml").read_text("utf-8")
        return cls(**tomllib.loads(text)["articles"])

    @property
    def total(self) -> float:
        """What the weights of all signals add up to; 1 where all are 0."""
        return sum((self.lexical, self.dense, self.article, self.coverage, self.headline, self.recency)) or 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """A passage that an index found.

    :ivar lexical: BM25 as a share of the best passage's, in [0, 1].
    :ivar dense: cosine with the question, in [0, 1]; where dense search did not see the passage, the lowest it saw.
    """

    passage: Passage
    lexical: float
    dense: float

    @property
    def own(self) -> float:
        """How well the passage itself matches, in [0, 1]."""
        return (self.lexical + self.dense) / 2


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article with its score in [0, 1] and the passages of it that were found, best first."""

    article: StoredArticle
    score: float
    matches: tuple[Match, ...]


def rank(
    matches: Sequence[Match],
    query: Query,
    query_terms: QueryTerms,
    words: Callable[[Sequence[StoredArticle]], Sequence[Counts]],
    now: float,
    weights: ArticleWeights,
) -> list[Ranked]:
    """Return the articles of ``matches``, best first.

    :param words: articles -> the words of each one's text.
    :param now: what recency is reckoned from, in seconds since 1970.
    """
    grouped: dict[int, list[Match]] = {}
    for match in matches:
        grouped.setdefault(match.passage.article.key, []).append(match)
    first = [_by_passages(found, query, now, weights) for found in grouped.values()]
    first.sort(key=lambda ranked: (-ranked.score, ranked.article.key))
    read = first[:_READ]
    articles = [ranked.article for ranked in read]
    more = (
        _by_words(counted(articles, words(articles), query_terms, query.language), query_terms, weights) if read else []
    )
    scored = [Ranked(one.article, one.score + by, one.matches) for one, by in zip(read, more, strict=True)]
    return sorted((*scored, *first[_READ:]), key=lambda ranked: (-ranked.score, ranked.article.key))


def _by_passages(found: Sequence[Match], query: Query, now: float, weights: ArticleWeights) -> Ranked:
    article = found[0].passage.article
    published = article.published.timestamp if article.published else None
    score = weights.lexical * max(match.lexical for match in found)
    score += weights.dense * max(match.dense for match in found)
    if query.recent:
        score += weights.recency * recency(published, now, weights.half_life)
    best = sorted(found, key=lambda match: (-match.own, match.passage.id))
    return Ranked(article, score / weights.total, tuple(best))


def _by_words(found: Counted, query_terms: QueryTerms, weights: ArticleWeights) -> list[float]:
    """What the words of each article add to its score."""
    usual = max(1.0, float(found.lengths.mean()))
    saturated = found.counts / (found.counts + _K1 * (1 - _B + _B * found.lengths[:, None] / usual))
    scores = weights.article * (saturated @ query_terms.weights)
    scores += weights.coverage * ((found.counts > 0) @ query_terms.weights)
    scores += weights.headline * (found.headline @ query_terms.weights)
    added: list[float] = (scores / weights.total).tolist()
    return added


def passages(ranked: Sequence[Ranked]) -> list[tuple[Match, float]]:
    """Return the passages of ranked articles with their scores, best first; a further one of an article counts less.

    The best passage of an article has its article's score, in [0, 1]; a further one less, at times a little below 0.
    """
    scored = [
        (match, one.score + _OWN * (match.own - one.matches[0].own) - _AGAIN * log1p(place))
        for one in ranked
        for place, match in enumerate(one.matches)
    ]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0].passage.id))
