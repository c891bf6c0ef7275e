"""Reads Parquet with pyarrow: a few rows at a time, only the columns that are used, in a separate process.

A few bytes of Parquet can expand to gigabytes: a value that many rows share, or a list of a billion equal items.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from typing import Any

from assistant.errors import BadRecord, MissingDependency
from assistant.ingest import isolation
from assistant.ingest.fields import has_text_field
from assistant.ingest.inputs import Input, Items, made
from assistant.ingest.model import Item, ReadOptions, ReadStopped, Reject, megabytes, too_long
from assistant.ingest.names import FIELDS, SUMMARIES, plain
from assistant.ingest.sources.streams import GRACE, RATIO, ExpansionLimit, spooled

_ROWS = 8
_EXTRA = ("pubstatus", "embargoed", "embargo")


def require() -> None:
    """Raise ``MissingDependency`` unless pyarrow is installed."""
    if importlib.util.find_spec("pyarrow") is None:
        raise MissingDependency("pyarrow", "parquet")


def read_parquet(source: Input) -> Items:
    """Yield a record or reject for each row. The file is first copied to a temporary one.

    :raises ReadStopped: if it is damaged, or no column can be the text.
    :raises MissingDependency: if pyarrow is not installed.
    """
    require()
    with spooled(source.stream) as file:
        try:
            yield from isolation.stream(read_rows, file.name, source.name, source.options)
        except BadRecord as error:
            raise ReadStopped(f"the rest was not read: {error}. The rows before that were ingested") from error


def read_rows(path: str, name: str, options: ReadOptions) -> Items:
    """Yield a record or reject for each row of a file.

    :param name: the source's name, for messages.
    :raises ReadStopped: if it is damaged, no column can be the text, or it looks like a decompression bomb.
    """
    import pyarrow

    try:
        yield from _rows(path, name, options)
    except (pyarrow.ArrowException, OSError, ValueError) as fault:
        reason = " ".join(str(fault).split())[:200]
        raise ReadStopped(
            f"damaged Parquet ({reason}). The rows before that were ingested; get the file again"
        ) from fault


def _rows(path: str, name: str, options: ReadOptions) -> Items:
    import pyarrow.parquet

    size = os.stat(path).st_size
    expansion = ExpansionLimit(lambda: size)
    table = pyarrow.parquet.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20)
    columns = _columns(table.schema_arrow.names, options.mapping)
    number = 0
    for group in range(table.num_row_groups):
        end = number + table.metadata.row_group(group).num_rows
        # Only the size of the whole group: on a damaged file, asking pyarrow for its columns crashes the process.
        if reason := _bomb_fault(size, table.metadata.row_group(group).total_byte_size):
            yield Reject(f"{name}, rows {number + 1} to {end}", reason)
            number = end
            continue
        try:
            for batch in table.iter_batches(_ROWS, row_groups=[group], columns=columns, use_threads=False):
                for row in range(batch.num_rows):
                    yield _row(batch.slice(row, 1), f"{name}, row {number + 1}", options, expansion)
                    number += 1
        except MemoryError:
            yield Reject(f"{name}, rows {number + 1} to {end}", "reading them takes more memory than records may take")
            number = end


def _row(batch: Any, place: str, options: ReadOptions, expansion: ExpansionLimit) -> Item:
    raw = _values(batch)
    size = _size(raw)
    expansion.grow(size)
    if size > options.max_record_bytes:
        return Reject(place, f"this row is {too_long(options.max_record_bytes)}")
    return made(raw, place, options)


def _columns(names: list[str], mapping: Mapping[str, str]) -> list[str]:
    if not has_text_field(names, mapping):
        raise ReadStopped(
            f"no column of this table is known to contain the text; the columns are: {', '.join(names[:20])}. "
            "Name the column: --map text=COLUMN"
        )
    wanted = {plain(name) for field in FIELDS.values() for name in field} | {plain(name) for name in SUMMARIES}
    wanted |= {plain(part) for name in mapping.values() for part in (name, name.partition(".")[0])} | set(_EXTRA)
    return [name for name in names if plain(name) in wanted]


def _bomb_fault(size: int, expanded: int) -> str:
    if expanded > GRACE and expanded > RATIO * size:
        return (
            f"these rows expand to {megabytes(expanded)}, in a file of {megabytes(size)}; this looks like a "
            "decompression bomb, so they were not read"
        )
    return ""


def _values(batch: Any) -> dict[str, Any]:
    """Return the only row of a batch as Python values; times are truncated to microseconds."""
    import pyarrow

    for index, field in enumerate(batch.schema):
        if pyarrow.types.is_timestamp(field.type) and field.type.unit == "ns":
            coarse = pyarrow.timestamp("us", tz=field.type.tz)
            batch = batch.set_column(index, field.name, batch.column(index).cast(coarse, safe=False))
    (row,) = batch.to_pylist()
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _size(value: Any) -> int:
    """Return the approximate size of a value in bytes, including the values inside it."""
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, Mapping):
        return sum(8 + _size(item) for item in value.values())
    if isinstance(value, list | tuple):
        return sum(8 + _size(item) for item in value)
    return 8
