"""Only undamaged generations of the right archive are searched, and no failure harms the active one."""

from __future__ import annotations

import errno
import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.errors import NoSpace, TornIndex, WrongModel
from assistant.index.generations import Generations, ManifestEntry, disk
from assistant.index.lexical import FORMAT as LEXICAL_FORMAT
from assistant.index.vector import FORMAT as VECTOR_FORMAT
from tests.index.backends import BACKENDS, FLAT, LEXICAL, Backend, Index, numbered, stocked
from tests.index.memory_archive import MemoryArchive, passage

every_backend = pytest.mark.parametrize("backend", BACKENDS, ids=lambda backend: backend.label)


def generations(backend: Backend, folder: Path) -> Generations:
    return Generations(folder, backend.name, LEXICAL_FORMAT if backend is LEXICAL else VECTOR_FORMAT)


def accept(backend: Backend, archive: MemoryArchive, folder: Path) -> None:
    generations(backend, folder).accept(archive, vectors=backend is not LEXICAL)


def published(backend: Backend, folder: Path, count: int = 120) -> MemoryArchive:
    archive = stocked(count)
    index = backend.open(archive, folder, write=True)
    index.publish()
    index.close()
    return archive


def rewrite(backend: Backend, folder: Path, **changes: Any) -> None:
    """Activate an undamaged manifest with other contents."""
    store = generations(backend, folder)
    manifest = store.manifest()
    assert manifest is not None
    store._write(replace(manifest, **changes))


def finds_all(backend: Backend, index: Index, archive: MemoryArchive) -> bool:
    return len(index) == archive.live() and all(backend.found(index, archive.entry(id)) for id in archive.ids())


# --- the manifest ----------------------------------------------------------------------------------------


@every_backend
def test_the_manifest_says_what_is_in_force(backend: Backend, tmp_path: Path) -> None:
    published(backend, tmp_path)
    manifest = generations(backend, tmp_path).manifest()
    assert manifest is not None
    assert (manifest.archive, manifest.seq, manifest.count, manifest.number) == ("archive-1", 6, 120, 1)
    assert (manifest.model, manifest.dim) == (("", 0) if backend is LEXICAL else ("model-1", 16))
    place = tmp_path / f"{backend.name}-1"
    assert {mark.name for mark in manifest.files} == {p.name for p in place.iterdir() if p.suffix != ".lock"}
    assert all((place / mark.name).stat().st_size == mark.size for mark in manifest.files)


def test_an_unpublished_index_is_not_a_fault(tmp_path: Path) -> None:
    assert generations(FLAT, tmp_path / "none").manifest() is None
    assert generations(FLAT, tmp_path / "none").stamp() is None
    assert generations(FLAT, tmp_path / "none").size_on_disk() == 0


def test_the_size_on_disk_is_that_of_the_files(tmp_path: Path) -> None:
    archive = published(FLAT, tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert FLAT.open(archive, tmp_path).size_on_disk() == sum(path.stat().st_size for path in files) > 120 * 16 * 2


@pytest.mark.parametrize(
    "wrong",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"digest": "0"}', b"truncated", b"flipped", b"number"],
)
def test_a_damaged_manifest_is_refused(wrong: bytes, tmp_path: Path) -> None:
    archive = published(FLAT, tmp_path)
    path = tmp_path / "vector.json"
    whole = path.read_bytes()
    changed = {
        b"truncated": whole[:-20],
        b"flipped": whole.replace(b"archive-1", b"archive-2"),
        b"number": whole.replace(b'"number": 1', b'"number": 7'),
    }
    path.write_bytes(changed.get(wrong, wrong))
    with pytest.raises(TornIndex, match=r"vector\.json is damaged .* reindex"):
        accept(FLAT, archive, tmp_path)


def test_a_manifest_cannot_name_files_elsewhere(tmp_path: Path) -> None:
    archive = published(FLAT, tmp_path)
    rewrite(FLAT, tmp_path, files=(ManifestEntry("../../etc/passwd", 1, "00"),))
    with pytest.raises(TornIndex, match="name is a path"):
        accept(FLAT, archive, tmp_path)


@every_backend
def test_a_format_of_another_release_is_refused_and_rebuilt(backend: Backend, tmp_path: Path) -> None:
    archive = published(backend, tmp_path)
    rewrite(backend, tmp_path, format="something/99")
    with pytest.raises(TornIndex, match=r"written as '\w+' 'something/99'; this release reads"):
        accept(backend, archive, tmp_path)
    assert finds_all(backend, backend.open(archive, tmp_path), archive)
    assert finds_all(backend, backend.open(archive, tmp_path, write=True), archive)
    accept(backend, archive, tmp_path)


# --- belonging -------------------------------------------------------------------------------------------


