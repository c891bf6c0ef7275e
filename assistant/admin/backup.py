"""Backs up an archive: the copy is complete and verified, or does not appear at all."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.archive import Archive
from assistant.archive.connection import connect
from assistant.archive.disk import explained
from assistant.archive.integrity import archive_faults
from assistant.archive.reader import DATABASE
from assistant.errors import ArchiveError, UsageError
from assistant.settings import Settings

_SUGGESTED = "suggested.json"


@dataclass(frozen=True, slots=True)
class BackupReport:
    """The contents of a backup.

    :ivar bytes: size of the database file.
    :ivar faults: damage found in the copy, and hence in the archive, one sentence each.
    """

    articles: int
    versions: int
    bytes: int
    faults: tuple[str, ...]


def backup(settings: Settings, folder: Path) -> BackupReport:
    """Copy the archive named in ``settings`` into ``folder``, and verify the copy.

    The copy is a snapshot of one moment; an ingest may run meanwhile. Indexes are not copied: they are caches. The copy
    appears under its final name once it is complete and flushed to disk. A copy that turns out to be damaged is kept,
    since the archive is no better.

    :param folder: created if it does not exist; must be empty.
    :raises UsageError: if the folder is not empty or cannot be created.
    :raises NoArchive: if there is no archive.
    :raises NoSpace: if the disk is full.
    :raises ArchiveError: if the folder cannot be written to, or the archive cannot be read.
    """
    with Archive(settings.archive) as archive:
        _make(folder)
        partial = folder / f"{DATABASE}.partial"
        try:
            _copy(archive, partial)
            with closing(connect(partial, "mode=ro&immutable=1")) as copy:
                found = tuple(archive_faults(copy))
                articles, versions = (_rows(copy, table) for table in ("articles", "versions"))
            if (archive.folder / _SUGGESTED).is_file():
                shutil.copy(archive.folder / _SUGGESTED, folder)
            os.replace(partial, folder / DATABASE)
            _flush(folder)
        except OSError as error:
            raise ArchiveError(f"{folder} cannot be written to: {error.strerror}") from error
        finally:
            partial.unlink(missing_ok=True)
    return BackupReport(articles, versions, (folder / DATABASE).stat().st_size, found)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty; name a new folder for the backup")
    except OSError as error:
        raise UsageError(f"{folder} cannot be created: {error.strerror}; name another folder for the backup") from error


def _copy(archive: Archive, path: Path) -> None:
    """Copy the database in one step, so that the copy is consistent even if the archive is written to meanwhile."""
    with closing(connect(path, "mode=rwc")) as copy:
        try:
            archive.db.backup(copy)
        except sqlite3.Error as error:
            raise explained(error, path) from error
    _flush(path)


def _rows(db: sqlite3.Connection, table: str) -> int:
    try:
        return int(db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])
    except ArchiveError:  # the faults report the damage
        return 0


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
