"""What SQLite and the disk of an archive raise, told so that one knows what to do next."""

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
    """Return what an error of SQLite means for the archive whose file is ``path``.

    The error itself is returned where neither the file nor the disk is at fault but the statement
    (https://www.sqlite.org/rescode.html).
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # what is above says more of the same
    if code == sqlite3.SQLITE_FULL:
        return no_space(path.parent)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ArchiveBusy(f"{path} has been locked by another process for too long; try again when that has ended")
    if code == sqlite3.SQLITE_NOTADB:
        return ArchiveDamaged(f"{path} is not an archive of ontherecord: {error}")
    if code == sqlite3.SQLITE_CORRUPT:
        return ArchiveDamaged(
            f"{path} is damaged ({error}); `ontherecord status --check` says how far. Put a backup in its place, or "
            "ingest its articles into a new archive"
        )
    if code in _UNREADABLE:
        return ArchiveError(f"{path} cannot be used: {error} ({error.sqlite_errorname})")
    return error


def no_space(folder: Path) -> NoSpace:
    """Return the error for a full disk under an archive's ``folder``."""
    free = shutil.disk_usage(folder).free if folder.exists() else 0
    return NoSpace(
        f"the disk of {folder} is full ({free / 1e6:.0f} MB free); what was committed before is safe. "
        "Make room and run the same command again: it goes on where it stopped"
    )
