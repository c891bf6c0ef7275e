"""Text to vectors, with any sentence-transformers model. Text beyond the model's window is not read.

``Embedder`` is what the rest of the package uses. Behind it are two runtimes that produce the same vectors: torch, as
sentence-transformers runs it, and OpenVINO, which runs the same weights three to four times as fast on a CPU and
starts without importing torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.arrays import Vectors
from assistant.embedding.base import Card
from assistant.embedding.models import fingerprint_of, model_folder, tokenizer_of
from assistant.settings import EmbeddingSettings

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class _Runtime(Protocol):
    """Runs a model on texts that already include their prompts."""

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class Embedder:
    """A loaded embedding model. Thread-safe."""

    def __init__(self, card: Card, tokenizer: Tokenizer, runtime: _Runtime) -> None:
        self.card = card
        self._tokenizer = tokenizer
        self._runtime = runtime

    @classmethod
    def load(cls, settings: EmbeddingSettings) -> Embedder:
        """Load the model named in ``settings``.

        :raises SettingsError: if the model cannot be found or loaded.
        """
        folder = model_folder(settings.model)
        fingerprint = fingerprint_of(folder)
        if settings.runtime != "torch":
            from assistant.embedding.compilation import compiled

            if found := compiled(settings, folder, fingerprint):
                return cls(*found)
        from assistant.embedding.torch import TorchRuntime

        runtime = TorchRuntime(folder, settings.threads)
        return cls(runtime.card(settings.model, fingerprint), tokenizer_of(folder), runtime)

    @property
    def name(self) -> str:
        """The model's name, as in the settings."""
        return self.card.name

    @property
    def dim(self) -> int:
        """Dimension of the vectors."""
        return self.card.dim

    @property
    def window(self) -> int:
        """Tokens of text the model reads: its window minus the special tokens and the passage prompt."""
        prompt = self.count([self.card.passage_prompt])[0] if self.card.passage_prompt else 0
        return self.card.window - self.card.special - prompt

    @property
    def fingerprint(self) -> str:
        """Digest of the weights and configuration; only vectors with equal fingerprints are comparable."""
        return self.card.fingerprint

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens in each text, excluding special tokens."""
        return [len(e.ids) for e in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def clip(self, text: str, tokens: int) -> str:
        """Return the longest prefix of ``text`` with at most ``tokens`` tokens."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return text if len(encoding.ids) <= tokens else text[: encoding.offsets[tokens - 1][1]] if tokens else ""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of passages, float32 [len(texts), dim], unit length, in the order given."""
        return self._encode([self.card.passage_prompt + text for text in texts])

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a query, float32 [dim], unit length."""
        vector: NDArray[np.float32] = self._encode([self.card.query_prompt + text])[0]
        return vector

    def _encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        vectors = self._runtime.encode(texts)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = vectors / np.maximum(norms, 1e-12)
        return unit


def passage_text(headline: str, passage: str) -> str:
    """Return the text embedded for a passage: the headline as context, then the passage."""
    return f"{headline}\n{passage}" if headline else passage
