"""Finds the files that a list of paths refers to, always in the same order."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from assistant.errors import UnreadableSource
from assistant.ingest.model import Reject

STDIN = "-"
"""The path that means standard input."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read.

    :ivar path: as given or found; ``STDIN`` for standard input.
    :ivar size: bytes on disk; 0 for standard input and pipes.
    """

    path: str
    size: int

    @property
    def name(self) -> str:
        """The path for messages, without undecodable or control characters."""
        return "standard input" if self.path == STDIN else printable(self.path)


@dataclass(frozen=True, slots=True)
class Sources:
    """How much there is to read in a list of paths.

    :ivar paths: the paths as given.
    :ivar files: the number of files.
    :ivar total_bytes: their size on disk; standard input and pipes count as 0.
    """

    paths: tuple[str, ...]
    files: int
    total_bytes: int


def plan(paths: Sequence[str]) -> Sources:
    """Walk the paths, and return how much there is to read.

    :param paths: files, folders, globs, or "-" for standard input.
    :raises UnreadableSource: if a path does not exist, a glob matches nothing, or none of the paths can be opened.
    """
    check(paths)
    files = total = 0
    for found in walk(paths):
        if isinstance(found, SourceFile):
            files, total = files + 1, total + found.size
    return Sources(tuple(paths), files, total)


def check(paths: Sequence[str]) -> None:
    """Raise ``UnreadableSource`` if a path is missing, or none of them can be opened."""
    if not paths:
        raise UnreadableSource("nothing to read: name files, folders or globs, or - for standard input")
    usable = False
    for path in paths:
        matches = _expand(path)
        if not matches:
            what = "no file matches" if glob.has_magic(path) else "there is no file or folder"
            raise UnreadableSource(f"{what} {printable(path)!r} (looked from {printable(os.getcwd())})")
        usable = usable or any(_opens(match) for match in matches)
    if not usable:
        raise UnreadableSource(
            f"{printable(paths[0])} cannot be read: permission denied. Give the user who runs this permission to "
            "read it (and to enter its folders)"
        )


def walk(paths: Sequence[str]) -> Iterator[SourceFile | Reject]:
    """Yield every file that the paths refer to, in order, and a reject for what cannot be opened or followed.

    Paths keep their order; the files of a folder or glob are sorted by POSIX path. Hidden files and folders inside
    a folder are left out. Links given by name are followed. Links found in a folder or by a glob are followed only if
    they lead to something in that folder, and never to a folder that contains the link.
    """
    for path in paths:
        if path == STDIN or os.path.lexists(path):
            yield from _visit(path, os.path.realpath(path), explicit=True)
            continue
        root = os.path.realpath(_fixed_part(path))
        for match in _expand(path):
            if "**" in path and os.path.isdir(match):
                continue  # its files match on their own
            if _leads_out(match, root):
                yield _link_out(match, root)
            else:
                yield from _visit(match, root, explicit=True)


def _fixed_part(pattern: str) -> str:
    """Return the folder that contains everything a glob can match: its parts before the first with a wildcard."""
    parts = Path(pattern).parts
    return os.path.join("", *takewhile(lambda part: not glob.has_magic(part), parts)) or "."


def _leads_out(path: str, root: str) -> bool:
    """Return whether links in a file's path lead out of a folder, whose real path is ``root``."""
    return os.path.exists(path) and not Path(os.path.realpath(path)).is_relative_to(root)


def _link_out(path: str, root: str) -> Reject:
    return Reject(
        printable(path), f"a link that leads out of {printable(root)}; not followed. To read it, give it by name"
    )


def source_at(file: Path, paths: Sequence[str]) -> str | None:
    """Return the name under which the paths include ``file``; None if they do not.

    Symbolic and hard links count as the file that they lead to. If the file does not exist yet, the question is whether
    the paths would include it once it does.

    :raises OSError: if ``file`` does not exist and cannot be created.
    """
    new = not file.exists()
    if new:
        file = file.resolve()  # the target of a broken link
        file.touch()
    try:
        mine = file.stat()
        for source in walk(paths) if stat.S_ISREG(mine.st_mode) else ():
            if isinstance(source, SourceFile) and (theirs := _status(source)) and os.path.samestat(mine, theirs):
                return source.name
        return None
    finally:
        if new:
            file.unlink()


def _status(file: SourceFile) -> os.stat_result | None:
    try:
        return os.fstat(sys.stdin.fileno()) if file.path == STDIN else os.stat(file.path)
    except (OSError, ValueError):  # it no longer exists, or standard input is not a file
        return None


def digest(identity: str) -> str:
    """Return 8 hexadecimal digits that tell an identity (a path or a member of a zip) from others."""
    return hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def printable(text: str) -> str:
    """Return a path for messages, with undecodable bytes and control characters replaced."""
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _expand(path: str) -> list[str]:
    if path == STDIN or os.path.lexists(path):
        return [path]
    if not glob.has_magic(path):
        return []
    return sorted(glob.iglob(path, recursive=True), key=lambda match: Path(match).as_posix())


def _opens(path: str) -> bool:
    mode = os.R_OK | (os.X_OK if os.path.isdir(path) else 0)
    return path == STDIN or os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def _visit(
    path: str, root: str, explicit: bool = False, above: tuple[tuple[int, int], ...] = ()
) -> Iterator[SourceFile | Reject]:
    if path == STDIN:
        yield SourceFile(STDIN, 0)
        return
    try:
        status = os.stat(path)
    except OSError as error:
        broken = "a broken link" if os.path.islink(path) else f"cannot be opened: {error.strerror}"
        yield Reject(printable(path), f"{broken}; not read")
        return
    if stat.S_ISDIR(status.st_mode):
        here = (status.st_dev, status.st_ino)
        if here not in above:
            yield from _folder(path, root, (*above, here))
    elif stat.S_ISREG(status.st_mode):
        yield SourceFile(path, status.st_size)
    elif explicit:
        yield SourceFile(path, 0)
    else:
        yield Reject(printable(path), "not a regular file (a pipe, socket or device); not read")


def _folder(path: str, root: str, above: tuple[tuple[int, int], ...]) -> Iterator[SourceFile | Reject]:
    names: list[str] = []
    links: set[str] = set()
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if not entry.name.startswith("."):
                    # A folder is sorted with its slash, so that the order is that of complete paths.
                    names.append(entry.name + "/" if entry.is_dir() else entry.name)
                    if entry.is_symlink():
                        links.add(names[-1])
    except OSError as error:
        yield Reject(
            printable(path),
            f"this folder cannot be listed: {error.strerror}. Give the user who runs this permission to read and "
            "enter it, and ingest it again; everything outside it was ingested",
        )
    for name in sorted(names):
        inner = os.path.join(path, name.rstrip("/"))
        if name in links and _leads_out(inner, root):
            yield _link_out(inner, root)
        else:
            yield from _visit(inner, root, above=above)
