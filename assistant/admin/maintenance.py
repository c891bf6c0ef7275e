"""Looking after an archive: deletion, rebuilding, and what state it is in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from assistant.admin.prepare import Preparer
from assistant.archive import Archive, ArchiveWriter
from assistant.archive.counts import uncounted
from assistant.archive.integrity import archive_faults, damage, damaged_versions
from assistant.archive.rows import VersionRow
from assistant.attributions import Decision
from assistant.embedding.embedder import Embedder
from assistant.errors import NotFound, UsageError
from assistant.index import open_indexes
from assistant.llm import shown
from assistant.quotes.extract import EXTRACTOR, extract
from assistant.retrieval.term_counts import COUNTER, count
from assistant.settings import Settings
from assistant.speakers.resolve import folded

log = logging.getLogger(__name__)

_COUNTED = 200
"""Versions whose words are counted and kept at a time."""


def delete(settings: Settings, article_id: str) -> None:
    """Remove an article from the archive and from every index; its characters stay in no file.

    :raises NotFound: when there is no such article.
    :raises ArchiveBusy: when another process is writing.
    """
    with ArchiveWriter(settings.archive, create=False) as archive:
        archive.delete(article_id)
        indexes = open_indexes(archive, archive.index_folder, write=True)
        try:
            indexes.sync()
            indexes.publish(purge=True)
        finally:
            indexes.close()


def correct_speaker(
    settings: Settings, kind: Decision, name: str, other: str = "", article_id: str | None = None
) -> None:
    """Keep what was decided about a speaker's name; it holds for whatever is taken in later too.

    :param kind: "merge": ``name`` is ``other``'s too; "split": it is not the rest's.
    :param article_id: the one article that it holds for; None for all.
    :raises UsageError: when a name is missing.
    :raises NotFound: when there is no such article, or nobody of that name is quoted.
    :raises ArchiveBusy: when another process is writing.
    """
    name, other = " ".join(name.split()), " ".join(other.split())
    if not name or (kind == "merge" and not other):
        raise UsageError("a name is empty; name the speaker as articles do, for example: 'Dmitry Peskov'")
    if kind == "merge" and folded(name) == folded(other):
        raise UsageError(f"{name!r} and {other!r} are one name already")
    with ArchiveWriter(settings.archive, create=False) as archive:
        if article_id is not None:
            archive.article(article_id)
        if folded(name) not in {folded(known) for known in archive.speaker_names()}:
            raise NotFound(
                f"nobody is quoted as {name!r} in this archive; `ontherecord speakers show {name!r}` shows the names "
                "that a speaker is given"
            )
        archive.correct_speaker(kind, name, other, article_id)


def reindex(
    settings: Settings, recut: bool = False, progress: Callable[[int, int], None] | None = None
) -> dict[str, int]:
    """Rebuild the indexes from the archive; embed everything anew where the settings name another model.

    Versions whose quotes were not looked for, or by an earlier release, are read for them; words likewise are counted.

    Readers go on with what there was until the new is whole. Killed half-way, it goes on where it stopped.

    :param recut: cut and embed again with the same model, too; for upgrades that cut differently.
    :param progress: told versions done and versions in all, of each of the three steps.
    :return: versions cut anew, versions read for quotes, versions whose words were counted, versions that are damaged
        and were passed over, and passages in retrieval.
    """
    with ArchiveWriter(settings.archive, create=False) as archive:
        embedder = Embedder.load(settings.embedding)
        archive.declare_model(embedder.fingerprint, embedder.name, embedder.dim)
        damaged = {row.key for row in _damaged(archive)}
        work = _Work(archive, damaged, progress)
        cut = work.recut(embedder, recut)
        archive.adopt_model(embedder.fingerprint)
        read = work.read_quotes() if settings.ingest.quotes else 0
        counted = work.count()
        indexes = open_indexes(archive, archive.index_folder, write=True)
        try:
            indexes.rebuild()
        finally:
            indexes.close()
        return {
            "versions_cut": cut,
            "versions_read": read,
            "versions_counted": counted,
            "versions_damaged": len(damaged),
            "passages": archive.live(),
        }


def _damaged(archive: ArchiveWriter) -> Iterator[VersionRow]:
    for row in damaged_versions(archive.db):
        log.warning("%s", damage(row))
        yield row


class _Work:
    """What is made anew of versions; of those that are damaged nothing is.

    :param damaged: their keys.
    """

    def __init__(
        self, archive: ArchiveWriter, damaged: AbstractSet[int], progress: Callable[[int, int], None] | None
    ) -> None:
        self._archive = archive
        self._damaged = damaged
        self._progress = progress or (lambda done, total: None)

    def _todo(self, versions: Iterable[int]) -> list[int]:
        return [version for version in versions if version not in self._damaged]

    def recut(self, embedder: Embedder, everything: bool) -> int:
        """Cut and embed the versions that have no passages of this model, or all; return how many those are."""
        preparer = Preparer(self._archive, embedder)
        todo = self._todo(self._archive.stale(embedder.fingerprint, everything))
        for done, version in enumerate(todo, start=1):
            article = self._archive.version(version)
            spans, texts = preparer.cut(article.text, article.headline, article.language)
            keys = [preparer.key(text) for text in texts]
            self._archive.recut(version, embedder.fingerprint, spans, keys, preparer.vectors(texts))
            self._progress(done, len(todo))
        return len(todo)

    def read_quotes(self) -> int:
        """Look for quotes in the versions that this release did not read for them; return how many those are."""
        todo = self._todo(self._archive.unread(EXTRACTOR))
        for done, version in enumerate(todo, start=1):
            article = self._archive.version(version)
            self._archive.attribute(version, extract(article.text, article.language), EXTRACTOR)
            self._progress(done, len(todo))
        return len(todo)

    def count(self) -> int:
        """Count the words of the versions that this release did not count; return how many those are."""
        todo = self._todo(uncounted(self._archive, COUNTER))
        for start in range(0, len(todo), _COUNTED):
            articles = {version: self._archive.version(version) for version in todo[start : start + _COUNTED]}
            words = {version: count(article.text, article.language) for version, article in articles.items()}
            self._archive.keep_counts(words, COUNTER)
            self._progress(start + len(words), len(todo))
        return len(todo)


def status(settings: Settings, check: bool = False) -> dict[str, Any]:
    """Return what there is: counts, dates, outlets, models, index health, bytes on disk, latest ingests.

    :param check: read all of the archive, and say too what in it is not as it was written.
    """
    with Archive(settings.archive) as archive:
        indexes = open_indexes(archive, archive.index_folder, write=False)
        try:
            faults = list(indexes.check())
        finally:
            indexes.close()
        damage_found = archive_faults(archive.db) if check else []
        freshness = archive.freshness()
        return {
            "archive": str(archive.folder),
            "uuid": archive.uuid,
            **archive.counts(),
            "unread_articles": archive.unread_articles(),
            "outlets": len(archive.outlets()),
            "languages": archive.languages(),
            "first": freshness.first,
            "last": freshness.last,
            "ingested": freshness.ingested,
            "freshness": str(freshness),
            "model": archive.model_name,
            "dimensions": archive.dim,
            "language_model": shown(settings.llm),
            "indexes": {"healthy": not faults, "faults": faults},
            "bytes": {"archive": _size(archive.folder, "*.sqlite3*"), "indexes": _size(archive.folder, "index/**/*")},
            "ingests": archive.ingests(),
            **({"check": {"intact": not damage_found, "faults": damage_found}} if check else {}),
        }


def _size(folder: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in folder.glob(pattern) if path.is_file())
