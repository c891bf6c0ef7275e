"""The one small interface every retrieval index implements, here or on another machine.

An index is a cache of the archive. It holds nothing that the archive cannot give again, and it says
itself (``state``) up to which change of which archive it has come; ``sync`` takes it the rest of the way.
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
    """What is searched for; an index reads the half it understands.

    :ivar text: words, for a lexical index; "double quotes" hold a phrase together.
    :ivar vector: float32 [dim], unit length, for a vector index.
    :ivar languages: ISO 639-1 codes whose stemming may apply; empty means those in the index.
    """

    text: str = ""
    vector: NDArray[np.float32] | None = None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hits:
    """Passages found, best first.

    :ivar ids: int64 [n], n at most the k asked for.
    :ivar scores: float32 [n], descending: cosine in [-1, 1] or BM25 from 0 up.
    """

    ids: Ids
    scores: NDArray[np.float32]


class PassageIndex(Protocol):
    """A searchable cache of the archive's passages.

    One process may write (``sync``, ``publish``); any number may read at the same time, each through
    an instance of its own.
    """

    name: str

    def search(self, probe: Probe, k: int, filters: Filters) -> Hits:
        """Return at most ``k`` (at least 1) passages, best first, from within ``filters`` only."""

    def state(self) -> int:
        """The ``seq`` of the archive up to which this instance has come; 0 when empty."""

    def sync(self) -> int:
        """Take in the changes since ``state``; returns how many passages came or went.

        Idempotent: a change applied twice leaves what applying it once leaves.
        """

    def publish(self, purge: bool = False, compact: bool = False) -> None:
        """Make what was synced durable and visible to other processes, atomically.

        :param purge: also rewrite whatever may still hold characters or vectors of passages that went,
            so that no file of the index has a trace of them.
        :param compact: rewrite it where little has to be written or much of it went.
        """

    def rebuild(self) -> None:
        """Build a new generation from the archive beside the old one, check it, publish it."""

    def check(self) -> Sequence[str]:
        """Say what is wrong with the published files, one sentence each; empty when nothing is."""

    def __len__(self) -> int:
        """How many passages this instance holds."""

    def close(self) -> None:
        """Let go of files and locks."""
