"""What the archive tells the indexes that are caches of it: its passages, and what changed since they last looked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.arrays import Ids
from assistant.types import Filters


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
