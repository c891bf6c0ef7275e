"""Lines of bytes, none longer than a limit held in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.ingest.model import RAW_LIMIT, Cut
from assistant.ingest.sources.streams import ByteStream


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end.

    :ivar number: counted from 1.
    :ivar data: the bytes; when ``long``, only the first ``RAW_LIMIT`` of them.
    """

    number: int
    data: bytes
    long: bool = False


class LineReader:
    """The lines of a stream, an iterator.

    :ivar blank: whether lines of nothing but white space are given too, or only counted. May change on the way.
    """

    def __init__(self, stream: ByteStream, limit: int, separator: bytes = b"\n") -> None:
        """Begin before the first line.

        :param limit: bytes; a longer line is skipped over, and marked long.
        """
        self.blank = False
        self._lines = self._read(stream, limit, separator)

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        """Return the next line.

        :raises Cut: when the stream stops short, with the unfinished line as ``raw``.
        """
        return next(self._lines)

    def _read(self, stream: ByteStream, limit: int, separator: bytes) -> Iterator[Line]:
        number, held, size = 1, list[bytes](), 0
        try:
            while block := stream.read():
                *ended, rest = block.split(separator)
                for part in ended:
                    if held or self.blank or part.strip():
                        held.append(part)
                        yield _line(number, held, size + len(part), limit)
                        held = []
                    number, size = number + 1, 0
                size += len(rest)
                if size > limit:
                    held = [b"".join([*held, rest])[:RAW_LIMIT]]
                elif rest:
                    held.append(rest)
        except Cut as cut:
            raise Cut(cut.reason, b"".join(held)[:RAW_LIMIT].decode("utf-8", "replace")) from cut
        if size:
            yield _line(number, held, size, limit)


def _line(number: int, held: list[bytes], size: int, limit: int) -> Line:
    data = b"".join(held)
    return Line(number, data[:RAW_LIMIT], True) if size > limit else Line(number, data)
