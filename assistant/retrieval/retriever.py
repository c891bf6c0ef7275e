"""Dense and lexical search over the same passages, ranked together by what their articles are."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from assistant.archive import Archive
from assistant.embedding.embedder import Embedder
from assistant.index import Indexes
from assistant.index.base import Hits, Probe
from assistant.process import processors
from assistant.retrieval.query_terms import QueryTerms
from assistant.retrieval.ranking import ArticleWeights, Match, Ranked, passages, rank
from assistant.retrieval.recency import reference_time
from assistant.retrieval.rerank import Reranker
from assistant.retrieval.sentence_ranking import RankedSentence, excerpts, rank_sentences
from assistant.retrieval.sentence_scoring import SentenceScorer, SignalScorer
from assistant.retrieval.term_counts import words_of
from assistant.retrieval.understanding.query import Query
from assistant.settings import RetrievalSettings
from assistant.types import Hit, Passage

_EXCERPTED = 15
"""Articles that excerpts come from."""

_READ = 5_000
"""Characters of an article that the sentences of an answer come from."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What retrieval came back with.

    :ivar hits: best first.
    :ivar vector: of the query, float32 [dim], unit length.
    :ivar articles: of the hits, best first; more than ``hits`` show where those were limited.
    :ivar terms: the content words of the query.
    :ivar matches: what it was ordered from.
    """

    hits: tuple[Hit, ...]
    vector: NDArray[np.float32]
    articles: tuple[Ranked, ...]
    terms: QueryTerms
    matches: Matches


@dataclass(frozen=True, slots=True)
class Matches:
    """Passages of both indexes, with the scores that each gave them.

    :ivar text: what was searched for.
    :ivar terms: its content words.
    :ivar vector: its vector, float32 [dim], unit length.
    """

    text: str
    terms: QueryTerms
    matches: list[Match]
    cosines: dict[int, float]
    weights: dict[int, float]
    vector: NDArray[np.float32]

    def hit(self, match: Match, score: float) -> Hit:
        """Return a match as it is shown, with its score in the order."""
        key = match.passage.id
        return Hit(match.passage, score, self.cosines.get(key), self.weights.get(key))


class Retriever:
    """Searches both indexes of an archive, side by side. Safe to use from several threads; ``close`` ends its own.

    :param weights: what the signals of an article are worth; None for what ships.
    :param scorer: says how likely sentences hold the answer; None for the scorer that ships.
    """

    def __init__(
        self,
        archive: Archive,
        indexes: Indexes,
        embedder: Embedder,
        settings: RetrievalSettings,
        weights: ArticleWeights | None = None,
        scorer: SentenceScorer | None = None,
    ) -> None:
        self._archive = archive
        self._indexes = indexes
        self._embedder = embedder
        self._settings = settings
        self._weights = weights or ArticleWeights.shipped()
        self._scorer = scorer or SignalScorer()
        self._reranker = Reranker(settings.reranker, settings.reranked) if settings.reranker else None
        self._beside = ThreadPoolExecutor(processors(), "lexical")

    def close(self) -> None:
        """End the threads."""
        self._beside.shutdown()

    def search(self, query: Query, limit: int | None = None, before: Matches | None = None) -> SearchResult:
        """Return the passages nearest to ``query``, from within its filters only.

        Both indexes give ``retrieval.top_k`` passages (at least ``limit``); their articles are ranked
        (``retrieval.ranking``), and the passages come by their article and their own match.

        What was published in the time that the query names, or by the outlets, comes first.

        :param limit: hits at most; None means all that both indexes gave.
        :param before: what a search with the same filters and limit matched; ordered anew where the text is the same.
        """
        found = before if before and before.text == query.text else self._found(query, limit)
        now = reference_time(query.as_of, self._archive.freshness().last)
        words = partial(words_of, self._archive, language=query.language)
        articles = rank(found.matches, query, found.terms, words, now, self._weights)
        hits = [found.hit(match, score) for match, score in passages(articles)]
        if self._reranker:
            hits = self._reranker.ordered(query.text, hits)
        return SearchResult(prefer(hits, query)[:limit], found.vector, tuple(articles), found.terms, found)

    def sentences(self, query: Query, found: SearchResult, articles: int) -> list[RankedSentence]:
        """Return the sentences of the articles that a search found, those that most likely hold the answer first.

        An overview reads the articles of the time and from the outlets that it names before others. A fact does not: a
        time that a question mentions is often not when its answer was published.

        :param articles: how many articles are read.
        """
        first = found.articles
        if query.kind not in ("fact", "speech"):
            first = tuple(sorted(first, key=lambda one: query.preference(one.article)))
        return rank_sentences(first[:articles], query, found.terms, self._scorer, _READ)

    def excerpts(self, query: Query, found: SearchResult, limit: int) -> tuple[Hit, ...]:
        """Return the sentences that most likely answer, as short passages, from the articles that a search found.

        :param limit: excerpts at most.
        """

        def near(texts: Sequence[str]) -> list[float]:
            cosines: list[float] = (self._embedder.passages(texts) @ found.vector).tolist()
            return cosines

        chosen = excerpts(found.articles, _EXCERPTED, query, found.terms, self._scorer, near, limit)
        seen = {hit.passage.id: hit for hit in found.hits}
        hits = [replace(seen.get(one.passage.id, one), passage=one.passage, score=one.score) for one in chosen]
        return prefer(hits, query)

    def _found(self, query: Query, limit: int | None) -> Matches:
        k = max(self._settings.top_k, limit or 0)
        reading = self._beside.submit(self._by_words, query, k)
        vector = self._embedder.query(query.text)
        dense = self._indexes.vector.search(Probe(vector=vector), k, query.filters)
        lexical, terms, known = reading.result()
        cosines = dict(zip(dense.ids.tolist(), dense.scores.tolist(), strict=True))
        weights = dict(zip(lexical.ids.tolist(), lexical.scores.tolist(), strict=True))
        known |= self._archive.passages([key for key in cosines if key not in known])
        best = max(weights.values(), default=1.0) or 1.0
        lowest = min(cosines.values(), default=0.0)
        matches = [
            Match(passage, weights.get(key, 0.0) / best, max(0.0, cosines.get(key, lowest)))
            for key, passage in known.items()
        ]
        return Matches(query.text, terms, matches, cosines, weights, vector)

    def _by_words(self, query: Query, k: int) -> tuple[Hits, QueryTerms, dict[int, Passage]]:
        """What needs no vector: the passages that the words find, and the words; done while one is being made."""
        index = self._indexes.lexical
        probe = Probe(text=query.text, languages=(query.language,) if query.language else ())
        hits = index.search(probe, k, query.filters)
        terms = QueryTerms.of(query, index.frequencies, len(index), self._archive.languages())
        return hits, terms, self._archive.passages(hits.ids.tolist())


def prefer(hits: Sequence[Hit], query: Query) -> tuple[Hit, ...]:
    """Return ``hits`` with those first that are of the time and the outlets asked about, each part in its order."""
    return tuple(sorted(hits, key=lambda hit: query.preference(hit.passage.article)))
