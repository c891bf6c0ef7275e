"""Maintenance of an archive: deletion, corrections of speakers, reindexing and status."""

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
from assistant.quotes.extract import EXTRACTOR, quotes
from assistant.retrieval.term_counts import COUNTER, count
from assistant.settings import Settings
from assistant.speakers.resolve import folded

log = logging.getLogger(__name__)

_COUNTED = 200
"""Number of versions whose words are counted and stored at a time."""


def delete(settings: Settings, article_id: str) -> None:
    """Remove an article from the archive and from every index; no file keeps its text.

    :raises NotFound: if there is no such article.
    :raises ArchiveBusy: if another process is writing.
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
    """Store a correction of a speaker's name, which also applies to articles ingested later.

    :param kind: "merge": ``name`` and ``other`` are the same speaker; "split": ``name`` is a speaker of its own.
    :param article_id: the only article the correction applies to; None for all.
    :raises UsageError: if a name is missing, or both are the same.
    :raises NotFound: if there is no such article, or nobody of that name is quoted.
    :raises ArchiveBusy: if another process is writing.
    """
    name, other = " ".join(name.split()), " ".join(other.split())
    if not name or (kind == "merge" and not other):
        raise UsageError(
            "a name is empty; give the speaker's name as it appears in articles, for example 'Dmitry Peskov'"
        )
    if kind == "merge" and folded(name) == folded(other):
        raise UsageError(f"{name!r} and {other!r} are already the same name")
    with ArchiveWriter(settings.archive, create=False) as archive:
        if article_id is not None:
            archive.article(article_id)
        if folded(name) not in {folded(known) for known in archive.speaker_names()}:
            raise NotFound(
                f"nobody is quoted as {name!r} in this archive; `ontherecord speakers show {name!r}` shows the names "
                "that articles give a speaker"
            )
        archive.correct_speaker(kind, name, other, article_id)


def reindex(
    settings: Settings, reembed: bool = False, progress: Callable[[int, int], None] | None = None
) -> dict[str, int]:
    """Rebuild the indexes from the archive; re-embed everything if the settings name a different model.

    Versions whose quotes or word counts are missing, or come from an earlier release, are processed again.

    Readers keep using the old indexes until the new ones are complete. If killed, it resumes where it stopped.

    :param reembed: split and embed every article again even with the same model; for upgrades that split differently.
    :param progress: called with the number of versions done and the total, in each of the three steps.
    :return: the number of versions split again, versions read for quotes, versions whose words were counted, damaged
        versions skipped, and passages in retrieval.
    """
    with ArchiveWriter(settings.archive, create=False) as archive:
        embedder = Embedder.load(settings.embedding)
        archive.declare_model(embedder.fingerprint, embedder.name, embedder.dim)
        damaged = {row.key for row in _damaged(archive)}
        work = _Work(archive, damaged, progress)
        embedded = work.embed(embedder, reembed)
        archive.adopt_model(embedder.fingerprint)
        read = work.read_quotes() if settings.ingest.quotes else 0
        counted = work.count()
        indexes = open_indexes(archive, archive.index_folder, write=True)
        try:
            indexes.rebuild()
        finally:
            indexes.close()
        return {
            "versions_embedded": embedded,
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
    """The steps of reindexing; damaged versions are skipped.

    :param damaged: keys of the damaged versions.
    """

    def __init__(
        self, archive: ArchiveWriter, damaged: AbstractSet[int], progress: Callable[[int, int], None] | None
    ) -> None:
        self._archive = archive
        self._damaged = damaged
        self._progress = progress or (lambda done, total: None)

    def _todo(self, versions: Iterable[int]) -> list[int]:
        return [version for version in versions if version not in self._damaged]

    def embed(self, embedder: Embedder, everything: bool) -> int:
        """Split and embed the versions without passages for this model, or all; return their number."""
        preparer = Preparer(self._archive, embedder)
        todo = self._todo(self._archive.stale(embedder.fingerprint, everything))
        for done, version in enumerate(todo, start=1):
            article = self._archive.version(version)
            spans, texts = preparer.cut(article.text, article.headline, article.language)
            keys = [preparer.key(text) for text in texts]
            self._archive.replace_passages(version, embedder.fingerprint, spans, keys, preparer.vectors(texts))
            self._progress(done, len(todo))
        return len(todo)

    def read_quotes(self) -> int:
        """Extract quotes from the versions this release has not read; return their number."""
        todo = self._todo(self._archive.unread(EXTRACTOR))
        for done, version in enumerate(todo, start=1):
            article = self._archive.version(version)
            self._archive.attribute(
                version, quotes(article.text, article.language, article.headline, article.byline), EXTRACTOR
            )
            self._progress(done, len(todo))
        return len(todo)

    def count(self) -> int:
        """Count words in the versions this release has not counted; return their number."""
        todo = self._todo(uncounted(self._archive, COUNTER))
        for start in range(0, len(todo), _COUNTED):
            articles = {version: self._archive.version(version) for version in todo[start : start + _COUNTED]}
            words = {version: count(article.text, article.language) for version, article in articles.items()}
            self._archive.keep_counts(words, COUNTER)
            self._progress(start + len(words), len(todo))
        return len(todo)


def status(settings: Settings, check: bool = False) -> dict[str, Any]:
    """Return the archive's state: counts, dates, outlets, models, index health, bytes on disk, latest ingests.

    :param check: also read the whole archive and report any damage.
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
