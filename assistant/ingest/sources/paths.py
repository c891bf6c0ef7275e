"""Which files a list of paths means, in an order that is the same every time."""

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

    :ivar path: as given or found, to open it by; ``STDIN`` for standard input.
    :ivar size: bytes on disk; 0 for standard input and pipes.
    """

    path: str
    size: int

    @property
    def name(self) -> str:
        """The path for people: no undecodable or control characters."""
        return "standard input" if self.path == STDIN else printable(self.path)


@dataclass(frozen=True, slots=True)
class Sources:
    """What a list of paths comes to, before anything of it is read.

    :ivar paths: the paths as given.
    :ivar files: how many files there are to read.
    :ivar total_bytes: their size on disk; standard input and pipes count nothing.
    """

    paths: tuple[str, ...]
    files: int
    total_bytes: int


def plan(paths: Sequence[str]) -> Sources:
    """Walk the paths once and say how much there is to read.

    :param paths: files, folders, globs, or "-" for standard input.
    :raises UnreadableSource: when a path does not exist or a glob matches nothing, or when none of
        the paths can be opened.
    """
    check(paths)
    files = total = 0
    for found in walk(paths):
        if isinstance(found, SourceFile):
            files, total = files + 1, total + found.size
    return Sources(tuple(paths), files, total)


def check(paths: Sequence[str]) -> None:
    """Raise ``UnreadableSource`` when a path is missing, or when none of them can be opened."""
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
            f"{printable(paths[0])} cannot be read: permission denied. Give the user that runs this the right to "
            "read it (and to enter its folders)"
        )


def walk(paths: Sequence[str]) -> Iterator[SourceFile | Reject]:
    """Yield every file the paths mean, in order, and a reject for what cannot be looked into.

    Paths keep their order; what a folder or glob stands for comes sorted by its POSIX path. Hidden files and folders
    inside a folder are left out. Links are followed where they are named outright; inside a folder or glob only as long
    as they stay in that folder, and never into a folder they stand in.
    """
    for path in paths:
        if path == STDIN or os.path.lexists(path):
            yield from _visit(path, os.path.realpath(path), explicit=True)
            continue
        root = os.path.realpath(_fixed_part(path))
        for match in _expand(path):
            if "**" in path and os.path.isdir(match):
                continue  # its files match by themselves
            if _leads_out(match, root):
                yield _link_out(match, root)
            else:
                yield from _visit(match, root, explicit=True)


def _fixed_part(pattern: str) -> str:
    """Return the folder that everything a glob matches lies in: the part before the first that has a wildcard."""
    parts = Path(pattern).parts
    return os.path.join("", *takewhile(lambda part: not glob.has_magic(part), parts)) or "."


def _leads_out(path: str, root: str) -> bool:
    """Tell whether links on the way to a file lead out of a folder, whose real path is ``root``."""
    return os.path.exists(path) and not Path(os.path.realpath(path)).is_relative_to(root)


def _link_out(path: str, root: str) -> Reject:
    return Reject(
        printable(path), f"a link that leads out of {printable(root)}; not followed. To read it, name it outright"
    )


def source_at(file: Path, paths: Sequence[str]) -> str | None:
    """Return the name under which reading the paths would come across ``file``; None when it would not.

    Symbolic and hard links are the file that they lead to. A file that does not exist yet is looked for as if it did,
    so that a folder or glob that would find it counts.

    :raises OSError: when ``file`` does not exist and cannot be created.
    """
    new = not file.exists()
    if new:
        file = file.resolve()  # of a link to nothing, what it leads to
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
    except (OSError, ValueError):  # it is gone, or standard input is no file
        return None


def digest(identity: str) -> str:
    """Return 8 hexadecimal digits that tell one identity (a path, a member of a zip) from others."""
    return hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def printable(text: str) -> str:
    """Return a path for messages: undecodable bytes and control characters replaced."""
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
        broken = "a link to nothing" if os.path.islink(path) else f"cannot be opened: {error.strerror}"
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
                    # A folder's slash takes part in the order, so that it is that of whole paths.
                    names.append(entry.name + "/" if entry.is_dir() else entry.name)
                    if entry.is_symlink():
                        links.add(names[-1])
    except OSError as error:
        yield Reject(
            printable(path),
            f"this folder cannot be listed: {error.strerror}. Give the user that runs this the right to read and "
            "enter it, and read it again; what stands beside it went in",
        )
    for name in sorted(names):
        inner = os.path.join(path, name.rstrip("/"))
        if name in links and _leads_out(inner, root):
            yield _link_out(inner, root)
        else:
            yield from _visit(inner, root, above=above)
