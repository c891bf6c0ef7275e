"""A sentence-transformers cross-encoder, which reads two texts together. None is bundled; the settings name one."""

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
    """A cross-encoder, loaded on first use. Thread-safe: calls run one at a time.

    :param model: its folder, or its name on the Hugging Face Hub.
    :param setting: the environment variable that names it, for error messages.
    """

    def __init__(self, model: str, setting: str) -> None:
        self.name = model
        self._setting = setting
        self._guard = threading.Lock()
        self._loaded: Any = None

    def scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Return the model's scores: float64 [pairs], or [pairs, labels].

        :raises SettingsError: if the model cannot be found, or has no weights in safetensors.
        """
        with self._guard:
            return np.asarray(self._encoder().predict(list(pairs), show_progress_bar=False), dtype=np.float64)

    def labels(self) -> dict[int, str]:
        """Return the label each score column stands for, from the model's configuration."""
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
                    model_kwargs={
                        "use_safetensors": True
                    },  # the other format is a pickle, which can run arbitrary code
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
