"""Rank articles by their passages, words, headline and date; then rank the passages.

A score is a weighted mean of signals in [0, 1]; the weights are in ``ranking.toml``.
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
"""Number of articles, best by passages and date, whose whole text is scored; the others rank below them."""

_K1, _B = 0.9, 0.6
"""BM25's constants for whole articles; the share of the question's words in an article is a separate signal."""

_OWN = 0.1
"""Weight of a passage's own match against its article's score, when ranking passages."""

_AGAIN = 0.05
"""Penalty for each further passage of an article, times ln(1 + those before it), to favour several articles."""


@dataclass(frozen=True, slots=True)
class ArticleWeights:
    """The weight of each signal of an article, at least 0; see ``ranking.toml``.

    :ivar half_life: days, after the first six, in which an article's recency halves.
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
        """Return the weights that ship with the package."""
        text = files("assistant.retrieval").joinpath("ranking.toml").read_text("utf-8")
        return cls(**tomllib.loads(text)["articles"])

    @property
    def total(self) -> float:
        """The sum of the weights; 1 if all are 0."""
        return sum((self.lexical, self.dense, self.article, self.coverage, self.headline, self.recency)) or 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """A passage that an index found.

    :ivar lexical: BM25 relative to the best passage's, in [0, 1].
    :ivar dense: cosine with the question, in [0, 1]; if dense search did not find the passage, the lowest it found.
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
    """An article with its score in [0, 1] and those of its passages that were found, best first."""

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

    :param words: articles -> the words of each article's text.
    :param now: the instant that recency is measured from, in seconds since 1970.
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
    """What each article's words add to its score."""
    usual = max(1.0, float(found.lengths.mean()))
    saturated = found.counts / (found.counts + _K1 * (1 - _B + _B * found.lengths[:, None] / usual))
    scores = weights.article * (saturated @ query_terms.weights)
    scores += weights.coverage * ((found.counts > 0) @ query_terms.weights)
    scores += weights.headline * (found.headline @ query_terms.weights)
    added: list[float] = (scores / weights.total).tolist()
    return added


def passages(ranked: Sequence[Ranked]) -> list[tuple[Match, float]]:
    """Return the passages of ranked articles with their scores, best first; further ones of an article count less.

    The best passage of an article has the article's score, in [0, 1]; further ones have less, possibly just below 0.
    """
    scored = [
        (match, one.score + _OWN * (match.own - one.matches[0].own) - _AGAIN * log1p(place))
        for one in ranked
        for place, match in enumerate(one.matches)
    ]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0].passage.id))
