"""The weights in the package: layers in eight bits, over the embeddings of all-MiniLM-L6-v2 as they are."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.embedding.models import model_folder

Weights = dict[str, NDArray[np.float32]]

ENCODER = "all-MiniLM-L6-v2"
"""The model whose embeddings of words and positions are used, and from whose first layers training began."""

_SCALE = ".scale"

_EMBEDDINGS = {
    "words": "embeddings.word_embeddings.weight",
    "positions": "embeddings.position_embeddings.weight",
    "normal.weight": "embeddings.LayerNorm.weight",
    "normal.bias": "embeddings.LayerNorm.bias",
}

_PARTS = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "attended",
    "attention.output.LayerNorm": "attended.normal",
    "intermediate.dense": "wide",
    "output.dense": "narrow",
    "output.LayerNorm": "narrow.normal",
}
"""The parts of a BERT layer, by the names they have here."""


def shipped() -> Weights:
    """Return the weights that ship with the package, float32."""
    with as_file(files("assistant.answer_selection").joinpath("weights.safetensors")) as path:
        return restored(_read(path))


def embeddings() -> Weights:
    """Return the embeddings of words and positions, from the embedding model's package.

    :raises SettingsError: if it is not installed.
    """
    stored = _read(model_folder(ENCODER) / "model.safetensors")
    return {name: stored[theirs].astype(np.float32) for name, theirs in _EMBEDDINGS.items()}


def renamed(stored: Mapping[str, NDArray[np.float32]]) -> Weights:
    """Return a BERT encoder's weights by the names used here; the frozen embeddings are left out."""
    found: Weights = {"types": stored["embeddings.token_type_embeddings.weight"]}
    for theirs, values in stored.items():
        _, layer, rest = theirs.partition("encoder.layer.")
        if layer:
            number, _, name = rest.partition(".")
            part, _, kind = name.rpartition(".")
            found[f"layer.{number}.{_PARTS[part]}.{kind}"] = values
    return found


def rounded(weights: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.generic]]:
    """Return weights as they are stored: matrices in int8 with a float16 scale for each row, vectors in float16."""
    stored: dict[str, NDArray[np.generic]] = {}
    for name, values in weights.items():
        if values.ndim == 1:
            stored[name] = values.astype(np.float16)
            continue
        scale = np.maximum(np.abs(values).max(axis=1, keepdims=True) / 127, 1e-6).astype(np.float16)
        stored[name] = np.clip(np.rint(values / scale.astype(np.float32)), -127, 127).astype(np.int8)
        stored[name + _SCALE] = scale
    return stored


def restored(stored: Mapping[str, NDArray[np.generic]]) -> Weights:
    """Return stored weights as float32; the inverse of ``rounded``, but for the rounding."""
    found: Weights = {}
    for name, values in stored.items():
        if not name.endswith(_SCALE):
            scale = stored.get(name + _SCALE)
            whole = values.astype(np.float32)
            found[name] = whole if scale is None else whole * scale.astype(np.float32)
    return found


def _read(path: Path) -> dict[str, NDArray[np.generic]]:
    from safetensors.numpy import load_file

    return load_file(path)
