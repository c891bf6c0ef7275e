"""Reads the members of a zip one by one, straight from the file; nothing is unpacked to disk."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from assistant.ingest.model import ReadStopped, Reject
from assistant.ingest.sources.paths import printable
from assistant.ingest.sources.streams import ByteStream, ExpansionLimit, Meter

_FAULTS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, ValueError, LookupError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
_OFFICE = {"[Content_Types].xml": "an Office document", "mimetype": "an OpenDocument or EPUB file"}


@dataclass(frozen=True, slots=True)
class ZipMember:
    """One file inside a zip.

    :ivar name: its path inside the zip, for messages.
    :ivar identity: the same path, unchanged.
    :ivar stream: its decompressed bytes.
    """

    name: str
    identity: str
    stream: ByteStream


def members(file: IO[bytes], size: int, budget: ExpansionLimit, meter: Meter) -> Iterator[ZipMember | Reject]:
    """Yield the members of a zip, sorted by name; each must be read before the next is requested.

    :param size: size of the zip file, in bytes.
    :param budget: limits what all members together may expand to.
    :raises ReadStopped: if it is not a valid zip, or looks like a decompression bomb.
    """
    try:
        archive = zipfile.ZipFile(file)
    except _FAULTS as fault:
        raise ReadStopped(
            f"a damaged zip ({fault}); nothing in it could be read. It may have been cut off: get it again"
        ) from fault
    with archive:
        files = [info for info in archive.infolist() if not info.is_dir() and not _hidden(info.filename)]
        for name, kind in _OFFICE.items():
            if name in archive.NameToInfo:
                raise ReadStopped(f"{kind}, which is not supported; save its text as HTML or plain text")
        if not files:
            raise ReadStopped("a zip with no files in it")
        for info in sorted(files, key=lambda info: (info.filename, info.header_offset)):
            if info.flag_bits & 1:
                yield Reject(printable(info.filename), "encrypted; unpack it with its password and ingest the result")
                continue
            counter = _Counter(archive, info, budget, meter)
            yield ZipMember(printable(info.filename), info.filename, ByteStream(counter.read))
            counter.finish()


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) and part not in (".", "..") for part in name.split("/"))


class _Counter:
    """Reads one member, within the budget of the whole zip, and advances the meter by its compressed size."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: ExpansionLimit, meter: Meter) -> None:
        self._archive, self._info, self._budget, self._meter = archive, info, budget, meter
        self._file: IO[bytes] | None = None
        self._out = self._counted = 0

    def read(self, count: int) -> bytes:
        try:
            if self._file is None:
                self._file = self._archive.open(self._info)
            block = self._file.read(count)
        except _FAULTS as fault:
            raise ReadStopped(
                f"this member of the zip is damaged or compressed by an unknown method ({fault})"
            ) from fault
        self._budget.grow(len(block))
        self._out += len(block)
        self._count(int(self._info.compress_size * min(1.0, self._out / max(1, self._info.file_size))))
        return block

    def finish(self) -> None:
        if self._file is not None:
            self._file.close()
        self._count(self._info.compress_size)

    def _count(self, reached: int) -> None:
        if reached > self._counted:
            self._meter.done += reached - self._counted
            self._counted = reached
