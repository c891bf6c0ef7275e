"""The vector index and the lexical index: caches of the archive behind one small interface.

Importing this package loads neither FAISS nor Tantivy; opening the indexes does.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.archive.changes import IndexSource
    from assistant.index.lexical import LexicalIndex
    from assistant.index.vector import VectorIndex

__all__ = ["Indexes", "open_indexes"]


class Indexes:
    """Both indexes of one archive.

    :ivar vector: passages by the nearness of their vectors.
    :ivar lexical: passages by their words.
    """

    def __init__(self, vector: VectorIndex, lexical: LexicalIndex) -> None:
        self.vector = vector
        self.lexical = lexical

    def sync(self) -> int:
        """Catch up with the archive; returns how many passages came or went, in the index where more did."""
        return max(self.vector.sync(), self.lexical.sync())

    def publish(self, purge: bool = False, compact: bool = False) -> None:
        """Bring what was synced into force for every process; see ``PassageIndex.publish``."""
        self.lexical.publish(purge, compact)
        self.vector.publish(purge, compact)

    def rebuild(self) -> None:
        """Build both anew from the archive."""
        self.lexical.rebuild()
        self.vector.rebuild()

    def check(self) -> list[str]:
        """Say what is wrong with the published files, one sentence each."""
        return [*self.vector.check(), *self.lexical.check()]

    def size_on_disk(self) -> int:
        """Bytes of all files of both."""
        return self.vector.size_on_disk() + self.lexical.size_on_disk()

    def close(self) -> None:
        """Let go of files and locks."""
        self.vector.close()
        self.lexical.close()

    def __enter__(self) -> Indexes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_indexes(source: IndexSource, folder: Path, *, write: bool = False) -> Indexes:
    """Open both indexes of an archive, and catch up with it.

    What is damaged, of another archive or of another model is built anew: on disk when ``write``, else in memory.

    :param source: the archive.
    :param folder: where the index files are, as a rule ``<archive>/index``; made when something is published.
    :param write: whether this process holds the archive's write lock.
    """
    from assistant.index.lexical import LexicalIndex
    from assistant.index.vector import VectorIndex

    indexes = Indexes(VectorIndex(source, folder, write=write), LexicalIndex(source, folder, write=write))
    indexes.sync()
    return indexes
