"""The vector index: nearest passages by cosine; exact as long as the archive is small.

What is published is a checkpoint, a FAISS file that is mapped and never changed. Beside it, each instance keeps in
memory the passages added since (``Delta``) and tombstones, the ids of those removed. Instances catch up from the
archive itself, so not every small batch needs a checkpoint: ``publish`` writes one once the passages added and removed
since the last exceed a tenth of it, or 20,000.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.archive.changes import Change, Entry, IndexSource
from assistant.arrays import Ids, Vectors
from assistant.errors import DimensionMismatch, TornIndex, UsageError
from assistant.index import faiss
from assistant.index.base import Hits, Probe
from assistant.index.changes import LAST, merged, windows
from assistant.index.delta import Delta
from assistant.index.faiss import BLOCK, NO_HITS, NO_IDS, Block, Nearest, best
from assistant.index.generations import Manifest, disk
from assistant.index.published import PublishedIndex
from assistant.types import Filters

log = logging.getLogger(__name__)

FORMAT = "faiss/2"
_FILE = "passages.faiss"

IVF_FROM = 200_000
"""Number of passages from which the index is IVF with 8-bit vectors, and therefore approximate."""

CHECKPOINT_AFTER = 20_000
"""Number of passages added or removed above which a new checkpoint is always written."""

CHECKPOINT_SHARE = 0.1
"""The same as a share of the checkpoint's passages; the smaller of the two counts."""

REFILL_FROM = 50_000
"""Number of passages to add from which the whole archive is read instead, if it has at most twice as many."""


@dataclass(frozen=True, slots=True)
class VectorView:
    """What one search sees: a checkpoint, its tombstones, and the passages added since.

    :ivar base: the checkpoint.
    :ivar removed: the tombstones: ids in ``base`` that have been removed, ascending.
    :ivar delta: the passages added since the checkpoint.
    :ivar state: number of the last change of the archive that it includes.
    :ivar model: fingerprint of the embedding model.
    :ivar dim: dimension of the vectors.
    """

    base: Nearest
    removed: Ids
    delta: Delta
    state: int
    model: str
    dim: int

    def __len__(self) -> int:
        return len(self.base) - len(self.removed) + len(self.delta)

    @property
    def behind(self) -> int:
        """The number of passages added or removed since ``base`` was made."""
        return len(self.removed) + len(self.delta)


