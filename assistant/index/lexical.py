"""The lexical index: BM25 over the words of passages, with Tantivy.

Tantivy never changes a file in place. A new generation therefore starts with hard links to the active one's files,
applies the changes, and is published as a whole, so that a crash at any point leaves the old one as it was. Ordinary
deletions only mark passages; a purge rebuilds the index from the archive, so that no file contains a word of a deleted
passage.
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
from assistant.index.generations import Manifest, ManifestEntry, disk
from assistant.index.published import PublishedIndex
from assistant.index.queries import IdRange, QueryClause, exclusions, question, restrictions, within
from assistant.index.tie_breaking import ScoredHits, with_ties
from assistant.types import Filters

log = logging.getLogger(__name__)

FORMAT = "tantivy/1"
_HEAP = 64_000_000
_THREADS = 1
"""Number of threads that build an index; more of them would make more and smaller segments."""

COMPACT_SHARE = 0.01
"""Share of deleted passages from which ``publish`` may rebuild the index."""

COMPACT_SMALL = 20_000
"""Number of passages up to which it rebuilds after any deletion, which takes some five seconds at most."""

_REPLACED = ("meta.json", ".managed.json")
"""Files that Tantivy replaces at every commit, under the same name."""

_NO_HITS = Hits(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))


@dataclass
class LexicalView:
    """What one search sees. It caches only what never changes.

    :ivar gone: passages deleted from the archive but not yet from the files.
    """

    searcher: tantivy.Searcher
    state: int
    gone: tuple[IdRange, ...] = ()

    @cached_property
    def fields(self) -> list[str]:
        """The stem fields of the languages in the index."""
        languages = [term[1:] for term, _ in self.searcher.terms_with_prefix("language", "")]
        return [name for language in languages if (name := stem_field(language))]

    @cached_property
    def bylines(self) -> list[str]:
        """All bylines, as ``analysis.value`` returns them."""
        return [term for term, _ in self.searcher.terms_with_prefix("byline", "")]

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        """The number of passages that can be found."""
        if not self.gone:
            return int(self.searcher.num_docs)
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, tantivy.Query.all_query()), *exclusions(self.gone)])
        return _count(self.searcher, query)


def _count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    found: Any = searcher.search(query, 1, count=True)
    return int(found.count)


def _searched(searcher: tantivy.Searcher, query: tantivy.Query, k: int) -> ScoredHits:
    """Return the scores and addresses of the best ``k``, descending."""
    hits = searcher.search(query, k, count=False).hits
    return np.array([score for score, _ in hits], dtype=np.float32), [address for _, address in hits]


class _Store:
    """A Tantivy index in a folder or in memory, and its only writer."""

    def __init__(self, folder: Path | None, existing: bool = False) -> None:
        self.folder = folder
        if existing:
            self._index = tantivy.Index.open(str(folder))
        else:
            self._index = tantivy.Index(schema(), path=str(folder) if folder else None)
        self._index.config_reader("manual")
        register(self._index)
        self._writer: tantivy.IndexWriter | None = None

    def view(self, state: int) -> LexicalView:
        """Return a view of the latest commit."""
        self._index.reload()
        return LexicalView(self._index.searcher(), state)

    def apply(self, changes: Iterable[Change], source: IndexSource) -> int:
        """Apply and commit changes.

        :return: the number of passages added or removed.
        """
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
        """Index the whole archive; the index must be empty."""
        with self._writing() as writer:
            for entry in source.entries(1, LAST):
                writer.add_document(document(entry))

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        if self._writer is None:
            self._writer = self._index.writer(_HEAP, _THREADS)
        try:
            yield self._writer
        except ValueError:  # a dead writer does not say why it died; its commit does
            self._writer.commit()
            raise
        self._writer.commit()

    def finish(self) -> None:
        """Wait for merges, remove obsolete files, and close the writer."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            sweeper = self._index.writer(_HEAP, 1)
            sweeper.garbage_collect_files()
            sweeper.wait_merging_threads()
            self._writer = None
        if self.folder is not None:
            for lock in self.folder.glob(".tantivy-*.lock"):
                lock.unlink(missing_ok=True)


@contextmanager
def _lockable(folder: Path, manifest: Manifest) -> Iterator[Path]:
    """Yield a folder to open an index from: its own or, on a read-only disk, a temporary one with links to its files.

    Tantivy creates a lock file even to read. Once its files are open, it no longer needs the folder.
    """
    if os.access(folder, os.W_OK):
        yield folder
        return
    with TemporaryDirectory(prefix="ontherecord-") as links:
        for entry in manifest.files:
            (Path(links) / entry.name).symlink_to((folder / entry.name).absolute())
        yield Path(links)


