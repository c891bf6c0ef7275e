"""A source as its reader receives it, and the last step of every reader: making records from named values."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from assistant.errors import BadRecord
from assistant.ingest.fields import article_of
from assistant.ingest.model import RAW_LIMIT, Item, ReadOptions, ReadStopped, Record, Reject, unexpected
from assistant.ingest.sources.encodings import SAMPLE, Decoder, declared, detect, known, lined
from assistant.ingest.sources.paths import digest, printable
from assistant.ingest.sources.sniff import COMPRESSED
from assistant.ingest.sources.streams import ByteStream
from assistant.types import Article

Made = tuple[Article, tuple[str, ...]]
"""An article, and warnings about what is missing from it."""


@dataclass(frozen=True, slots=True)
class Input:
    """One source to read: a file, a member of a zip, or standard input.

    :ivar name: for messages.
    :ivar identity: tells it from every other source; None for standard input.
    :ivar filename: the name of its file; "" for standard input.
    :ivar stream: its decompressed bytes.
    """

    name: str
    identity: str | None
    filename: str
    stream: ByteStream
    options: ReadOptions = field(default_factory=ReadOptions)

    def file_id(self) -> str | None:
        """Return an id for an article that is a whole file: always the same, without revealing the path."""
        if not self.identity:
            return None
        name = printable(self.filename)
        for suffix in COMPRESSED:
            name = name.removesuffix(suffix)
        return f"{PurePosixPath(name).stem[:100]}-{digest(self.identity)}"

    def encoding(self) -> str:
        """Return the encoding in the options, or else the one detected from the first bytes."""
        if self.options.encoding:
            return known(self.options.encoding) or self.options.encoding
        head = self.stream.peek(SAMPLE)
        return detect(head, declared(head))

    def lines(self) -> tuple[ByteStream, Decoder]:
        """Return the stream with ASCII line ends, and the decoder of its records."""
        encoding = self.encoding()
        stream = lined(self.stream, encoding)
        if stream is not self.stream:
            return stream, Decoder("utf-8")
        return stream, Decoder(encoding, forced=self.options.encoding is not None)

    def document(self, limit: int = 0) -> tuple[str, tuple[str, ...], ReadStopped | None]:
        """Return the whole source as text, warnings, and the fault that cut it short, or None.

        :param limit: in bytes; 0 means ``max_record_bytes``.
        :raises ReadStopped: if it is longer than the limit.
        """
        encoding = self.encoding()
        data, fault = self.stream.document(limit or self.options.max_record_bytes)
        text, warnings = Decoder(encoding, forced=self.options.encoding is not None).decode(data)
        return text.removeprefix("\ufeff"), warnings, fault

    def made(self, raw: Mapping[str, Any], source: str, shown: str | None, warnings: tuple[str, ...] = ()) -> Item:
        """Return the record made from named values, or a reject that contains them.

        :param shown: the values as in the source; None to write them as a JSON object.
        """
        return made(raw, source, self.options, shown, warnings)

    def whole(self, make: Callable[[], Made], text: str, warnings: tuple[str, ...]) -> Item:
        """Return the record of an article that is a whole file; its id is from the file unless it has an id or URL.

        :param text: the file's text, for a reject.
        """
        item = record_of(make, self.name, lambda: text, warnings)
        if isinstance(item, Reject) or item.article.id is not None or item.article.url:
            return item
        return replace(item, article=replace(item.article, id=self.file_id()))


def made(
    raw: Mapping[str, Any], place: str, options: ReadOptions, shown: str | None = None, warnings: tuple[str, ...] = ()
) -> Item:
    """Return the record made from named values, or a reject that contains them; see ``Input.made``."""
    return record_of(
        lambda: article_of(raw, options), place, lambda: _as_json(raw) if shown is None else shown, warnings
    )


def record_of(make: Callable[[], Made], place: str, raw: Callable[[], str], warnings: tuple[str, ...] = ()) -> Item:
    """Return the record of the article that ``make`` returns, or a reject with the error that it raised.

    :param raw: returns what the article is made from, for a reject.
    :param warnings: these precede the article's own.
    """
    try:
        article, more = make()
    except BadRecord as error:
        return Reject(place, str(error), _shown(raw))
    except Exception as error:  # no error in one record may stop the next from being read
        return Reject(place, unexpected(error), _shown(raw))
    return Record(article, place, warnings + more)


def _shown(raw: Callable[[], str]) -> str:
    try:
        return raw()[:RAW_LIMIT]
    except (ValueError, TypeError, RecursionError):  # what cannot be read often cannot be shown either
        return ""


def _as_json(raw: Mapping[str, Any]) -> str:
    return json.dumps(raw, ensure_ascii=False, default=str, skipkeys=True)


Items = Iterator[Item]
