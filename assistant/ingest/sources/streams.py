"""Bytes in bounded blocks: plain, or expanded from gzip, xz and bz2, with the expansion held to a ratio.

A stream that stops short (a truncated file, a bad checksum, a bomb) first gives everything that stands
before the fault, then raises ``Cut``.
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

from assistant.ingest.model import Cut, megabytes, too_long

BLOCK = 64 << 10
"""Bytes read or expanded at a time."""

GRACE = 32 << 20
"""Bytes a source may expand to before its ratio is looked at."""

RATIO = 500
"""Bytes out for each byte in beyond which a source is taken for a bomb; news text stays under 100."""

ZIP = b"PK\x03\x04"
_MAGIC = {b"\x1f\x8b": "gzip", b"\xfd7zXZ\x00": "xz", b"BZh": "bz2"}
_RECOVER = 1 << 20


@dataclass(slots=True)
class Meter:
    """Bytes of the underlying files consumed so far, over all sources."""

    done: int = 0


class ExpansionLimit:
    """Holds what one file expands to against its size."""

    def __init__(self, compressed: Callable[[], int]) -> None:
        self._compressed = compressed
        self._out = 0
        self.spent = False

    def grow(self, count: int) -> None:
        """Count ``count`` more bytes of output.

        :raises Cut: beyond ``GRACE`` bytes at more than ``RATIO`` for each byte of the file.
        """
        self._out += count
        if self._out > GRACE and self._out > RATIO * max(1, self._compressed()):
            self.spent = True
            raise Cut(
                f"expands to more than {RATIO} times its size (over {megabytes(self._out)}); taken for a "
                "decompression bomb and not read further. If it is sound, unpack it yourself and read the result"
            )


class ByteStream:
    """A buffered reader that can look ahead and keeps faults for after the bytes before them."""

    def __init__(self, source: Callable[[int], bytes]) -> None:
        self._source = source
        self._buffer = b""
        self._fault: Cut | None = None
        self._ended = False

    def _fill(self, count: int) -> None:
        while len(self._buffer) < count and not self._ended:
            try:
                block = self._source(BLOCK)
            except Cut as fault:
                self._fault, self._ended = fault, True
                return
            self._ended = not block
            self._buffer += block

    def peek(self, count: int) -> bytes:
        """Return up to ``count`` of the next bytes without consuming them; fewer only at the end or a fault."""
        self._fill(count)
        return self._buffer[:count]

    def read(self, count: int = BLOCK) -> bytes:
        """Return between 1 and ``count`` bytes, or b"" at the end.

        :raises Cut: when the stream stopped short; everything before the fault has been given by then.
        """
        self._fill(1)
        if not self._buffer and self._fault:
            raise self._fault
        block, self._buffer = self._buffer[:count], self._buffer[count:]
        return block

    def document(self, limit: int) -> tuple[bytes, Cut | None]:
        """Return everything up to the end, or up to a fault with that fault.

        :raises Cut: when it is longer than ``limit`` bytes; then no more than that was held.
        """
        blocks: list[bytes] = []
        size = 0
        try:
            while block := self.read():
                size += len(block)
                if size > limit:
                    raise Cut(too_long(limit), raw=blocks[0].decode("utf-8", "replace") if blocks else "")
                blocks.append(block)
        except Cut as fault:
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
    """zlib behind the interface of the other two, giving what stands before a fault inside a block."""

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
    """The expanded bytes of a compressed stream, member after member."""

    def __init__(self, kind: str, inner: ByteStream, budget: ExpansionLimit) -> None:
        self._kind, self._inner, self._budget = kind, inner, budget
        self._decompressor = _MAKERS[kind]()
        self._pending = b""
        self._fed = 0

    def read(self, count: int) -> bytes:
        """Return up to ``count`` expanded bytes, or b"" at the end.

        :raises Cut: on a truncated or damaged stream, or one that expands beyond the budget.
        """
        while True:
            if self._decompressor.eof and not self._next_member():
                return b""
            data = self._take() if self._decompressor.needs_input else b""
            if not data and self._decompressor.needs_input:
                raise Cut(
                    f"the {self._kind} data ends too early, after {self._fed:,} bytes: the file was cut off. "
                    "What stood before went in; get the file again and read it once more"
                )
            try:
                block = self._decompressor.decompress(data, count)
            except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, MemoryError) as fault:
                raise Cut(
                    f"the {self._kind} data is damaged near byte {self._fed:,} ({fault}). What stood before went "
                    "in; get the file again and read it once more"
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
            raise Cut(f"bytes follow the end of the {self._kind} data that are not {self._kind}; they were not read")
        self._decompressor = _MAKERS[self._kind]()
        self._pending = rest
        return True


def compression(head: bytes) -> str | None:
    """Return "gzip", "xz", "bz2" or "zip" as the first bytes tell, or None."""
    if head.startswith((ZIP, b"PK\x05\x06")):
        return "zip"
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return None if kind == "bz2" and head[3:4] not in b"123456789" else kind
    return None


def counted(file: IO[bytes], meter: Meter) -> ByteStream:
    """Return a stream over an open file that counts what it reads into ``meter``."""

    def source(count: int) -> bytes:
        try:
            block = file.read(count)
        except OSError as error:
            raise Cut(f"reading stopped: {error.strerror or error}. What stood before went in") from error
        meter.done += len(block)
        return block

    return ByteStream(source)


@contextmanager
def spooled(stream: ByteStream) -> Iterator[IO[bytes]]:
    """Copy a stream to a temporary file with a name, for formats that need to be read back and forth.

    :raises Cut: when the stream stops short.
    """
    with tempfile.NamedTemporaryFile() as copy:
        while block := stream.read(1 << 20):
            copy.write(block)
        copy.seek(0)
        yield copy
