"""A model for natural language inference that has a vote on a sentence: any such CrossEncoder. Off by default."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.answering.claims import Check, Cited
from assistant.errors import SettingsError

ENTAILED = 0.5
"""Probability of entailment from which the model says that the evidence bears a claim out."""


class Entailment:
    """A CrossEncoder, loaded at its first use. Safe to use from several threads, one at a time.

    :param model: its name or folder.
    """

    def __init__(self, model: str) -> None:
        self._model = model
        self._guard = threading.Lock()
        self._loaded: Any = None

    def check(self, claim: str, cited: Sequence[Cited]) -> Check:
        """Let the model vote.

        :raises SettingsError: when there is no such model here, or it has no label for entailment.
        """
        evidence = " ".join(one.text for one in cited)
        with self._guard:
            encoder = self._encoder()
            raw = np.asarray(encoder.predict([(evidence, claim)], show_progress_bar=False), dtype=np.float64)
        scores = np.exp(raw[0] - raw[0].max())
        probability = float(scores[self._label(encoder, raw)] / scores.sum())
        if probability >= ENTAILED:
            return Check("entailment", True)
        return Check("entailment", False, f"{probability:.2f} by {self._model}, {ENTAILED} is needed")

    def _label(self, encoder: Any, raw: np.ndarray[Any, np.dtype[np.float64]]) -> int:
        labels: dict[Any, Any] = encoder.config.id2label
        for number, label in labels.items():
            if str(label).lower().startswith("entail") and raw.ndim == 2 and int(number) < raw.shape[1]:
                return int(number)
        named = ", ".join(map(str, labels.values()))
        raise SettingsError(f"{self._model!r} tells {named}, not entailment; name a CrossEncoder that does")

    def _encoder(self) -> Any:
        if self._loaded is None:
            from sentence_transformers import CrossEncoder

            try:
                self._loaded = CrossEncoder(self._model, device="cpu")
            except (OSError, ValueError) as error:
                raise SettingsError(
                    f"there is no model {self._model!r} here ({error}); name the folder of a CrossEncoder in "
                    "ONTHERECORD_ANSWERING__ENTAILMENT, or leave it empty"
                ) from error
        return self._loaded
