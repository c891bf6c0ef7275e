"""Ingests articles in batches: read -> normalise -> split and extract quotes -> embed -> commit.

While one batch is embedded and committed, a separate thread splits the next and extracts its quotes.

A batch is committed whole or not at all, and batches are formed from the records read, not from those that are new. A
run that was killed is therefore resumed by running it again: known articles are skipped, the first incomplete batch is
formed as it would have been, and the resulting archive is the same as without the interruption.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from assistant.admin.prepare import Known, Prepared, Preparer, digest_of, normalise
from assistant.archive import ArchiveWriter
from assistant.archive.writer import Tally
from assistant.embedding.embedder import Embedder
from assistant.errors import BadRecord, OnTheRecordError, UnreadableSource, UsageError
from assistant.index import Indexes, open_indexes
from assistant.ingest import Progress, ReadOptions, Record, Reject, read
from assistant.ingest.model import RAW_LIMIT, unexpected
from assistant.ingest.sources.paths import source_at
from assistant.quotes.extract import LONGEST
from assistant.settings import Settings
from assistant.types import Article

log = logging.getLogger(__name__)

_SYNC_SECONDS = 20.0
"""Seconds between index updates during a long ingest, which make committed articles visible to readers."""

_BATCH = 64
"""Default number of articles committed in one transaction."""

_REASONS = 20
"""Maximum number of rejects listed in the report with their reasons; the rejects file gets all of them."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The result of an ingest: numbers of articles, and ``seconds`` of wall time.

    :ivar reasons: source and reason of the first rejects.
    """

    read: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    warnings: int
    seconds: float
    reasons: tuple[tuple[str, str], ...] = field(default=())


def ingest(
    settings: Settings,
    paths: Sequence[str],
    options: ReadOptions,
    rejects: Path | None = None,
    progress: Progress | None = None,
    batch_articles: int = _BATCH,
) -> IngestReport:
    """Ingest everything in ``paths`` into the archive named in ``settings``; the archive is created if need be.

    :param rejects: file that gets a JSON line (source, reason, raw) for each rejected record.
    :param batch_articles: articles committed in one transaction, at least 1.
    :raises UsageError: if ``rejects`` is one of the sources or inside the archive, where it would overwrite data.
    :raises UnreadableSource: if a path does not exist or contains nothing readable; nothing is ingested then.
    :raises ArchiveBusy: if another process is writing.
    :raises NoSpace: if the disk is full. Committed articles are kept; running the ingest again continues from there.
    """
    started = time.monotonic()
    items = read(paths, options, progress)
    if rejects:
        _check_rejects(rejects, paths, settings.archive)
    with ExitStack() as stack:
        archive = stack.enter_context(ArchiveWriter(settings.archive))
        refused = stack.enter_context(_reject_file(rejects)) if rejects else None
        embedder = Embedder.load(settings.embedding)
        archive.use_model(embedder.fingerprint, embedder.name, embedder.dim)
        preparer = Preparer(archive, embedder, settings.ingest.quotes)
        run = _Run(archive, preparer, refused, list(paths))
        stack.callback(run.close)
        indexes = open_indexes(archive, archive.index_folder, write=True)
        stack.callback(indexes.close)
        try:
            for batch in run.ahead(_batches(items, batch_articles, run)):
                run.take(batch)
                run.sync(indexes)
            run.finish()
        finally:
            _publish(indexes)
    tally = run.tally
    return IngestReport(
        tally.read, tally.added, tally.updated, tally.unchanged, tally.rejected, tally.warnings,
        time.monotonic() - started, tuple(tally.reasons),
    )  # fmt: skip


def add_articles(archive: ArchiveWriter, embedder: Embedder, articles: Iterable[Article], quotes: bool = True) -> None:
    """Add articles from a program to an open archive. Indexes are not published; they catch up when next opened.

    An article with the same id, or else the same URL, as an earlier one becomes a new version of it.

    :param quotes: extract quotes from the articles.
    :raises WrongModel: if the archive was built with a different embedding model.
    :raises BadRecord: if articles were rejected; the message names them. The others are ingested.
    """
    archive.use_model(embedder.fingerprint, embedder.name, embedder.dim)
    records = (Record(article, f"article {number}") for number, article in enumerate(articles, start=1))
    with closing(_Run(archive, Preparer(archive, embedder, quotes), None, ["articles of a program"])) as run:
        for batch in run.ahead(_batches(records, _BATCH, run)):
            run.take(batch)
        run.finish()
    if run.tally.rejected:
        raise BadRecord("; ".join(f"{source}: {reason}" for source, reason in run.tally.reasons))


def _check_rejects(path: Path, paths: Sequence[str], archive: Path) -> None:
    if path.resolve().is_relative_to(archive.resolve()):
        raise UsageError(f"{path} is inside the archive's own folder, {archive}; name a file elsewhere for the rejects")
    try:
        source = source_at(path, paths)
    except OSError as error:
        raise _unwritable(path, error) from error
    if source is not None:
        raise UsageError(
            f"{path} is one of the files to be read ({source}), and the rejects would overwrite it; "
            "name another file for the rejects"
        )


def _reject_file(path: Path) -> TextIO:
    try:
        # Lone surrogates are written as JSON escapes.
        return path.open("w", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> UnreadableSource:
    return UnreadableSource(f"the rejects cannot be written to {path}: {error.strerror}; name another file")


def _publish(indexes: Indexes) -> None:
    """Update the indexes with what was committed. A failure loses nothing: they can be rebuilt from the archive."""
    try:
        indexes.sync()
        indexes.publish(compact=True)
    except (OnTheRecordError, OSError) as error:
        log.warning(
            "the indexes could not be published (%s); the next ingest or `ontherecord reindex` will do it", error
        )


def _batches(items: Iterator[Record | Reject], size: int, run: _Run) -> Iterator[list[Record]]:
    """Group records into batches of ``size``, fewer if an article occurs twice; record rejects on the way."""
    batch: list[Record] = []
    names: set[str] = set()
    for item in items:
        if isinstance(item, Reject):
            run.reject(item.source, item.reason, item.raw)
            continue
        own = {name for name in (item.article.id, item.article.url) if name}
        if len(batch) >= size or own & names:
            yield batch
            batch, names = [], set()
        batch.append(item)
        names |= own
    if batch:
        yield batch


@dataclass(frozen=True, slots=True)
class _Coming:
    """A record being ingested.

    :ivar article: the normalised article; None if the record is rejected, for the reason ``fault``.
    :ivar work: the article's preparation; None if it seemed to be known.
    """

    record: Record
    article: Article | None
    fault: str = ""
    digest: bytes = b""
    work: Future[Prepared] | None = None


class _Run:
    """One ingest, from its first batch to its last."""

    def __init__(self, archive: ArchiveWriter, preparer: Preparer, refused: TextIO | None, sources: list[str]) -> None:
        self.tally = Tally()
        self._archive = archive
        self._preparer = preparer
        self._refused = refused
        self._sources = sources
        self._ingest = 0
        self._synced = time.monotonic()
        self._worker = ThreadPoolExecutor(1, "prepare")

    def close(self) -> None:
        """Stop the preparation thread."""
        self._worker.shutdown(cancel_futures=True)

    def ahead(self, batches: Iterable[Sequence[Record]]) -> Iterator[list[_Coming]]:
        """Yield the batches, each after preparation of the next one has started."""
        waiting: list[_Coming] = []
        for batch in batches:
            coming = [self._start(record) for record in batch]
            if waiting:
                yield waiting
            waiting = coming
        if waiting:
            yield waiting

    def _start(self, record: Record) -> _Coming:
        try:
            article = normalise(record.article)
            digest = digest_of(article)
        except BadRecord as error:
            return _Coming(record, None, str(error))
        except Exception as error:  # no single record may stop the ingest
            return _Coming(record, None, unexpected(error))
        # Provisional: the previous batch is not committed yet. ``take`` checks again.
        known = self._is_known(article, self._archive.identify(article, digest)[0], digest)
        work = None if known else self._worker.submit(self._preparer.prepare, article)
        return _Coming(record, article, digest=digest, work=work)

    def _is_known(self, article: Article, public: str, digest: bytes) -> bool:
        updated_at = article.updated.timestamp if article.updated else None
        return self._archive.knows(public, digest, updated_at)

    def reject(self, source: str, reason: str, raw: str) -> None:
        """Count a rejected record, log the reason and write it to the rejects file."""
        self.tally.rejected += 1
        if len(self.tally.reasons) < _REASONS:
            self.tally.reasons.append((source, reason))
        log.warning("%s: %s", source, reason)
        if self._refused:
            self._refused.write(json.dumps({"source": source, "reason": reason, "raw": raw}, ensure_ascii=False) + "\n")
            self._refused.flush()

    def take(self, batch: Sequence[_Coming]) -> None:
        """Commit all new articles and versions in a batch, or none of them."""
        fresh: list[Known] = []
        seen: set[bytes] = set()
        for coming in batch:
            record = coming.record
            self.tally.read += 1
            for warning in record.warnings:
                self._warn(record, warning)
            if coming.article is None:
                self._refuse(record, coming.fault)
            elif known := self._new(coming, coming.article, seen):
                fresh.append(known)
        if fresh:
            versions = self._preparer.versions(fresh)
            self._archive.add(versions, self._log_entry(), self.tally)

    def _new(self, coming: _Coming, article: Article, seen: set[bytes]) -> Known | None:
        """Return the prepared article, or None if it is already known or its preparation failed.

        :param seen: digests of the earlier articles in the batch; this article's digest is added.
        """
        public, named = self._archive.identify(article, coming.digest)
        if (named == "digest" and coming.digest in seen) or self._is_known(article, public, coming.digest):
            self.tally.unchanged += 1
            return None
        try:
            prepared = coming.work.result() if coming.work else self._preparer.prepare(article)
        except Exception as error:  # no single record may stop the ingest
            self._refuse(coming.record, unexpected(error))
            return None
        if prepared.extractor is not None and len(article.text) > LONGEST:
            told = f"it has {len(article.text):,} characters; quotes were looked for in the first {LONGEST:,}"
            self._warn(coming.record, told)
        seen.add(coming.digest)
        known = bool(self._archive.versions(public))
        self.tally.updated += known
        self.tally.added += not known
        return Known(prepared, public, named, coming.digest)

    def _warn(self, record: Record, warning: str) -> None:
        self.tally.warnings += 1
        log.warning("%s: %s", record.source, warning)

    def _refuse(self, record: Record, reason: str) -> None:
        article = record.article
        fields = {"id": article.id, "url": article.url, "headline": article.headline, "text": article.text[:RAW_LIMIT]}
        raw = json.dumps(fields, ensure_ascii=False)[:RAW_LIMIT]
        self.reject(record.source, f"{reason}; the article was not ingested", raw)

    def finish(self) -> None:
        """Mark the run as finished in the ingest log."""
        self._archive.add((), self._log_entry(), self.tally, finished=True)

    def sync(self, indexes: Indexes) -> None:
        """Publish what has been committed, at most every ``_SYNC_SECONDS`` seconds."""
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            indexes.sync()
            indexes.publish()
            self._synced = time.monotonic()

    def _log_entry(self) -> int:
        self._ingest = self._ingest or self._archive.begin_ingest(self._sources)
        return self._ingest
