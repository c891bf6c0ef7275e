"""The lexical index: BM25 over the words of passages, with Tantivy.

Tantivy never changes a file in place. A new generation therefore begins with hard links to the files of the one
in force, takes the changes in, and is published as a whole; so a crash at any point leaves the old one as it was.
Deletions in the ordinary way only mark passages; a purge builds the index anew from the archive, so that no file
holds a word of what went.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import tantivy

from assistant.archive.changes import Change, Source
from assistant.errors import RetrievalIndexError, TornIndex, UsageError
from assistant.index.analysis import document, folded, prepared, register, schema, stem_field
from assistant.index.base import Hits, Probe
from assistant.index.changes import LAST, merged
from assistant.index.generations import FileMark, Generations, Manifest, disk
from assistant.index.queries import Clause, Span, exclusions, question, restrictions, spanned
from assistant.index.tie_breaking import Scored, with_ties
from assistant.types import Filters

log = logging.getLogger(__name__)

FORMAT = "tantivy/1"
_HEAP = 64_000_000
_ATTEMPTS = 5
_REPLACED = ("meta.json", ".managed.json")
"""Files that Tantivy writes anew at every commit, under the same name."""

_NO_HITS = Hits(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))


@dataclass
class _View:
    """What one search sees; replaced as a whole. The caches it fills are of what never changes.

    :ivar gone: spans of passages that went from the archive but not yet from the files.
    """

    searcher: tantivy.Searcher
    state: int
    gone: tuple[Span, ...] = ()
    place: Path | None = None

    @cached_property
    def fields(self) -> list[str]:
        """Stem fields of the languages in the index."""
        languages = [term[1:] for term, _ in self.searcher.terms_with_prefix("language", "")]
        return [name for language in languages if (name := stem_field(language))]

    @cached_property
    def bylines(self) -> list[str]:
        """All bylines, as ``analysis.value`` makes them."""
        return [term for term, _ in self.searcher.terms_with_prefix("byline", "")]

    @cached_property
    def count(self) -> int:
        """Passages that can be found."""
        if not self.gone:
            return int(self.searcher.num_docs)
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, tantivy.Query.all_query()), *exclusions(self.gone)])
        return _count(self.searcher, query)


def _count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    found: Any = searcher.search(query, 1, count=True)
    return int(found.count)


def _searched(searcher: tantivy.Searcher, query: tantivy.Query, k: int) -> Scored:
    """The scores and addresses of the best ``k``, descending."""
    hits = searcher.search(query, k, count=False).hits
    return np.array([score for score, _ in hits], dtype=np.float32), [address for _, address in hits]


class _Store:
    """A Tantivy index in a folder, or in memory, and its one writer."""

    def __init__(self, place: Path | None, threads: int, existing: bool = False) -> None:
        self.place = place
        self._threads = threads
        if existing:
            self._index = tantivy.Index.open(str(place))
        else:
            self._index = tantivy.Index(schema(), path=str(place) if place else None)
        self._index.config_reader("manual")
        register(self._index)
        self._writer: tantivy.IndexWriter | None = None

    def view(self, state: int) -> _View:
        """What was committed last."""
        self._index.reload()
        return _View(self._index.searcher(), state, place=self.place)

    def take_in(self, changes: Iterable[Change], source: Source) -> int:
        """Apply and commit changes; returns how many passages came or went."""
        before, moved = self._index.searcher(), 0
        with self._writing() as writer:
            for change in changes:
                query = spanned(change.first, change.last)
                moved += _count(before, query)
                writer.delete_documents_by_query(query)
                if change.added:
                    for entry in source.entries(change.first, change.last):
                        writer.add_document(document(entry))
                        moved += 1
        return moved

    def fill(self, source: Source) -> None:
        """Take in all that is in the archive; the index is empty before."""
        with self._writing() as writer:
            for entry in source.entries(1, LAST):
                writer.add_document(document(entry))

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        if self._writer is None:
            self._writer = self._index.writer(_HEAP, self._threads)
        try:
            yield self._writer
        except ValueError:  # a writer that has died does not say of what; its commit does
            self._writer.commit()
            raise
        self._writer.commit()

    def settle(self) -> None:
        """Let merges end, remove the files that no longer belong, and let go of the writer."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            sweeper = self._index.writer(_HEAP, 1)
            sweeper.garbage_collect_files()
            sweeper.wait_merging_threads()
            self._writer = None
        if self.place is not None:
            for lock in self.place.glob(".tantivy-*.lock"):
                lock.unlink(missing_ok=True)


