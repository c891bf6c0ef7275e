"""Helpers for reading the small files that tests write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.ingest import Item, ReadOptions, Record, Reject, read
from assistant.types import Article


def wrote(path: Path, content: str | bytes) -> Path:
    """Write a file, creating its folders, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def items(*paths: Path | str, **options: Any) -> list[Item]:
    """Read the paths and return all items."""
    return list(read([str(path) for path in paths], ReadOptions(**options)))


def records(*paths: Path | str, **options: Any) -> list[Record]:
    """Read the paths and return the records; there must be no rejects."""
    found = items(*paths, **options)
    assert not [item for item in found if isinstance(item, Reject)]
    return [item for item in found if isinstance(item, Record)]


def articles(*paths: Path | str, **options: Any) -> list[Article]:
    """Read the paths and return the articles; there must be no rejects."""
    return [record.article for record in records(*paths, **options)]


def rejects(*paths: Path | str, **options: Any) -> list[Reject]:
    """Read the paths and return the rejects."""
    return [item for item in items(*paths, **options) if isinstance(item, Reject)]


def only_reject(*paths: Path | str, **options: Any) -> Reject:
    """Read the paths and return the only item, which must be a reject."""
    (item,) = items(*paths, **options)
    assert isinstance(item, Reject)
    return item
