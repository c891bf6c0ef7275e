"""Helpers of many tests: small archives, made as the product makes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from assistant.admin import IngestReport, ingest
from assistant.dates import parse_date
from assistant.ingest import ReadOptions
from assistant.settings import Settings, load_settings
from assistant.types import Article


def settings_for(folder: Path, **groups: Any) -> Settings:
    """Return the settings of an archive in ``folder``."""
    return load_settings({"archive": folder, **groups})


def write_jsonl(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    """Write rows as JSON Lines, and return the path."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def take_in(folder: Path, rows: Sequence[dict[str, Any]], **groups: Any) -> IngestReport:
    """Ingest rows into the archive in ``folder``, through a JSON Lines file beside it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    source = write_jsonl(folder.parent / f"{folder.name}-rows.jsonl", rows)
    return ingest(settings_for(folder, **groups), [str(source)], ReadOptions())


def row(number: int, text: str, **fields: Any) -> dict[str, Any]:
    """Return an article as a JSON row."""
    return {
        "id": f"a{number}",
        "headline": f"Headline {number}",
        "text": text,
        "language": "en",
        "published": "2024-03-01",
        **fields,
    }


def as_articles(rows: Iterable[dict[str, Any]]) -> list[Article]:
    """Return rows as the articles that a program passes."""
    return [Article(**{**row, "published": row.get("published") and parse_date(row["published"])}) for row in rows]
