"""The words of versions, as counted at ingest: numbered roots, the frequency of each, and a MinHash signature."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.types import StoredArticle

if TYPE_CHECKING:
    from assistant.archive.reader import Archive


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each root occurs in a text, and the signature by which near-duplicates of the text are recognised.

    :ivar length: the number of forms, separated by whitespace.
    :ivar roots: uint32 [n], ascending: the numbers of the roots.
    :ivar times: uint16 [n], at least 1 each: how often each root occurs.
    :ivar signature: uint32 [64], computed by ``retrieval.near_duplicate_articles``; None if the text is too short.
    """

    length: int
    roots: NDArray[np.uint32]
    times: NDArray[np.uint16]
    signature: NDArray[np.uint32] | None = None


def times(texts: Sequence[Counts], wanted: NDArray[np.uint32]) -> NDArray[np.uint16]:
    """Return how often each of the wanted roots occurs in each text: uint16 [len(texts), len(wanted)]."""
    lengths = [len(text.roots) for text in texts]
    found = np.zeros((len(texts), len(wanted)), np.uint16)
    if not any(lengths) or not len(wanted):
        return found
    texts_at = np.arange(len(texts), dtype=np.uint64) << np.uint64(32)  # upper half: text; lower: root
    roots = np.repeat(texts_at, lengths) | np.concatenate([text.roots for text in texts])
    sought = texts_at[:, None] | wanted
    places = np.minimum(np.searchsorted(roots, sought), len(roots) - 1)
    here = roots[places] == sought
    found[here] = np.concatenate([text.times for text in texts])[places[here]]
    return found


def counts(archive: Archive, articles: Sequence[StoredArticle], counter: int) -> dict[int, Counts]:
    """Return the words of these versions, by article key; without the versions that another counter counted, or none.

    :param articles: one version of each article, a few hundred at most.
    :param counter: the number of the counter that must have counted them.
    """
    return {
        key: Counts(length, np.frombuffer(roots, "<u4"), np.frombuffer(times, "<u2"), _signature(signature))
        for key, length, roots, times, signature in _kept(
            archive, articles, counter, "c.length, c.roots, c.times, c.signature"
        )
    }


def signatures(
    archive: Archive, articles: Sequence[StoredArticle], counter: int
) -> dict[int, NDArray[np.uint32] | None]:
    """Return the signatures of these versions, in the same way as ``counts`` returns their words."""
    return {key: _signature(stored) for key, stored in _kept(archive, articles, counter, "c.signature")}


def _kept(archive: Archive, articles: Sequence[StoredArticle], counter: int, columns: str) -> Iterable[tuple[Any, ...]]:
    """Return the key of each article, followed by these columns of its version's row."""
    if not articles:
        return ()
    return archive.db.execute(
        f"WITH wanted (article, number) AS (VALUES {','.join(['(?, ?)'] * len(articles))})"
        f" SELECT w.article, {columns} FROM wanted w"
        " CROSS JOIN versions v ON v.article = w.article AND v.number = w.number"
        " CROSS JOIN counts c ON c.version = v.key WHERE c.counter = ?",
        [*(value for article in articles for value in (article.key, article.version)), counter],
    )


def _signature(stored: bytes) -> NDArray[np.uint32] | None:
    return np.frombuffer(stored, "<u4") if stored else None


def uncounted(archive: Archive, counter: int) -> list[int]:
    """Return the keys of the versions whose words this counter has not counted, oldest first."""
    rows = archive.db.execute(
        "SELECT v.key FROM versions v LEFT JOIN counts c ON c.version = v.key WHERE c.counter IS NOT ? ORDER BY v.key",
        (counter,),
    )
    return [key for (key,) in rows]


def keep_counts(db: sqlite3.Connection, version: int, found: Counts, counter: int) -> None:
    """Store the words of a version, replacing those that an earlier counter counted."""
    roots, times = found.roots.astype("<u4").tobytes(), found.times.astype("<u2").tobytes()
    signature = b"" if found.signature is None else found.signature.astype("<u4").tobytes()
    db.execute(
        "INSERT OR REPLACE INTO counts (version, counter, length, signature, roots, times) VALUES (?, ?, ?, ?, ?, ?)",
        (version, counter, found.length, signature, roots, times),
    )
