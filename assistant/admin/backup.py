"""Backing an archive up: a copy that is whole and checked, or none."""

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
    """What a backup holds.

    :ivar bytes: of the database file.
    :ivar faults: what in the copy, hence in the archive, is not as it was written, a sentence each.
    """

    articles: int
    versions: int
    bytes: int
    faults: tuple[str, ...]


def backup(settings: Settings, folder: Path) -> BackupReport:
    """Copy the archive that ``settings`` name into ``folder``, and read the copy through.

    The copy is the archive as it is at one moment; an ingest may go on meanwhile. The indexes are not in it: they are
    caches. A copy appears under its name once it is complete and on the disk. One that turns out damaged is kept, since
    the archive is no better.

    :param folder: made if need be; must be empty.
    :raises UsageError: when there is something in the folder.
    :raises NoArchive: when there is no archive.
    :raises NoSpace: when the disk of the folder is full.
    :raises ArchiveError: when the folder cannot be written to, or the archive cannot be read.
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
        raise UsageError(f"{folder} cannot be made: {error.strerror}; name another folder for the backup") from error


def _copy(archive: Archive, path: Path) -> None:
    """Copy the database in one step, which sees one state of it however much is written meanwhile."""
    with closing(connect(path, "mode=rwc")) as copy:
        try:
            archive.db.backup(copy)
        except sqlite3.Error as error:
            raise explained(error, path) from error
    _flush(path)


def _rows(db: sqlite3.Connection, table: str) -> int:
    try:
        return int(db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])
    except ArchiveError:  # the damage is among the faults
        return 0


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
