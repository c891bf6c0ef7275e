"""Parquet, by way of pyarrow: a few rows at a time, only the columns that are used."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator, Mapping
from typing import IO, Any

from assistant.errors import MissingDependency
from assistant.ingest.fields import has_text_field
from assistant.ingest.inputs import Input, Items
from assistant.ingest.model import Cut, Reject, megabytes, too_long
from assistant.ingest.names import FIELDS, SUMMARIES, plain
from assistant.ingest.sources.streams import GRACE, RATIO, spooled

_ROWS = 32
_EXTRA = ("pubstatus", "embargoed", "embargo")


def require() -> None:
    """Raise ``MissingDependency`` unless pyarrow is installed."""
    if importlib.util.find_spec("pyarrow") is None:
        raise MissingDependency("pyarrow", "parquet")


def read_parquet(source: Input) -> Items:
    """Yield a record or reject for each row. The file is copied to a temporary one first.

    :raises Cut: when it is damaged, or no column can be the text.
    :raises MissingDependency: without pyarrow.
    """
    require()
    with spooled(source.stream) as file:
        try:
            yield from _rows(source, file)
        except Cut:
            raise
        except Exception as fault:  # pyarrow raises many kinds on damaged files
            reason = " ".join(str(fault).split())[:200]
            raise Cut(f"not sound Parquet ({reason}). The rows before went in; get the file again") from fault


def _rows(source: Input, file: IO[bytes]) -> Items:
    import pyarrow.parquet

    number = 0
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    table = pyarrow.parquet.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20)
    columns = _columns(table.schema_arrow.names, source.options.mapping)
    for group in range(table.num_row_groups):
        count = table.metadata.row_group(group).num_rows
        # Not its columns': on a damaged file, pyarrow ends the process over them.
        if reason := _swollen(size, table.metadata.row_group(group).total_byte_size):
            yield Reject(f"{source.name}, rows {number + 1} to {number + count}", reason)
            number += count
            continue
        for batch in table.iter_batches(_ROWS, row_groups=[group], columns=columns, use_threads=False):
            for raw in _plain(batch):
                number += 1
                place = f"{source.name}, row {number}"
                size = sum(len(value) for value in raw.values() if isinstance(value, str | bytes))
                if size > source.options.max_record_bytes:
                    yield Reject(place, f"this row is {too_long(source.options.max_record_bytes)}")
                else:
                    yield source.made(raw, place, None)


def _columns(names: list[str], mapping: Mapping[str, str]) -> list[str]:
    if not has_text_field(names, mapping):
        raise Cut(
            f"no column of this table is known to hold the text; the columns are: {', '.join(names[:20])}. "
            "Name the column: --map text=COLUMN"
        )
    wanted = {plain(name) for field in FIELDS.values() for name in field} | {plain(name) for name in SUMMARIES}
    wanted |= {plain(part) for name in mapping.values() for part in (name, name.partition(".")[0])} | set(_EXTRA)
    return [name for name in names if plain(name) in wanted]


def _swollen(size: int, expanded: int) -> str:
    if expanded > GRACE and expanded > RATIO * size:
        return (
            f"these rows expand to {megabytes(expanded)}, in a file of {megabytes(size)}; taken for a decompression "
            "bomb and not read"
        )
    return ""


def _plain(batch: Any) -> Iterator[dict[str, Any]]:
    """Yield the rows of a batch as Python values; times finer than microseconds are cut to them."""
    import pyarrow

    for index, field in enumerate(batch.schema):
        if pyarrow.types.is_timestamp(field.type) and field.type.unit == "ns":
            coarse = pyarrow.timestamp("us", tz=field.type.tz)
            batch = batch.set_column(index, field.name, batch.column(index).cast(coarse, safe=False))
    for row in batch.to_pylist():
        yield {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
