"""From paths to records: finds the files, opens and decompresses them, detects their formats, and reads them."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath, PurePosixPath
from typing import IO

from assistant.errors import MissingDependency, UsageError
from assistant.ingest.formats.feeds import read_feed
from assistant.ingest.formats.json_documents import read_json
from assistant.ingest.formats.jsonl import read_jsonl
from assistant.ingest.formats.pages import read_html
from assistant.ingest.formats.parquet import read_parquet, require
from assistant.ingest.formats.tables import read_csv, read_tsv
from assistant.ingest.formats.texts import read_markdown, read_text
from assistant.ingest.inputs import Input, Items
from assistant.ingest.model import (
    FORMATS,
    RAW_LIMIT,
    Item,
    Progress,
    ReadOptions,
    ReadStopped,
    Record,
    Reject,
    unexpected,
)
from assistant.ingest.names import FIELDS
from assistant.ingest.sources.encodings import known
from assistant.ingest.sources.paths import STDIN, SourceFile, check, walk
from assistant.ingest.sources.sniff import HEAD, sniff
from assistant.ingest.sources.streams import ByteStream, Expander, ExpansionLimit, Meter, compression, counted, spooled
from assistant.ingest.sources.zips import members

_READERS: dict[str, Callable[[Input], Items]] = {
    "jsonl": read_jsonl,
    "json": read_json,
    "csv": read_csv,
    "tsv": read_tsv,
    "parquet": read_parquet,
    "text": read_text,
    "markdown": read_markdown,
    "html": read_html,
    "feed": read_feed,
}
_HOPELESS = 1_000_000
"""Number of consecutive rejects after which the rest of a source is skipped."""

_LAYERS = 2
"""Greatest number of nested compressions."""


def read(paths: Sequence[str], options: ReadOptions | None = None, progress: Progress | None = None) -> Iterator[Item]:
    """Yield every article of the paths, and a reject for everything that could not be read.

    Paths and options are checked immediately, before the first item is requested. The same input always gives the same
    items in the same order. Memory does not grow with the sources: only one record, page or text file is in memory, of
    at most ``max_record_bytes``.

    :param paths: files, folders (searched recursively, without hidden files), globs, or "-" for standard input.
    :param progress: is updated after each item.
    :raises UsageError: if an option has an invalid value.
    :raises UnreadableSource: if a path does not exist, or none can be opened.
    :raises MissingDependency: if the format, or a file given by name, needs an optional package; a file that is only
        later found to need one is a reject.
    """
    options = options or ReadOptions()
    _check_options(options, paths)
    check(paths)
    return _stamped(paths, options, progress)


def _check_options(options: ReadOptions, paths: Sequence[str]) -> None:
    if options.format is not None and options.format not in FORMATS:
        raise UsageError(f"{options.format!r} is not a format; choose one of {', '.join(FORMATS)}")
    for ours in options.mapping:
        if ours not in FIELDS:
            raise UsageError(
                f"{ours!r} is not a field of an article; map one of {', '.join(FIELDS)}, as in published=date"
            )
    if options.encoding is not None and known(options.encoding) is None:
        raise UsageError(f"{options.encoding!r} is not a text encoding; try utf-8, cp1252, utf-16, gb18030, ...")
    if options.max_record_bytes < 1:
        raise UsageError(f"max_record_bytes is {options.max_record_bytes}; it must be at least 1")
    if options.format == "parquet" or any(path.casefold().endswith((".parquet", ".pq")) for path in paths):
        require()


def _stamped(paths: Sequence[str], options: ReadOptions, progress: Progress | None) -> Iterator[Item]:
    meter = Meter()
    articles = rejected = 0
    for item in _all(paths, options, meter):
        articles += isinstance(item, Record)
        rejected += isinstance(item, Reject)
        if progress:
            progress.update(meter.done, articles, rejected)
        yield dataclasses.replace(item, bytes_read=meter.done)


def _all(paths: Sequence[str], options: ReadOptions, meter: Meter) -> Iterator[Item]:
    for found in walk(paths):
        if isinstance(found, Reject):
            yield found
            continue
        before = meter.done
        yield from _file(found, options, meter)
        if found.size:
            meter.done = before + found.size


def _file(found: SourceFile, options: ReadOptions, meter: Meter) -> Iterator[Item]:
    standard = found.path == STDIN
    try:
        file: IO[bytes] = sys.stdin.buffer if standard else open(found.path, "rb")  # noqa: SIM115
    except OSError as error:
        reason = f"cannot be opened: {error.strerror or error}; the other sources are still read"
        yield Reject(found.name, reason)
        return
    identity = None if standard else PurePath(os.path.abspath(found.path)).as_posix()
    filename = "" if standard else PurePath(found.path).name
    start = meter.done
    stream = counted(file, meter)
    source = Input(found.name, identity, filename, stream, options)
    budget = ExpansionLimit(lambda: meter.done - start)
    try:
        if found.size and compression(stream.peek(8)) == "zip":
            meter.done = start
            file.seek(0)
            yield from _guarded(found.name, _zip(source, file, found.size, meter))
        else:
            yield from _guarded(found.name, _unpacked(source, budget, meter))
    finally:
        if not standard:
            file.close()


def _guarded(name: str, items: Items) -> Items:
    """Turn an error that stops a source early into a reject, so that the next source is read."""
    try:
        yield from items
    except ReadStopped as stopped:
        yield Reject(name, stopped.reason, stopped.raw[:RAW_LIMIT])
    except MissingDependency as error:
        yield Reject(name, str(error))
    except Exception as error:  # no error in one source may stop the next from being read
        yield Reject(name, f"reading stopped: {unexpected(error)}. Everything before that was ingested")


def _unpacked(source: Input, budget: ExpansionLimit, meter: Meter, layers: int = 0) -> Items:
    """Decompress a source, repeatedly if it is nested, and read it."""
    kind = compression(source.stream.peek(8))
    if kind is None:
        yield from _formatted(source)
    elif kind == "zip" and layers == 0 and source.identity is None:
        with spooled(source.stream) as copy:
            yield from _zip(source, copy, os.fstat(copy.fileno()).st_size, Meter())
    elif kind == "zip" or layers == _LAYERS:
        raise ReadStopped(f"{kind} inside another compressed file; unpack it first")
    else:
        inner = ByteStream(Expander(kind, source.stream, budget).read)
        yield from _unpacked(dataclasses.replace(source, stream=inner), budget, meter, layers + 1)


def _zip(source: Input, file: IO[bytes], size: int, meter: Meter) -> Items:
    budget = ExpansionLimit(lambda: size)
    for member in members(file, size, budget, meter):
        if isinstance(member, Reject):
            yield dataclasses.replace(member, source=f"{source.name}/{member.source}")
            continue
        name = f"{source.name}/{member.name}"
        identity = source.identity and f"{source.identity}!{member.identity}"
        inner = Input(name, identity, PurePosixPath(member.identity).name, member.stream, source.options)
        yield from _guarded(name, _unpacked(inner, budget, meter, 1))
        if budget.spent:
            raise ReadStopped("the rest of this zip was not read, because it looks like a decompression bomb")


def _formatted(source: Input) -> Items:
    """Detect the format of a decompressed source, and read it."""
    head = source.stream.peek(HEAD)
    if not head:
        source.stream.read(1)  # raises the fault that stopped it, if there was one
        yield Reject(source.name, "empty file")
        return
    kind = source.options.format or sniff(source.filename, head)
    count = in_row = 0
    for item in _READERS[kind](source):
        count += 1
        in_row = in_row + 1 if isinstance(item, Reject) else 0
        yield item
        if in_row >= _HOPELESS:
            raise ReadStopped(
                f"{in_row:,} records in a row could not be read, so the rest was skipped. If it is in another format, "
                "name it: --format FORMAT"
            )
    if not count:
        yield Reject(source.name, f"no articles in it (read as {kind}). If that is the wrong format: --format FORMAT")
