"""An embedding model that costs next to nothing: the mean of random token vectors, drawn from a seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from assistant.embedding.models import model_folder
from assistant.settings import EmbeddingSettings

_DIM = 64


def static_model(folder: Path, seed: int = 1) -> Path:
    """Save such a model to ``folder``, with the tokenizer of the default model; return the folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model_folder(EmbeddingSettings().model) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    weights = np.random.default_rng(seed).standard_normal((tokenizer.get_vocab_size(), _DIM)).astype(np.float32)
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu")
    model.save(str(folder))
    return folder
