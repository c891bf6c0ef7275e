"""What the indexes, which are caches of the archive, read from it: passages and the log of changes to them."""

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
    """A passage as it is indexed.

    :ivar id: passage id, positive, never reused.
    :ivar text: the passage's characters.
    :ivar headline: that of its article.
    :ivar published: seconds since 1970; None if unknown.
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
    """Change number ``seq`` of the archive: passages ``first`` to ``last`` (inclusive) were added or removed."""

    seq: int
    added: bool
    first: int
    last: int


class IndexSource(Protocol):
    """What an index needs from the archive that it caches."""

    @property
    def uuid(self) -> str:
        """The archive's unique id; an index of another archive is refused."""

    @property
    def model(self) -> str:
        """Fingerprint of the embedding model that made the current vectors."""

    @property
    def dim(self) -> int:
        """Dimension of the vectors."""

    def seq(self) -> int:
        """The number of the latest change; 0 for an empty archive."""

    def changes(self, after: int) -> Iterable[Change]:
        """Yield the changes with a number above ``after``, in order."""

    def entries(self, first: int, last: int) -> Iterable[Entry]:
        """Stream the live passages with ids from ``first`` to ``last`` (inclusive), in order of id."""

    def live(self) -> int:
        """The number of live passages: those that a search can find."""

    def allowed(self, filters: Filters) -> Ids | None:
        """Ids of the live passages that pass ``filters``, ascending; None if all do."""
