"""A reranker, run for real: a tiny CrossEncoder with random weights, made here."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import SettingsError
from tests.embedding.tiny import tiny_cross_encoder
from tests.house import row, settings_for, take_in


def test_a_reranker_orders_the_first_hits_and_no_others(tmp_path: Path) -> None:
    rows = [
        row(number, f"The ferry {name} sails to Lund.") for number, name in enumerate(("Ada", "Bea", "Cleo", "Dina"))
    ]
    take_in(tmp_path / "archive", rows)
    settings = {"reranker": str(tiny_cross_encoder(tmp_path / "tiny")), "reranked": 3}
    with Assistant.open(settings_for(tmp_path / "archive")) as plain:
        before = [hit.passage.id for hit in plain.search("ferry to Lund")]
    with Assistant.open(settings_for(tmp_path / "archive", retrieval=settings)) as reranking:
        hits = reranking.search("ferry to Lund")
    assert {hit.passage.id for hit in hits[:3]} == set(before[:3])
    assert [hit.passage.id for hit in hits[3:]] == before[3:]
    assert all(1 < hit.score < 2 for hit in hits[:3])
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_missing_reranker_is_named(tmp_path: Path) -> None:
    take_in(tmp_path / "archive", [row(1, "The ferry sails.")])
    settings = settings_for(tmp_path / "archive", retrieval={"reranker": str(tmp_path / "nowhere")})
    with Assistant.open(settings) as assistant, pytest.raises(SettingsError, match="nowhere"):
        assistant.search("ferry")
