"""A private folder for the files that the web framework would write."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path


@cache
def page_cache() -> Path:
    """Return the folder: only this user can read it, it is expected to stay empty, and it is removed at exit."""
    folder = Path(tempfile.mkdtemp(prefix="ontherecord-page-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
