"""The passages added since the last checkpoint: a few, kept in memory and searched exactly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assistant.arrays import Ids, Vectors
from assistant.index.base import Hits
from assistant.index.faiss import NO_HITS, NO_IDS, Nearest, build


@dataclass(frozen=True)
class Delta:
    """An immutable set of passages.

    A delta shares its memory with the one that it was appended to, which still sees only its own rows, so that the cost
    of appending depends only on what is appended. Only the latest delta may be appended to, by one thread at a time.

    :ivar ids: int64 [n], ascending.
    :ivar vectors: float32 [n, dim].
    """

    ids: Ids
    vectors: Vectors
    _id_rows: Ids
    _vector_rows: Vectors

    @classmethod
    def empty(cls, dim: int) -> Delta:
        """Return a delta without passages."""
        return cls._of(NO_IDS, np.empty((0, dim), dtype=np.float32))

    @classmethod
    def _of(cls, ids: Ids, vectors: Vectors) -> Delta:
        return cls(ids, vectors, ids, vectors)

    def __len__(self) -> int:
        return len(self.ids)

    def append(self, ids: Ids, vectors: Vectors) -> Delta:
        """Return a delta with these passages added; their ids must be ascending and new to it."""
        old, new = len(self), len(self) + len(ids)
        if old and len(ids) and ids[0] < self.ids[-1]:
            order = np.argsort(np.concatenate([self.ids, ids]))
            return self._of(np.concatenate([self.ids, ids])[order], np.concatenate([self.vectors, vectors])[order])
        id_rows, vector_rows = self._id_rows, self._vector_rows
        if new > len(id_rows):
            room = max(new, 2 * old, 256)
            id_rows = np.empty(room, dtype=np.int64)
            vector_rows = np.empty((room, vectors.shape[1]), dtype=np.float32)
            id_rows[:old], vector_rows[:old] = self.ids, self.vectors
        id_rows[old:new], vector_rows[old:new] = ids, vectors
        return Delta(id_rows[:new], vector_rows[:new], id_rows, vector_rows)

    def without(self, first: int, last: int) -> Delta:
        """Return a delta without the passages ``first`` to ``last``, inclusive."""
        start, end = np.searchsorted(self.ids, first), np.searchsorted(self.ids, last, side="right")
        if start == end:
            return self
        kept = np.r_[0:start, end : len(self)]
        return self._of(self.ids[kept], self.vectors[kept])

    @cached_property
    def _index(self) -> Nearest:
        """An exact index of the passages; each scores exactly, to the last bit, as it will in a checkpoint."""
        return build([(self.ids, self.vectors)], self.vectors.shape[1])

    def search(self, vector: Vectors, k: int, within: Ids | None) -> Hits:
        """Return the best ``k`` passages; only those in ``within`` (int64, ascending) unless it is None."""
        return self._index.search(vector, k, within, NO_IDS) if len(self) else NO_HITS
