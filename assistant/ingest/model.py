"""The types that readers exchange and return."""

from __future__ import annotations

import errno
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Protocol

from assistant.types import Article

FORMATS = ("jsonl", "json", "csv", "tsv", "parquet", "text", "markdown", "html", "feed")
"""The values of ``ReadOptions.format``; "feed" is any version of RSS or Atom."""

log = logging.getLogger(__name__)

_FULL = (errno.ENOSPC, errno.EDQUOT)

RAW_LIMIT = 64 << 10
"""Number of characters of a rejected record that are kept."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How sources are read.

    :ivar format: one of ``FORMATS``, for every source; None to detect it from name and content.
    :ivar mapping: our field -> the source's, as in ``{"published": "date"}``; the source's may be a path
        ("source.name"). A mapped field is read only from there.
    :ivar zone: the time zone of times without one.
    :ivar encoding: the text encoding of every source; None to detect it.
    :ivar max_record_bytes: a longer record is rejected, and never completely in memory.
    """

    format: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC
    encoding: str | None = None
    max_record_bytes: int = 16 << 20


@dataclass(frozen=True, slots=True)
class Record:
    """One article that was read.

    :ivar source: where it was found, for messages: "feed.jsonl.gz:17" or "exports.zip/a.html".
    :ivar warnings: sentences on what is missing or incomplete (an invalid date, ...).
    :ivar bytes_read: bytes of all sources read so far, counted as they are on disk.
    """

    article: Article
    source: str
    warnings: tuple[str, ...] = ()
    bytes_read: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Reject:
    """One record, or the rest of one source, that could not be read.

    :ivar reason: a sentence that says what is wrong and what to do.
    :ivar raw: at most ``RAW_LIMIT`` characters of the record. A JSON record is as in the source, and a row of a table
        is a JSON object, so that a file of rejects can be corrected and read again as JSONL.
    """

    source: str
    reason: str
    raw: str = ""
    bytes_read: int = field(default=0, compare=False)


Item = Record | Reject


class Progress(Protocol):
    """Receives the progress of reading."""

    def update(self, bytes_done: int, articles: int, rejected: int) -> None:
        """Receive the totals so far: bytes as on disk, and the numbers of records and rejects."""


class ReadStopped(Exception):
    """Reading a source stopped early, for the given reason; ``raw`` is the unfinished record.

    Readers raise this among themselves; ``read`` yields a ``Reject`` instead.
    """

    def __init__(self, reason: str, raw: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.raw = raw


def unexpected(error: Exception) -> str:
    """Return the reason to reject a record that raised an error that no reader expects.

    :raises Exception: the error itself, if no record is to blame, because memory or the disk is full.
    """
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _FULL):
        raise error
    log.debug("unexpected error", exc_info=error)
    if isinstance(error, RecursionError):
        return "nested too deeply to be an article"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"it cannot be read ({type(error).__name__}: {' '.join(str(error).split())[:200]})"


def megabytes(count: int) -> str:
    """Return a size for messages: "16 MiB", "1.5 MiB", "900 bytes"."""
    if count < 1 << 10:
        return f"{count} bytes"
    if count < 1 << 20:
        return f"{count / 1024:.4g} KiB"
    return f"{count / (1 << 20):.4g} MiB"


def too_long(limit: int) -> str:
    """Return the reason for a record longer than ``limit`` bytes."""
    return f"longer than {megabytes(limit)}, the limit for one record (max_record_bytes); not read"
