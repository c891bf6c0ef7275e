"""Filtering without SQL: the columns that filters refer to, in memory and in step with the archive."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.arrays import Ids
from assistant.types import Filters

_NEVER = np.iinfo(np.int64).min


class _Archive(Protocol):
    """What the columns need from the archive that they copy."""

    @property
    def db(self) -> sqlite3.Connection: ...

    def seq(self) -> int: ...

    def live_ranges(self, after: int, upto: int) -> Iterable[tuple[int, int]]: ...


class Columns:
    """One row per article (some 100 bytes) and one pair of numbers per passage (16 bytes).

    Follows the archive's change log: if nothing has changed, a refresh costs one small query.
    """

    def __init__(self, archive: _Archive) -> None:
        self._archive = archive
        self._lock = threading.Lock()
        self._seq = -1
        self._keys: Ids = np.empty(0, np.int64)
        self._published: Ids = np.empty(0, np.int64)
        self._texts: dict[str, list[str]] = {}
        self._dates: dict[int, int] | None = None
        self._passages: Ids = np.empty(0, np.int64)
        self._owners: Ids = np.empty(0, np.int64)

    def articles(self, filters: Filters) -> set[int] | None:
        """Return the keys of the articles that pass; None if all do."""
        if not filters:
            return None
        with self._lock:
            self._refresh()
            return set(self._keys[self._mask(filters)].tolist())

    def any(self, filters: Filters) -> bool:
        """Return whether any article passes."""
        with self._lock:
            self._refresh()
            return bool(self._mask(filters).any())

    def passages(self, filters: Filters) -> Ids | None:
        """Return the ids of the live passages that pass, ascending; None if all do."""
        if not filters:
            return None
        with self._lock:
            self._refresh()
            if not len(self._keys):
                return np.empty(0, np.int64)
            return self._passages[self._mask(filters)[np.searchsorted(self._keys, self._owners)]]

    def published(self) -> dict[int, int]:
        """Return the time of publication, in seconds since 1970, by article key; undated articles are left out."""
        with self._lock:
            self._refresh()
            if self._dates is None:
                dated = self._published != _NEVER
                self._dates = dict(zip(self._keys[dated].tolist(), self._published[dated].tolist(), strict=True))
            return self._dates

    def _refresh(self) -> None:
        seq = self._archive.seq()
        if seq == self._seq:
            return
        db = self._archive.db
        db.execute("BEGIN")  # one snapshot for the two queries
        try:
            rows = db.execute(
                "SELECT a.key, v.published_at, v.outlet, v.section, v.language, v.byline"
                " FROM articles a JOIN versions v ON v.key = a.current ORDER BY a.key"
            ).fetchall()
            pairs = np.array(list(self._archive.live_ranges(0, np.iinfo(np.int64).max)), np.int64).reshape(-1, 2)
        finally:
            db.execute("COMMIT")
        self._keys = np.array([row[0] for row in rows], np.int64)
        self._published = np.array([_NEVER if row[1] is None else row[1] for row in rows], np.int64)
        for number, name in enumerate(("outlets", "sections", "languages", "authors"), start=2):
            self._texts[name] = [row[number].casefold() for row in rows]
        self._passages, self._owners = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
        self._dates = None
        self._seq = seq

    def _mask(self, filters: Filters) -> NDArray[np.bool_]:
        mask = np.ones(len(self._keys), bool)
        if filters.since or filters.until:
            mask &= self._published != _NEVER
        if filters.since:
            mask &= self._published >= filters.since.timestamp
        if filters.until:
            mask &= self._published < filters.until.timestamp
        for name in ("outlets", "sections", "languages"):
            if wanted := {value.casefold() for value in getattr(filters, name)}:
                mask &= np.fromiter((value in wanted for value in self._texts[name]), bool, len(mask))
        if names := [value.casefold() for value in filters.authors]:
            mask &= np.fromiter((any(n in byline for n in names) for byline in self._texts["authors"]), bool, len(mask))
        return mask
