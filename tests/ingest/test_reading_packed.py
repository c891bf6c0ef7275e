"""gzip, xz, bz2 and zip: intact, truncated, damaged, and decompression bombs."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.ingest import Record, Reject, read
from assistant.ingest.sources import streams
from tests.ingest.reading import items, only_reject, records, wrote

Pack = Callable[[bytes], bytes]
PACKS: list[Pack] = [gzip.compress, lzma.compress, bz2.compress]


def lines(count: int, first: int = 0) -> bytes:
    words = random.Random(first)
    rows = (
        {"id": number, "text": " ".join(f"{words.randrange(10**6):x}" for _ in range(20))}
        for number in range(first, first + count)
    )
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl", "a"])
def test_compression_is_recognised_from_the_content(tmp_path: Path, pack: Pack, name: str) -> None:
    path = wrote(tmp_path / name, pack(lines(3)))
    assert [(r.article.id, r.source) for r in records(path)] == [(str(n), f"{path}:{n + 1}") for n in range(3)]


@pytest.mark.parametrize("pack", PACKS)
def test_members_one_after_the_other(tmp_path: Path, pack: Pack) -> None:
    content = b"".join(pack(lines(1, number)) for number in range(300))
    assert len(records(wrote(tmp_path / "a.jsonl", content))) == 300


@pytest.mark.parametrize("pack", PACKS)
def test_packed_twice_and_no_deeper(tmp_path: Path, pack: Pack) -> None:
    assert len(records(wrote(tmp_path / "a.jsonl.gz", gzip.compress(pack(lines(2)))))) == 2
    deep = gzip.compress(gzip.compress(pack(lines(2))))
    assert "inside another compressed file" in only_reject(wrote(tmp_path / "b.gz", deep)).reason


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("cut", [40, 1000])
def test_a_truncated_file_keeps_the_records_before(tmp_path: Path, pack: Pack, cut: int) -> None:
    content = lines(3000)
    packed = bz2.compress(content, 1) if pack is bz2.compress else pack(content)
    path = wrote(tmp_path / "a.jsonl.gz", packed[:-cut])
    *good, last = items(path)
    assert len(good) > 100
    assert all(isinstance(item, Record) for item in good)
    assert isinstance(last, Reject)
    assert last.source == str(path)
    assert "the file was cut off" in last.reason
    if pack is gzip.compress:
        whole = content[: len(zlib.decompressobj(31).decompress(pack(content)[:-cut]))]
        assert len(good) == whole.count(b"\n")
        assert last.raw.encode() == whole.rpartition(b"\n")[2]


def test_a_damaged_gzip_keeps_what_stood_before(tmp_path: Path) -> None:
    content = bytearray(gzip.compress(lines(3000)))
    content[len(content) // 2] ^= 0xFF
    found = items(wrote(tmp_path / "a.jsonl.gz", bytes(content)))
    assert sum(isinstance(item, Record) for item in found) > 1000
    assert isinstance(found[-1], Reject)
    assert "is damaged near byte" in found[-1].reason


def test_a_wrong_checksum_loses_nothing(tmp_path: Path) -> None:
    content = gzip.compress(lines(5))
    *good, last = items(wrote(tmp_path / "a.jsonl.gz", content[:-8] + b"\0" * 8))
    assert [item.article.id for item in good if isinstance(item, Record)] == ["0", "1", "2", "3", "4"]
    assert isinstance(last, Reject)


def test_padding_is_accepted_and_anything_else_reported(tmp_path: Path) -> None:
    assert len(records(wrote(tmp_path / "a.jsonl.gz", gzip.compress(lines(2)) + b"\0" * 9000))) == 2
    *good, last = items(wrote(tmp_path / "b.jsonl.gz", gzip.compress(lines(2)) + b"leftover"))
    assert len(good) == 2
    assert isinstance(last, Reject)
    assert "that are not gzip" in last.reason


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip_members_in_order_by_name(tmp_path: Path, method: int) -> None:
    members = {
        "b/feed.jsonl": lines(2),
        "a.txt": b"A text about the quay.",
        "c.jsonl.gz": gzip.compress(lines(1)),
        ".hidden.txt": b"x",
        "__MACOSX/a.txt": b"x",
        "../../up.txt": b"Another text.",
    }
    path = wrote(tmp_path / "export.zip", zipped(members, method))
    found = records(path)
    assert [r.source.removeprefix(f"{path}/") for r in found] == [
        "../../up.txt", "a.txt", "b/feed.jsonl:1", "b/feed.jsonl:2", "c.jsonl.gz:1",
    ]  # fmt: skip
    first, second = found[0].article.id, found[1].article.id
    assert first is not None
    assert second is not None
    assert first.startswith("up-")
    assert first[-8:] != second[-8:]
    assert list(tmp_path.rglob("*.txt")) == []


def test_bad_members_leave_the_others(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": b"one " * 9, "b.txt": b"two " * 9, "c.pdf": b"%PDF-1.7", "d.txt": b""}, 0))
    content[content.index(b"two ")] = 0x21
    found = items(wrote(tmp_path / "a.zip", bytes(content)))
    assert [type(item) for item in found] == [Record, Reject, Reject, Reject]
    reasons = [item.reason for item in found if isinstance(item, Reject)]
    assert "damaged" in reasons[0]
    assert "a PDF, which is not supported" in reasons[1]
    assert "empty" in reasons[2]


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": b"secret"}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        content[content.index(mark) + (6 if mark[2] == 3 else 8)] |= 1
    assert "encrypted" in only_reject(wrote(tmp_path / "a.zip", bytes(content))).reason


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (zipped({"a.txt": b"x" * 500})[:-30], "a damaged zip"),
        (zipped({}), "a zip with no files in it"),
        (zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "an Office document"),
        (zipped({"mimetype": b"application/epub+zip"}), "an OpenDocument or EPUB file"),
        (zipped({"inner.zip": zipped({"a.txt": b"x"})}), "zip inside another compressed file"),
        (gzip.compress(zipped({"a.txt": b"x"})), "zip inside another compressed file"),
    ],
)
def test_zips_that_cannot_be_read(tmp_path: Path, content: bytes, says: str) -> None:
    assert says in only_reject(wrote(tmp_path / "a.zip", content)).reason


def test_zip_and_gzip_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (zipped({"a.jsonl": lines(2)}), gzip.compress(lines(2)), lines(2)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        assert [type(item) for item in read(["-"])] == [Record, Record]


@pytest.mark.parametrize(
    "pack", [gzip.compress, lzma.compress, bz2.compress, lambda d: zipped({"a.jsonl": d, "b.jsonl": d})]
)
@pytest.mark.parametrize("line", [b" \n", b"x", b'{"text": "bang"}\n'])
def test_bombs_are_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Pack, line: bytes) -> None:
    monkeypatch.setattr(streams, "GRACE", 1 << 16)
    monkeypatch.setattr(streams, "RATIO", 20)
    path = wrote(tmp_path / "a.jsonl", pack(line * ((2 << 20) // len(line))))
    *before, stopped = items(path, max_record_bytes=1 << 20)
    assert isinstance(stopped, Reject)
    assert "bomb" in stopped.reason
    assert "decompression bomb" in "".join(item.reason for item in (*before[-1:], stopped) if isinstance(item, Reject))
    assert len(before) < 20_000
