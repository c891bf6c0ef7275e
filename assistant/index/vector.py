"""The vector index: the nearest passages by cosine, exactly while the archive is small.

What is published is a checkpoint: a FAISS file, mapped and never changed, beside which an instance holds in
memory what came since (``Tail``) and the ids that went. An instance catches up from the archive itself, so
that a checkpoint need not be written for every small batch: ``publish`` writes one when what came and went
since the last is a tenth of it, or 20,000 passages.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.archive.changes import Change, Entry, Source
from assistant.arrays import Ids, Vectors
from assistant.errors import DimensionMismatch, RetrievalIndexError, TornIndex, UsageError, WrongModel
from assistant.index import faiss
from assistant.index.base import Hits, Probe
from assistant.index.changes import LAST, merged, windows
from assistant.index.delta import Tail
from assistant.index.faiss import BLOCK, NO_HITS, NO_IDS, Block, Nearest, best
from assistant.index.generations import Generations, Manifest, disk
from assistant.types import Filters

log = logging.getLogger(__name__)

FORMAT = "faiss/2"
_FILE = "passages.faiss"
_ATTEMPTS = 5

CHECKPOINT_AFTER = 20_000
"""Passages that came or went after which a new checkpoint is written in any case."""

CHECKPOINT_SHARE = 0.1
"""Share of the checkpoint that came or went after which a new one is written."""

REFILL_FROM = 50_000
"""Passages to catch up with from which the archive is read anew instead, where that is no more than twice as many."""


@dataclass(frozen=True, slots=True)
class _View:
    """What one search sees; replaced as a whole, never changed.

    :ivar removed: ids of ``base`` that went, ascending.
    """

    base: Nearest
    removed: Ids
    tail: Tail
    state: int
    model: str
    dim: int

    def __len__(self) -> int:
        return len(self.base) - len(self.removed) + len(self.tail)

    @property
    def behind(self) -> int:
        """Passages that came or went since ``base`` was made."""
        return len(self.removed) + len(self.tail)


class VectorIndex:
    """A ``PassageIndex`` over the vectors of an archive.

    A process that may not write, and finds no index or one that is damaged or of another model, builds its own
    in memory at the first ``sync``. Searches run at the same time as each other and as ``sync``.

    :param folder: where the generations lie.
    :param write: whether this process holds the archive's write lock.
    :param ivf_from: passages from which the index is IVF with 8-bit vectors; scores are then off by up to 0.01.
    :param threads: processor threads that build the index; 0 for all. One search uses one.
    :param digests: compare every byte of the files with the manifest at opening (about 1 GB/s), not only sizes.
    """

    name = "vector"

    def __init__(
        self,
        source: Source,
        folder: Path,
        *,
        write: bool = False,
        ivf_from: int = 200_000,
        threads: int = 0,
        digests: bool = True,
    ) -> None:
        self._source = source
        self._generations = Generations(folder, self.name, FORMAT)
        self._write = write
        self._ivf_from = ivf_from
        self._threads = threads
        self._digests = digests
        self._mutex = threading.RLock()
        self._stamp = self._generations.stamp()
        self._manifest: Manifest | None = None
        self._view = self._nothing()
        self._open()

    # --- reading -----------------------------------------------------------------------------------------

    def search(self, probe: Probe, k: int, filters: Filters) -> Hits:
        """Return at most ``k`` passages by descending cosine, from within ``filters`` only.

        :raises DimensionMismatch: when the query's vector is of another width.
        """
        view = self._view
        if k < 1:
            raise UsageError(f"a search for {k} passages; ask for at least 1")
        if probe.vector is None:
            return NO_HITS
        vector = np.asarray(probe.vector, dtype=np.float32)
        if vector.shape != (view.dim,):
            raise DimensionMismatch(
                f"the query has {' x '.join(map(str, vector.shape))} dimensions, the vector index {view.dim}; "
                "embed it with the model the archive was built with"
            )
        within = self._source.allowed(filters) if filters else None
        if within is not None and not len(within):
            return NO_HITS
        old = view.base.search(vector, k, within, view.removed)
        new = view.tail.search(vector, k, within)
        return best(np.concatenate([old.ids, new.ids]), np.concatenate([old.scores, new.scores]), k)

    def state(self) -> int:
        """The archive's change up to which this instance has come."""
        return self._view.state

    def __len__(self) -> int:
        return len(self._view)

    def size_on_disk(self) -> int:
        """Bytes of the index' files."""
        return self._generations.size_on_disk()

    def check(self) -> Sequence[str]:
        """Say what is wrong with the published files; empty when nothing is, or nothing is published."""
        try:
            manifest = self._generations.accept(self._source, vectors=True)
            if manifest is None:
                return []
            base = faiss.load(self._generations.place(manifest.number) / _FILE)
        except RetrievalIndexError as error:
            return [str(error)]
        faults = [] if len(base) == manifest.count else [_miscount(self._generations, len(base), manifest)]
        view, live = self._view, self._source.live()
        if view.state == self._source.seq() and len(view) != live:
            faults.append(
                f"the vector index holds {len(view):,} passages, the archive {live:,}; run `ontherecord reindex`"
            )
        return faults

    def close(self) -> None:
        """Let go of the files."""
        with self._mutex:
            dim, model = self._view.dim, self._view.model  # the archive need not be there any more
            self._view = _View(faiss.build([], dim), NO_IDS, Tail.empty(dim), 0, model, dim)

    # --- catching up -------------------------------------------------------------------------------------

    def sync(self) -> int:
        """Catch up with the archive; returns how many passages came or went, counted once for each time."""
        with self._mutex:
            self._reopen_if_replaced()
            if (self._view.model, self._view.dim) != (self._source.model, self._source.dim):
                log.warning("the archive's vectors are of another model now: %s", self._source.model)
                self._view = self._nothing()
            view = self._view
            if view.state == self._source.seq():
                return 0
            changes = merged(self._source.changes(after=view.state))
            coming = sum(change.last - change.first + 1 for change in changes if change.added)
            if coming >= REFILL_FROM and 2 * coming >= self._source.live():
                seq = self._source.seq()
                self._view = self._seen(self._built(), seq)
                return len(self._view) + len(view)
            self._view, moved = self._applied(view, changes)
            return moved

    def _applied(self, view: _View, changes: Sequence[Change]) -> tuple[_View, int]:
        tail, ids = view.tail, view.base.ids
        gone, moved = [view.removed], 0
        for change in changes:
            start, end = np.searchsorted(ids, change.first), np.searchsorted(ids, change.last, side="right")
            gone.append(ids[start:end])
            shorter = tail.without(change.first, change.last)
            moved += len(tail) - len(shorter)
            tail = shorter
            if change.added:
                for block in self._blocks(self._source.entries(change.first, change.last)):
                    tail = tail.append(*block)
                    moved += len(block[0])
        removed = np.unique(np.concatenate(gone))
        moved += len(removed) - len(view.removed)
        state = changes[-1].seq if changes else view.state
        return replace(view, removed=removed, tail=tail, state=state), moved

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
                f"passage {entry.id} has a vector of {entry.vector.size} numbers, its archive {self._source.dim}"
            )
        return entry.vector

    # --- writing -----------------------------------------------------------------------------------------

    def publish(self, purge: bool = False, force: bool = False) -> None:
        """Write a checkpoint, if it is worth it: other processes catch up from the archive anyway.

        :param purge: build it from the archive alone and remove the one before, whatever changed.
        :param force: write it when anything changed at all.
        :raises NoSpace: when the disk is full; the checkpoint before stays in force.
        """
        with self._mutex:
            self._must_write()
            if purge:
                self.rebuild()
            elif self._due(force):
                self._save(self._compacted(self._view), self._view.state)

    def rebuild(self) -> None:
        """Build a new checkpoint from the archive beside the old one, check it, publish it."""
        with self._mutex:
            self._must_write()
            seq = self._source.seq()
            self._save(self._built(), seq)

    def _due(self, force: bool) -> bool:
        view, manifest = self._view, self._manifest
        if manifest is None or view.base.path is None:
            return True
        worth = min(CHECKPOINT_AFTER, CHECKPOINT_SHARE * len(view.base))
        return view.state != manifest.seq and (force or view.behind > worth)

    def _built(self) -> Nearest:
        """An index of all that is in the archive, streamed."""
        faiss.use_threads(self._threads)
        entries, live = self._source.entries(1, LAST), self._source.live()
        if live < self._ivf_from:
            return faiss.build(self._blocks(entries), self._source.dim)
        lists = faiss.lists_for(live)
        sample = self._sample(lists * faiss.POINTS_PER_LIST)
        return faiss.build(self._blocks(entries), self._source.dim, sample, lists)

    def _sample(self, wanted: int) -> Vectors:
        """Vectors from all over the archive, about ``wanted``, to train inverted lists with."""
        spans = windows(self._source.changes(after=0), wanted)
        parts = [vectors for first, last in spans for _, vectors in self._blocks(self._source.entries(first, last))]
        if sum(map(len, parts)) < wanted // 2:  # most of what was ever added is gone
            parts = [vectors for _, vectors in self._blocks(self._source.entries(1, LAST))]
        return np.concatenate(parts)

    def _compacted(self, view: _View) -> Nearest:
        """One index of the checkpoint, less what went, and the tail."""
        faiss.use_threads(self._threads)
        if view.base.inverted != (len(view) >= self._ivf_from):
            return self._built()
        tail = (view.tail.ids, view.tail.vectors)
        if not view.base.inverted:
            return faiss.build([*_chain(view.base.blocks(view.removed), tail)], view.dim)
        return view.base.altered(view.removed, tail) if view.base.suits(len(view)) else self._built()

    def _save(self, index: Nearest, seq: int) -> None:
        """Write, check and publish a checkpoint, and search in it from now on."""
        place = self._generations.begin()
        try:
            with disk(place):
                faiss.save(index, place / _FILE)
            base = faiss.load(place / _FILE)
            if not np.array_equal(base.ids, index.ids):
                raise TornIndex(f"{place / _FILE} does not hold what was written to it; is the disk failing?")
            self._manifest = self._generations.publish(place, self._source, seq, len(base), {}, vectors=True)
        except BaseException:
            self._generations.discard(place)
            raise
        self._stamp = self._generations.stamp()
        self._view = self._seen(base, seq)

    def _must_write(self) -> None:
        if not self._write:
            raise UsageError("the vector index was opened for reading; open the archive for writing to publish it")

    # --- opening -----------------------------------------------------------------------------------------

    def _nothing(self) -> _View:
        return self._seen(faiss.build([], self._source.dim), 0)

    def _seen(self, base: Nearest, seq: int) -> _View:
        return _View(base, NO_IDS, Tail.empty(self._source.dim), seq, self._source.model, self._source.dim)

    def _open(self) -> None:
        try:
            self._load()
        except (TornIndex, WrongModel) as error:
            log.warning("%s", error)
            if self._write:
                self.rebuild()
        if self._write:
            self._generations.sweep(self._manifest.number if self._manifest else None)

    def _load(self) -> None:
        for attempt in range(_ATTEMPTS):
            stamp = self._generations.stamp()
            try:
                manifest = self._generations.accept(self._source, vectors=True, digests=self._digests)
                if manifest is not None:
                    base = faiss.load(self._generations.place(manifest.number) / _FILE)
                    if len(base) != manifest.count:
                        raise TornIndex(_miscount(self._generations, len(base), manifest))
                    self._manifest, self._view = manifest, self._seen(base, manifest.seq)
            except TornIndex:
                if stamp != self._generations.stamp() and attempt + 1 < _ATTEMPTS:
                    continue  # it was replaced while it was read
                raise
            self._stamp = stamp
            return

    def _reopen_if_replaced(self) -> None:
        if self._write or self._generations.stamp() == self._stamp:
            return
        try:
            self._load()
        except (TornIndex, WrongModel) as error:
            log.warning("%s", error)
            self._stamp = self._generations.stamp()


def _chain(blocks: Iterable[Block], tail: Block) -> Iterator[Block]:
    yield from blocks
    if len(tail[0]):
        yield tail


def _miscount(generations: Generations, held: int, manifest: Manifest) -> str:
    return (
        f"{generations.place(manifest.number)} holds {held:,} passages, its manifest says {manifest.count:,}; "
        "rebuild it with `ontherecord reindex`"
    )
