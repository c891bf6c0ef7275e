"""JSON documents of any size: a list of objects, an object that contains such a list, one object, or a sequence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from assistant.errors import BadRecord
from assistant.ingest.fields import looks_like_article
from assistant.ingest.formats.json_values import Value, Values, find_list
from assistant.ingest.formats.jsonl import loads
from assistant.ingest.inputs import Input, Items
from assistant.ingest.model import RAW_LIMIT, Item, ReadStopped, Reject, too_long
from assistant.ingest.names import LISTS, WRAPPERS, plain
from assistant.ingest.sources.encodings import Decoder
from assistant.ingest.sources.streams import ByteStream


def read_json(source: Input) -> Items:
    """Yield a record or reject for each article, streamed.

    :raises ReadStopped: if the stream stops early, or ends inside a value.
    """
    stream, decoder = source.lines()
    yield from _Document(source, decoder, Values(stream, source.options.max_record_bytes)).read()


class _Document:
    def __init__(self, source: Input, decoder: Decoder, values: Values, number: int = 0) -> None:
        self._source, self._decoder, self._values = source, decoder, values
        self._limit = source.options.max_record_bytes
        self.number = number

    def read(self) -> Items:
        while start := self._values.peek():
            if start == b"[":
                self._values.drop()
                yield from self.elements()
            elif start == b"{":
                yield from self._object()
            else:
                junk = self._values.junk()
                self.number += 1
                yield Reject(
                    self._place(),
                    "not JSON: expected a list or an object here. If the file is in another format, name it: "
                    "--format FORMAT",
                    junk.decode("utf-8", "replace"),
                )

    def elements(self) -> Items:
        """Yield a record or reject for each element of a list whose opening bracket has been consumed."""
        while (start := self._values.peek()) != b"]":
            if not start:
                raise ReadStopped(
                    "the file ends inside its list of records: it was cut off. Everything before that was ingested"
                )
            if start in (b"}", b":"):
                self._values.drop()
                continue
            yield self._element(self._values.take())
        self._values.drop()

    def _place(self) -> str:
        return f"{self._source.name}, record {self.number}"

    def _element(self, value: Value) -> Item:
        self.number += 1
        if value.long:
            shown = value.data.decode("utf-8", "replace")
            return Reject(self._place(), f"this record is {too_long(self._limit)}", shown)
        text, warnings = self._decoder.decode(value.data)
        try:
            raw = loads(text)
        except BadRecord as error:
            return Reject(self._place(), str(error), text[:RAW_LIMIT])
        return self._source.made(raw, self._place(), text, warnings)

    def _object(self) -> Items:
        """Read a whole object: an article, or a wrapper around a list of articles."""
        try:
            whole = self._values.scan()
        except ReadStopped:
            if find_list(self._values.buffered()) is None:
                raise
            whole = False
        if not whole:
            yield from self._oversized()
            return
        value = self._values.take()
        text, warnings = self._decoder.decode(value.data)
        try:
            raw = loads(text)
        except BadRecord:
            yield from self._broken(value)
            return
        rows = None if looks_like_article(raw, self._source.options.mapping) else _inner_list(raw)
        if rows is None:
            self.number += 1
            yield self._source.made(raw, self._place(), text, warnings)
            return
        for row in rows:
            self.number += 1
            if isinstance(row, dict):
                yield self._source.made(row, self._place(), None, warnings)
            else:
                yield Reject(self._place(), f"expected a JSON object here, found {row!r:.60}", json.dumps(row))

    def _oversized(self) -> Items:
        """Read an object that is longer than the limit, or does not end before the file does."""
        found = find_list(self._values.buffered())
        if found is None:
            yield self._element(self._values.discard())
            return
        offset, depth = found
        self._values.enter(offset)
        yield from self.elements()
        self._values.leave(depth - 1)

    def _broken(self, value: Value) -> Items:
        """Read the list inside an object that is not valid JSON as a whole, so that only its bad elements are lost."""
        found = find_list(value.data)
        if found is None:
            yield self._element(value)
            return
        blocks = [value.data[found[0] :]]
        values = Values(ByteStream(lambda count: blocks.pop() if blocks else b""), self._limit)
        inner = _Document(self._source, self._decoder, values, self.number)
        yield from inner.elements()
        self.number = inner.number


def _inner_list(raw: Mapping[str, Any], deep: int = 3) -> list[Any] | None:
    """Return the list of objects under one of the usual keys of an object or an inner object; None without one."""
    by_name = {plain(str(name)): value for name, value in raw.items()}
    for name in LISTS:
        value = by_name.get(plain(name))
        if isinstance(value, list) and (not value or any(isinstance(item, dict) for item in value)):
            return value
    for name in WRAPPERS:
        value = by_name.get(plain(name))
        if deep and isinstance(value, dict) and (found := _inner_list(value, deep - 1)) is not None:
            return found
    return None
