"""The guarantees that every index gives, checked for each."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.archive.changes import Change, Entry
from assistant.dates import Moment
from assistant.errors import UsageError
from assistant.index.base import PassageIndex, Probe
from assistant.types import Filters
from tests.index.backends import ALL, BACKENDS, FLAT, IVF, LEXICAL, Backend, numbered, stocked
from tests.index.memory_archive import MemoryArchive, passes

every_backend = pytest.mark.parametrize("backend", BACKENDS, ids=lambda backend: backend.label)


@every_backend
def test_it_keeps_the_protocol(backend: Backend, tmp_path: Path) -> None:
    index: PassageIndex = backend.open(stocked(5), tmp_path, write=True)
    assert index.name == backend.name
    index.close()


@every_backend
def test_an_empty_archive_finds_nothing_and_can_be_published(backend: Backend, tmp_path: Path) -> None:
    archive = MemoryArchive()
    index = backend.open(archive, tmp_path, write=True)
    index.publish()
    assert (len(index), index.state(), list(index.check())) == (0, 0, [])
    assert not len(index.search(Probe("word", archive.unit()), 5, ALL).ids)
    assert not len(backend.open(archive, tmp_path).search(Probe("word", archive.unit()), 5, ALL).ids)


@every_backend
def test_passages_added_to_an_empty_index_are_found(backend: Backend, tmp_path: Path) -> None:
    archive = MemoryArchive()
    index = backend.open(archive, tmp_path, write=True)
    index.publish()
    archive.add(*map(numbered, range(150)))
    assert index.sync() == 150
    index.publish()
    assert all(backend.found(index, archive.entry(id)) for id in archive.ids())
    assert list(index.check()) == []


@every_backend
def test_every_passage_is_found_first_by_its_own_probe(backend: Backend, tmp_path: Path) -> None:
    archive = stocked()
    index = backend.open(archive, tmp_path, write=True)
    for published in (False, True):
        for id in archive.ids():
            assert index.search(backend.probe(archive.entry(id)), 1, ALL).ids.tolist() == [id], published
        index.publish()


@every_backend
def test_hits_are_typed_bounded_and_in_order(backend: Backend, tmp_path: Path) -> None:
    archive = stocked()
    index = backend.open(archive, tmp_path, write=True)
    for k in (1, 7, 159, 160, 500):
        hits = index.search(Probe("the", archive.unit()), k, ALL)
        assert [str(hits.ids.dtype), str(hits.scores.dtype)] == ["int64", "float32"]
        assert len(hits.ids) == len(hits.scores) == len(set(hits.ids.tolist())) == min(k, 160)
        assert (np.diff(hits.scores) <= 0).all()
        assert hits.scores.min() >= (0 if backend is LEXICAL else -1)


@every_backend
def test_ties_go_to_the_lowest_ids_however_the_files_were_built(backend: Backend, tmp_path: Path) -> None:
    archive = stocked(120)
    grown = backend.open(archive, tmp_path / "grown", write=True)
    alike = [archive.add(replace(numbered(7), vector=archive.entry(1).vector))[0] for _ in range(3)]
    grown.sync()
    for _ in range(6):
        alike += archive.add(*[replace(numbered(7), vector=archive.entry(1).vector)] * 11)
        grown.sync()
    grown.publish()
    built = backend.open(archive, tmp_path / "built", write=True)
    probe = backend.probe(archive.entry(alike[0]))
    for k in (1, 5, 20, 40):
        first = grown.search(probe, k, ALL).ids.tolist()
        assert first == built.search(probe, k, ALL).ids.tolist()
        assert first == ([archive.ids()[0] if backend.name == "vector" else archive.ids()[7], *alike])[:k]


@pytest.mark.parametrize("backend", [FLAT, LEXICAL], ids=lambda backend: backend.label)
def test_a_passage_scores_to_the_last_bit_the_same_before_and_after_it_is_published(
    backend: Backend, tmp_path: Path
) -> None:
    archive = stocked(40, dim=24)
    index = backend.open(archive, tmp_path, write=True)
    index.publish()
    archive.add(*map(numbered, range(40, 75)))
    index.sync()
    probes = [Probe("minister budget harbour the", archive.unit()) for _ in range(20)]
    before = [index.search(probe, 75, ALL) for probe in probes]
    index.publish(purge=True)
    for probe, found in zip(probes, before, strict=True):
        again = index.search(probe, 75, ALL)
        assert (again.ids.tolist(), again.scores.tolist()) == (found.ids.tolist(), found.scores.tolist())


@every_backend
def test_a_search_for_no_passages_is_refused(backend: Backend, tmp_path: Path) -> None:
    archive = stocked(5)
    with pytest.raises(UsageError, match="at least 1"):
        backend.open(archive, tmp_path).search(Probe("the", archive.unit()), 0, ALL)


@every_backend
def test_the_half_of_a_probe_that_is_missing_finds_nothing(backend: Backend, tmp_path: Path) -> None:
    archive = stocked(5)
    probe = Probe(vector=archive.unit()) if backend is LEXICAL else Probe(text="the")
    assert not len(backend.open(archive, tmp_path).search(probe, 5, ALL).ids)


# --- filters ---------------------------------------------------------------------------------------------


def day(number: int) -> Moment:
    return Moment(datetime.fromtimestamp(1_000_000, UTC) + timedelta(days=number))


names = ("Courier", "gazette", "ÉCHOS", "Nobody's")
chosen_filters = st.builds(
    Filters,
    since=st.none() | st.integers(-1, 41).map(day),
    until=st.none() | st.integers(-1, 41).map(day),
    outlets=st.lists(st.sampled_from(names), max_size=2).map(tuple),
    authors=st.lists(st.sampled_from(["ana", "ÖZ", "Jo Öz and", "", "nobody"]), max_size=2).map(tuple),
    sections=st.lists(st.sampled_from(["world", "POLITICS", "", "sport"]), max_size=2).map(tuple),
    languages=st.lists(st.sampled_from(["en", "TR", "", "de"]), max_size=2).map(tuple),
)


HalfPublished = tuple[Backend, MemoryArchive, PassageIndex]


@pytest.fixture(scope="module", params=BACKENDS, ids=lambda backend: backend.label)
def half_published(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> HalfPublished:
    """Return an index of 40 passages: most in a file, some added since, and some deleted."""
    archive = stocked(34)
    backend = Backend("ivf", 10) if request.param is IVF else request.param
    index = backend.open(archive, tmp_path_factory.mktemp("index"), write=True)
    index.publish()
    archive.add(*map(numbered, range(34, 40)))
    archive.remove(3, 5)
    archive.remove(36)
    index.sync()
    return backend, archive, index


@given(filters=chosen_filters, k=st.integers(1, 45))
@settings(max_examples=60, deadline=None)
def test_a_filtered_search_finds_as_many_as_pass_and_no_others(
    half_published: HalfPublished, filters: Filters, k: int
) -> None:
    backend, archive, index = half_published
    allowed = [id for id in archive.ids() if passes(archive.entry(id), filters)]
    vector = archive.entry(1).vector
    hits = index.search(Probe("the", vector), k, filters)
    assert set(hits.ids.tolist()) <= set(allowed)
    assert len(hits.ids) == min(k, len(allowed))
    if backend is FLAT:
        assert hits.ids.tolist() == archive.nearest(vector, k, filters)


@every_backend
def test_an_article_without_a_date_passes_no_date_filter_and_until_is_exclusive(
    backend: Backend, tmp_path: Path
) -> None:
    archive = MemoryArchive()
    ids = archive.add(*(replace(numbered(0), published=at) for at in (None, 99, 100, 199, 200)))
    index = backend.open(archive, tmp_path)

    def at(seconds: int) -> Moment:
        return Moment(datetime.fromtimestamp(seconds, UTC))

    hits = index.search(Probe("the", archive.unit()), 9, Filters(since=at(100), until=at(200)))
    assert sorted(hits.ids.tolist()) == ids[2:4]


# --- coming and going ------------------------------------------------------------------------------------


@every_backend
def test_deleted_passages_never_come_back(backend: Backend, tmp_path: Path) -> None:
    archive = stocked()
    index = backend.open(archive, tmp_path, write=True)
    index.publish()
    gone = [archive.entry(id) for id in (1, 50, 51, 52, 160)]
    archive.remove(1)
    archive.remove(50, 52)
    archive.remove(160)
    assert index.sync() == 5
    for step in ("synced", "published", "purged", "rebuilt"):
        if step == "rebuilt":
            index.rebuild()
        elif step != "synced":
            index.publish(purge=step == "purged")
        reader = backend.open(archive, tmp_path)
        for each in (index, reader):
            assert len(each) == 155
            assert not any(backend.found(each, entry) for entry in gone)
        reader.close()


@every_backend
def test_a_passage_deleted_and_added_again_is_found_once(backend: Backend, tmp_path: Path) -> None:
    archive = stocked()
    index = backend.open(archive, tmp_path, write=True)
    index.publish()
    entry = archive.entry(70)
    archive.remove(70)
    index.sync()
    archive.put_back(entry)
    index.sync()
    for _ in range(2):
        assert index.search(backend.probe(entry), 160, ALL).ids.tolist().count(70) == 1
        assert len(index) == 160
        index.rebuild()


@every_backend
def test_syncing_again_changes_nothing(backend: Backend, tmp_path: Path) -> None:
    archive = stocked()
    index = backend.open(archive, tmp_path, write=True)
    state = index.state()
    assert state == archive.seq() == 8
    assert index.sync() == 0
    assert (index.state(), len(index)) == (state, 160)


class Repeating(MemoryArchive):
    """Repeats the last three changes before the requested one."""

    def changes(self, after: int) -> Iterable[Change]:
        return super().changes(max(0, after - 3))


@every_backend
def test_a_change_applied_twice_is_a_change_applied_once(backend: Backend, tmp_path: Path) -> None:
    archive = Repeating()
    for start in range(0, 120, 20):
        archive.add(*map(numbered, range(start, start + 20)))
    index = backend.open(archive, tmp_path, write=True)
    index.publish()
    for number in range(120, 124):
        archive.add(numbered(number))
        archive.remove(number - 100)
        index.sync()
    index.publish()
    assert len(index) == archive.live() == 120
    hits = index.search(Probe("the", archive.unit()), 500, ALL)
    assert sorted(hits.ids.tolist()) == archive.ids()


@every_backend
def test_a_source_that_fails_half_way_leaves_what_was_there(backend: Backend, tmp_path: Path) -> None:
    archive = stocked(120)
    index = backend.open(archive, tmp_path, write=True)
    index.publish()
    archive.add(*map(numbered, range(120, 140)))
    entries = archive.entries

    def failing(first: int, last: int) -> Iterator[Entry]:
        for entry in entries(first, last):
            if entry.id == 130:
                raise OSError(5, "input/output error")
            yield entry

    archive.entries = failing  # type: ignore[method-assign]
    with pytest.raises(OSError, match="input/output"):
        index.sync()
    assert len(index) == 120
    assert backend.found(index, archive.entry(7))
    archive.entries = entries  # type: ignore[method-assign]
    assert index.sync() == 20
    index.publish()
    assert all(backend.found(index, archive.entry(id)) for id in (7, 121, 140))


# --- readers ---------------------------------------------------------------------------------------------


@every_backend
def test_a_reader_cannot_write(backend: Backend, tmp_path: Path) -> None:
    reader = backend.open(stocked(5), tmp_path)
    for step in (reader.publish, reader.rebuild, lambda: reader.publish(purge=True)):
        with pytest.raises(UsageError, match="opened for reading"):
            step()


@every_backend
def test_a_reader_without_files_builds_its_own_in_memory_and_writes_nothing(backend: Backend, tmp_path: Path) -> None:
    archive = stocked()
    reader = backend.open(archive, tmp_path / "index")
    assert all(backend.found(reader, archive.entry(id)) for id in archive.ids())
    archive.add(numbered(500))
    archive.remove(3)
    assert reader.sync() == 2
    assert backend.found(reader, archive.entry(161))
    assert len(reader) == 160
    assert not (tmp_path / "index").exists()


@every_backend
def test_a_reader_follows_the_writer_from_generation_to_generation(backend: Backend, tmp_path: Path) -> None:
    archive = stocked()
    writer = backend.open(archive, tmp_path, write=True)
    writer.publish()
    reader = backend.open(archive, tmp_path)
    for number in range(200, 208):
        [id] = archive.add(numbered(number))
        archive.remove(id - 100)
        gone = numbered(id - 101)
        writer.sync()
        writer.publish()
        reader.sync()
        assert backend.found(reader, archive.entry(id))
        assert id - 100 not in reader.search(Probe(backend.probe(gone).text, archive.unit()), 200, ALL).ids
        assert (len(reader), reader.state()) == (160, archive.seq())
    assert len(list(tmp_path.glob(f"{backend.name}-*"))) == 1


@every_backend
def test_an_open_reader_outlives_the_generation_it_reads(backend: Backend, tmp_path: Path) -> None:
    archive = stocked()
    writer = backend.open(archive, tmp_path, write=True)
    writer.publish()
    reader = backend.open(archive, tmp_path)
    old = reader._view
    writer.rebuild()
    [place] = tmp_path.glob(f"{backend.name}-*")
    assert place.name == f"{backend.name}-2"
    reader._stamp = reader._generations.stamp()  # like a reader that has not checked yet
    assert all(backend.found(reader, archive.entry(id)) for id in archive.ids())
    assert reader._view is old


@every_backend
def test_a_generation_replaced_while_it_is_opened_is_opened_anew(
    backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    writer = backend.open(stocked(), tmp_path, write=True)
    writer.publish()
    archive = stocked()
    seq = archive.seq()

    def interrupted() -> int:  # called between reading the manifest and reading the files
        monkeypatch.undo()
        writer.rebuild()
        return seq

    monkeypatch.setattr(archive, "seq", interrupted)
    reader = backend.open(archive, tmp_path)
    assert reader._manifest is not None
    assert (reader._manifest.number, len(reader)) == (2, 160)
    assert not caplog.records


@every_backend
def test_a_lagging_reader_does_not_show_what_has_gone(backend: Backend, tmp_path: Path) -> None:
    archive = stocked()
    writer = backend.open(archive, tmp_path, write=True)
    writer.publish()
    reader = backend.open(archive, tmp_path)
    gone = archive.entry(20)
    archive.remove(20, 22)
    assert reader.sync() == 3
    assert len(reader) == 157
    assert not backend.found(reader, gone)


@every_backend
def test_threads_search_while_another_syncs_and_publishes(backend: Backend, tmp_path: Path) -> None:
    archive = stocked()
    index = backend.open(archive, tmp_path, write=True)
    stop, faults = threading.Event(), []

    def read() -> None:
        try:
            while not stop.is_set():
                for id in (1, 80, 160):
                    entry = archive.entry(id)
                    assert index.search(backend.probe(entry), 2, ALL).ids[0] == id
        except BaseException as error:
            faults.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for thread in readers:
        thread.start()
    for number in range(200, 205):
        archive.add(numbered(number))
        archive.remove(number - 110)
        index.sync()
        index.publish()
    stop.set()
    for thread in readers:
        thread.join()
    assert not faults
    assert len(index) == archive.live()


@every_backend
def test_closing_releases_everything_and_can_be_repeated(backend: Backend, tmp_path: Path) -> None:
    index = backend.open(stocked(), tmp_path, write=True)
    index.publish()
    index.close()
    index.close()
    maps = Path("/proc/self/maps")
    assert not maps.exists() or str(tmp_path) not in maps.read_text()
