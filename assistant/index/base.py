"""The one small interface every retrieval index implements, here or on another machine.

An index is a cache of the archive. It holds nothing that the archive cannot give again, and it says
itself (``state``) up to which change of which archive it has come; ``sync`` takes it the rest of the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.types import Filters

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as an index takes it in.

    :ivar id: passage id, positive, never reused.
    :ivar text: the passage's characters; ``headline`` its article's.
    :ivar published: seconds since 1970, None when unknown.
    :ivar vector: float32 [dim], unit length.
    """

    id: int
    article: int
    text: str
    headline: str
    outlet: str
    byline: str
    section: str
    language: str
    published: int | None
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to the archive at ``seq``: passages ``first`` to ``last`` (inclusive) came or went."""

    seq: int
    added: bool
    first: int
    last: int


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


class Source(Protocol):
    """What an index needs of the archive it is a cache of."""

    @property
    def uuid(self) -> str:
        """The archive's own name; an index of another is refused."""

    @property
    def model(self) -> str:
        """Fingerprint of the embedding model the current vectors were made with."""

    @property
    def dim(self) -> int:
        """Width of the vectors."""

    def seq(self) -> int:
        """The number of the latest change; 0 for an empty archive."""

    def changes(self, after: int) -> Iterable[Change]:
        """Yield the changes numbered above ``after``, in order."""

    def entries(self, first: int, last: int) -> Iterable[Entry]:
        """Yield the live passages numbered ``first`` to ``last``, in order of id, streamed."""

    def live(self) -> int:
        """How many passages are in retrieval now."""

    def allowed(self, filters: Filters) -> Ids | None:
        """Ids of the live passages that pass ``filters``, ascending; None when all do."""


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

    def publish(self, purge: bool = False) -> None:
        """Make what was synced durable and visible to other processes, atomically.

        :param purge: also rewrite whatever may still hold characters or vectors of passages that went,
            so that no file of the index has a trace of them.
        """

    def rebuild(self) -> None:
        """Build a new generation from the archive beside the old one, check it, publish it."""

    def check(self) -> Sequence[str]:
        """Say what is wrong with the published files, one sentence each; empty when nothing is."""

    def __len__(self) -> int:
        """How many passages this instance holds."""

    def close(self) -> None:
        """Let go of files and locks."""
