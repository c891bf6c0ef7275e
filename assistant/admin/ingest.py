"""Taking articles in: read -> normalise -> cut and attribute -> embed -> commit, a batch at a time.

While one batch is embedded and committed, the next is cut and its speech attributed, in a thread of its own.

A batch is committed whole or not at all, and batches are cut by what is read, not by what is new. So a run that was
killed is resumed by running it again: what is known is passed over, the first batch that is not whole is made as it
would have been, and the archive comes out the same as if nothing had happened.
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
from assistant.settings import Settings
from assistant.types import Article

log = logging.getLogger(__name__)

_SYNC_SECONDS = 20.0
"""How often readers of the indexes get to see what was committed, while a long ingest runs."""

_BATCH = 64
"""Articles committed in one transaction, unless another number is asked for."""

_REASONS = 20
"""Rejects that the report holds with their reasons; all of them go to the rejects file."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did, in articles; ``seconds`` of wall time.

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
    """Take in everything ``paths`` hold, into the archive that ``settings`` name; made if there is none.

    :param rejects: file that gets a JSON line (source, reason, raw) for each record that could not be taken in.
    :param batch_articles: articles committed in one transaction, from 1 up.
    :raises UsageError: when ``rejects`` is one of the sources, or lies in the archive: writing would destroy it.
    :raises UnreadableSource: when a path does not exist or holds nothing readable; nothing was taken in then.
    :raises ArchiveBusy: when another process is writing.
    :raises NoSpace: when the disk is full. What was committed stays; running again goes on from there.
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
    """Take a program's articles into an open archive. Its indexes are not published; whoever opens them catches up.

    An article with the id, or else the url, of an earlier one becomes a new version of it.

    :param quotes: find who says what in them.
    :raises WrongModel: when the archive was built with another embedding model.
    :raises BadRecord: naming the articles that could not be taken in; the others are.
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
        raise UsageError(f"{path} lies in the archive's own folder, {archive}; name a file elsewhere for the rejects")
    try:
        source = source_at(path, paths)
    except OSError as error:
        raise _unwritable(path, error) from error
    if source is not None:
        raise UsageError(
            f"{path} is one of the files to be read ({source}), and writing the rejects there would overwrite it; "
            "name another file for the rejects"
        )


def _reject_file(path: Path) -> TextIO:
    try:
        # A lone surrogate is written as the escape that JSON has for it.
        return path.open("w", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> UnreadableSource:
    return UnreadableSource(f"{path} cannot be written for rejects: {error.strerror}; name another file")


def _publish(indexes: Indexes) -> None:
    """Bring the indexes up to what was committed. Failing at that loses nothing: they are made from the archive."""
    try:
        indexes.sync()
        indexes.publish()
    except (OnTheRecordError, OSError) as error:
        log.warning("the indexes could not be published (%s); the next run, or `ontherecord reindex`, does it", error)


def _batches(items: Iterator[Record | Reject], size: int, run: _Run) -> Iterator[list[Record]]:
    """Group records by ``size``, or fewer where an article comes twice; rejects are noted on the way."""
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
    """A record on its way in.

    :ivar article: normalised; None when it cannot be taken in, for the reason ``fault``.
    :ivar work: the article being prepared; None when it seemed to be known.
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
        """Stop preparing."""
        self._worker.shutdown(cancel_futures=True)

    def ahead(self, batches: Iterable[Sequence[Record]]) -> Iterator[list[_Coming]]:
        """Yield the batches, each when the preparation of the one after it has been started."""
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
        except Exception as error:  # whatever one record provokes, the others are taken in
            return _Coming(record, None, unexpected(error))
        # A guess: the batch before this one is not committed yet. ``take`` looks again.
        known = self._is_known(article, self._archive.identify(article, digest)[0], digest)
        work = None if known else self._worker.submit(self._preparer.prepare, article)
        return _Coming(record, article, digest=digest, work=work)

    def _is_known(self, article: Article, public: str, digest: bytes) -> bool:
        updated_at = article.updated.timestamp if article.updated else None
        return self._archive.knows(public, digest, updated_at)

    def reject(self, source: str, reason: str, raw: str) -> None:
        """Count, explain and keep what could not be taken in."""
        self.tally.rejected += 1
        if len(self.tally.reasons) < _REASONS:
            self.tally.reasons.append((source, reason))
        log.warning("%s: %s", source, reason)
        if self._refused:
            self._refused.write(json.dumps({"source": source, "reason": reason, "raw": raw}, ensure_ascii=False) + "\n")
            self._refused.flush()

    def take(self, batch: Sequence[_Coming]) -> None:
        """Commit a batch: its new articles and new versions, or nothing of it."""
        fresh: list[Known] = []
        seen: set[bytes] = set()
        for coming in batch:
            record = coming.record
            self.tally.read += 1
            self.tally.warnings += len(record.warnings)
            for warning in record.warnings:
                log.warning("%s: %s", record.source, warning)
            if coming.article is None:
                self._refuse(record, coming.fault)
            elif known := self._new(coming, coming.article, seen):
                fresh.append(known)
        if fresh:
            versions = self._preparer.versions(fresh)
            self._archive.add(versions, self._log_entry(), self.tally)

    def _new(self, coming: _Coming, article: Article, seen: set[bytes]) -> Known | None:
        """Return an article prepared, or None when it is known already or preparing it failed.

        :param seen: digests of what the batch has before it; this one's is added.
        """
        public, named = self._archive.identify(article, coming.digest)
        if (named == "digest" and coming.digest in seen) or self._is_known(article, public, coming.digest):
            self.tally.unchanged += 1
            return None
        try:
            prepared = coming.work.result() if coming.work else self._preparer.prepare(article)
        except Exception as error:  # whatever one record provokes, the others are taken in
            self._refuse(coming.record, unexpected(error))
            return None
        seen.add(coming.digest)
        known = bool(self._archive.versions(public))
        self.tally.updated += known
        self.tally.added += not known
        return Known(prepared, public, named, coming.digest)

    def _refuse(self, record: Record, reason: str) -> None:
        article = record.article
        fields = {"id": article.id, "url": article.url, "headline": article.headline, "text": article.text[:RAW_LIMIT]}
        raw = json.dumps(fields, ensure_ascii=False)[:RAW_LIMIT]
        self.reject(record.source, f"{reason}; nothing was taken in of it", raw)

    def finish(self) -> None:
        """Close the run's row in the ingest log."""
        self._archive.add((), self._log_entry(), self.tally, finished=True)

    def sync(self, indexes: Indexes) -> None:
        """Let readers see what is committed, every few seconds."""
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            indexes.sync()
            indexes.publish()
            self._synced = time.monotonic()

    def _log_entry(self) -> int:
        self._ingest = self._ingest or self._archive.begin_ingest(self._sources)
        return self._ingest
