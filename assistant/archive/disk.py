"""What the disk and the database of an archive raise, told so that one knows what to do next."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.archive.reader import DATABASE
from assistant.errors import ArchiveError, NoSpace


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn what the database and the disk of an archive's ``folder`` raise inside into errors that say what to do.

    :raises NoSpace: when the disk is full.
    :raises ArchiveError: for any other operational error of SQLite.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        raise disk_error(error, folder, f"{folder / DATABASE}: {error}") from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _no_space(folder) from error
        raise


def disk_error(error: sqlite3.Error, folder: Path, message: str) -> ArchiveError:
    """Return NoSpace where SQLite says that the disk is full, else an ArchiveError with ``message``."""
    return _no_space(folder) if "full" in str(error) else ArchiveError(message)


def _no_space(folder: Path) -> NoSpace:
    free = shutil.disk_usage(folder).free if folder.exists() else 0
    return NoSpace(
        f"the disk of {folder} is full ({free / 1e6:.0f} MB free); what was committed before is safe. "
        "Make room and run the same command again: it goes on where it stopped"
    )
