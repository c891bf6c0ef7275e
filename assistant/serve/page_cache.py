"""A folder of this process's own for whatever the web framework would keep in files."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path


@cache
def page_cache() -> Path:
    """Return the folder: only this user can look into it, nothing is ever put there, and it is removed at exit."""
    folder = Path(tempfile.mkdtemp(prefix="ontherecord-page-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
