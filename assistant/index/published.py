"""What both indexes have in common: opening what is published, following what other processes publish, publishing.

What is in the files of a generation, and how it is searched, is for the subclasses to say.
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
from assistant.index.generations import FileMark, Generations, Manifest

log = logging.getLogger(__name__)

_ATTEMPTS = 5


class View(Protocol):
    """What one search sees of an index: replaced as a whole, never changed. Its length is the passages it holds."""

    @property
    def state(self) -> int:
        """The archive's change up to which it has come."""

    def __len__(self) -> int: ...


_V = TypeVar("_V", bound=View)


class PublishedIndex(ABC, Generic[_V]):
    """An index whose files are published in generations; see ``generations``.

    A process that may write rebuilds what is damaged, of another archive or of another model. One that may not builds
    an index in memory instead, at its first ``sync``.

    :cvar name: names the manifest and the folders of the generations.
    :cvar form: how the files are written; those of another form are rebuilt.
    :cvar has_vectors: whether the files are of one embedding model.
    :param folder: where the generations are.
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

    # --- what a subclass says ----------------------------------------------------------------------------

    @abstractmethod
    def _empty(self) -> _V:
        """Return a view without passages, at change 0."""

    @abstractmethod
    def _read(self, place: Path, manifest: Manifest) -> _V:
        """Return a view of the published files in ``place``.

        :raises TornIndex: when they are not what they should be.
        """

    @abstractmethod
    def _rebuild(self) -> None:
        """Build a generation from the archive alone, and bring it into force."""

    @abstractmethod
    def _publish(self, compact: bool) -> None:
        """Bring what was synced into force; see ``publish``."""

    def _abandon(self) -> None:
        """Drop what is being built and was not published."""

    def _follow(self) -> None:
        """Do what a newly opened generation, published by another process, calls for."""

    # --- state -------------------------------------------------------------------------------------------

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
            manifest = self._generations.accept(self._source, self.has_vectors)
            if manifest is None:
                return []
            views = (self._opened(manifest), self._view)
        except RetrievalIndexError as error:
            return [str(error)]
        seq, live = self._source.seq(), self._source.live()
        wrong = {len(view) for view in views if view.state == seq} - {live}
        return [
            f"the {self.name} index holds {count:,} passages, the archive {live:,}; run `ontherecord reindex`"
            for count in sorted(wrong)
        ]

    # --- publishing --------------------------------------------------------------------------------------

    def publish(self, purge: bool = False, compact: bool = False) -> None:
        """Bring what was synced into force for every process, where that is worth it.

        :param purge: build the index from the archive alone, and remove the generation before.
        :param compact: drop what went from the files too, where it is much of them or they are small.
        :raises NoSpace: when the disk is full; what was in force stays.
        """
        with self._mutex:
            self._must_write()
            if purge:
                self._rebuild()
            else:
                self._publish(compact)

    def rebuild(self) -> None:
        """Build a new generation from the archive beside the old one, check it, publish it."""
        with self._mutex:
            self._must_write()
            self._rebuild()

    def _must_write(self) -> None:
        if not self._write:
            raise UsageError(
                f"the {self.name} index was opened for reading; open the archive for writing to publish it"
            )

    def _bring_into_force(self, place: Path, view: _V, known: Mapping[str, FileMark]) -> None:
        """Publish the generation in ``place``, and search in ``view``, which is of its files, from now on.

        :param known: marks of files that were inherited unchanged.
        """
        self._manifest = self._generations.publish(place, self._source, view.state, len(view), known, self.has_vectors)
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
        """Open what is published, if anything is."""
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
                    continue  # it was replaced while it was read
                raise
            self._stamp = stamp
            return

    def _opened(self, manifest: Manifest) -> _V:
        place = self._generations.place(manifest.number)
        view = self._read(place, manifest)
        if len(view) != manifest.count:
            raise TornIndex(
                f"{place} holds {len(view):,} passages, its manifest says {manifest.count:,}; "
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