@every_backend
def test_the_index_of_another_archive_is_refused(
    backend: Backend, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    published(backend, tmp_path)
    other = MemoryArchive(uuid="archive-2", seed=9)
    other.add(*map(numbered, range(300, 330)))
    with pytest.raises(TornIndex, match="belongs to archive 'archive-1', not to 'archive-2'"):
        accept(backend, other, tmp_path)
    with caplog.at_level(logging.WARNING):
        reader = backend.open(other, tmp_path)
    assert "belongs to archive" in caplog.text
    assert finds_all(backend, reader, other)
    assert list(reader.check()) != []
    writer = backend.open(other, tmp_path, write=True)
    assert finds_all(backend, writer, other)
    assert list(writer.check()) == []


@every_backend
def test_an_index_ahead_of_an_archive_from_a_backup_is_refused(backend: Backend, tmp_path: Path) -> None:
    published(backend, tmp_path)
    restored = stocked(40)
    with pytest.raises(TornIndex, match="is at change 6, but its archive is only at change 2"):
        accept(backend, restored, tmp_path)
    assert finds_all(backend, backend.open(restored, tmp_path), restored)


@pytest.mark.parametrize("dim", [16, 24])
def test_vectors_of_another_model_are_refused_and_rebuilt(dim: int, tmp_path: Path) -> None:
    archive = published(FLAT, tmp_path)
    archive.change_model("model-2", dim)
    with pytest.raises(WrongModel, match=rf"built with 'model-1' \(16 dimensions\).*'model-2' \({dim}\)"):
        accept(FLAT, archive, tmp_path)
    assert finds_all(FLAT, FLAT.open(archive, tmp_path), archive)
    writer = FLAT.open(archive, tmp_path, write=True)
    assert finds_all(FLAT, writer, archive)
    accept(FLAT, archive, tmp_path)


@pytest.mark.parametrize("write", [True, False])
def test_a_model_changed_while_the_index_is_open_is_noticed_at_the_next_sync(write: bool, tmp_path: Path) -> None:
    archive = published(FLAT, tmp_path)
    index = FLAT.open(archive, tmp_path, write=write)
    archive.change_model("model-2", 24)
    index.sync()
    assert finds_all(FLAT, index, archive)


# --- torn files ------------------------------------------------------------------------------------------


def damage(path: Path, how: str) -> None:
    raw = bytearray(path.read_bytes())
    if how == "deleted":
        path.unlink()
        return
    if how == "truncated":
        raw = raw[: len(raw) // 2]
    else:
        raw[len(raw) // 2] ^= 0x40
    path.unlink()  # an open mapping keeps its contents
    path.write_bytes(raw)


@every_backend
@pytest.mark.parametrize("how", ["deleted", "truncated", "flipped"])
def test_torn_files_are_refused_and_rebuilt(backend: Backend, how: str, tmp_path: Path) -> None:
    archive = published(backend, tmp_path, 110)
    [place] = tmp_path.glob(f"{backend.name}-*")
    for name in sorted(path.name for path in place.iterdir() if path.stat().st_size):
        damage(place / name, how)
        with pytest.raises(TornIndex, match=rf"{name} (has|cannot be read)"):
            accept(backend, archive, tmp_path)
    reader = backend.open(archive, tmp_path)
    assert finds_all(backend, reader, archive)
    assert any(str(place) in fault for fault in reader.check())
    writer = backend.open(archive, tmp_path, write=True)
    assert finds_all(backend, writer, archive)
    assert list(writer.check()) == list(reader.check()) == []


@every_backend
def test_a_file_that_is_not_an_index_is_refused_even_with_the_right_digest(backend: Backend, tmp_path: Path) -> None:
    archive = published(backend, tmp_path)
    store = generations(backend, tmp_path)
    place = store.begin()
    (place / ("meta.json" if backend is LEXICAL else "passages.faiss")).write_bytes(b"not an index")
    store.publish(place, archive, archive.seq(), 120, {}, vectors=backend is not LEXICAL)
    reader = backend.open(archive, tmp_path)
    assert finds_all(backend, reader, archive)
    assert "is not a" in reader.check()[0]


@every_backend
def test_a_count_that_is_not_the_files_is_refused(backend: Backend, tmp_path: Path) -> None:
    archive = published(backend, tmp_path)
    rewrite(backend, tmp_path, count=119)
    reader = backend.open(archive, tmp_path)
    assert finds_all(backend, reader, archive)
    assert "has 120 passages, but its manifest says 119" in reader.check()[0]


# --- failures while publishing ---------------------------------------------------------------------------


@every_backend
@pytest.mark.parametrize(
    ("step", "code", "purge"),
    [("fsync", errno.ENOSPC, False), ("replace", errno.EDQUOT, True), ("mkdir", errno.ENOSPC, True)],
)
def test_a_full_disk_leaves_the_old_generation_in_force(
    backend: Backend, step: str, code: int, purge: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = published(backend, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".lock"}
    writer = backend.open(archive, tmp_path, write=True)
    archive.add(*map(numbered, range(120, 150)))

    def full(*arguments: object, **options: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(NoSpace, match=r"the disk is full .* Free some space"):  # noqa: PT012
            writer.sync()
            writer.publish(purge=purge)
    assert {path: path.read_bytes() for path in before} == before
    accept(backend, archive, tmp_path)
    assert finds_all(backend, backend.open(stocked(120), tmp_path), stocked(120))
    writer.sync()
    writer.publish()
    assert finds_all(backend, writer, archive)
    assert finds_all(backend, backend.open(archive, tmp_path), archive)
    assert len(list(tmp_path.glob(f"{backend.name}-*"))) == 1


def test_other_disk_errors_keep_their_name() -> None:
    with pytest.raises(PermissionError), disk(Path("x")):
        raise PermissionError(errno.EACCES, "no")
    with pytest.raises(ValueError, match="unrelated"), disk(Path("x")):
        raise ValueError("unrelated")
    with pytest.raises(NoSpace), disk(Path("x")):
        raise ValueError("IoError: No space left on device (os error 28)")


@every_backend
def test_the_next_writer_removes_what_a_crash_left(backend: Backend, tmp_path: Path) -> None:
    archive = published(backend, tmp_path)
    (tmp_path / f"{backend.name}-9").mkdir()
    (tmp_path / f"{backend.name}-9" / "half").write_bytes(b"x")
    (tmp_path / f"{backend.name}.json.new").write_text("{")
    reader = backend.open(archive, tmp_path)
    assert (tmp_path / f"{backend.name}-9").exists()
    writer = backend.open(archive, tmp_path, write=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"{backend.name}-1", f"{backend.name}.json"]
    assert finds_all(backend, reader, archive)
    assert finds_all(backend, writer, archive)


def test_files_are_copied_where_they_cannot_be_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = published(LEXICAL, tmp_path)

    def unable(*arguments: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", unable)
    writer = LEXICAL.open(archive, tmp_path, write=True)
    archive.add(numbered(500))
    writer.sync()
    writer.publish()
    assert finds_all(LEXICAL, LEXICAL.open(archive, tmp_path), archive)


# --- taken down ------------------------------------------------------------------------------------------


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize("backend", [b for b in BACKENDS if b is not LEXICAL], ids=lambda backend: backend.label)
def test_a_purge_leaves_no_trace_of_a_vector(backend: Backend, tmp_path: Path) -> None:
    archive = stocked()
    writer = backend.open(archive, tmp_path, write=True)
    writer.publish()
    entry = archive.entry(77)
    if backend is FLAT:
        assert entry.vector.astype(np.float16).tobytes() in bytes_of(tmp_path)
    before = bytes_of(tmp_path)
    archive.remove(77)
    writer.sync()
    writer.publish()
    assert bytes_of(tmp_path) == before  # one passage is not worth a checkpoint
    writer.publish(purge=True)
    for width in (np.float16, np.float32):
        assert entry.vector.astype(width).tobytes() not in bytes_of(tmp_path)
    assert len(backend.open(archive, tmp_path)) == 159
    alone = tmp_path / "alone"
    fresh = backend.open(archive, alone, write=True)
    fresh.publish(purge=True)
    [purged], [built] = tmp_path.glob("vector-*/*"), alone.glob("vector-*/*")
    assert purged.read_bytes() == built.read_bytes()  # as if it had never existed


def terms(index: Index) -> set[str]:
    """Return every term in the files of a lexical index."""
    searcher = index._view.searcher  # type: ignore[union-attr]
    fields = ("plain", "headline", "stem_english", "outlet", "section", "language", "byline")
    return {term for field in fields for term, _ in searcher.terms_with_prefix(field, "")}


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a lexical index of one segment by type, since their names are random."""
    [place] = folder.glob("lexical-*")
    return {path.suffix: path.read_bytes() for path in place.iterdir() if path.suffix not in ("", ".json", ".lock")}


def test_a_purge_leaves_no_trace_of_a_word(tmp_path: Path) -> None:
    archive = stocked(20)
    [id] = archive.add(passage("Xylographer was here", "Xylem", "Xylo Times", "Xyla", "Xylology", "en"))
    writer = LEXICAL.open(archive, tmp_path / "one", write=True)
    writer.publish()
    archive.remove(id)
    writer.sync()
    writer.publish()
    left = {term for term in terms(writer) if "xyl" in term}
    assert {
        "xylographer",
        "xylograph",
        "xylem",
        "=xylo times",
        "=xyla",
        "=xylology",
    } <= left  # marked as deleted, but still there
    writer.publish(purge=True)
    assert terms(writer)
    assert not {term for term in terms(writer) | terms(LEXICAL.open(archive, tmp_path / "one")) if "xyl" in term}
    assert b"xyl" not in bytes_of(tmp_path).lower()
    fresh = LEXICAL.open(archive, tmp_path / "two", write=True)
    fresh.publish()
    fresh.rebuild()
    assert contents(tmp_path / "one") == contents(tmp_path / "two")  # as if it had never existed
    assert {".term", ".idx", ".pos", ".fast", ".store", ".fieldnorm"} <= set(contents(tmp_path / "one"))