class VectorIndex(PublishedIndex[VectorView]):
    """A ``PassageIndex`` over the vectors of an archive.

    Searches may run concurrently with each other and with ``sync``.

    :param ivf_from: number of passages from which the index is IVF with 8-bit vectors, whose scores are off by up to
        0.01.
    """

    name = "vector"
    form = FORMAT
    has_vectors = True

    def __init__(self, source: IndexSource, folder: Path, *, write: bool = False, ivf_from: int = IVF_FROM) -> None:
        self._ivf_from = ivf_from
        super().__init__(source, folder, write=write)

    # --- reading -----------------------------------------------------------------------------------------

    def search(self, probe: Probe, k: int, filters: Filters) -> Hits:
        """Return at most ``k`` of the passages that pass ``filters``, by descending cosine.

        :raises DimensionMismatch: if the query's vector does not have the index's dimension.
        """
        view = self._view
        if k < 1:
            raise UsageError(f"cannot search for {k} passages; ask for at least 1")
        if probe.vector is None:
            return NO_HITS
        vector = np.asarray(probe.vector, dtype=np.float32)
        if vector.shape != (view.dim,):
            raise DimensionMismatch(
                f"the query has {' x '.join(map(str, vector.shape))} dimensions, but the vector index {view.dim}; "
                "embed it with the model that the archive was built with"
            )
        within = self._source.allowed(filters) if filters else None
        if within is not None and not len(within):
            return NO_HITS
        old = view.base.search(vector, k, within, view.removed)
        new = view.delta.search(vector, k, within)
        return best(np.concatenate([old.ids, new.ids]), np.concatenate([old.scores, new.scores]), k)

    def close(self) -> None:
        """Release the files."""
        with self._mutex:
            self._view = _empty_view(self._view.model, self._view.dim)  # the archive may be closed already

    # --- catching up -------------------------------------------------------------------------------------

    def sync(self) -> int:
        """Catch up with the archive.

        :return: the number of passages added or removed; one that was both counts twice.
        """
        with self._mutex:
            self._reopen_if_replaced()
            if (self._view.model, self._view.dim) != (self._source.model, self._source.dim):
                log.warning("the archive's embedding model has changed to %s", self._source.model)
                self._view = self._empty()
            view = self._view
            if view.state == self._source.seq():
                return 0
            changes = merged(self._source.changes(after=view.state))
            coming = sum(change.last - change.first + 1 for change in changes if change.added)
            if coming >= REFILL_FROM and 2 * coming >= self._source.live():
                seq = self._source.seq()
                self._view = self._view_of(self._built(), seq)
                return len(self._view) + len(view)
            self._view, moved = self._applied(view, changes)
            return moved

    def _applied(self, view: VectorView, changes: Sequence[Change]) -> tuple[VectorView, int]:
        delta, ids = view.delta, view.base.ids
        removals, moved = [view.removed], 0
        for change in changes:
            start, end = np.searchsorted(ids, change.first), np.searchsorted(ids, change.last, side="right")
            removals.append(ids[start:end])
            shorter = delta.without(change.first, change.last)
            moved += len(delta) - len(shorter)
            delta = shorter
            if change.added:
                for block in self._blocks(self._source.entries(change.first, change.last)):
                    delta = delta.append(*block)
                    moved += len(block[0])
        removed = np.unique(np.concatenate(removals))
        moved += len(removed) - len(view.removed)
        state = changes[-1].seq if changes else view.state
        return replace(view, removed=removed, delta=delta, state=state), moved

    def _blocks(self, entries: Iterable[Entry]) -> Iterator[Block]:
        ids: list[int] = []
        vectors: list[Vectors] = []
        for entry in entries:
            ids.append(entry.id)
            vectors.append(self._checked(entry))
            if len(ids) == BLOCK:
                yield np.array(ids, dtype=np.int64), np.stack(vectors)
                ids, vectors = [], []
        if ids:
            yield np.array(ids, dtype=np.int64), np.stack(vectors)

    def _checked(self, entry: Entry) -> Vectors:
        if entry.vector.shape != (self._source.dim,):
            raise DimensionMismatch(
                f"passage {entry.id} has {entry.vector.size} dimensions, but its archive has {self._source.dim}"
            )
        return entry.vector

    # --- writing -----------------------------------------------------------------------------------------

    def _publish(self, compact: bool) -> None:
        """Write a checkpoint if one is due: other processes catch up from the archive in any case."""
        if self._due():
            self._save(self._compacted(self._view), self._view.state)

    def _rebuild(self) -> None:
        seq = self._source.seq()
        self._save(self._built(), seq)

    def _due(self) -> bool:
        view, manifest = self._view, self._manifest
        if manifest is None or view.base.path is None:
            return True
        worth = min(CHECKPOINT_AFTER, CHECKPOINT_SHARE * len(view.base))
        return view.state != manifest.seq and view.behind > worth

    def _built(self) -> Nearest:
        """Build an index of the whole archive, from a stream of its passages."""
        faiss.use_threads(0)
        entries, live = self._source.entries(1, LAST), self._source.live()
        if live < self._ivf_from:
            return faiss.build(self._blocks(entries), self._source.dim)
        lists = faiss.lists_for(live)
        sample = self._sample(lists * faiss.POINTS_PER_LIST)
        return faiss.build(self._blocks(entries), self._source.dim, sample, lists)

    def _sample(self, wanted: int) -> Vectors:
        """Return about ``wanted`` vectors from all over the archive, on which to train inverted lists."""
        spans = windows(self._source.changes(after=0), wanted)
        parts = [vectors for first, last in spans for _, vectors in self._blocks(self._source.entries(first, last))]
        if sum(map(len, parts)) < wanted // 2:  # most of the passages ever added have been removed
            parts = [vectors for _, vectors in self._blocks(self._source.entries(1, LAST))]
        return np.concatenate(parts)

    def _compacted(self, view: VectorView) -> Nearest:
        """Build one index from the checkpoint, less its tombstones, and the delta."""
        faiss.use_threads(0)
        if view.base.inverted != (len(view) >= self._ivf_from):
            return self._built()
        delta = (view.delta.ids, view.delta.vectors)
        if not view.base.inverted:
            return faiss.build([*_chain(view.base.blocks(view.removed), delta)], view.dim)
        return view.base.updated(view.removed, delta) if view.base.suits(len(view)) else self._built()

    def _save(self, index: Nearest, seq: int) -> None:
        """Write, check and publish a checkpoint, and switch to it."""
        folder = self._generations.begin()
        try:
            with disk(folder):
                faiss.save(index, folder / _FILE)
            base = faiss.load(folder / _FILE)
            if not np.array_equal(base.ids, index.ids):
                raise TornIndex(f"{folder / _FILE} does not contain what was written to it; is the disk failing?")
            self._activate(folder, self._view_of(base, seq), {})
        except BaseException:
            self._generations.discard(folder)
            raise

    # --- opening -----------------------------------------------------------------------------------------

    def _empty(self) -> VectorView:
        return _empty_view(self._source.model, self._source.dim)

    def _read(self, folder: Path, manifest: Manifest) -> VectorView:
        return self._view_of(faiss.load(folder / _FILE), manifest.seq)

    def _view_of(self, base: Nearest, seq: int) -> VectorView:
        return VectorView(base, NO_IDS, Delta.empty(self._source.dim), seq, self._source.model, self._source.dim)


def _empty_view(model: str, dim: int) -> VectorView:
    return VectorView(faiss.build([], dim), NO_IDS, Delta.empty(dim), 0, model, dim)


def _chain(blocks: Iterable[Block], last: Block) -> Iterator[Block]:
    yield from blocks
    if len(last[0]):
        yield last
