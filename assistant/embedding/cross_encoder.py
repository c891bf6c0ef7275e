"""A cross-encoder of sentence-transformers: a model that reads two texts together. None ships; settings name one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.embedding.models import hub_folder
from assistant.errors import SettingsError


class PairScorer:
    """Such a model, loaded at its first use. Safe to use from several threads, one at a time.

    :param model: its folder, or its name on the Hugging Face Hub.
    :param setting: the environment variable that names it, for messages.
    """

    def __init__(self, model: str, setting: str) -> None:
        self.name = model
        self._setting = setting
        self._guard = threading.Lock()
        self._loaded: Any = None

    def scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Return what it gives each pair: float64 [pairs], or [pairs, labels].

        :raises SettingsError: when there is no such model here, or none with weights in safetensors.
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
                self._loaded = CrossEncoder(
                    str(self._folder()),
                    device="cpu",
                    trust_remote_code=False,
                    local_files_only=True,
                    model_kwargs={"use_safetensors": True},  # the other format is a pickle, which can run anything
                )
            except Exception as error:
                raise SettingsError(
                    f"there is no cross-encoder {self.name!r} here ({error}); name the folder of one, with weights in "
                    f"safetensors, in {self._setting}, or leave it empty"
                ) from error
        return self._loaded

    def _folder(self) -> Path:
        path = Path(self.name).expanduser()
        return path if path.is_dir() else hub_folder(self.name, "cross-encoder")
