"""The one small interface that every retrieval index implements, here or on another machine.

An index is a cache of the archive: all of it can be rebuilt from the archive. It knows the last change of the archive
that it has applied (``state``); ``sync`` applies the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.arrays import Ids
from assistant.types import Filters


@dataclass(frozen=True, slots=True)
class Probe:
    """What to search for; each index uses the half it understands.

    :ivar text: words, for a lexical index; "double quotes" enclose a phrase.
    :ivar vector: float32 [dim], unit length, for a vector index.
    :ivar languages: ISO 639-1 codes of the languages whose stemmers apply; empty means all languages in the index.
    """

    text: str = ""
    vector: NDArray[np.float32] | None = None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hits:
    """Passages found, best first.

    :ivar ids: int64 [n], where n is at most the k asked for.
    :ivar scores: float32 [n], descending: cosine in [-1, 1], or BM25, at least 0.
    """

    ids: Ids
    scores: NDArray[np.float32]


class PassageIndex(Protocol):
    """A searchable cache of the archive's passages.

    One process may write (``sync``, ``publish``) while any number read, each through an instance of its own.
    """

    name: str

    def search(self, probe: Probe, k: int, filters: Filters) -> Hits:
        """Return at most ``k`` (at least 1) of the passages that pass ``filters``, best first."""

    def state(self) -> int:
        """Return the number of the last change of the archive that this instance has applied; 0 if none."""

    def sync(self) -> int:
        """Apply the changes since ``state``. Idempotent: applying a change twice is the same as applying it once.

        :return: the number of passages added or removed.
        """

    def publish(self, purge: bool = False, compact: bool = False) -> None:
        """Make what was synced durable and visible to other processes, atomically.

        :param purge: also rewrite every file that may still contain characters or vectors of deleted passages, so that
            no trace of them is left.
        :param compact: drop deleted passages from the files if the index is small or many were deleted.
        """

    def rebuild(self) -> None:
        """Build a new generation from the archive beside the old one, check it, and publish it."""

    def check(self) -> Sequence[str]:
        """Return the faults of the published files, one sentence each; empty if there are none."""

    def __len__(self) -> int:
        """Return the number of passages in this instance."""

    def close(self) -> None:
        """Release all files and locks."""
