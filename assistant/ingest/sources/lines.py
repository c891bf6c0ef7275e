"""Splits a stream of bytes into lines, without ever keeping more than a limit in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.ingest.model import RAW_LIMIT, ReadStopped
from assistant.ingest.sources.streams import ByteStream


@dataclass(frozen=True, slots=True)
class Line:
    """One line, without its line end.

    :ivar number: counted from 1.
    :ivar data: the bytes; if ``long``, only the first ``RAW_LIMIT`` of them.
    :ivar long: whether the line is longer than the limit.
    """

    number: int
    data: bytes
    long: bool = False


class LineReader:
    """An iterator over the lines of a stream.

    :ivar blank: whether blank lines are returned too, or only counted. May be changed between lines.
    """

    def __init__(self, stream: ByteStream, limit: int, separator: bytes = b"\n") -> None:
        """Start before the first line.

        :param limit: in bytes; a longer line is skipped, and marked as long.
        """
        self.blank = False
        self._lines = self._read(stream, limit, separator)

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        """Return the next line.

        :raises ReadStopped: if the stream stops early, with the unfinished line as ``raw``.
        """
        return next(self._lines)

    def _read(self, stream: ByteStream, limit: int, separator: bytes) -> Iterator[Line]:
        number, parts, size = 1, list[bytes](), 0
        try:
            while block := stream.read():
                *ended, rest = block.split(separator)
                for part in ended:
                    if parts or self.blank or part.strip():
                        parts.append(part)
                        yield _line(number, parts, size + len(part), limit)
                        parts = []
                    number, size = number + 1, 0
                size += len(rest)
                if size > limit:
                    parts = [b"".join([*parts, rest])[:RAW_LIMIT]]
                elif rest:
                    parts.append(rest)
        except ReadStopped as stopped:
            raise ReadStopped(stopped.reason, b"".join(parts)[:RAW_LIMIT].decode("utf-8", "replace")) from stopped
        if size:
            yield _line(number, parts, size, limit)


def _line(number: int, parts: list[bytes], size: int, limit: int) -> Line:
    data = b"".join(parts)
    return Line(number, data[:RAW_LIMIT], True) if size > limit else Line(number, data)
