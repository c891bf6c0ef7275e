"""Splits a stream of JSON into values, with only one of them in memory.

Values are delimited by brackets and quotes alone, so that a malformed one is one bad record, and the next can still be
read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.ingest.model import RAW_LIMIT, ReadStopped
from assistant.ingest.names import FIELDS, LISTS, WRAPPERS, plain
from assistant.ingest.sources.streams import ByteStream

_OUTSIDE = re.compile(rb'["\[\]{}]')
_INSIDE = re.compile(rb'["\\]')
_SCALAR_END = re.compile(rb"[,\]}\s]")
_BLANK = re.compile(rb"[ \t\r\n\x1e,]*")
_RESUME = re.compile(rb"\n(?=[\[{])")
_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*+)(?:"(\s*:\s*(\[\s*\{)?)?|\\?\Z)|[\[\]{}]', re.DOTALL)
_LISTS = frozenset(plain(name) for name in LISTS)
_WRAPPERS = frozenset(plain(name) for name in WRAPPERS)
_TEXTS = frozenset(plain(name) for name in FIELDS["text"])


@dataclass(frozen=True, slots=True)
class Value:
    """One value as it is in the stream; if ``long``, only its first ``RAW_LIMIT`` bytes."""

    data: bytes
    long: bool = False


class Values:
    """Reads JSON values from a stream, one at a time."""

    def __init__(self, stream: ByteStream, limit: int) -> None:
        self._stream, self._limit = stream, limit
        self._data = bytearray()
        self._at = self._depth = 0
        self._quoted = False

    def peek(self) -> bytes:
        """Skip whitespace and commas; return the next byte, or b"" at the end."""
        while True:
            if found := _BLANK.match(self._data):
                del self._data[: found.end()]
            if self._data or not self._fill():
                return bytes(self._data[:1])

    def drop(self) -> None:
        """Consume the byte that ``peek`` returned."""
        del self._data[:1]

    def take(self) -> Value:
        """Consume and return the value that begins at the next byte.

        :raises ReadStopped: if the stream ends inside it.
        """
        return self._value() if self.scan() else self.discard()

    def scan(self) -> bool:
        """Find the end of the next value; False if it is longer than the limit, and is then in memory up to that."""
        self._at, self._depth, self._quoted = 0, 0, False
        if bytes(self._data[:1]) not in (b'"', b"{", b"["):
            return self._scan_scalar()
        return self._advance(keep=True)

    def buffered(self) -> bytes:
        """Return the part in memory of a value that is longer than the limit."""
        return bytes(self._data)

    def discard(self) -> Value:
        """Consume the rest of a value that is longer than the limit, and return its beginning."""
        head = bytes(self._data[:RAW_LIMIT])
        self._advance(keep=False, head=head)
        del self._data[: self._at]
        return Value(head, True)

    def enter(self, offset: int) -> None:
        """Move ``offset`` bytes into the value in memory."""
        del self._data[:offset]

    def leave(self, depth: int) -> None:
        """Consume everything up to the closing bracket of a value, from ``depth`` brackets inside it."""
        self._at, self._depth, self._quoted = 0, depth, False
        self._advance(keep=False)
        del self._data[: self._at]

    def junk(self) -> bytes:
        """Consume what is not JSON, up to a line that begins like a value, or the end; return its beginning."""
        head = b""
        while True:
            found = _RESUME.search(self._data)
            end = found.end() if found else max(0, len(self._data) - 1)
            head = (head + bytes(self._data[:end]))[:RAW_LIMIT]
            del self._data[:end]
            if found:
                return head
            if not self._fill():
                head = (head + bytes(self._data))[:RAW_LIMIT]
                self._data.clear()
                return head

    def _value(self) -> Value:
        value = bytes(self._data[: self._at])
        del self._data[: self._at]
        return Value(value[:RAW_LIMIT], True) if len(value) > self._limit else Value(value)

    def _fill(self) -> bool:
        block = self._stream.read()
        self._data += block
        return bool(block)

    def _scan_scalar(self) -> bool:
        while True:
            if found := _SCALAR_END.search(self._data, self._at):
                self._at = max(1, found.start())
                return True
            self._at = len(self._data)
            if self._at > self._limit:
                # No scalar is that long, so what follows is junk as well.
                return True
            if not self._fill():
                return True

    def _advance(self, keep: bool, head: bytes = b"") -> bool:
        """Move to the end of the value; False once more than the limit would have to be kept."""
        while True:
            found = (_INSIDE if self._quoted else _OUTSIDE).search(self._data, self._at)
            if found is None:
                self._at = max(self._at, len(self._data))
                if not self._more(keep, head):
                    return False
                continue
            byte = found[0]
            self._at = found.end()
            if byte == b"\\":
                self._at += 1
            elif byte == b'"':
                self._quoted = not self._quoted
                if not self._quoted and not self._depth:
                    return True
            else:
                self._depth += 1 if byte in (b"{", b"[") else -1
                if self._depth <= 0:
                    return True

    def _more(self, keep: bool, head: bytes) -> bool:
        beyond = self._at - len(self._data)
        if keep and len(self._data) > self._limit:
            return False
        start = head if head else bytes(self._data[:RAW_LIMIT])
        if not keep:
            self._data.clear()
            self._at = beyond
        try:
            if self._fill():
                return True
        except ReadStopped as stopped:
            raise ReadStopped(stopped.reason, start.decode("utf-8", "replace")) from stopped
        raise ReadStopped(
            "the file ends in the middle of this record: it was cut off, or a bracket or quote is missing. "
            "Everything before that was ingested",
            start.decode("utf-8", "replace"),
        )


def find_list(data: bytes) -> tuple[int, int] | None:
    """Find the start of a list of articles in an object or the beginning of one.

    :return: the offset of its first element, and how many brackets deep that is; None if the object is itself an
        article, or has no list under one of the usual keys.
    """
    stack: list[str] = []
    key = ""
    for token in _TOKEN.finditer(data):
        if token[0] in (b"{", b"["):
            stack.append(key if token[0] == b"{" else "[")
            key = ""
        elif token[0] in (b"}", b"]"):
            if stack:
                stack.pop()
            key = ""
        elif token[2] is not None:
            key = plain(token[1].decode("utf-8", "replace"))
            around = stack[1:]
            if token[3] is not None:
                if key in _LISTS and all(name in _WRAPPERS for name in around):
                    return token.end() - 1, len(stack) + 1
                stack += ["[", ""]
            elif key in _TEXTS - _LISTS - _WRAPPERS and len(stack) == 1:
                return None
    return None
