"""The lexical index: BM25 over the words of passages, with Tantivy.

Tantivy never changes a file in place. A new generation therefore begins with hard links to the files of the one
in force, takes the changes in, and is published as a whole; so a crash at any point leaves the old one as it was.
Deletions in the ordinary way only mark passages; a purge builds the index anew from the archive, so that no file
holds a word of what went.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import tantivy

from assistant.archive.changes import Change, IndexSource
from assistant.errors import TornIndex, UsageError
from assistant.index.analysis import document, folded, prepared, register, schema, stem_field
from assistant.index.base import Hits, Probe
from assistant.index.changes import LAST, merged
from assistant.index.generations import FileMark, Manifest, disk
from assistant.index.published import PublishedIndex
from assistant.index.queries import IdRange, QueryClause, exclusions, question, restrictions, within
from assistant.index.tie_breaking import ScoredHits, with_ties
from assistant.types import Filters

log = logging.getLogger(__name__)

FORMAT = "tantivy/1"
_HEAP = 64_000_000
_THREADS = 1
"""That build an index; more would make more and smaller segments of it."""

COMPACT_SHARE = 0.01
"""Share of the passages in the files that went from the archive from which ``publish`` may build them anew."""

COMPACT_SMALL = 20_000
"""Passages up to which it builds them anew whenever one went: that takes some five seconds at most."""

_REPLACED = ("meta.json", ".managed.json")
"""Files that Tantivy writes anew at every commit, under the same name."""

_NO_HITS = Hits(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))


@dataclass
class LexicalView:
    """What one search sees. The caches it fills are of what never changes.

    :ivar gone: passages that went from the archive but not yet from the files.
    """

    searcher: tantivy.Searcher
    state: int
    gone: tuple[IdRange, ...] = ()

    @cached_property
    def fields(self) -> list[str]:
        """Stem fields of the languages in the index."""
        languages = [term[1:] for term, _ in self.searcher.terms_with_prefix("language", "")]
        return [name for language in languages if (name := stem_field(language))]

    @cached_property
    def bylines(self) -> list[str]:
        """All bylines, as ``analysis.value`` makes them."""
        return [term for term, _ in self.searcher.terms_with_prefix("byline", "")]

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        """Passages that can be found."""
        if not self.gone:
            return int(self.searcher.num_docs)
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, tantivy.Query.all_query()), *exclusions(self.gone)])
        return _count(self.searcher, query)


def _count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    found: Any = searcher.search(query, 1, count=True)
    return int(found.count)


def _searched(searcher: tantivy.Searcher, query: tantivy.Query, k: int) -> ScoredHits:
    """The scores and addresses of the best ``k``, descending."""
    hits = searcher.search(query, k, count=False).hits
    return np.array([score for score, _ in hits], dtype=np.float32), [address for _, address in hits]


class _Store:
    """A Tantivy index in a folder, or in memory, and its one writer."""

    def __init__(self, place: Path | None, existing: bool = False) -> None:
        self.place = place
        if existing:
            self._index = tantivy.Index.open(str(place))
        else:
            self._index = tantivy.Index(schema(), path=str(place) if place else None)
        self._index.config_reader("manual")
        register(self._index)
        self._writer: tantivy.IndexWriter | None = None

    def view(self, state: int) -> LexicalView:
        """What was committed last."""
        self._index.reload()
        return LexicalView(self._index.searcher(), state)

    def take_in(self, changes: Iterable[Change], source: IndexSource) -> int:
        """Apply and commit changes; returns how many passages came or went."""
        before, moved = self._index.searcher(), 0
        with self._writing() as writer:
            for change in changes:
                query = within(change.first, change.last)
                moved += _count(before, query)
                writer.delete_documents_by_query(query)
                if change.added:
                    for entry in source.entries(change.first, change.last):
                        writer.add_document(document(entry))
                        moved += 1
        return moved

    def fill(self, source: IndexSource) -> None:
        """Take in all that is in the archive; the index is empty before."""
        with self._writing() as writer:
            for entry in source.entries(1, LAST):
                writer.add_document(document(entry))

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        if self._writer is None:
            self._writer = self._index.writer(_HEAP, _THREADS)
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


class LexicalIndex(PublishedIndex[LexicalView]):
    """A ``PassageIndex`` over the words of an archive.

    The one process that may write sees what it synced at once; others what was published, less what has gone from
    the archive since their last ``sync``.
    """

    name = "lexical"
    form = FORMAT
    has_vectors = False

    def __init__(self, source: IndexSource, folder: Path, *, write: bool = False) -> None:
        self._next: _Store | None = None
        super().__init__(source, folder, write=write)

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
        bounds: list[QueryClause] = [*restrictions(filters, lambda: view.bylines), *exclusions(view.gone)]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, asked), *bounds]) if bounds else asked
        searcher = view.searcher
        scores, found = with_ties(lambda n: _searched(searcher, query, n), k, searcher.num_docs)
        if not found:
            return _NO_HITS
        ids = np.array(searcher.fast_field_values("id", found), dtype=np.int64)
        order = np.lexsort((ids, -scores))[:k]
        return Hits(ids[order], scores[order])

    def frequencies(self, words: Sequence[str]) -> list[int]:
        """Return how many passages hold each word (or its headline does), as far as the index keeps count."""
        searcher = self._view.searcher
        return [int(searcher.doc_freq("plain", folded(prepared(word)).casefold())) for word in words]

    def close(self) -> None:
        """Let go of the files; what was not published is dropped."""
        with self._mutex:
            self._abandon()
            self._view = self._empty()

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
                    if self._next is None:
                        self._next = self._begun()
                    moved = self._next.take_in(merged(changes), self._source)
                    self._view = self._next.view(changes[-1].seq)
                except BaseException:
                    self._fall_back()
                    raise
            return moved

    def _hide(self, changes: Sequence[Change]) -> int:
        view = self._view
        gone = tuple((run.first, run.last) for run in merged(change for change in changes if not change.added))
        if gone == view.gone:
            return 0
        self._view = LexicalView(view.searcher, view.state, gone)
        return abs(len(view) - len(self._view))

    def _begun(self) -> _Store:
        """The next generation, holding what is in force."""
        if not self._write:
            return _Store(None)
        place = self._generations.begin()
        if self._manifest is None:
            return _Store(place)
        self._generations.inherit(place, self._manifest)
        return _Store(place, existing=True)

    def _abandon(self) -> None:
        store, self._next = self._next, None
        if store is not None and store.place is not None:
            self._generations.discard(store.place)

    def _fall_back(self) -> None:
        """After a failure: back to what is published."""
        self._abandon()
        self._view = self._opened(self._manifest) if self._manifest else self._empty()

    # --- writing -----------------------------------------------------------------------------------------

    def _publish(self, compact: bool) -> None:
        if compact and self._worth_compacting():
            self._rebuild()
        elif self._next is not None:
            self._settle(self._next, self._view.state, self._manifest.files if self._manifest else ())

    def _worth_compacting(self) -> bool:
        """Whether enough of the files went: BM25 counts it until then, so that scores depend on how they came to be."""
        if self._next is not None:
            place = self._next.place
        else:
            place = self._generations.place(self._manifest.number) if self._manifest else None
        if place is None:
            return False
        gone = _deleted(place)
        return gone > 0 and (len(self) <= COMPACT_SMALL or gone >= COMPACT_SHARE * len(self))

    def _rebuild(self) -> None:
        self._abandon()
        seq = self._source.seq()
        with disk(self._generations.folder):
            try:
                self._next = _Store(self._generations.begin())
                self._next.fill(self._source)
            except BaseException:
                self._fall_back()
                raise
        self._settle(self._next, seq, ())

    def _settle(self, store: _Store, seq: int, known: Iterable[FileMark]) -> None:
        """Bring a store's generation into force; ``known`` are the marks of the files it began with."""
        assert store.place is not None
        with disk(self._generations.folder):
            try:
                store.settle()
                unchanged = {mark.name: mark for mark in known if mark.name not in _REPLACED}
                self._bring_into_force(store.place, store.view(seq), unchanged)
            except BaseException:
                self._fall_back()
                raise
        self._next = None

    # --- opening -----------------------------------------------------------------------------------------

    def _empty(self) -> LexicalView:
        return _Store(None).view(0)

    def _read(self, place: Path, manifest: Manifest) -> LexicalView:
        try:
            with _lockable(place, manifest) as folder:
                return _Store(folder, existing=True).view(manifest.seq)
        except (ValueError, OSError, RuntimeError) as error:
            raise TornIndex(
                f"{place} is not a lexical index ({error}); rebuild it with `ontherecord reindex`"
            ) from error

    def _follow(self) -> None:
        self._hide(list(self._source.changes(after=self._view.state)))


def _deleted(place: Path) -> int:
    """Count the passages in Tantivy's files that are only marked as gone."""
    segments = json.loads((place / "meta.json").read_bytes())["segments"]
    return sum(segment["deletes"]["num_deleted_docs"] for segment in segments if segment.get("deletes"))
