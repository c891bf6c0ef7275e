"""Embedding with the real model, on both runtimes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant.embedding.embedder import Embedder
from assistant.errors import SettingsError
from assistant.settings import EmbeddingSettings
from benchmarks.static import static_model

TEXTS = ["The ferry line closes in May.", "Die Fähre fährt nicht mehr.", "", "word " * 900, "Кылычдароглу ответил."]


def test_vectors_have_the_shape_promised(embedder: Embedder) -> None:
    vectors = embedder.passages(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dim)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert embedder.passages([]).shape == (0, embedder.dim)


def test_both_runtimes_agree(embedder: Embedder) -> None:
    torch = Embedder.load(EmbeddingSettings(runtime="torch"))
    assert torch.fingerprint == embedder.fingerprint
    # Eight-bit weights, where the processor has fast products of them, cost a little.
    assert (torch.passages(TEXTS) * embedder.passages(TEXTS)).sum(axis=1) == pytest.approx(1.0, abs=1e-2)


def test_the_same_batch_gives_the_same_bytes(embedder: Embedder) -> None:
    assert embedder.passages(TEXTS).tobytes() == embedder.passages(TEXTS).tobytes()


def test_threads_do_not_mix_their_results(embedder: Embedder) -> None:
    texts = [f"Statement number {i} of the harbour master." for i in range(24)]
    alone = [embedder.query(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(embedder.query, texts))
    assert np.allclose(alone, together, atol=1e-3)


def test_nearness_is_of_meaning(embedder: Embedder) -> None:
    question = embedder.query("When does the ship service end?")
    near, far = embedder.passages(["The ferry line closes in May.", "The striker scored twice on Sunday."])
    assert question @ near > question @ far + 0.2


def test_clip_keeps_at_most_so_many_tokens(embedder: Embedder) -> None:
    assert embedder.count([embedder.clip("harbour " * 50, 10)])[0] <= 10
    assert embedder.clip("short", 10) == "short"
    assert embedder.clip("short", 0) == ""


def test_a_missing_model_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(SettingsError, match="no embedding model 'no-such-model'"):
        Embedder.load(EmbeddingSettings(model="no-such-model"))
    with pytest.raises(SettingsError, match="is not a sentence-transformers model"):
        Embedder.load(EmbeddingSettings(model=str(tmp_path), runtime="torch"))


def test_prompts_of_a_model_are_honoured(embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model with its own prompts, which change the vectors and the space left for text."""
    import json
    import shutil

    from assistant.embedding.models import model_folder

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "prompted"
    shutil.copytree(model_folder("all-MiniLM-L6-v2"), folder)
    config = folder / "config_sentence_transformers.json"
    config.write_text(
        json.dumps({**json.loads(config.read_text()), "prompts": {"query": "question: ", "document": "passage: "}})
    )
    prompted = Embedder.load(EmbeddingSettings(model=str(folder), runtime="torch"))
    assert prompted.fingerprint != embedder.fingerprint
    assert prompted.window == embedder.window - embedder.count(["passage: "])[0]
    assert prompted.query("ferry") @ embedder.query("question: ferry") == pytest.approx(1.0, abs=2e-3)
    assert prompted.passages(["ferry"])[0] @ embedder.passages(["passage: ferry"])[0] == pytest.approx(1.0, abs=2e-3)


@pytest.mark.parametrize("inner", ["", "0_StaticEmbedding"])
def test_a_static_model_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, inner: str
) -> None:
    """A static model without a window: saved by the current release, or with the tokenizer in a module's folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "static"
    static_model(folder)
    if inner:
        (folder / inner).mkdir()
        for name in ("tokenizer.json", "model.safetensors"):
            (folder / name).rename(folder / inner / name)
        modules = folder / "modules.json"
        modules.write_text(modules.read_text().replace('"path": ""', f'"path": "{inner}"'))
    for _ in range(2):  # when it is met, and when it is known
        static = Embedder.load(EmbeddingSettings(model=str(folder)))
        assert static.passages(TEXTS).shape == (len(TEXTS), static.dim)
        assert static.window > 1000
    assert not caplog.records
    late = static.passages(["word " * 2000, "word " * 2000 + "harbour " * 2000])
    assert late[0] @ late[1] < 0.9  # what stands at the end was read
