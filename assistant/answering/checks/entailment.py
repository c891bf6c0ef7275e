"""An optional check by a natural language inference model: any CrossEncoder trained for it. Off by default."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.answering.checks.claims import Check, CitedSpan
from assistant.embedding.cross_encoder import PairScorer
from assistant.errors import SettingsError

ENTAILED = 0.5
"""Probability of entailment from which evidence counts as supporting a claim."""


class Entailment:
    """A CrossEncoder, loaded on first use. Thread-safe; calls are serialised.

    :param model: its name or folder.
    """

    def __init__(self, model: str) -> None:
        self._pairs = PairScorer(model, "ONTHERECORD_ANSWERING__ENTAILMENT")

    def check(self, claim: str, cited: Sequence[CitedSpan]) -> Check:
        """Check a claim with the model.

        :raises SettingsError: if the model is not installed, or has no label for entailment.
        """
        raw = self._pairs.scores([(" ".join(one.text for one in cited), claim)])
        scores = np.exp(raw[0] - raw[0].max())
        probability = float(scores[self._label(raw)] / scores.sum())
        if probability >= ENTAILED:
            return Check("entailment", True)
        return Check("entailment", False, f"{probability:.2f} by {self._pairs.name}, {ENTAILED} is needed")

    def _label(self, raw: NDArray[np.float64]) -> int:
        labels = self._pairs.labels()
        for number, label in labels.items():
            if label.lower().startswith("entail") and raw.ndim == 2 and number < raw.shape[1]:
                return number
        named = ", ".join(labels.values())
        raise SettingsError(f"{self._pairs.name!r} predicts {named}, not entailment; name a CrossEncoder that does")
