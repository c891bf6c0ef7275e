"""JSON Lines: one object per line. A line that is not an object is rejected, and the next one is read.

In a file of rejects, the records are read that it contains, which may have been corrected there.
"""

from __future__ import annotations

import json
from typing import Any

from assistant.errors import BadRecord
from assistant.ingest.inputs import Input, Items
from assistant.ingest.model import RAW_LIMIT, Reject, too_long
from assistant.ingest.sources.lines import LineReader

_REJECTED = {"source", "reason", "raw"}


def read_jsonl(source: Input) -> Items:
    """Yield a record or reject for each line that is not blank.

    :raises ReadStopped: if the stream stops early.
    """
    stream, decoder = source.lines()
    limit = source.options.max_record_bytes
    for line in LineReader(stream, limit):
        place = f"{source.name}:{line.number}"
        if line.long:
            yield Reject(place, f"this line is {too_long(limit)}", line.data.decode("utf-8", "replace"))
            continue
        text, warnings = decoder.decode(line.data)
        text = text.strip("\x1e\ufeff \t\r\n")  # RFC 7464 begins each record with a separator
        if not text:
            continue
        try:
            value = loads(text)
            if value.keys() == _REJECTED:
                text = str(value["raw"])
                value = loads(text)
        except BadRecord as error:
            yield Reject(place, str(error), text[:RAW_LIMIT])
            continue
        yield source.made(value, place, text, warnings)


def loads(text: str) -> dict[str, Any]:
    """Return the object in a JSON text.

    :raises BadRecord: if it is not JSON, or not an object.
    """
    try:
        value = json.loads(text, strict=False)  # raw line breaks in strings are common, and harmless
    except json.JSONDecodeError as error:
        raise BadRecord(f"not JSON: {error.msg} at character {error.pos + 1:,}") from error
    except RecursionError as error:
        raise BadRecord("JSON that is nested too deeply to be an article") from error
    except ValueError as error:
        raise BadRecord(f"unreadable JSON: {error}") from error
    if not isinstance(value, dict):
        raise BadRecord(f"expected a JSON object here, found {_KINDS.get(type(value), 'something else')}")
    return value


_KINDS: dict[type, str] = {list: "a list", str: "a string", int: "a number", float: "a number", bool: "true or false"}
_KINDS[type(None)] = "null"
