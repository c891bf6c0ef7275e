"""Splits a feed into batches of entries, so that a feed of any size can be parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.ingest.model import RAW_LIMIT, ReadStopped, too_long
from assistant.ingest.sources.encodings import Decoder
from assistant.ingest.sources.streams import ByteStream

BATCH = 1 << 20
"""Greatest size of a batch in bytes; a feed up to this size is yielded unchanged."""

_HEAD = 1 << 20
_OVERLAP = 256
_DECLARED = re.compile(
    r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|(?P<entity><!\s*ENTITY)|<!(?:\"[^\"]*\"|'[^']*'|[^\"'<>\[])*+|(?P<root><[\w:])",
    re.IGNORECASE | re.DOTALL,
)
_MARK = re.compile(rb"<!\[CDATA\[|<!--|<((?:[\w-]+:)?(?:item|entry))(?=[\s>/])", re.IGNORECASE)
# Tags contain no "<"; otherwise, each of many unclosed tags would be searched to the end of the text.
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<(/?)([\w:.-]++)((?:\"[^\"<]*\"|'[^'<]*'|[^\"'<>])*+)>", re.DOTALL
)
_ENDS = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}


class Batches:
    """The batches of a feed, each a complete feed with some of the entries.

    :ivar warnings: about the text of the latest batch.
    """

    def __init__(self, stream: ByteStream, decoder: Decoder, limit: int) -> None:
        self._stream, self._decoder, self._limit = stream, decoder, limit
        self._data = bytearray()
        self._head = self._foot = ""
        self.warnings: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[str | ReadStopped]:
        """Yield texts to parse, and a ``ReadStopped`` in place of each entry that is too long.

        :raises ReadStopped: if the stream stops early, declares entities, or goes on too long without an entry.
        """
        fault = self._load(min(BATCH, self._limit))
        if fault is None and len(self._data) <= min(BATCH, self._limit):
            text, self.warnings = self._decoder.decode(bytes(self._data))
            refuse_entities(text)
            yield text
            return
        self._take_head()
        entries: list[bytes] = []
        size = 0
        try:
            for entry in self._entries():
                if isinstance(entry, bytes) and size + len(entry) <= BATCH:
                    entries.append(entry)
                    size += len(entry)
                    continue
                if entries:
                    yield self._joined(entries)
                entries, size = ([entry], len(entry)) if isinstance(entry, bytes) else ([], 0)
                if isinstance(entry, ReadStopped):
                    yield entry
        except ReadStopped as stopped:
            fault = stopped
        if entries:
            yield self._joined(entries)
        if fault:
            raise fault

    def _load(self, count: int) -> ReadStopped | None:
        """Read until more than ``count`` bytes are in memory, or to the end; return any fault that stopped it."""
        try:
            while len(self._data) <= count and self._fill():
                pass
        except ReadStopped as fault:
            return fault
        return None

    def _fill(self) -> bool:
        block = self._stream.read()
        self._data += block
        return bool(block)

    def _take_head(self) -> None:
        start, _ = self._next_entry(_HEAD)
        head = bytes(self._data[:start])
        del self._data[:start]
        self._head, self.warnings = self._decoder.decode(head)
        self._foot = _closing(self._head)

    def _joined(self, entries: list[bytes]) -> str:
        text, self.warnings = self._decoder.decode(b"\n".join(entries))
        whole = f"{self._head}{text}{self._foot}"
        refuse_entities(whole)
        return whole

    def _entries(self) -> Iterator[bytes | ReadStopped]:
        while True:
            start, name = self._next_entry(None)
            if not name:
                return
            del self._data[:start]
            end = self._end(name)
            if end < 0:
                yield self._skipped(name)
                continue
            yield bytes(self._data[:end])
            del self._data[:end]

    def _next_entry(self, limit: int | None) -> tuple[int, bytes]:
        """Return the offset of the next entry and its element's name, which is empty at the end of the feed."""
        at = 0
        while True:
            found = _MARK.search(self._data, at)
            if found and found[1]:
                return found.start(), found[1]
            if found and (end := self._data.find(_ENDS[found[0].upper()], found.end())) >= 0:
                at = end
                continue
            kept = found.start() if found else max(at, len(self._data) - _OVERLAP)
            if limit is None and not found:
                del self._data[:kept]
                kept = 0
            if len(self._data) > max(limit or 0, self._limit):
                raise ReadStopped("this feed goes on too long without an entry; the rest was not read")
            if not self._fill():
                return len(self._data), b""
            at = kept

    def _end(self, name: bytes) -> int:
        """Return the offset of the end of the entry that starts the data; -1 if it is longer than the limit."""
        marks = re.compile(rb"<!\[CDATA\[|<!--|</" + re.escape(name) + rb"\s*>", re.IGNORECASE)
        at = self._data.find(b">")
        if at > 0 and self._data[at - 1 : at] == b"/":
            return at + 1
        at = len(name)
        while True:
            found = marks.search(self._data, at)
            if found and found[0].startswith(b"</"):
                return found.end() if found.end() <= self._limit else -1
            if found and (end := self._data.find(_ENDS[found[0].upper()], found.end())) >= 0:
                at = end
                continue
            at = found.start() if found else max(at, len(self._data) - _OVERLAP)
            if len(self._data) > self._limit:
                return -1
            self._more()

    def _skipped(self, name: bytes) -> ReadStopped:
        """Skip an entry that is too long, keeping only its beginning."""
        raw = bytes(self._data[:RAW_LIMIT]).decode("utf-8", "replace")
        close = re.compile(rb"</" + re.escape(name) + rb"\s*>", re.IGNORECASE)
        while not (found := close.search(self._data)):
            del self._data[: max(0, len(self._data) - _OVERLAP)]
            self._more()
        del self._data[: found.end()]
        return ReadStopped(f"this entry is {too_long(self._limit)}", raw)

    def _more(self) -> None:
        raw = bytes(self._data[:RAW_LIMIT])
        try:
            if self._fill():
                return
        except ReadStopped as stopped:
            raise ReadStopped(stopped.reason, raw.decode("utf-8", "replace")) from stopped
        raise ReadStopped(
            "the feed ends in the middle of this entry: it was cut off. Everything before that was ingested",
            raw.decode("utf-8", "replace"),
        )


def refuse_entities(text: str) -> None:
    """Raise ``ReadStopped`` if an XML document declares entities of its own before its first element.

    Comments, processing instructions and quoted literals are skipped as XML 1.0 defines them (sections 2.5 to 2.8), so
    that they can neither hide a declaration nor be mistaken for one.
    """
    for found in _DECLARED.finditer(text):
        if found["root"]:
            return
        if found["entity"]:
            raise ReadStopped(
                "this XML declares entities of its own, which are refused: they can read other files and expand "
                "without limit. Get the feed without them"
            )


def _closing(head: str) -> str:
    """Return the end tags of the elements that are still open at the end of a feed's head."""
    open_tags: list[str] = []
    for tag in _TAG.finditer(head):
        if not tag[2] or tag[3].endswith("/"):
            continue
        if not tag[1]:
            open_tags.append(tag[2])
        elif tag[2] in open_tags:
            del open_tags[len(open_tags) - 1 - open_tags[::-1].index(tag[2]) :]
    return "".join(f"</{name}>" for name in reversed(open_tags))
