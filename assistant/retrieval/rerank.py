"""Rerank with any sentence-transformers CrossEncoder, which reads question and passage jointly. Off by default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from assistant.embedding.cross_encoder import PairScorer
from assistant.errors import SettingsError
from assistant.types import Hit


class Reranker:
    """A CrossEncoder, loaded on first use. Thread-safe; calls are serialised.

    :param model: its name or folder.
    :param count: number of top hits to rerank; the rest keep their places.
    """

    def __init__(self, model: str, count: int) -> None:
        self._pairs = PairScorer(model, "ONTHERECORD_RETRIEVAL__RERANKER")
        self._count = count

    def ordered(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return ``hits`` with the top ones in the model's order; these get its scores, scaled to between 1 and 2.

        :raises SettingsError: if the model is not installed.
        """
        first, rest = list(hits[: self._count]), list(hits[self._count :])
        if not first:
            return rest
        raw = self._pairs.scores([(question, f"{hit.passage.article.headline}. {hit.passage.text}") for hit in first])
        if raw.shape != (len(first),):
            raise SettingsError(
                f"the reranker {self._pairs.name!r} gives {raw.shape[-1]} scores per passage; choose one that gives one"
            )
        ranked = [replace(hit, score=1 + score) for hit, score in zip(first, _squashed(raw), strict=True)]
        return sorted(ranked, key=lambda hit: (-hit.score, hit.passage.id)) + rest


def _squashed(raw: np.ndarray[Any, np.dtype[np.float64]]) -> list[float]:
    """Map scores of any range to (0, 1), keeping their order."""
    return [float(value) for value in 1 / (1 + np.exp(-np.clip(raw, -30, 30)))]
