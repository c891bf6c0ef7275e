"""A CrossEncoder of sentence-transformers: a model that reads two texts together. None ships; settings name one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import SettingsError


class Pairs:
    """Such a model, loaded at its first use. Safe to use from several threads, one at a time.

    :param model: its name or folder.
    :param setting: the environment variable that names it, for messages.
    """

    def __init__(self, model: str, setting: str) -> None:
        self.name = model
        self._setting = setting
        self._guard = threading.Lock()
        self._loaded: Any = None

    def scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Return what it gives each pair: float64 [pairs], or [pairs, labels].

        :raises SettingsError: when there is no such model here.
        """
        with self._guard:
            return np.asarray(self._encoder().predict(list(pairs), show_progress_bar=False), dtype=np.float64)

    def labels(self) -> dict[int, str]:
        """Return what its scores of a pair stand for, as it was trained."""
        with self._guard:
            return {int(number): str(label) for number, label in self._encoder().config.id2label.items()}

    def _encoder(self) -> Any:
        if self._loaded is None:
            from sentence_transformers import CrossEncoder

            try:
                self._loaded = CrossEncoder(self.name, device="cpu")
            except (OSError, ValueError) as error:
                raise SettingsError(
                    f"there is no model {self.name!r} here ({error}); name the folder of a CrossEncoder in "
                    f"{self._setting}, or leave it empty"
                ) from error
        return self._loaded
