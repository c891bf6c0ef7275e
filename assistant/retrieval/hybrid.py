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
from assistant.retrieval.when import When
from assistant.settings import RetrievalSettings
from assistant.types import Filters, Hit


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

    def search(self, query: str, filters: Filters = Filters(), limit: int | None = None, language: str = "") -> Found:
        """Return the passages nearest to ``query``, from within ``filters`` only.

        Both indexes give ``retrieval.top_k`` passages (at least ``limit``). Scores are made comparable by what they
        are within their own list and added by weight; a passage that only one index saw gets nothing from the other.

        :param limit: hits at most; None means all that both indexes gave.
        :param language: of the query (ISO 639-1), whose stemming applies; "" means that of every language there is.
        """
        k = max(self._settings.top_k, limit or 0)
        vector = self._embedder.query(query)
        probe = Probe(text=query, vector=vector, languages=(language,) if language else ())
        dense = self._indexes.vector.search(probe, k, filters)
        lexical = self._indexes.lexical.search(probe, k, filters)
        scores = fuse(dense, lexical, self._settings.dense_weight, self._settings.rrf_k)
        order = sorted(scores, key=lambda key: (-scores[key], key))[:limit]
        passages = self._archive.passages(order)
        cosines = dict(zip(dense.ids.tolist(), dense.scores.tolist(), strict=True))
        weights = dict(zip(lexical.ids.tolist(), lexical.scores.tolist(), strict=True))
        hits = tuple(
            Hit(passages[key], scores[key], cosines.get(key), weights.get(key)) for key in order if key in passages
        )
        return Found(hits, vector)


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


def prefer(hits: Sequence[Hit], time: When | None) -> tuple[Hit, ...]:
    """Return ``hits`` with those published in the time asked about first, each part in its order."""
    if time is None:
        return tuple(hits)
    within = [hit for hit in hits if (published := hit.passage.article.published) and time.holds(published.timestamp)]
    inside = {hit.passage.id for hit in within}
    return (*within, *(hit for hit in hits if hit.passage.id not in inside))
