"""What passes between the readers, and out of this room."""

from __future__ import annotations

import errno
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Protocol

from assistant.types import Article

FORMATS = ("jsonl", "json", "csv", "tsv", "parquet", "text", "markdown", "html", "feed")
"""The names ``ReadOptions.format`` takes; "feed" is RSS and Atom of any version."""

log = logging.getLogger(__name__)

_FULL = (errno.ENOSPC, errno.EDQUOT)

RAW_LIMIT = 64 << 10
"""How many characters of a rejected record are kept."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How sources are read.

    :ivar format: one of ``FORMATS`` for every source, or None to tell from name and content.
    :ivar mapping: our field -> theirs, such as ``{"published": "date"}``; theirs may be a path
        ("source.name"). A mapped field is taken from there and from nowhere else.
    :ivar zone: what times without a zone are in.
    :ivar encoding: the text encoding of every source, or None to detect it.
    :ivar max_record_bytes: a longer record is rejected, and never held in memory whole.
    """

    format: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC
    encoding: str | None = None
    max_record_bytes: int = 16 << 20


@dataclass(frozen=True, slots=True)
class Record:
    """One article that was read.

    :ivar source: where it stood, for people: "feed.jsonl.gz:17" or "exports.zip/a.html".
    :ivar warnings: sentences on what went in incomplete (a date that is no date, ...).
    :ivar bytes_read: bytes consumed of all sources so far, as they lie on disk.
    """

    article: Article
    source: str
    warnings: tuple[str, ...] = ()
    bytes_read: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Reject:
    """One record, or the rest of one source, that could not be read.

    :ivar reason: a sentence that says what is wrong and what to do.
    :ivar raw: at most ``RAW_LIMIT`` characters of the record. Records of JSON are given as they stood and rows
        of a table as one JSON object, so that a file of them can be mended and read again as JSONL.
    """

    source: str
    reason: str
    raw: str = ""
    bytes_read: int = field(default=0, compare=False)


Item = Record | Reject


class Progress(Protocol):
    """What is told how far the reading has come."""

    def update(self, bytes_done: int, articles: int, rejected: int) -> None:
        """Take the figures so far: bytes as on disk, and counts of records and rejects."""


class Cut(Exception):
    """Reading a source stopped short: the sentence why, and what stood there unfinished.

    A signal between the readers of this room; outside it is a ``Reject``.
    """

    def __init__(self, reason: str, raw: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.raw = raw


def unexpected(error: Exception) -> str:
    """Return the reason to reject the record over which something was raised that no reader foresees.

    :raises Exception: the error itself, where no record is to blame: memory or the disk is full.
    """
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _FULL):
        raise error
    log.debug("an error that is not foreseen", exc_info=error)
    if isinstance(error, RecursionError):
        return "nested too deeply to be an article"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"it cannot be read ({type(error).__name__}: {' '.join(str(error).split())[:200]})"


def megabytes(count: int) -> str:
    """Return a size for people: "16 MiB", "1.5 MiB", "900 bytes"."""
    if count < 1 << 10:
        return f"{count} bytes"
    if count < 1 << 20:
        return f"{count / 1024:.4g} KiB"
    return f"{count / (1 << 20):.4g} MiB"


def too_long(limit: int) -> str:
    """Return the reason for a record longer than ``limit`` bytes."""
    return f"longer than {megabytes(limit)}, the most one record may have (max_record_bytes); not read"
