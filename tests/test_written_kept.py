"""Answers that are measured are kept as they are made: a run goes on where it was broken off, and drafts are judged anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.embedding.embedder import Embedder
from assistant.settings import EmbeddingSettings
from benchmarks.common import Failed
from benchmarks.written import ask, counted

ASKED = [
    {"id": "q1", "question": "When will the harbour tunnel open?"},
    {"id": "q2", "question": "By how much will the ferry fares rise?"},
]
MODEL = {"kind": "class", "class_path": "llama_index.core.llms.MockLLM", "window": 4096}
TRUE = "Fares on the island ferry will rise by five per cent in June. [1]"


def kept(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def loaded_once(monkeypatch: pytest.MonkeyPatch, _load_once: Callable[[EmbeddingSettings], Any]) -> None:
    monkeypatch.setattr(Embedder, "load", _load_once)


@pytest.mark.usefixtures("loaded_once")
def test_a_run_resumes_and_drafts_are_judged_again(small_archive: Path, tmp_path: Path) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    ask(small_archive, ASKED[:1], MODEL, first, {})
    ask(small_archive, ASKED, MODEL, first, {})
    answers = kept(first)
    assert [one["id"] for one in answers] == ["q1", "q2"]
    assert all(one["draft"] and len(one["withheld"]) == one["wording"]["dropped"] for one in answers)
    answers[1] |= {"draft": f"{TRUE} The mayor sang. [1]", "seconds": 7.5}
    ask(small_archive, ASKED, MODEL, again, {one["id"]: one for one in answers})
    judged = kept(again)[1]
    assert [one["text"] for one in judged["sentences"]] == [TRUE[:-4]]
    assert [check["holds"] for check in judged["sentences"][0]["checked"]].count(False) == 0
    assert "sang" in judged["withheld"][0] or "mayor" in judged["withheld"][0]
    assert judged["seconds"] == 7.5
    figures = counted(kept(again), small_archive)
    assert (figures["asked"], figures["sent"], figures["unsupported"]) == (2, 1, 0)
    answers[1]["wording"]["prompt"] = "answer@1+00000000"
    with pytest.raises(Failed, match="the draft of q2 was written for"):
        ask(small_archive, ASKED, MODEL, tmp_path / "other", {one["id"]: one for one in answers})
