"""The vector index and the lexical index: caches of the archive behind one small interface.

FAISS and Tantivy are loaded when the indexes are opened, not when this package is imported.
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

    :ivar vector: finds passages by their vectors.
    :ivar lexical: finds passages by their words.
    """

    def __init__(self, vector: VectorIndex, lexical: LexicalIndex) -> None:
        self.vector = vector
        self.lexical = lexical

    def sync(self) -> int:
        """Catch up with the archive.

        :return: the number of passages added or removed, in the index with more of them.
        """
        return max(self.vector.sync(), self.lexical.sync())

    def publish(self, purge: bool = False, compact: bool = False) -> None:
        """Publish what was synced to every process; see ``PassageIndex.publish``."""
        self.lexical.publish(purge, compact)
        self.vector.publish(purge, compact)

    def rebuild(self) -> None:
        """Rebuild both indexes from the archive."""
        self.lexical.rebuild()
        self.vector.rebuild()

    def check(self) -> list[str]:
        """Return the faults of the published files, one sentence each."""
        return [*self.vector.check(), *self.lexical.check()]

    def size_on_disk(self) -> int:
        """Return the size of both indexes' files, in bytes."""
        return self.vector.size_on_disk() + self.lexical.size_on_disk()

    def close(self) -> None:
        """Release all files and locks."""
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

    An index that is damaged or belongs to another archive or another model is rebuilt: on disk with ``write``, else in
    memory.

    :param source: the archive.
    :param folder: the folder of the index files, usually ``<archive>/index``; created by the first publication.
    :param write: whether this process holds the archive's write lock.
    """
    from assistant.index.lexical import LexicalIndex
    from assistant.index.vector import VectorIndex

    indexes = Indexes(VectorIndex(source, folder, write=write), LexicalIndex(source, folder, write=write))
    indexes.sync()
    return indexes
