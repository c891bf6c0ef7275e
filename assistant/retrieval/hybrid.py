"""Dense and lexical search over the same passages, fused into one ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.archive import Archive
from assistant.embedding import Embedder
from assistant.index import Indexes
from assistant.index.base import Hits, Probe
from assistant.retrieval.query import Query
from assistant.settings import RetrievalSettings
from assistant.types import Hit


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieval came back with.

    :ivar hits: best first.
    :ivar vector: of the query, float32 [dim], unit length.
    """

    hits: tuple[Hit, ...]
    vector: NDArray[np.float32]


class Retriever:
    """Searches both indexes of an archive."""

    def __init__(self, archive: Archive, indexes: Indexes, embedder: Embedder, settings: RetrievalSettings) -> None:
        self._archive = archive
        self._indexes = indexes
        self._embedder = embedder
        self._settings = settings

    def search(self, query: Query, limit: int | None = None) -> Found:
        """Return the passages nearest to ``query``, from within its filters only.

        Both indexes give ``retrieval.top_k`` passages (at least ``limit``). Scores are made comparable by what they
        are within their own list and added by weight; a passage that only one index saw gets nothing from the other.

        What was published in the time that the query names, or by the outlets, comes first.

        :param limit: hits at most; None means all that both indexes gave.
        """
        k = max(self._settings.top_k, limit or 0)
        vector = self._embedder.query(query.text)
        probe = Probe(text=query.text, vector=vector, languages=(query.language,) if query.language else ())
        dense = self._indexes.vector.search(probe, k, query.filters)
        lexical = self._indexes.lexical.search(probe, k, query.filters)
        scores = fuse(dense, lexical, self._settings.dense_weight, self._settings.rrf_k)
        order = sorted(scores, key=lambda key: (-scores[key], key))
        passages = self._archive.passages(order)
        cosines = dict(zip(dense.ids.tolist(), dense.scores.tolist(), strict=True))
        weights = dict(zip(lexical.ids.tolist(), lexical.scores.tolist(), strict=True))
        hits = tuple(
            Hit(passages[key], scores[key], cosines.get(key), weights.get(key)) for key in order if key in passages
        )
        return Found(prefer(hits, query)[:limit], vector)


def fuse(dense: Hits, lexical: Hits, dense_weight: float, constant: int) -> dict[int, float]:
    """Return a score in [0, 1] for every passage that either list has: weighted reciprocal rank fusion.

    A list gives its passage at rank r (from 1) ``(constant + 1) / (constant + r)`` of its weight.
    Source: Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet", SIGIR 2009.
    """
    scores: dict[int, float] = {}
    for hits, weight in ((dense, dense_weight), (lexical, 1 - dense_weight)):
        for rank, key in enumerate(hits.ids.tolist(), start=1):
            scores[key] = scores.get(key, 0.0) + weight * (constant + 1) / (constant + rank)
    return scores


def prefer(hits: Sequence[Hit], query: Query) -> tuple[Hit, ...]:
    """Return ``hits`` with those first that are of the time and the outlets asked about, each part in its order."""
    return tuple(sorted(hits, key=lambda hit: (not in_time(hit, query), not of_outlets(hit, query))))


def in_time(hit: Hit, query: Query) -> bool:
    """Tell whether a hit was published in the time that the query names; any was, where it names none."""
    published = hit.passage.article.published
    return query.within is None or (published is not None and query.within.holds(published.timestamp))


def of_outlets(hit: Hit, query: Query) -> bool:
    """Tell whether a hit is of an outlet that the query names; any is, where it names none."""
    return not query.outlets or hit.passage.article.outlet in query.outlets
