"""Writing passages: adding them with their vectors, retiring and deleting them, and logging it for the indexes.

Each function runs in a transaction that its caller has begun.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.errors import DimensionMismatch
from assistant.text import Span


def insert_passages(
    db: sqlite3.Connection,
    version: int,
    fingerprint: str,
    spans: Sequence[Span],
    keys: Sequence[bytes],
    vectors: NDArray[np.float32],
) -> None:
    """Insert the passages of a version, embedded by a declared model.

    :param spans: the passages, ascending.
    :param keys: one digest per passage, of the characters that were embedded.
    :param vectors: float32 [passages, dim], unit length; stored as float16.
    :raises DimensionMismatch: if there is not one vector per passage, or they do not have the model's dimension.
    """
    if not spans:
        return
    model, dim = db.execute("SELECT key, dim FROM models WHERE fingerprint = ?", (fingerprint,)).fetchone()
    if vectors.shape != (len(spans), dim):
        raise DimensionMismatch(f"{len(spans)} passages need vectors of shape {(len(spans), dim)}, not {vectors.shape}")
    blobs = np.ascontiguousarray(vectors, np.float16)
    ids = []
    for position, ((start, end), digest) in enumerate(zip(spans, keys, strict=True)):
        cursor = db.execute(
            'INSERT INTO passages (version, model, position, start, "end", digest) VALUES (?, ?, ?, ?, ?, ?)',
            (version, model, position, start, end, digest),
        )
        ids.append(int(cursor.lastrowid or 0))
    db.executemany(
        "INSERT INTO vectors VALUES (?, ?)", ((i, blob.tobytes()) for i, blob in zip(ids, blobs, strict=True))
    )
    db.execute("INSERT INTO changes (added, first, last) VALUES (1, ?, ?)", (ids[0], ids[-1]))


def retire_passages(db: sqlite3.Connection, version: int) -> None:
    """Log for the indexes that a version's passages are no longer live."""
    first, last = db.execute("SELECT MIN(id), MAX(id) FROM passages WHERE version = ?", (version,)).fetchone()
    if first is not None:
        db.execute("INSERT INTO changes (added, first, last) VALUES (0, ?, ?)", (first, last))


def drop_passages(db: sqlite3.Connection, which: str, parameters: tuple[object, ...]) -> None:
    """Delete the passages whose ids the query ``which`` selects, and their vectors."""
    db.execute(f"DELETE FROM vectors WHERE passage IN ({which})", parameters)
    db.execute(f"DELETE FROM passages WHERE id IN ({which})", parameters)
