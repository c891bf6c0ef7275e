"""Compare two archives: everything they contain about articles, the change log, and what their indexes find."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.common import spread

if TYPE_CHECKING:
    from assistant.embedding.embedder import Embedder

_AS_OF = datetime(2024, 1, 1, tzinfo=UTC)
"""The instant the queries are asked at, since recency is part of a score."""

# What depends on the run and not on the articles is left out: the archive's UUID, the ingest log, times of ingest.
_TABLES = {
    "articles": "SELECT key, id, named, url, current FROM articles ORDER BY key",
    "versions": (
        "SELECT key, article, number, digest, headline, byline, outlet, section, language, url, published,"
        " published_at, updated, updated_at, text FROM versions ORDER BY key"
    ),
    "models": "SELECT key, fingerprint, name, dim FROM models ORDER BY key",
    "passages": 'SELECT id, version, model, position, start, "end", digest FROM passages ORDER BY id',
    "vectors": "SELECT passage, vector FROM vectors ORDER BY passage",
    "quotes": (
        'SELECT id, version, kind, start, "end", source_start, source_end, cue_start, cue_end, speaker,'
        " addressee_start, addressee_end FROM quotes ORDER BY id"
    ),
    "counts": "SELECT version, counter, length, signature, roots, times FROM counts ORDER BY version",
    "changes": "SELECT seq, added, first, last FROM changes ORDER BY seq",
}


def differences(one: Path, other: Path, queries: int, model: str | None = None) -> tuple[dict[str, int], list[str]]:
    """Compare two archives; nothing may write to them meanwhile.

    :param queries: number of headlines that both indexes of both archives are searched for.
    :param model: the embedding model of both; None for the default.
    :return: how many rows of each kind were compared, and the first difference of each kind that differs.
    """
    from assistant.embedding.embedder import Embedder
    from assistant.settings import load_settings

    counts: dict[str, int] = {}
    found: list[str] = []
    for table in _TABLES:
        counts[table] = 0
        for number, (a, b) in enumerate(zip_longest(_rows(one, table), _rows(other, table)), start=1):
            if a != b:
                found.append(f"{table}: row {number} is {_short(a)} in {one}, {_short(b)} in {other}")
                break
            counts[table] = number
    found += [f"{archive}: {fault}" for archive in (one, other) for fault in _faults(archive)]
    counts["queries"] = 0
    if not queries:
        return counts, found
    asked = spread(_headlines(one), queries)
    embedder = Embedder.load(load_settings({"embedding": {"model": model}} if model else {}).embedding)
    for query, a, b in zip(asked, _searched(one, asked, embedder), _searched(other, asked, embedder), strict=True):
        if a != b:
            kind = next(kind for kind in a if a[kind] != b[kind])
            found.append(f"{kind} index: {query!r} finds {_short(a[kind])} in {one}, {_short(b[kind])} in {other}")
            break
        counts["queries"] += 1
    return counts, found


def committed(archive: Path) -> int:
    """Return how many articles an archive has, even while it is being written; 0 if there is no archive yet.

    No connection stays open: it would keep files alive that a crash has to leave behind.
    """
    try:
        db = _opened(archive)
    except sqlite3.Error:
        return 0
    try:
        return int(db.execute("SELECT COUNT(*) FROM articles").fetchone()[0])
    except sqlite3.Error:
        return 0
    finally:
        db.close()


def _opened(archive: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{(archive / 'archive.sqlite3').absolute().as_uri()}?mode=ro", uri=True, timeout=10)


def _rows(archive: Path, table: str) -> Iterator[tuple[Any, ...]]:
    db = _opened(archive)
    try:
        yield from db.execute(_TABLES[table])
    finally:
        db.close()


def _headlines(archive: Path) -> list[str]:
    db = _opened(archive)
    try:
        return [text for (text,) in db.execute("SELECT headline FROM versions WHERE headline <> '' ORDER BY key")]
    finally:
        db.close()


def _faults(archive: Path) -> list[str]:
    """The faults in an archive's database and its published indexes."""
    from assistant.admin import status
    from assistant.settings import load_settings

    db = _opened(archive)
    try:
        sound = [row[0] for row in db.execute("PRAGMA integrity_check")]
    finally:
        db.close()
    found: list[str] = list(status(load_settings({"archive": archive}))["indexes"]["faults"])
    return found + [fault for fault in sound if fault != "ok"]


def _searched(archive: Path, queries: Sequence[str], embedder: Embedder) -> list[dict[str, list[tuple[int, float]]]]:
    """Return, for each query, passage ids with exact scores from the vector index, the lexical index and both."""
    from assistant import Assistant
    from assistant.archive import Archive
    from assistant.index import open_indexes
    from assistant.index.base import Probe
    from assistant.settings import load_settings
    from assistant.types import Filters

    found = []
    with Archive(archive) as source, open_indexes(source, source.index_folder) as indexes:
        assistant = Assistant(source, indexes, embedder, load_settings({"archive": archive}))
        for query in queries:
            vector = indexes.vector.search(Probe(vector=embedder.query(query)), 50, Filters())
            lexical = indexes.lexical.search(Probe(text=query), 50, Filters())
            hits = assistant.search(query, limit=20, as_of=_AS_OF)
            found.append(
                {
                    "vector": list(zip(vector.ids.tolist(), vector.scores.tolist(), strict=True)),
                    "lexical": list(zip(lexical.ids.tolist(), lexical.scores.tolist(), strict=True)),
                    "combined": [(hit.passage.id, hit.score) for hit in hits],
                }
            )
    return found


def _short(value: object) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 200 else f"{text[:200]}..."
