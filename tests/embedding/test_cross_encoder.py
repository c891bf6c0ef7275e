"""Cross-encoders: loaded only from safetensors, and never downloaded silently."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import huggingface_hub.constants
import pytest

from assistant.embedding.cross_encoder import PairScorer
from assistant.errors import SettingsError
from tests.embedding.tiny import tiny_cross_encoder

PAIRS = [("ferry", "the ferry sails"), ("ferry", "the bridge opens")]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the Hub's cache folder, with one model in it; the Hub's address is a closed port."""
    cache = tmp_path / "hub"
    model = cache / "models--cross-encoder--tiny"
    tiny_cross_encoder(model / "snapshots" / "0f")
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text("0f")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(cache))
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")
    return cache


def test_pairs_are_scored_by_a_model_in_a_folder(tmp_path: Path) -> None:
    scorer = PairScorer(str(tiny_cross_encoder(tmp_path / "tiny")), "SETTING")
    assert scorer.scores(PAIRS).shape == (2,)
    assert scorer.labels() == {0: "relevance"}


def test_weights_in_a_pickle_are_refused(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    folder = tiny_cross_encoder(tmp_path / "tiny")
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    with pytest.raises(SettingsError, match=r"weights in safetensors, in SETTING"):
        PairScorer(str(folder), "SETTING").scores(PAIRS)


def test_a_model_that_was_fetched_before_is_found_by_name_without_a_network(
    hub: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("cross-encoder/tiny", "tiny"):
        assert PairScorer(name, "SETTING").scores(PAIRS).shape == (2,)
    assert [message for message in caplog.messages if "fetching" in message] == []


def test_a_model_is_not_downloaded_silently(hub: Path, caplog: pytest.LogCaptureFixture) -> None:
    shutil.rmtree(hub)
    with caplog.at_level(logging.WARNING, "assistant"), pytest.raises(SettingsError, match="'tiny' here"):
        PairScorer("tiny", "SETTING").scores(PAIRS)
    assert [message for message in caplog.messages if message.startswith("fetching the model cross-encoder/tiny from")]
