"""Streams of bytes in bounded blocks: plain, or decompressed from gzip, xz and bz2 up to a ratio.

A stream that stops early (a truncated file, a bad checksum, a decompression bomb) first returns everything before the
fault, then raises ``ReadStopped``.
"""

from __future__ import annotations

import bz2
import lzma
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Protocol

from assistant.ingest.model import ReadStopped, megabytes, too_long

BLOCK = 64 << 10
"""Number of bytes read or decompressed at a time."""

GRACE = 32 << 20
"""Number of bytes to which any source may expand, whatever its ratio."""

RATIO = 500
"""Greatest ratio of output to input; above it a source counts as a decompression bomb. News text stays below 100."""

ZIP = b"PK\x03\x04"
_MAGIC = {b"\x1f\x8b": "gzip", b"\xfd7zXZ\x00": "xz", b"BZh": "bz2"}
_RECOVER = 1 << 20


@dataclass(slots=True)
class Meter:
    """The number of bytes read so far from the underlying files of all sources."""

    done: int = 0


class ExpansionLimit:
    """Compares what a file expands to with its size.

    :ivar spent: whether the limit has been exceeded.
    """

    def __init__(self, compressed: Callable[[], int]) -> None:
        self._compressed = compressed
        self._out = 0
        self.spent = False

    def grow(self, count: int) -> None:
        """Count ``count`` more bytes of output.

        :raises ReadStopped: if that exceeds ``GRACE`` bytes and ``RATIO`` bytes for each byte of the file.
        """
        self._out += count
        if self._out > GRACE and self._out > RATIO * max(1, self._compressed()):
            self.spent = True
            raise ReadStopped(
                f"expands to more than {RATIO} times its size (over {megabytes(self._out)}); this looks like a "
                "decompression bomb, so the rest was not read. If it is not, unpack it and ingest the result"
            )


class ByteStream:
    """A buffered reader that can look ahead, and raises a fault only after returning the bytes before it."""

    def __init__(self, source: Callable[[int], bytes]) -> None:
        self._source = source
        self._buffer = b""
        self._fault: ReadStopped | None = None
        self._ended = False

    def _fill(self, count: int) -> None:
        while len(self._buffer) < count and not self._ended:
            try:
                block = self._source(BLOCK)
            except ReadStopped as fault:
                self._fault, self._ended = fault, True
                return
            self._ended = not block
            self._buffer += block

    def peek(self, count: int) -> bytes:
        """Return the next ``count`` bytes without consuming them; fewer only before the end or a fault."""
        self._fill(count)
        return self._buffer[:count]

    def read(self, count: int = BLOCK) -> bytes:
        """Return between 1 and ``count`` bytes, or b"" at the end.

        :raises ReadStopped: if the stream stopped early, after everything before the fault has been returned.
        """
        self._fill(1)
        if not self._buffer and self._fault:
            raise self._fault
        block, self._buffer = self._buffer[:count], self._buffer[count:]
        return block

    def document(self, limit: int) -> tuple[bytes, ReadStopped | None]:
        """Return everything up to the end and None, or everything up to a fault and the fault.

        :raises ReadStopped: if it is longer than ``limit`` bytes, no more of which are then in memory.
        """
        blocks: list[bytes] = []
        size = 0
        try:
            while block := self.read():
                size += len(block)
                if size > limit:
                    raise ReadStopped(too_long(limit), raw=blocks[0].decode("utf-8", "replace") if blocks else "")
                blocks.append(block)
        except ReadStopped as fault:
            if size > limit:
                raise
            return b"".join(blocks), fault
        return b"".join(blocks), None


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes: ...


class _Gzip:
    """zlib with the interface of the other two; also recovers what precedes a fault within a block."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)
        self._fault: zlib.error | None = None

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail and not self._fault

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        if self._fault:
            raise self._fault
        data = self._inner.unconsumed_tail + data
        before = self._inner.copy()
        try:
            return self._inner.decompress(data, max_length)
        except zlib.error as fault:
            self._fault = fault
        rescued = bytearray()
        try:
            for position in range(len(data)):
                rescued += before.decompress(data[position : position + 1])
                if len(rescued) > _RECOVER:
                    break
        except zlib.error:
            pass
        return bytes(rescued)


_MAKERS: dict[str, Callable[[], _Decompressor]] = {
    "gzip": _Gzip,
    "xz": lzma.LZMADecompressor,
    "bz2": bz2.BZ2Decompressor,
}


class Expander:
    """Decompresses a stream, including any further members that follow the first."""

    def __init__(self, kind: str, inner: ByteStream, budget: ExpansionLimit) -> None:
        self._kind, self._inner, self._budget = kind, inner, budget
        self._decompressor = _MAKERS[kind]()
        self._pending = b""
        self._fed = 0

    def read(self, count: int) -> bytes:
        """Return up to ``count`` decompressed bytes, or b"" at the end.

        :raises ReadStopped: if the stream is truncated or damaged, or expands beyond the budget.
        """
        while True:
            if self._decompressor.eof and not self._next_member():
                return b""
            data = self._take() if self._decompressor.needs_input else b""
            if not data and self._decompressor.needs_input:
                raise ReadStopped(
                    f"the {self._kind} data ends too early, after {self._fed:,} bytes: the file was cut off. "
                    "Everything before that was ingested; get the file again and ingest it again"
                )
            try:
                block = self._decompressor.decompress(data, count)
            except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, MemoryError) as fault:
                raise ReadStopped(
                    f"the {self._kind} data is damaged near byte {self._fed:,} ({fault}). Everything before "
                    "that was ingested; get the file again and ingest it again"
                ) from fault
            if block:
                self._budget.grow(len(block))
                return block

    def _take(self) -> bytes:
        data, self._pending = self._pending, b""
        if not data:
            data = self._inner.read(BLOCK // 4)
            self._fed += len(data)
        return data

    def _next_member(self) -> bool:
        rest = self._decompressor.unused_data.lstrip(b"\0")
        while len(rest) < 6 and (more := self._take()):
            rest = (rest + more).lstrip(b"\0")
        if not rest:
            return False
        if compression(rest) != self._kind:
            raise ReadStopped(
                f"the {self._kind} data is followed by bytes that are not {self._kind}; they were not read"
            )
        self._decompressor = _MAKERS[self._kind]()
        self._pending = rest
        return True


def compression(head: bytes) -> str | None:
    """Return "gzip", "xz", "bz2" or "zip", according to the first bytes, or None."""
    if head.startswith((ZIP, b"PK\x05\x06")):
        return "zip"
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return None if kind == "bz2" and head[3:4] not in b"123456789" else kind
    return None


def counted(file: IO[bytes], meter: Meter) -> ByteStream:
    """Return a stream over an open file that adds the bytes it reads to ``meter``."""

    def source(count: int) -> bytes:
        try:
            block = file.read(count)
        except OSError as error:
            raise ReadStopped(
                f"reading stopped: {error.strerror or error}. Everything before that was ingested"
            ) from error
        meter.done += len(block)
        return block

    return ByteStream(source)


@contextmanager
def spooled(stream: ByteStream) -> Iterator[IO[bytes]]:
    """Copy a stream to a named temporary file, for formats that need random access.

    :raises ReadStopped: if the stream stops early.
    """
    with tempfile.NamedTemporaryFile() as copy:
        while block := stream.read(1 << 20):
            copy.write(block)
        copy.seek(0)
        yield copy
