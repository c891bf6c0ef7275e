"""The vector index: exact search and inverted lists, checkpoints and deltas."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.archive.changes import Change
from assistant.errors import DimensionMismatch
from assistant.index import faiss, open_indexes, vector
from assistant.index.base import Probe
from assistant.index.changes import merged, windows
from assistant.index.delta import Delta
from assistant.index.vector import VectorIndex
from assistant.types import Filters
from tests.index.backends import ALL, FLAT, IVF, numbered, stocked
from tests.index.memory_archive import MemoryArchive


def test_exact_below_the_threshold_and_inverted_from_there(tmp_path: Path) -> None:
    archive = stocked(99)
    index = VectorIndex(archive, tmp_path, write=True, ivf_from=100)
    inverted = []
    for step in (lambda: None, lambda: archive.add(*map(numbered, range(100, 160))), lambda: archive.remove(1, 100)):
        step()
        index.sync()
        index.publish()
        inverted.append(index._view.base.inverted)
    assert inverted == [False, True, False]
    assert len(index) == archive.live() == 59


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="it reads the memory map of the process")
def test_files_are_mapped_not_read(tmp_path: Path) -> None:
    for backend in (FLAT, IVF):
        index = backend.open(stocked(), tmp_path / backend.label, write=True)
        index.publish()
        assert str(tmp_path / backend.label) in Path("/proc/self/maps").read_text()


def clustered(count: int, dim: int = 32) -> MemoryArchive:
    """Return passages in forty clusters."""
    archive = MemoryArchive(dim)
    centres = [archive.unit() for _ in range(40)]
    for start in range(0, count, 500):
        entries = []
        for number in range(start, start + 500):
            point = centres[number % 40] + 0.5 * archive.unit()
            entries.append(replace(numbered(number), vector=point / np.linalg.norm(point)))
        archive.add(*entries)
    return archive


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[MemoryArchive, VectorIndex]:
    """Return 6,000 passages in 150 lists, of which a search probes 16; the delta is empty."""
    archive = clustered(6000)
    index = VectorIndex(archive, tmp_path_factory.mktemp("large"), write=True, ivf_from=1000)
    index.sync()
    index.publish()
    return archive, index


def test_inverted_lists_miss_little(large: tuple[MemoryArchive, VectorIndex]) -> None:
    archive, index = large
    assert (index._view.base.index.nlist, len(index._view.delta)) == (150, 0)
    met = 0
    for id in range(1, 6000, 120):
        probe = Probe(vector=archive.entry(id).vector)
        hits = index.search(probe, 10, ALL)
        assert hits.ids[0] == id
        assert abs(hits.scores[0] - 1) < 0.01
        met += len(set(hits.ids.tolist()) & set(archive.nearest(archive.entry(id).vector, 10)))
    assert met / 500 > 0.9


def test_a_narrow_filter_is_searched_in_more_lists(large: tuple[MemoryArchive, VectorIndex]) -> None:
    archive, index = large
    base = index._view.base
    assert [base._probes(10, eligible) for eligible in (6000, 600, 60)] == [16, 150, 150]
    allowed = archive.allowed(Filters(sections=("World",)))
    assert allowed is not None
    for number in (1, 2, 7, 60):
        some = allowed[:: max(1, len(allowed) // number)]
        hits = base.search(archive.unit(), 50, some, faiss.NO_IDS)
        assert len(hits.ids) == min(50, len(some))
        assert set(hits.ids.tolist()) <= set(some.tolist())


def test_passages_far_from_the_query_that_pass_the_filter_are_found(large: tuple[MemoryArchive, VectorIndex]) -> None:
    archive, index = large
    here = archive.entry(1).vector
    far = np.array(sorted(archive.nearest(-here, 3000)), dtype=np.int64)  # half of all, the farthest
    hits = index._view.base.search(here, 20, far, faiss.NO_IDS)
    assert len(hits.ids) == 20
    assert set(hits.ids.tolist()) <= set(far.tolist())


def test_an_inverted_index_takes_changes_without_training_anew(
    large: tuple[MemoryArchive, VectorIndex], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = clustered(2000)
    index = VectorIndex(archive, tmp_path, write=True, ivf_from=1000)
    index.sync()
    index.publish()
    monkeypatch.setattr(faiss, "_trained", None)
    archive.remove(1, 300)
    fresh = archive.add(*map(numbered, range(9000, 9100)))
    index.sync()
    index.publish()
    assert (len(index._view.base), len(index._view.delta), len(index)) == (1800, 0, 1800)
    reader = VectorIndex(archive, tmp_path, ivf_from=1000)
    for id in (fresh[0], fresh[-1], 301, 2000):
        assert reader.search(Probe(vector=archive.entry(id).vector), 1, ALL).ids.tolist() == [id]
    hits = reader.search(Probe(vector=archive.unit()), 5000, ALL)
    assert sorted(hits.ids.tolist()) == archive.ids()


@pytest.mark.parametrize(("lists", "count", "suits"), [(7, 280, True), (7, 60, False), (7, 800, False)])
def test_lists_are_trained_anew_when_there_are_too_few_or_many(lists: int, count: int, suits: bool) -> None:
    archive = MemoryArchive(8)
    sample = np.stack([archive.unit() for _ in range(280)])
    base = faiss.build([(np.arange(280), sample)], 8, sample, lists)
    assert base.suits(count) is suits


def test_lists_per_archive() -> None:
    assert [faiss.lists_for(n) for n in (1, 200, 40_000, 1_000_000, 10**9)] == [1, 5, 800, 4000, 65_536]


# --- checkpoints -----------------------------------------------------------------------------------------


def checkpoint(folder: Path) -> str:
    [place] = folder.glob("vector-*")
    return place.name


def test_a_checkpoint_is_written_when_it_is_worth_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = stocked(100)
    index = FLAT.open(archive, tmp_path, write=True)
    index.publish()
    assert checkpoint(tmp_path) == "vector-1"
    index.publish()
    assert checkpoint(tmp_path) == "vector-1"  # nothing changed
    archive.add(*map(numbered, range(100, 110)))
    index.sync()
    index.publish()
    assert checkpoint(tmp_path) == "vector-1"  # a tenth does not justify one
    archive.remove(1)
    index.sync()
    index.publish()
    assert checkpoint(tmp_path) == "vector-2"  # more than a tenth does
    index.rebuild()
    assert checkpoint(tmp_path) == "vector-3"
    monkeypatch.setattr(vector, "CHECKPOINT_AFTER", 1)
    archive.add(*map(numbered, range(210, 212)))
    index.sync()
    index.publish()
    assert checkpoint(tmp_path) == "vector-4"
    assert list(index.check()) == []


def test_much_to_catch_up_with_is_read_in_one_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector, "REFILL_FROM", 50)
    archive = stocked(100)
    index = VectorIndex(archive, tmp_path, ivf_from=1000)
    assert index.sync() == 100
    assert (len(index._view.base), len(index._view.delta)) == (100, 0)
    archive.add(*map(numbered, range(100, 140)))
    assert index.sync() == 40
    assert (len(index._view.base), len(index._view.delta)) == (100, 40)
    assert index.search(Probe(vector=archive.entry(140).vector), 1, ALL).ids.tolist() == [140]


@pytest.mark.parametrize("shape", [(15,), (17,), (1, 16), ()])
def test_a_query_of_another_width_is_refused(shape: tuple[int, ...], tmp_path: Path) -> None:
    index = FLAT.open(stocked(20), tmp_path)
    with pytest.raises(DimensionMismatch, match="but the vector index 16"):
        index.search(Probe(vector=np.ones(shape, dtype=np.float32)), 3, ALL)


def test_a_passage_of_another_width_is_refused(tmp_path: Path) -> None:
    archive = stocked(20)
    archive.dim = 12
    with pytest.raises(DimensionMismatch, match="passage 1 has 16 dimensions, but its archive has 12"):
        FLAT.open(archive, tmp_path)


def test_a_missing_passage_is_noticed(tmp_path: Path) -> None:
    archive = stocked(20)
    index = FLAT.open(archive, tmp_path, write=True)
    index.publish()
    archive._entries.pop(7)  # deleted without recording a change
    assert "has 20 passages, but the archive has 19" in index.check()[0]


def test_both_indexes_open_and_close_as_one(tmp_path: Path) -> None:
    archive = stocked(60)
    with open_indexes(archive, tmp_path, write=True) as indexes:
        indexes.publish()
        archive.add(numbered(60))
        assert indexes.sync() == 1
        indexes.publish(purge=True)
        indexes.rebuild()
        assert (len(indexes.vector), len(indexes.lexical)) == (61, 61)
        assert indexes.check() == []
        assert indexes.size_on_disk() == sum(p.stat().st_size for p in tmp_path.rglob("*") if p.is_file())
    with open_indexes(archive, tmp_path) as indexes:
        assert (len(indexes.vector), len(indexes.lexical)) == (61, 61)


def test_importing_the_package_loads_no_engine() -> None:
    code = "import sys, assistant.index, assistant.index.base; assert not {'faiss', 'tantivy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


# --- parts -----------------------------------------------------------------------------------------------


def test_neighbouring_changes_are_merged() -> None:
    changes = [Change(1, True, 1, 5), Change(2, True, 6, 9), Change(3, False, 2, 2), Change(4, True, 11, 12)]
    assert merged(changes) == [Change(2, True, 1, 9), Change(3, False, 2, 2), Change(4, True, 11, 12)]


@given(st.lists(st.tuples(st.integers(1, 3000), st.integers(0, 500)), min_size=1, max_size=6), st.integers(1, 4000))
@settings(max_examples=60, deadline=None)
def test_windows_lie_apart_within_what_was_added_and_are_about_enough(
    parts: list[tuple[int, int]], wanted: int
) -> None:
    changes, first = [], 1
    for seq, (length, gap) in enumerate(parts, start=1):
        changes.append(Change(seq, True, first, first + length - 1))
        first += length + gap
    added = {id for change in changes for id in range(change.first, change.last + 1)}
    seen = [id for start, end in windows(changes, wanted, width=16) for id in range(start, end + 1)]
    assert len(seen) == len(set(seen))
    assert set(seen) <= added
    assert len(seen) <= wanted + 16 * (len(parts) + 1)
    assert len(seen) >= min(wanted, len(added)) / 2 - 16 * (len(parts) + 1)


def test_a_delta_keeps_its_order_and_those_it_grew_from() -> None:
    archive = MemoryArchive(4)
    vectors = np.stack([archive.unit() for _ in range(600)])
    deltas = [Delta.empty(4)]
    for start in range(0, 600, 50):
        deltas.append(deltas[-1].append(np.arange(start, start + 50), vectors[start : start + 50]))
    for number, delta in enumerate(deltas):
        assert delta.ids.tolist() == list(range(50 * number))
        assert (delta.vectors == vectors[: 50 * number]).all()
    less = deltas[-1].without(10, 19)
    assert less.without(10, 19) is less
    back = less.append(np.array([12, 15]), vectors[[12, 15]])
    assert back.ids.tolist() == [*range(10), 12, 15, *range(20, 600)]
    assert (back.vectors == vectors[back.ids]).all()
    assert back.search(vectors[15], 1, None).ids.tolist() == [15]
    assert back.search(vectors[15], 3, np.array([3, 11, 12, 599])).ids.tolist() != [15]
    assert not len(back.search(vectors[15], 3, np.array([11])).ids)


def test_equal_scores_are_ordered_by_id() -> None:
    hits = faiss.best(np.array([9, 4, 7]), np.array([0.5, 0.5, 1.2], dtype=np.float32), 3)
    assert hits.ids.tolist() == [7, 4, 9]
    assert hits.scores.tolist() == [1, 0.5, 0.5]
