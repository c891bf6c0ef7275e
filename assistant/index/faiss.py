"""What the vector index needs from FAISS: building, searching, saving and mapping an immutable index of passages.

The index of a small archive is flat: exact, in the half floats that the archive stores. That of a larger one is IVF
with 8-bit vectors, which takes half the bytes and searches only the lists near the query. In both, the FAISS id is the
passage's id. HNSW is ruled out, since FAISS cannot remove vectors from it.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from assistant.arrays import Ids, Vectors
from assistant.errors import TornIndex
from assistant.index.base import Hits
from assistant.index.tie_breaking import ScoredHits, with_ties
from assistant.process import processors

Block = tuple[Ids, Vectors]
"""Ids, int64 [n], ascending, and their vectors, float32 [n, dim]."""

NO_IDS: Ids = np.empty(0, dtype=np.int64)
NO_HITS = Hits(NO_IDS, np.empty(0, dtype=np.float32))

BLOCK = 8_192
"""Passages added at a time."""

POINTS_PER_LIST = 40
"""Training vectors per inverted list; FAISS warns of poor lists below 39."""

_LEAST_PROBES = 16
_PROBED_SHARE = 16


@cache
def faiss() -> Any:
    """Return the FAISS module, imported on first use.

    Importing its SWIG wrapper under Python 3.12 or later raises DeprecationWarnings about types that have "no
    __module__", which only SWIG can fix.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="builtin type .* has no __module__", category=DeprecationWarning)
        import faiss as module
    return module


def use_threads(count: int) -> None:
    """Set the number of CPU threads for FAISS calls from the current thread; 0 means one for each processor."""
    faiss().omp_set_num_threads(count or processors())


