"""A model for natural language inference that has a vote on a sentence: any such CrossEncoder. Off by default."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.answering.checks.claims import Check, CitedSpan
from assistant.embedding.cross_encoder import Pairs
from assistant.errors import SettingsError

ENTAILED = 0.5
"""Probability of entailment from which the model says that the evidence bears a claim out."""


class Entailment:
    """A CrossEncoder, loaded at its first use. Safe to use from several threads, one at a time.

    :param model: its name or folder.
    """

    def __init__(self, model: str) -> None:
        self._pairs = Pairs(model, "ONTHERECORD_ANSWERING__ENTAILMENT")

    def check(self, claim: str, cited: Sequence[CitedSpan]) -> Check:
        """Let the model vote.

        :raises SettingsError: when there is no such model here, or it has no label for entailment.
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
        raise SettingsError(f"{self._pairs.name!r} tells {named}, not entailment; name a CrossEncoder that does")
