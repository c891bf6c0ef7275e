"""Fixtures of many tests: a small archive, built once with the real model, and the command line."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from typer.testing import CliRunner, Result

from assistant.embedding.embedder import Embedder
from assistant.settings import EmbeddingSettings, Settings, load_settings

hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.load_profile("house")  # the same examples each time, however busy the machine

ROOT = Path(__file__).parent.parent

Article = dict[str, Any]

_WIRE = (
    "The harbour tunnel will not open before 2027, the port authority said on Friday. "
    "Old mines were found in the sea bed, and clearing them takes two years."
)

SMALL: tuple[Article, ...] = (
    {
        "id": "tunnel-1",
        "headline": "Harbour tunnel delayed by two years",
        "outlet": "Harbour Post",
        "byline": "Jonas Ek",
        "section": "Local",
        "published": "2023-05-12T15:56:15Z",
        "url": "https://post.example/tunnel",
        "text": f'{_WIRE}\n\nTransport minister Anna Berg said: "This delay is a disgrace." She promised an inquiry.',
    },
    {
        "id": "tunnel-2",
        "headline": "Tunnel to open in 2027",
        "outlet": "Northern Courier",
        "section": "Local",
        "published": "2023-05-13",
        "text": f"{_WIRE}\n\nThe tunnel was to have opened this summer.",
    },
    {
        "id": "ferry-1",
        "headline": "Ferry fares to rise in June",
        "outlet": "Northern Courier",
        "byline": "Mira Solheim",
        "published": "2023-05-20",
        "text": "Fares on the island ferry will rise by five per cent in June. The operator blamed the price of fuel.",
    },
    {
        "id": "ferry-2",
        "headline": "Ferry timetable cut",
        "outlet": "Harbour Post",
        "published": "2023-06-02",
        "text": "The island ferry will run only four times a day from Monday. Two of its six captains have left.",
    },
    {
        "id": "vote-tr",
        "headline": "Kılıçdaroğlu iddiasını yineledi",
        "outlet": "Kıyı Gazetesi",
        "language": "tr",
        "published": "2023-05-12",
        "text": "Kemal Kılıçdaroğlu, sahte videoların yurt dışından geldiğini söyledi. Aday kanıt göstermedi.",
    },
    {
        "id": "hafen-de",
        "headline": "Hafentunnel kommt später",
        "outlet": "Küstenblatt",
        "language": "de",
        "published": "2023-05-13",
        "text": "Der Tunnel unter dem Hafen wird erst 2027 eröffnet. Grund sind alte Minen im Meeresboden.",
    },
    {
        "id": "undated",
        "headline": "How to mend a net",
        "outlet": "Harbour Post",
        "text": "A net is mended with the same knot that it was made with. Old fishermen use a needle of bone.",
    },
    {
        "url": "https://courier.example/budget?year=2023",
        "headline": "Council passes budget",
        "outlet": "Northern Courier",
        "published": "2023-11-30",
        "text": "The city council passed a budget of 41 million crowns on Thursday. Schools get a third of it.",
    },
    *(
        {
            "id": f"weather-{month:02}",
            "headline": f"Weather report number {month}",
            "outlet": "Coast Radio",
            "section": "Weather",
            "published": f"2022-{month:02}-15",
            "text": f"Rain fell on {month + 3} days of the month. The coldest night had {month} degrees of frost.",
        }
        for month in range(1, 13)
    ),
)
"""Twenty short articles. Tests may rely on their ids, outlets and dates."""


@pytest.fixture(scope="session")
def small_jsonl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with the small articles as JSON lines."""
    path = tmp_path_factory.mktemp("small") / "articles.jsonl"
    path.write_text("".join(json.dumps(article, ensure_ascii=False) + "\n" for article in SMALL), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def small_archive(small_jsonl: Path) -> Path:
    """Return the folder of an archive of the small articles. Tests must not write to it: see ``archive_copy``."""
    from assistant.admin import ingest
    from assistant.ingest import ReadOptions

    folder = small_jsonl.parent / "archive"
    report = ingest(load_settings({"archive": folder}), [str(small_jsonl)], ReadOptions())
    assert (report.added, report.rejected) == (len(SMALL), 0)
    return folder


@pytest.fixture
def archive_copy(small_archive: Path, tmp_path: Path) -> Path:
    """Return the folder of a copy of the small archive, which a test may change."""
    return Path(shutil.copytree(small_archive, tmp_path / "archive"))


@pytest.fixture
def small_settings(small_archive: Path) -> Settings:
    """Return the settings that name the small archive."""
    return load_settings({"archive": small_archive})


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """Return the real model, as the product loads it."""
    return Embedder.load(load_settings().embedding)


@pytest.fixture(scope="session")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of another sentence-transformers model: tiny, untrained, 32 dimensions."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel

    from assistant.embedding.models import model_folder

    folder = tmp_path_factory.mktemp("model")
    bert = folder / "bert"
    shutil.copytree(
        model_folder("all-MiniLM-L6-v2"),
        bert,
        ignore=shutil.ignore_patterns("*.safetensors", "1_Pooling", "modules.json"),
    )
    config = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    BertModel(config).save_pretrained(bert)
    SentenceTransformer(modules=[Transformer(str(bert), max_seq_length=128), Pooling(32)], device="cpu").save(
        str(folder / "tiny")
    )
    return folder / "tiny"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ONTHERECORD_")]:
        monkeypatch.delenv(name)


Cli = Callable[..., Result]


@pytest.fixture(scope="session")
def _load_once() -> Callable[[EmbeddingSettings], Any]:
    from assistant.embedding.embedder import Embedder

    return cache(Embedder.load)


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, _load_once: Callable[[EmbeddingSettings], Any]) -> Iterator[Cli]:
    """Return a function that runs the command line in this process: ``cli("search", "x", archive=folder, stdin="")``."""
    from assistant.cli.app import app
    from assistant.embedding.embedder import Embedder

    monkeypatch.setattr(Embedder, "load", _load_once)  # a process loads the model once; so does this one
    root = logging.getLogger()
    handlers, level, terminate = root.handlers[:], root.level, signal.getsignal(signal.SIGTERM)

    def run(*arguments: str | Path, archive: Path | None = None, stdin: str | bytes | None = None) -> Result:
        before = ["--archive", str(archive)] if archive else []
        return CliRunner().invoke(app, [*before, *map(str, arguments)], input=stdin, prog_name="ontherecord")

    yield run
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    signal.signal(signal.SIGTERM, terminate)


def run_process(*arguments: str | Path, timeout: float = 60, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "assistant", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False, **options)