@contextmanager
def _lockable(place: Path, manifest: Manifest) -> Iterator[Path]:
    """A folder to open an index from: its own, or, on a read-only disk, a temporary one with links to its files.

    Tantivy makes a lock file to read, too. Once it has them open it needs no folder any more.
    """
    if os.access(place, os.W_OK):
        yield place
        return
    with TemporaryDirectory(prefix="ontherecord-") as folder:
        for mark in manifest.files:
            (Path(folder) / mark.name).symlink_to((place / mark.name).absolute())
        yield Path(folder)


class LexicalIndex:
    """A ``PassageIndex`` over the words of an archive.

    The one process that may write sees what it synced at once; others what was published, less what has gone from
    the archive since their last ``sync``. Where nothing sound is published, they build an index in memory.

    :param folder: where the generations lie.
    :param write: whether this process holds the archive's write lock.
    :param threads: threads that build it; 0 leaves it to Tantivy.
    :param digests: compare every byte of the files with the manifest at opening (about 1 GB/s), not only sizes.
    """

    name = "lexical"

    def __init__(
        self, source: Source, folder: Path, *, write: bool = False, threads: int = 1, digests: bool = True
    ) -> None:
        self._source = source
        self._generations = Generations(folder, self.name, FORMAT)
        self._write = write
        self._threads = threads
        self._digests = digests
        self._mutex = threading.RLock()
        self._manifest: Manifest | None = None
        self._stamp = self._generations.stamp()
        self._work: _Store | None = None
        self._view = _Store(None, 1).view(0)
        self._open()

    # --- reading -----------------------------------------------------------------------------------------

    def search(self, probe: Probe, k: int, filters: Filters) -> Hits:
        """Return at most ``k`` passages by descending BM25, from within ``filters`` only."""
        if k < 1:
            raise UsageError(f"a search for {k} passages; ask for at least 1")
        self._reopen_if_replaced()
        view = self._view
        asked = question(probe, view.fields)
        if asked is None or not view.searcher.num_docs:
            return _NO_HITS
        bounds: list[Clause] = [*restrictions(filters, lambda: view.bylines), *exclusions(view.gone)]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, asked), *bounds]) if bounds else asked
        searcher = view.searcher
        scores, found = with_ties(lambda n: _searched(searcher, query, n), k, searcher.num_docs)
        if not found:
            return _NO_HITS
        ids = np.array(searcher.fast_field_values("id", found), dtype=np.int64)
        order = np.lexsort((ids, -scores))[:k]
        return Hits(ids[order], scores[order])

    def state(self) -> int:
        """The archive's change up to which this instance has come."""
        return self._view.state

    def __len__(self) -> int:
        return self._view.count

    def frequencies(self, words: Sequence[str]) -> list[int]:
        """Return how many passages hold each word (or its headline does), as far as the index keeps count."""
        searcher = self._view.searcher
        return [int(searcher.doc_freq("plain", folded(prepared(word)).casefold())) for word in words]

    def size_on_disk(self) -> int:
        """Bytes of the index' files."""
        return self._generations.size_on_disk()

    def check(self) -> Sequence[str]:
        """Say what is wrong with the published files; empty when nothing is, or nothing is published."""
        try:
            manifest = self._generations.accept(self._source, vectors=False)
            if manifest is None:
                return []
            view = self._opened(manifest)
        except RetrievalIndexError as error:
            return [str(error)]
        live = self._source.live()
        if view.state == self._source.seq() and view.count != live:
            return [f"the lexical index holds {view.count:,} passages, the archive {live:,}; run `ontherecord reindex`"]
        return []

    def close(self) -> None:
        """Let go of the files; what was not published is dropped."""
        with self._mutex:
            self._abandon()
            self._view = _Store(None, 1).view(0)

    # --- catching up -------------------------------------------------------------------------------------

    def sync(self) -> int:
        """Catch up with the archive; returns how many passages came or went.

        Where only others may write, what came is found once they publish it; what went is left out at once.
        """
        with self._mutex:
            self._reopen_if_replaced()
            if self._view.state == self._source.seq() and not self._view.gone:
                return 0
            changes = list(self._source.changes(after=self._view.state))
            if not self._write and self._manifest is not None:
                return self._hide(changes)
            if not changes:
                return 0
            with disk(self._generations.folder):
                try:
                    if self._work is None:
                        self._work = self._begun()
                    moved = self._work.take_in(merged(changes), self._source)
                    self._view = self._work.view(changes[-1].seq)
                except BaseException:
                    self._fall_back()
                    raise
            return moved

    def _hide(self, changes: Sequence[Change]) -> int:
        view = self._view
        gone = tuple((run.first, run.last) for run in merged(change for change in changes if not change.added))
        if gone == view.gone:
            return 0
        self._view = _View(view.searcher, view.state, gone, view.place)
        return abs(view.count - self._view.count)

    def _begun(self) -> _Store:
        """The next generation, holding what is in force."""
        if not self._write:
            return _Store(None, self._threads)
        place = self._generations.begin()
        if self._manifest is None:
            return _Store(place, self._threads)
        self._generations.inherit(place, self._manifest)
        return _Store(place, self._threads, existing=True)

    def _abandon(self) -> None:
        work, self._work = self._work, None
        if work is not None and work.place is not None:
            self._generations.discard(work.place)

    def _fall_back(self) -> None:
        """After a failure: back to what is published."""
        self._abandon()
        self._view = self._opened(self._manifest) if self._manifest else _Store(None, 1).view(0)

    # --- writing -----------------------------------------------------------------------------------------

    def publish(self, purge: bool = False) -> None:
        """Bring what was synced into force for every process.

        :param purge: build the index from the archive alone and remove the one before.
        :raises NoSpace: when the disk is full; what was in force stays.
        """
        with self._mutex:
            self._must_write()
            if purge:
                self.rebuild()
            elif self._work is not None:
                known = self._manifest.files if self._manifest else ()
                self._settle(self._work, self._view.state, known)

    def rebuild(self) -> None:
        """Build a new generation from the archive beside the old one, check it, publish it."""
        with self._mutex:
            self._must_write()
            self._abandon()
            seq = self._source.seq()
            with disk(self._generations.folder):
                try:
                    self._work = _Store(self._generations.begin(), self._threads)
                    self._work.fill(self._source)
                except BaseException:
                    self._fall_back()
                    raise
            self._settle(self._work, seq, ())

    def _settle(self, work: _Store, seq: int, known: Iterable[FileMark]) -> None:
        assert work.place is not None
        with disk(self._generations.folder):
            try:
                work.settle()
                view = work.view(seq)
                unchanged = {mark.name: mark for mark in known if mark.name not in _REPLACED}
                self._manifest = self._generations.publish(
                    work.place, self._source, seq, view.count, unchanged, vectors=False
                )
            except BaseException:
                self._fall_back()
                raise
        self._stamp = self._generations.stamp()
        self._work, self._view = None, view

    def _must_write(self) -> None:
        if not self._write:
            raise UsageError("the lexical index was opened for reading; open the archive for writing to publish it")

    # --- opening -----------------------------------------------------------------------------------------

    def _open(self) -> None:
        try:
            self._load()
        except TornIndex as error:
            log.warning("%s", error)
            if self._write:
                self.rebuild()
        if self._write:
            self._generations.sweep(self._manifest.number if self._manifest else None)

    def _load(self) -> None:
        for attempt in range(_ATTEMPTS):
            stamp = self._generations.stamp()
            try:
                manifest = self._generations.accept(self._source, vectors=False, digests=self._digests)
                if manifest is not None:
                    view = self._opened(manifest)
                    self._abandon()
                    self._manifest, self._view = manifest, view
            except TornIndex:
                if stamp != self._generations.stamp() and attempt + 1 < _ATTEMPTS:
                    continue  # it was replaced while it was read
                raise
            self._stamp = stamp
            return

    def _opened(self, manifest: Manifest) -> _View:
        place = self._generations.place(manifest.number)
        try:
            with _lockable(place, manifest) as folder:
                view = _Store(folder, self._threads, existing=True).view(manifest.seq)
        except (ValueError, OSError, RuntimeError) as error:
            raise TornIndex(
                f"{place} is not a lexical index ({error}); rebuild it with `ontherecord reindex`"
            ) from error
        if view.count != manifest.count:
            raise TornIndex(
                f"{place} holds {view.count:,} passages, its manifest says {manifest.count:,}; "
                "rebuild it with `ontherecord reindex`"
            )
        return view

    def _reopen_if_replaced(self) -> None:
        if self._write or self._generations.stamp() == self._stamp:
            return
        with self._mutex:
            if self._generations.stamp() == self._stamp:
                return
            try:
                self._load()
            except TornIndex as error:
                log.warning("%s", error)
                self._stamp = self._generations.stamp()
            else:
                self._hide(list(self._source.changes(after=self._view.state)))
