"""Translates the errors of SQLite and of the disk into messages that say what to do next."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from assistant.errors import ArchiveBusy, ArchiveDamaged, ArchiveError, NoSpace

_UNREADABLE = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOLFS,
    }
)


def explained(error: sqlite3.Error, path: Path) -> sqlite3.Error | ArchiveError:
    """Return the error to raise for an SQLite error in the archive file ``path``.

    It is the SQLite error itself if the statement is at fault, and neither the file nor the disk
    (https://www.sqlite.org/rescode.html).
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary result code; the higher bits refine it
    if code == sqlite3.SQLITE_FULL:
        return no_space(path.parent)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ArchiveBusy(f"{path} has been locked by another process for too long; try again when it has ended")
    if code == sqlite3.SQLITE_NOTADB:
        return ArchiveDamaged(f"{path} is not an archive made by ontherecord: {error}")
    if code == sqlite3.SQLITE_CORRUPT:
        return ArchiveDamaged(
            f"{path} is damaged ({error}); `ontherecord status --check` lists the damage. Replace it with a backup, or "
            "ingest its articles into a new archive"
        )
    if code in _UNREADABLE:
        return ArchiveError(f"{path} cannot be used: {error} ({error.sqlite_errorname})")
    return error


def no_space(folder: Path) -> NoSpace:
    """Return the error that says that the disk of an archive's ``folder`` is full."""
    free = shutil.disk_usage(folder).free if folder.exists() else 0
    return NoSpace(
        f"the disk of {folder} is full ({free / 1e6:.0f} MB free); everything committed before is safe. "
        "Free some space and run the same command again: it continues where it stopped"
    )
