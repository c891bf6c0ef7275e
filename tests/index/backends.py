"""The indexes under test behind one interface: how to open each, and a query that finds a given passage."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.archive.changes import Entry
from assistant.index.base import Probe
from assistant.index.lexical import LexicalIndex
from assistant.index.vector import VectorIndex
from assistant.types import Filters
from tests.index.memory_archive import MemoryArchive, passage

Index = VectorIndex | LexicalIndex
ALL = Filters()


@dataclass(frozen=True)
class Backend:
    """One kind of index. With ``ivf_from`` None, the lexical index."""

    label: str
    ivf_from: int | None

    @property
    def name(self) -> str:
        return "lexical" if self.ivf_from is None else "vector"

    def open(self, archive: MemoryArchive, folder: Path, write: bool = False) -> Index:
        """Return an index that is in step with its archive."""
        index: Index
        if self.ivf_from is None:
            index = LexicalIndex(archive, folder, write=write)
        else:
            index = VectorIndex(archive, folder, write=write, ivf_from=self.ivf_from)
        index.sync()
        return index

    def probe(self, entry: Entry) -> Probe:
        """Return a query that ranks this passage first."""
        return Probe(text=entry.text.split()[0], vector=entry.vector)

    def found(self, index: Index, entry: Entry, filters: Filters = ALL) -> bool:
        return entry.id in index.search(self.probe(entry), 3, filters).ids


FLAT, IVF, LEXICAL = Backend("flat", 10_000), Backend("ivf", 100), Backend("lexical", None)
BACKENDS = (FLAT, IVF, LEXICAL)

WORDS = "minister budget harbour strike election verdict rescue merger drought ceasefire".split()


def stocked(count: int = 160, dim: int = 16) -> MemoryArchive:
    """Return an archive of ``count`` passages, each with a unique word, "the" and some of ``WORDS``."""
    archive = MemoryArchive(dim)
    for start in range(0, count, 20):
        archive.add(*(numbered(number) for number in range(start, min(count, start + 20))))
    return archive


def numbered(number: int) -> Entry:
    """Return a passage that is as unique as its number."""
    return passage(
        text=f"zq{number}zq the {WORDS[number % 10]} {WORDS[number // 10 % 10]}",
        headline=f"On the {WORDS[number % 7]}",
        outlet=("Courier", "Gazette", "Échos")[number % 3],
        byline=("By Ana Lima", "Jo Öz and Ana Lima", "")[number % 3],
        section=("World", "Politics", "")[number % 4 % 3],
        language=("en", "tr", "")[number // 2 % 3],
        published=None if number % 5 == 4 else 1_000_000 + 86_400 * number,
    )
