"""A small archive in memory: an index source, and a reference to compare results with."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from assistant.archive.changes import Change, Entry
from assistant.arrays import Ids, Vectors
from assistant.types import Filters


class MemoryArchive:
    """Passages in memory. Vectors are random unit vectors, kept in half precision like an archive's."""

    def __init__(self, dim: int = 16, uuid: str = "archive-1", model: str = "model-1", seed: int = 0) -> None:
        self.uuid = uuid
        self.model = model
        self.dim = dim
        self._random = np.random.default_rng(seed)
        self._entries: dict[int, Entry] = {}
        self._changes: list[Change] = []
        self._next = 1

    # --- what an index asks ------------------------------------------------------------------------------

    def seq(self) -> int:
        return len(self._changes)

    def changes(self, after: int) -> Iterable[Change]:
        return iter(self._changes[after:])

    def entries(self, first: int, last: int) -> Iterator[Entry]:
        ids = range(first, last + 1) if last - first < len(self._entries) else self._entries
        for id in sorted(id for id in ids if first <= id <= last and id in self._entries):
            yield self._entries[id]

    def live(self) -> int:
        return len(self._entries)

    def allowed(self, filters: Filters) -> Ids | None:
        if not filters:
            return None
        return np.array(sorted(id for id, entry in self._entries.items() if passes(entry, filters)), dtype=np.int64)

    # --- what a test does --------------------------------------------------------------------------------

    def add(self, *entries: Entry) -> list[int]:
        """Add passages as one change, giving them ids and vectors."""
        ids = list(itertools.islice(itertools.count(self._next), len(entries)))
        for id, entry in zip(ids, entries, strict=True):
            vector = entry.vector if entry.vector.size else self.unit()
            self._entries[id] = replace(entry, id=id, vector=vector)
        self._next += len(entries)
        self._changes.append(Change(self.seq() + 1, True, ids[0], ids[-1]))
        return ids

    def add_texts(self, *texts: str) -> list[int]:
        return self.add(*(passage(text) for text in texts))

    def remove(self, first: int, last: int | None = None) -> None:
        last = last or first
        for id in range(first, last + 1):
            self._entries.pop(id, None)
        self._changes.append(Change(self.seq() + 1, False, first, last))

    def put_back(self, entry: Entry) -> None:
        """Restore a passage under its old number, as when an embargo ends."""
        self._entries[entry.id] = entry
        self._changes.append(Change(self.seq() + 1, True, entry.id, entry.id))

    def change_model(self, model: str, dim: int) -> None:
        self.model, self.dim = model, dim
        self._entries = {id: replace(entry, vector=self.unit()) for id, entry in self._entries.items()}

    def unit(self) -> Vectors:
        vector = self._random.standard_normal(self.dim).astype(np.float32)
        return (vector / np.linalg.norm(vector)).astype(np.float16).astype(np.float32)

    def entry(self, id: int) -> Entry:
        return self._entries[id]

    def ids(self) -> list[int]:
        return sorted(self._entries)

    def nearest(self, vector: Vectors, k: int, filters: Filters = Filters()) -> list[int]:
        """Return the true nearest neighbours, by comparing every passage."""
        entries = [entry for entry in self._entries.values() if passes(entry, filters)]
        return [entry.id for entry in sorted(entries, key=lambda entry: (-float(entry.vector @ vector), entry.id))][:k]


def passage(
    text: str = "",
    headline: str = "",
    outlet: str = "",
    byline: str = "",
    section: str = "",
    language: str = "en",
    published: int | None = None,
) -> Entry:
    """Return a passage without a number or vector."""
    nothing = np.empty(0, dtype=np.float32)
    return Entry(0, 0, text, headline, outlet, byline, section, language, published, nothing)


def passes(entry: Entry, filters: Filters) -> bool:
    """A straightforward implementation of ``Filters``."""

    def among(name: str, names: tuple[str, ...]) -> bool:
        return not names or name.casefold() in {each.casefold() for each in names}

    by = not filters.authors or any(author.casefold() in entry.byline.casefold() for author in filters.authors)
    since, until = filters.since, filters.until
    dated = not (since or until) or (
        entry.published is not None
        and (since is None or entry.published >= since.timestamp)
        and (until is None or entry.published < until.timestamp)
    )
    return bool(
        by
        and dated
        and among(entry.outlet, filters.outlets)
        and among(entry.section, filters.sections)
        and among(entry.language, filters.languages)
    )
