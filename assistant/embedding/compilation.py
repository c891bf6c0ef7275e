"""Compiles models for OpenVINO: once, checked against torch, and cached in the user's cache folder.

The cache key is the digest of the weights, the release of OpenVINO and the precision.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.embedding.base import Card
from assistant.embedding.models import tokenizer_file, tokenizer_of
from assistant.embedding.openvino import OpenVinoRuntime, recipe, write
from assistant.settings import EmbeddingSettings

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from assistant.embedding.torch import TorchRuntime

log = logging.getLogger(__name__)

_AGREEMENT = 0.995
"""Minimum cosine between the two runtimes' vectors of the same text for the faster one to be used."""

_PROBES = (
    "Who said what about the harbour?",
    "The mayor denied on Tuesday that the bridge, which was to open in May, would cost more than 5.3 million. " * 6,
    "“Мы не вмешивались”, заявил представитель. Kılıçdaroğlu bunu yalanladı.",
)


def compiled(
    settings: EmbeddingSettings, folder: Path, fingerprint: str
) -> tuple[Card, Tokenizer, OpenVinoRuntime] | None:
    """Return a model on OpenVINO, compiling it if it is not cached; None if torch has to run it.

    :param folder: the model's folder; ``fingerprint``: its digest.
    """
    kept = _cache() / f"{fingerprint}-{recipe()}"
    if not (kept / "card.json").is_file() and not _compile(settings, folder, fingerprint, kept):
        return None
    card = Card(**{**json.loads((kept / "card.json").read_text()), "name": settings.model})
    if card.dim == 0:
        return None
    tokenizer = tokenizer_of(kept)
    return card, tokenizer, OpenVinoRuntime(kept, card, tokenizer, settings)


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "ontherecord" / "models"


def _compile(settings: EmbeddingSettings, folder: Path, fingerprint: str, kept: Path) -> bool:
    """Convert the model, compare it with torch and cache it; return whether the result could be cached.

    A model that cannot be converted, or whose vectors differ, is cached as such; so is a static model, without a
    warning: there is nothing in it to speed up.
    """
    from assistant.embedding.torch import TorchRuntime

    torch_runtime = TorchRuntime(folder, settings.threads)
    card = torch_runtime.card(settings.model, fingerprint)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent, prefix=".draft-", ignore_cleanup_errors=True) as place:
            draft = Path(place)
            shutil.copy(tokenizer_file(folder), draft / "tokenizer.json")
            if torch_runtime.static or not _agrees(settings, torch_runtime, card, draft):
                card = Card(card.name, card.fingerprint, 0, 0, 0, 0)
            (draft / "card.json").write_text(json.dumps(asdict(card)))
            draft.chmod(0o755)
            os.replace(draft, kept)
    except OSError as error:
        if not (kept / "card.json").is_file():  # otherwise another process cached it first
            log.warning("compiled models cannot be cached in %s (%s); using torch, which is slower", kept.parent, error)
    return (kept / "card.json").is_file()


def _agrees(settings: EmbeddingSettings, torch: TorchRuntime, card: Card, draft: Path) -> bool:
    """Convert into ``draft``, which holds the tokenizer; return whether the result matches torch's vectors."""
    try:
        write(torch.graph(), draft)
        ours = OpenVinoRuntime(draft, card, tokenizer_of(draft), settings).encode(_PROBES)
        theirs = torch.encode(_PROBES)
    except Exception as error:  # a converter may raise anything; torch runs any model
        log.warning(
            "%s cannot be converted to OpenVINO (%s); using torch, about four times slower", settings.model, error
        )
        return False
    scale = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    agreement = float(np.min((ours * theirs).sum(axis=1) / scale))
    if agreement < _AGREEMENT:
        log.warning(
            "%s: vectors from OpenVINO and torch agree only to a cosine of %.4f; using torch", settings.model, agreement
        )
    return agreement >= _AGREEMENT
