"""Reading small files that tests write, in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.ingest import Item, ReadOptions, Record, Reject, read
from assistant.types import Article


def wrote(path: Path, content: str | bytes) -> Path:
    """Write a file, with the folders above it; returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def items(*paths: Path | str, **options: Any) -> list[Item]:
    """Everything that reading the paths gives."""
    return list(read([str(path) for path in paths], ReadOptions(**options)))


def records(*paths: Path | str, **options: Any) -> list[Record]:
    """The records that reading gives, which must be all of it."""
    found = items(*paths, **options)
    assert not [item for item in found if isinstance(item, Reject)]
    return [item for item in found if isinstance(item, Record)]


def articles(*paths: Path | str, **options: Any) -> list[Article]:
    """The articles that reading gives, without a reject."""
    return [record.article for record in records(*paths, **options)]


def rejects(*paths: Path | str, **options: Any) -> list[Reject]:
    """The rejects among what reading gives."""
    return [item for item in items(*paths, **options) if isinstance(item, Reject)]


def only_reject(*paths: Path | str, **options: Any) -> Reject:
    """The one reject that reading gives, with no record beside it."""
    (item,) = items(*paths, **options)
    assert isinstance(item, Reject)
    return item
