"""The sample's questions, asked again: the measures must keep the floors, which nobody can lower unnoticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import gate, sample
from benchmarks.common import save
from tests.conftest import ROOT, run_process

BUILT_FROM = ("articles.jsonl", "notes", "feed.xml", "page.html", "turkish-election.txt")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "archive"
    for names in (BUILT_FROM, ("corrections.jsonl",)):
        paths = [ROOT / "sample" / name for name in names]
        assert run_process("--archive", folder, "ingest", *paths, timeout=300).returncode == 0
    return folder


@pytest.mark.timeout(400)  # every question of the sample, and its archive: a minute and more on a slow machine
def test_the_samples_questions_keep_their_floors(archive: Path, tmp_path: Path) -> None:
    promised = gate.read(gate.FLOORS)
    floors = gate.Floors(tuple(bound for bound in promised.bounds if bound.result == "sample"), ())
    assert {"sample/evidence@200", "sample/answer@100", "sample/refusal_auroc"} <= {b.name for b in floors.bounds}
    corpus, figures = sample.measure(archive)
    save("sample", tmp_path / "sample.json", True, corpus, {}, figures)
    assert gate.check(floors, tmp_path) == []
