"""Detects the format of a source from its name and its first bytes."""

from __future__ import annotations

import json
import re

from assistant.ingest.model import ReadStopped
from assistant.ingest.names import FIELDS, plain
from assistant.ingest.sources.encodings import declared, detect

HEAD = 64 << 10
"""Number of first bytes that are examined."""

_EXTENSIONS = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".jl": "jsonl", ".json": "json",
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".parquet": "parquet", ".pq": "parquet",
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".shtml": "html",
    ".rss": "feed", ".atom": "feed", ".rdf": "feed", ".xml": "xml",
}  # fmt: skip
COMPRESSED = (".gz", ".xz", ".bz2", ".gzip")
"""File extensions of compressed files, which say nothing about the content."""

_FOREIGN = (
    (b"%PDF-", "a PDF", "extract its text first"),
    (b"\x89PNG", "an image (PNG)", ""),
    (b"\xff\xd8\xff", "an image (JPEG)", ""),
    (b"GIF8", "an image (GIF)", ""),
    (b"RIFF", "an image, sound or video (RIFF)", ""),
    (b"\x7fELF", "a program", ""),
    (b"MZ\x90", "a program", ""),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "save it as HTML or plain text"),
    (b"SQLite format 3\0", "an SQLite database", "export its table as CSV"),
    (rb"{\rtf", "an RTF document", "save it as HTML or plain text"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "decompress it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"WARC/", "a WARC web archive", "extract its pages as HTML first"),
)
_FEED = re.compile(r"<(?:[\w-]+:)?(?:rss|feed|rdf|channel)(?=[\s>])", re.IGNORECASE)
_PAGE = re.compile(r"<!doctype\s+html|<html(?=[\s>])|<head(?=[\s>])|<body(?=[\s>])", re.IGNORECASE)
_PROLOGUE = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->|<!doctype[^>\[]*(?:\[.*?\])?\s*>)*", re.IGNORECASE | re.DOTALL)


def sniff(name: str, head: bytes) -> str:
    """Return the format of a source, one of ``FORMATS``.

    :param name: its file name, or ""; extensions of compressed files are ignored.
    :param head: its first ``HEAD`` bytes, decompressed.
    :raises ReadStopped: if it cannot be read; the reason says what it is.
    """
    if head.startswith(b"PAR1"):
        return "parquet"
    _refuse_foreign(head)
    extension = _extension(name)
    named = _EXTENSIONS.get(extension)
    if _is_binary(head, named):
        raise ReadStopped(
            "binary data in an unknown format; not read. If it is in a supported format, name it: --format FORMAT"
        )
    text = head.decode(detect(head, declared(head)), "replace").lstrip("\ufeff \t\r\n")
    if named in ("csv", "tsv", "jsonl", "markdown", "parquet"):
        return "parquet" if named == "parquet" else named
    if text[:1] == "<" and named != "json":
        return _markup(text, named)
    if named == "json" or text[:1] in ("{", "["):
        return _json(text, named)
    if named in ("feed", "xml"):
        raise ReadStopped("named like XML, but does not begin with a tag; not read. Name the format: --format FORMAT")
    if named:
        return named
    return _unnamed(text)


def _extension(name: str) -> str:
    name = name.casefold()
    for suffix in COMPRESSED:
        name = name.removesuffix(suffix)
    dot = name.rfind(".")
    return name[dot:] if dot > 0 else ""


def _refuse_foreign(head: bytes) -> None:
    for magic, what, advice in _FOREIGN:
        if head.startswith(magic):
            raise ReadStopped(f"{what}, which is not supported" + (f"; {advice}" if advice else ""))
    if head[257:262] == b"ustar":
        raise ReadStopped("a tar archive, which is not supported; unpack it first, or make it a zip")


def _is_binary(head: bytes, named: str | None) -> bool:
    if detect(head).startswith(("utf-16", "utf-32")):
        return False
    odd = sum(head.count(byte) for byte in range(32) if byte not in (9, 10, 12, 13, 27, 30))
    # A crash can leave zeros in a file of lines, of which the other lines are still good.
    return odd > (0.3 if named in ("jsonl", "csv", "tsv") else 0.05) * len(head)


def _markup(text: str, named: str | None) -> str:
    start = _PROLOGUE.match(text)
    rest = text[start.end() if start else 0 :]
    page, feed = _PAGE.search(text[:8192]), _FEED.match(rest)
    if feed:
        return "feed"
    if page or named == "html":
        return "html"
    if named == "text" or (named is None and not text.startswith("<?xml")):
        return "text"
    if named == "feed":
        return "feed"
    root = re.match(r"<([\w:.-]{1,60})", rest)
    raise ReadStopped(
        f"XML of an unsupported kind (its first element is {root[1] if root else 'unreadable'!r}), not RSS, Atom or a "
        "web page; not read"
    )


def _json(text: str, named: str | None) -> str:
    first, _, rest = text.partition("\n")
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        value = None
    following = rest.lstrip()[:1]
    if isinstance(value, dict) and following == "{":
        return "jsonl"
    if named == "text" or named is None:
        if isinstance(value, dict):
            return "json"
        looks = re.match(r'\[\s*(?:\{|\]\s*\Z)|\{\s*(?:"|\})', text)
        return "json" if looks else "text"
    return "json"


def _unnamed(text: str) -> str:
    """Tell a table from a text: its first line has two known field names, one of which means the text."""
    first = (text.splitlines() or [""])[0]
    for delimiter, kind in (("\t", "tsv"), (",", "csv"), (";", "csv"), ("|", "csv")):
        cells = {plain(cell.strip(' "\r')) for cell in first.split(delimiter)}
        known = cells & {plain(name) for names in FIELDS.values() for name in names}
        if len(known) > 1 and cells & {plain(name) for name in FIELDS["text"]}:
            return kind
    return "markdown" if re.match(r"(?:---|\+\+\+)[ \t]*\r?\n", text) else "text"
