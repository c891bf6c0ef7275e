"""Documents of every supported format, and damaged or malicious mutants of them, drawn from a seed."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import random
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from benchmarks.common import ROOT

SAMPLE = ROOT / "sample"
LONG_EVERY = 20
"""One in so many mutants is long. Those are only read, not prepared: preparing long texts takes long anyway."""
LONGEST = 256 << 10
"""Maximum number of bytes of a long mutant; others have at most an eighth of that."""
_ARTICLES = 3
"""Articles in a document."""

_RUNS = [
    b"a", b"a b", b"A. ", b"0", b"1.", b"2020-01-01 ", b"\n", b"\r\n", b"\r", b" ", b"\t", b"\xc2\xa0",
    b"\xe2\x80\x8b", b"\xcc\x81\xcc\xa7", b"\xe2\x80\x9c", b"\xe3\x80\x82", b"<a ", b"<!--", b"-->", b"<p>", b"</p",
    b"<a href=x>", b"<span style='", b"<h1>", b"<![CDATA[", b"]]>", b"&amp;", b"&#", b"&#x110000;", b"<?",
    b"<!DOCTYPE", b"<!ENTITY a \"", b"<item>", b"<a href=\"", b"<p hidden>a</p>b", b"height:0;", b"# ", b"#", b"=",
    b"==\n", b"- ", b"- a\n", b"> ", b"|", b"---\n", b"+++\n", b"a: ", b"a: &a [*a]\n", b"~~", b"![", b"](", b"`",
    b"**", b'"', b"'", b'\\"', b"\\", b":", b"[", b"{", b"]", b"}", b"(", b",", b'","', b'"\n', b"{\"a\":", b"[[",
    b"\\ud800", b"\\u0000", b"http://", b"//", b"@", b"\x1b[2J",
]  # fmt: skip
"""Elements of the formats' grammars, whose long runs are hard on parsers."""
_ONCE = [
    b"\x00", b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80",
    b"\x1a", b"\x85", b"\xe2\x80\xa8", b"null", b"NaN", b"Infinity", b"-0", b"1e999", b"9" * 400, b"-1",
    b"9223372036854775808", b"true", b'""', b"\"\\ud800\"", b"\"\\u0000\"", b"0000-00-00", b"9999-12-31T23:59:60Z",
    b"2023-02-30", b"PAR1", b"PK\x03\x04", b"\x1f\x8b", b"BZh9", b"\xfd7zXZ\x00", b"<?xml version='1.1'?>",
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", b"&b;", b"javascript:alert(1)",
    b"<base href='//evil.example'>", b"=cmd|' /C calc'!A0", b"../../../../etc/passwd", b"\xe2\x80\xae",
    b"charset=utf-7", b"encoding='utf-16'", b"Content-Type: x\n\n", b"---\n!!python/object/apply:os.abort []\n---\n",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """A file to read.

    :ivar name: its file name.
    """

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Mutant:
    """A document after its mutation.

    :ivar forced: the format to read it as; None to detect it from name and content.
    :ivar long: whether it is only read, not prepared.
    """

    document: Document
    forced: str | None
    long: bool


@cache
def originals() -> Mapping[str, Sequence[Document]]:
    """Return intact documents by format; "packed" has some of every format in every compression."""
    rows = [json.loads(line) for line in (SAMPLE / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    groups = [rows[at : at + _ARTICLES] for at in range(0, 24, _ARTICLES)]
    whole: dict[str, list[Document]] = {
        "jsonl": [Document("a.jsonl", "".join(json.dumps(row) + "\n" for row in group).encode()) for group in groups],
        "json": [Document("a.json", json.dumps({"articles": group}, indent=1).encode()) for group in groups],
        "csv": [Document("a.csv", _table(group, ",")) for group in groups],
        "tsv": [Document("a.tsv", _table(group, "\t")) for group in groups],
        "parquet": [Document("a.parquet", _parquet(group)) for group in groups],
        "text": [Document("a.txt", f"{row['headline']}\n\n{row['text']}\n".encode()) for row in rows[:8]],
        "markdown": [Document("a.md", path.read_bytes()) for path in sorted((SAMPLE / "notes").iterdir())],
        "html": [Document("a.html", (SAMPLE / "page.html").read_bytes()), *(_page(row) for row in rows[:4])],
        "feed": [Document("a.xml", (SAMPLE / "feed.xml").read_bytes()), *(_atom(group) for group in groups[:3])],
    }
    whole["packed"] = [packed for documents in whole.values() for packed in _packed(documents[0])]
    return whole


def mutant(kind: str, seed: int, number: int) -> Mutant:
    """Return one of the mutants of a format; the same arguments always give the same mutant.

    :param kind: a key of ``originals``.
    """
    draw = random.Random(f"{seed} {kind} {number}")
    documents = originals()[kind]
    original = draw.choice(documents)
    long = number % LONG_EVERY == LONG_EVERY - 1
    data = mutated(original.data, draw, LONGEST if long else LONGEST // 8)
    if draw.random() < 0.1:
        other = draw.choice(documents).data
        data = data[: draw.randrange(len(data) + 1)] + other[draw.randrange(len(other)) :]
    forced = kind if kind != "packed" and draw.random() < 0.5 else None
    return Mutant(Document(original.name, data), forced, long)


def mutated(whole: bytes, draw: random.Random, limit: int) -> bytes:
    """Return ``whole`` after one or more mutations, cut to ``limit`` bytes."""
    data = bytearray(whole)
    for _ in range(draw.choice((1, 1, 1, 2, 3, 5))):
        draw.choice(_MUTATIONS)(data, draw, limit)
    return bytes(data[:limit])


# --- mutations -------------------------------------------------------------------------------------------------


def _slice(data: bytearray, draw: random.Random, most: int = 2_000) -> tuple[int, int]:
    start = draw.randrange(len(data) + 1)
    return start, min(len(data), start + draw.randrange(1, most))


def _flip_bits(data: bytearray, draw: random.Random, limit: int) -> None:
    for _ in range(draw.choice((1, 1, 2, 8, 64))):
        if data:
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)


def _overwrite(data: bytearray, draw: random.Random, limit: int) -> None:
    start, end = _slice(data, draw, 64)
    data[start:end] = draw.randbytes(end - start)


def _delete(data: bytearray, draw: random.Random, limit: int) -> None:
    start, end = _slice(data, draw)
    del data[start:end]


def _repeat(data: bytearray, draw: random.Random, limit: int) -> None:
    start, end = _slice(data, draw)
    piece = bytes(data[start:end])
    if piece:
        times = draw.randrange(1, max(2, min(3_000, (limit - len(data)) // len(piece))))
        data[start:start] = piece * times


def _insert_run(data: bytearray, draw: random.Random, limit: int) -> None:
    piece = draw.choice(_RUNS) + draw.choice((b"", b"", draw.choice(_RUNS)))
    times = draw.choice((1, 10, 100, 2_000, max(1, (limit - len(data)) // len(piece))))
    at = draw.randrange(len(data) + 1)
    data[at:at] = piece * min(times, max(1, limit // len(piece)))


def _insert_once(data: bytearray, draw: random.Random, limit: int) -> None:
    at = draw.randrange(len(data) + 1)
    data[at:at] = draw.choice(_ONCE)


def _cut(data: bytearray, draw: random.Random, limit: int) -> None:
    del data[draw.randrange(len(data) + 1) :]


def _swap(data: bytearray, draw: random.Random, limit: int) -> None:
    start, end = _slice(data, draw)
    piece = bytes(data[start:end])
    del data[start:end]
    at = draw.randrange(len(data) + 1)
    data[at:at] = piece


_MUTATIONS: Sequence[Callable[[bytearray, random.Random, int], None]] = (
    _flip_bits, _overwrite, _delete, _repeat, _insert_run, _insert_run, _insert_once, _insert_once, _cut, _swap,
)  # fmt: skip


# --- documents -------------------------------------------------------------------------------------------------


def _table(rows: Sequence[Mapping[str, Any]], delimiter: str) -> bytes:
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, names, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _parquet(rows: Sequence[Mapping[str, Any]]) -> bytes:
    import pyarrow
    import pyarrow.parquet

    names = list(dict.fromkeys(name for row in rows for name in row))
    table = pyarrow.table({name: [str(row.get(name) or "") for row in rows] for name in names})
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out)
    return out.getvalue()


def _page(row: Mapping[str, Any]) -> Document:
    paragraphs = "".join(f"<p>{paragraph}</p>\n" for paragraph in str(row["text"]).split("\n\n"))
    head = f"<title>{row['headline']}</title><meta name='author' content='{row.get('byline', '')}'>"
    return Document("a.html", f"<!DOCTYPE html><html><head>{head}</head><body>{paragraphs}</body></html>".encode())


def _atom(rows: Sequence[Mapping[str, Any]]) -> Document:
    entries = "".join(
        f"<entry><id>{row['id']}</id><title>{row['headline']}</title><updated>{row.get('published') or ''}</updated>"
        f"<content type='html'>{str(row['text'])[:1_500]}</content></entry>"
        for row in rows
    )
    return Document(
        "a.atom", f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>".encode()
    )


def _packed(document: Document) -> list[Document]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in ((document.name, document.data), (f"folder/{document.name}", document.data[:500])):
            out.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    packings = {"gz": gzip.compress(document.data, mtime=0), "xz": lzma.compress(document.data)}
    packings |= {"bz2": bz2.compress(document.data), "zip": archive.getvalue()}
    return [Document(f"{document.name}.{suffix}", data) for suffix, data in packings.items()]
