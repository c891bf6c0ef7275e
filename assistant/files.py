"""Reads and writes JSON Lines, compressed or not; output files are written atomically."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import json
import lzma
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, cast

from assistant.errors import BadRecord, NoSpace, UnreadableSource, UsageError

STDIN = "-"

_GZIP, _XZ, _BZ2 = b"\x1f\x8b", b"\xfd7zXZ\x00", b"BZh"


def rows(path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each JSON object in a JSON Lines file, with its location ("questions.jsonl:17").

    Compression (gzip, xz, bz2) is detected from the content; empty lines are skipped.

    :param path: a file, or "-" for standard input.
    :raises UnreadableSource: if the file cannot be read or is truncated.
    :raises BadRecord: for a line that is not UTF-8 or not a JSON object; the message names the line.
    """
    name = "standard input" if path == STDIN else path
    number = 0
    try:
        with _opened(path) as lines:
            for number, line in enumerate(lines, start=1):
                where = f"{name}:{number}"
                if text := _text(line, where, first=number == 1):
                    yield where, _object(text, where)
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        after = f" after line {number}" if number else ""
        raise UnreadableSource(f"{name} cannot be read{after}: {reason}") from error


@contextmanager
def _opened(path: str) -> Iterator[Iterable[bytes]]:
    with sys.stdin.buffer if path == STDIN else open(path, "rb") as raw:
        stream = io.BufferedReader(cast(io.RawIOBase, raw))
        head = stream.peek(8)
        if head.startswith(_GZIP):
            with gzip.GzipFile(fileobj=stream) as unzipped:
                yield unzipped
        elif head.startswith(_XZ):
            with lzma.LZMAFile(stream) as unpacked:
                yield unpacked
        elif head.startswith(_BZ2):
            with bz2.BZ2File(stream) as unpacked_bz2:
                yield unpacked_bz2
        else:
            yield stream


def _text(line: bytes, where: str, first: bool) -> str:
    try:
        return line.decode("utf-8-sig" if first else "utf-8").strip()
    except UnicodeDecodeError as error:
        raise BadRecord(
            f"{where}: not UTF-8 (byte {error.start + 1} of the line is {line[error.start]:#04x})"
        ) from error


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRecord(f"{where}: not JSON ({error}); each line must be one object") from error
    if not isinstance(value, dict):
        raise BadRecord(f"{where}: a JSON {type(value).__name__} where an object was expected")
    return value


def text_field(row: dict[str, Any], name: str, where: str) -> str:
    """Return a required text field.

    :raises BadRecord: if it is missing, empty or not a text.
    """
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        has = f"it is {value!r}" if name in row else f"the line has {', '.join(map(repr, row)) or 'nothing'}"
        raise BadRecord(f'{where}: "{name}" must be a text that is not empty; {has:.200}')
    return value


def id_field(row: dict[str, Any], where: str) -> str | int:
    """Return the id of a line, a text or a whole number, unchanged.

    :raises BadRecord: if there is none.
    """
    value = row.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return text_field(row, "id", where)


@contextmanager
def written(path: Path) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Write JSON Lines to a file atomically: it appears, or is replaced, only when complete.

    Compressed if the name ends in .gz, .xz or .bz2. A pipe or device is written to directly.

    :return: a function that writes one object.
    :raises UsageError: if the file cannot be written.
    :raises NoSpace: if the disk is full.
    """
    whole = path.is_file() or not path.exists()
    place = path.with_name(f".{path.name}.{os.getpid()}.part") if whole else path
    of_caller: BaseException | None = None
    try:
        with _sink(place, path.suffix) as sink:
            try:
                yield lambda row: _write(sink, row, path)
            except BaseException as error:
                of_caller = error
                raise
        if whole:
            place.replace(path)
    except OSError as error:
        if error is of_caller:
            raise
        raise _unwritable(path, error) from error
    finally:
        if whole:
            place.unlink(missing_ok=True)


class _Writable(Protocol):
    def write(self, data: bytes, /) -> int: ...


@contextmanager
def _sink(place: Path, suffix: str) -> Iterator[_Writable]:
    """Open a file for writing, compressed according to ``suffix``; it is flushed to disk on a successful close."""
    with place.open("wb") as raw:
        if suffix == ".gz":
            with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
                yield packed
        elif suffix == ".xz":
            with lzma.LZMAFile(raw, "wb") as packed_xz:
                yield packed_xz
        elif suffix == ".bz2":
            with bz2.BZ2File(raw, "wb") as packed_bz2:
                yield packed_bz2
        else:
            yield raw
        raw.flush()
        if place.is_file():
            os.fsync(raw.fileno())


def _write(sink: _Writable, row: dict[str, Any], path: Path) -> None:
    try:
        sink.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> NoSpace | UsageError:
    if error.errno == errno.ENOSPC:
        return NoSpace(f"no space left on the disk for {path}; make room, or name a file elsewhere with --out")
    return UsageError(f"{path} cannot be written: {error.strerror or error}; name another file with --out")