@dataclass(frozen=True, slots=True)
class Nearest:
    """An immutable FAISS index, which many threads may search at once.

    :ivar index: IndexIDMap2 over a flat index of half floats, or IndexIVFScalarQuantizer.
    :ivar ids: int64 [n], ascending: the passages in it.
    :ivar path: the file that it is mapped from; None if it is in memory.
    """

    index: Any
    ids: Ids
    path: Path | None = None

    @property
    def inverted(self) -> bool:
        """Whether the index is IVF, and therefore approximate."""
        return isinstance(self.index, faiss().IndexIVF)

    def suits(self, count: int) -> bool:
        """Return whether it has a suitable number of inverted lists for ``count`` passages, within a factor of two."""
        return self.inverted and self.index.nlist <= 2 * lists_for(count) <= 4 * self.index.nlist

    def __len__(self) -> int:
        return len(self.ids)

    def search(self, vector: Vectors, k: int, within: Ids | None, without: Ids) -> Hits:
        """Return the best ``k`` passages, or all if there are fewer.

        A search uses one CPU thread: FAISS parallelises over queries, and starting a second thread for one query costs
        more than it saves. Searches from several threads run in parallel.

        :param vector: float32 [dim].
        :param within: int64, ascending: the only ids to return; None means all.
        :param without: int64, ascending: ids not to return.
        """
        keep, selector = self._restriction(within, without)
        eligible = len(self) if keep is None else int(keep[self.ids].sum())
        if not (k := min(k, eligible)):
            return NO_HITS
        use_threads(1)
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        if not self.inverted:
            return self._searched(query, k, eligible, faiss().SearchParameters(sel=selector))
        probes = self._probes(k, eligible)
        hits = self._searched(query, k, eligible, faiss().SearchParametersIVF(sel=selector, nprobe=probes))
        if len(hits.ids) < k and probes < (lists := self.index.nlist):  # what passes the filter is in other lists
            hits = self._searched(query, k, eligible, faiss().SearchParametersIVF(sel=selector, nprobe=lists))
        return hits

    def _searched(self, query: Vectors, k: int, eligible: int, parameters: Any) -> Hits:
        def closest(count: int) -> ScoredHits:
            scores, ids = self.index.search(query, count, params=parameters)
            there = ids[0] >= 0
            return scores[0][there], ids[0][there]

        scores, ids = with_ties(closest, k, eligible)
        return best(ids, scores, k)

    def _probes(self, k: int, eligible: int) -> int:
        """Return how many lists to search: the narrower the filter, the more, so that as many vectors are scored."""
        lists = self.index.nlist
        share = max(_LEAST_PROBES, lists // _PROBED_SHARE) / lists
        wanted = max(share * len(self), 4 * k)
        return int(min(lists, math.ceil(lists * wanted / eligible)))

    def _restriction(self, within: Ids | None, without: Ids) -> tuple[Any, Any]:
        """Return which ids may be found, as booleans by id and as a FAISS selector; None and None for all."""
        if within is None and not len(without):
            return None, None
        limit = int(self.ids[-1]) + 1 if len(self) else 1
        keep = np.full(limit, within is None)
        if within is not None:
            keep[within[: np.searchsorted(within, limit)]] = True
        keep[without[: np.searchsorted(without, limit)]] = False
        return keep, faiss().IDSelectorBitmap(np.packbits(keep, bitorder="little"))

    def blocks(self, without: Ids) -> Iterator[Block]:
        """Yield the passages of an exact index except ``without``, in order of id."""
        order = faiss().vector_to_array(self.index.id_map)
        for start in range(0, len(order), BLOCK):
            ids = order[start : start + BLOCK]
            keep = ~np.isin(ids, without, assume_unique=True)
            if keep.any():
                yield ids[keep], self.index.index.reconstruct_n(start, len(ids))[keep]

    def updated(self, without: Ids, block: Block) -> Nearest:
        """Return a copy in memory of an IVF index, less ``without`` and with ``block`` added to the same lists."""
        index = faiss().read_index(str(self.path)) if self.path else faiss().clone_index(self.index)
        if len(without):
            index.remove_ids(faiss().IDSelectorBatch(without))
        if len(block[0]):
            index.add_with_ids(block[1], block[0])
        return Nearest(index, np.union1d(np.setdiff1d(self.ids, without, assume_unique=True), block[0]))


def build(blocks: Iterable[Block], dim: int, sample: Vectors | None = None, lists: int = 0) -> Nearest:
    """Build an index from a stream of passages.

    :param sample: float32 [n, dim], on which ``lists`` inverted lists are trained; None means an exact index.
    """
    index = faiss().IndexIDMap2(_exact(dim)) if sample is None else _trained(sample, lists)
    parts = [NO_IDS]
    for ids, vectors in blocks:
        index.add_with_ids(vectors, ids)
        parts.append(ids)
    return Nearest(index, np.sort(np.concatenate(parts)))


def _exact(dim: int) -> Any:
    """Return a flat index of half floats, as the archive stores them: a search reads half as much memory."""
    module = faiss()
    return module.IndexScalarQuantizer(dim, module.ScalarQuantizer.QT_fp16, module.METRIC_INNER_PRODUCT)


def _trained(sample: Vectors, lists: int) -> Any:
    module, dim = faiss(), sample.shape[1]
    index = module.IndexIVFScalarQuantizer(
        module.IndexFlatIP(dim), dim, lists, module.ScalarQuantizer.QT_8bit, module.METRIC_INNER_PRODUCT
    )
    index.train(sample)
    return index


def lists_for(count: int) -> int:
    """Return the number of inverted lists for ``count`` passages: 4 * sqrt(count), at most 65,536, none too short."""
    return int(max(1, min(65_536, 4 * math.sqrt(count), count / POINTS_PER_LIST)))


def save(nearest: Nearest, path: Path) -> None:
    """Write the index to a file.

    :raises OSError: if the file cannot be written.
    """
    with path.open("wb") as file:
        write: Callable[[bytes], int] = file.write
        faiss().write_index(nearest.index, faiss().PyCallbackIOWriter(write, 1 << 20))


def load(path: Path) -> Nearest:
    """Map the index in a file into memory, read-only.

    :raises TornIndex: if FAISS cannot read it, or it is not of a kind that ``build`` makes.
    """
    module = faiss()
    try:
        index = module.read_index(str(path), module.IO_FLAG_MMAP_IFC)
    except RuntimeError as error:
        raise TornIndex(f"{path} is not a vector index; rebuild it with `ontherecord reindex`") from error
    if isinstance(index, module.IndexIDMap2):
        ids = module.vector_to_array(index.id_map)
    elif isinstance(index, module.IndexIVFScalarQuantizer):
        ids = _listed(index)
    else:
        raise TornIndex(f"{path} contains a {type(index).__name__}; rebuild it with `ontherecord reindex`")
    return Nearest(index, np.sort(ids), path)


def _listed(index: Any) -> Ids:
    lists = index.invlists
    parts = [NO_IDS]
    for number in range(index.nlist):
        if size := lists.list_size(number):
            parts.append(faiss().rev_swig_ptr(lists.get_ids(number), size).copy())
    return np.concatenate(parts)


def best(ids: Ids, scores: Vectors, k: int) -> Hits:
    """Return the ``k`` passages with the highest scores, ties by id; cosines are clipped to [-1, 1]."""
    order = np.lexsort((ids, -scores))[:k]
    return Hits(ids[order], np.clip(scores[order], -1, 1, dtype=np.float32))