class LexicalIndex(PublishedIndex[LexicalView]):
    """A ``PassageIndex`` over the words of an archive.

    The process that may write sees what it has synced at once. Others see what is published, less the passages that had
    been deleted from the archive by their last ``sync``.
    """

    name = "lexical"
    form = FORMAT
    has_vectors = False

    def __init__(self, source: IndexSource, folder: Path, *, write: bool = False) -> None:
        self._next: _Store | None = None
        super().__init__(source, folder, write=write)

    # --- reading -----------------------------------------------------------------------------------------

    def search(self, probe: Probe, k: int, filters: Filters) -> Hits:
        """Return at most ``k`` of the passages that pass ``filters``, by descending BM25."""
        if k < 1:
            raise UsageError(f"cannot search for {k} passages; ask for at least 1")
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
        """Return how many passages contain each word, in text or headline; deleted ones count until compacted."""
        searcher = self._view.searcher
        return [int(searcher.doc_freq("plain", folded(prepared(word)).casefold())) for word in words]

    def close(self) -> None:
        """Release the files, and discard what was not published."""
        with self._mutex:
            self._abandon()
            self._view = self._empty()

    # --- catching up -------------------------------------------------------------------------------------

    def sync(self) -> int:
        """Catch up with the archive.

        A process that may not write finds new passages once another process has published them, but no longer finds
        deleted ones at once.

        :return: the number of passages added or removed.
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
                        self._next = self._next_generation()
                    moved = self._next.apply(merged(changes), self._source)
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

    def _next_generation(self) -> _Store:
        """Start the next generation, with the contents of the active one."""
        if not self._write:
            return _Store(None)
        folder = self._generations.begin()
        if self._manifest is None:
            return _Store(folder)
        self._generations.inherit(folder, self._manifest)
        return _Store(folder, existing=True)

    def _abandon(self) -> None:
        store, self._next = self._next, None
        if store is not None and store.folder is not None:
            self._generations.discard(store.folder)

    def _fall_back(self) -> None:
        """Return to what is published, after a failure."""
        self._abandon()
        self._view = self._opened(self._manifest) if self._manifest else self._empty()

    # --- writing -----------------------------------------------------------------------------------------

    def _publish(self, compact: bool) -> None:
        if compact and self._should_compact():
            self._rebuild()
        elif self._next is not None:
            self._publish_store(self._next, self._view.state, self._manifest.files if self._manifest else ())

    def _should_compact(self) -> bool:
        """Return whether to drop deleted passages: until then, BM25 counts them, so that scores depend on history."""
        if self._next is not None:
            folder = self._next.folder
        else:
            folder = self._generations.folder_of(self._manifest.number) if self._manifest else None
        if folder is None:
            return False
        gone = _deleted(folder)
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
        self._publish_store(self._next, seq, ())

    def _publish_store(self, store: _Store, seq: int, known: Iterable[ManifestEntry]) -> None:
        """Activate a store's generation; ``known`` are the files that it started with."""
        assert store.folder is not None
        with disk(self._generations.folder):
            try:
                store.finish()
                unchanged = {entry.name: entry for entry in known if entry.name not in _REPLACED}
                self._activate(store.folder, store.view(seq), unchanged)
            except BaseException:
                self._fall_back()
                raise
        self._next = None

    # --- opening -----------------------------------------------------------------------------------------

    def _empty(self) -> LexicalView:
        return _Store(None).view(0)

    def _read(self, folder: Path, manifest: Manifest) -> LexicalView:
        try:
            with _lockable(folder, manifest) as lockable:
                return _Store(lockable, existing=True).view(manifest.seq)
        except (ValueError, OSError, RuntimeError) as error:
            raise TornIndex(
                f"{folder} is not a lexical index ({error}); rebuild it with `ontherecord reindex`"
            ) from error

    def _follow(self) -> None:
        self._hide(list(self._source.changes(after=self._view.state)))


def _deleted(folder: Path) -> int:
    """Return the number of passages in Tantivy's files that are only marked as deleted."""
    segments = json.loads((folder / "meta.json").read_bytes())["segments"]
    return sum(segment["deletes"]["num_deleted_docs"] for segment in segments if segment.get("deletes"))
