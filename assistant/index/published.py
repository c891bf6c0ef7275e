"""What both indexes have in common: opening what is published, following what other processes publish, publishing.

Subclasses define the contents of a generation's files and how they are searched.
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from assistant.archive.changes import IndexSource
from assistant.errors import RetrievalIndexError, TornIndex, UsageError, WrongModel
from assistant.index.generations import Generations, Manifest, ManifestEntry

log = logging.getLogger(__name__)

_ATTEMPTS = 5


class View(Protocol):
    """The immutable state of an index that a search sees. Its length is the number of passages."""

    @property
    def state(self) -> int:
        """The number of the last change of the archive that it includes."""

    def __len__(self) -> int: ...


_V = TypeVar("_V", bound=View)


class PublishedIndex(ABC, Generic[_V]):
    """An index whose files are published in generations; see ``generations``.

    The process that may write rebuilds an index that is damaged or belongs to another archive or model. Any other
    process builds one in memory instead, at its first ``sync``.

    :cvar name: base name of the manifest and of the generations' folders.
    :cvar form: file format; an index in another format is rebuilt.
    :cvar has_vectors: whether the files depend on the embedding model.
    :param folder: the folder with the generations.
    :param write: whether this process holds the archive's write lock.
    """

    name: str
    form: str
    has_vectors: bool

    def __init__(self, source: IndexSource, folder: Path, *, write: bool = False) -> None:
        self._source = source
        self._generations = Generations(folder, self.name, self.form)
        self._write = write
        self._mutex = threading.RLock()
        self._manifest: Manifest | None = None
        self._stamp = self._generations.stamp()
        self._view = self._empty()
        self._open()

    # --- what subclasses define --------------------------------------------------------------------------

    @abstractmethod
    def _empty(self) -> _V:
        """Return a view without passages or changes."""

    @abstractmethod
    def _read(self, folder: Path, manifest: Manifest) -> _V:
        """Return a view of the published files in ``folder``.

        :raises TornIndex: if they are not valid files of this index.
        """

    @abstractmethod
    def _rebuild(self) -> None:
        """Build a generation from the archive alone, and activate it."""

    @abstractmethod
    def _publish(self, compact: bool) -> None:
        """Publish what was synced; see ``publish``."""

    def _abandon(self) -> None:
        """Discard an unpublished generation, if there is one."""

    def _follow(self) -> None:
        """Called after opening a generation that another process has published."""

    # --- state -------------------------------------------------------------------------------------------

    def state(self) -> int:
        """Return the number of the last change of the archive that this instance has applied."""
        return self._view.state

    def __len__(self) -> int:
        return len(self._view)

    def size_on_disk(self) -> int:
        """Return the size of the index's files, in bytes."""
        return self._generations.size_on_disk()

    def check(self) -> Sequence[str]:
        """Return the faults of the published files, one sentence each; empty if there are none, or no files."""
        try:
            manifest = self._generations.accept(self._source, self.has_vectors)
            if manifest is None:
                return []
            views = (self._opened(manifest), self._view)
        except RetrievalIndexError as error:
            return [str(error)]
        seq, live = self._source.seq(), self._source.live()
        wrong = {len(view) for view in views if view.state == seq} - {live}
        return [
            f"the {self.name} index has {count:,} passages, but the archive has {live:,}; run `ontherecord reindex`"
            for count in sorted(wrong)
        ]

    # --- publishing --------------------------------------------------------------------------------------

    def publish(self, purge: bool = False, compact: bool = False) -> None:
        """Publish what was synced to every process, if that is worthwhile.

        :param purge: rebuild the index from the archive alone, and remove the previous generation.
        :param compact: drop deleted passages from the files if the index is small or many were deleted.
        :raises NoSpace: if the disk is full; the active generation stays the same.
        """
        with self._mutex:
            self._must_write()
            if purge:
                self._rebuild()
            else:
                self._publish(compact)

    def rebuild(self) -> None:
        """Build a new generation from the archive beside the old one, check it, and publish it."""
        with self._mutex:
            self._must_write()
            self._rebuild()

    def _must_write(self) -> None:
        if not self._write:
            raise UsageError(
                f"the {self.name} index was opened for reading; to publish it, open the archive for writing"
            )

    def _activate(self, folder: Path, view: _V, known: Mapping[str, ManifestEntry]) -> None:
        """Publish the generation in ``folder``, and switch to ``view``, a view of its files.

        :param known: files that were inherited unchanged, by name.
        """
        self._manifest = self._generations.publish(folder, self._source, view.state, len(view), known, self.has_vectors)
        self._stamp = self._generations.stamp()
        self._view = view

    # --- opening -----------------------------------------------------------------------------------------

    def _open(self) -> None:
        try:
            self._load()
        except (TornIndex, WrongModel) as error:
            log.warning("%s", error)
            if self._write:
                self._rebuild()
        if self._write:
            self._generations.sweep(self._manifest.number if self._manifest else None)

    def _load(self) -> None:
        """Open the active generation, if there is one."""
        for attempt in range(_ATTEMPTS):
            stamp = self._generations.stamp()
            try:
                manifest = self._generations.accept(self._source, self.has_vectors)
                if manifest is not None:
                    view = self._opened(manifest)
                    self._abandon()
                    self._manifest, self._view = manifest, view
            except TornIndex:
                if stamp != self._generations.stamp() and attempt + 1 < _ATTEMPTS:
                    continue  # replaced while it was being read
                raise
            self._stamp = stamp
            return

    def _opened(self, manifest: Manifest) -> _V:
        folder = self._generations.folder_of(manifest.number)
        view = self._read(folder, manifest)
        if len(view) != manifest.count:
            raise TornIndex(
                f"{folder} has {len(view):,} passages, but its manifest says {manifest.count:,}; "
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
            except (TornIndex, WrongModel) as error:
                log.warning("%s", error)
                self._stamp = self._generations.stamp()
            else:
                self._follow()
