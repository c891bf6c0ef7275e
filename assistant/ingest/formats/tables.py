"""CSV and TSV (RFC 4180, read leniently): a header, then one article per row."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from assistant.ingest.fields import has_text_field
from assistant.ingest.inputs import Input, Items
from assistant.ingest.model import RAW_LIMIT, Item, ReadStopped, Reject, too_long
from assistant.ingest.sources.encodings import Decoder
from assistant.ingest.sources.lines import Line, LineReader

_DELIMITERS = ",;\t|"
_RUNAWAYS = 8
"""Number of unclosed quotes that cost only the line they are on; each later one costs all the lines that it spans."""

_LINES = 100_000
"""Most lines in one row: far more than any article has, and few enough to keep in memory."""

_COLUMNS = 10_000


def read_csv(source: Input) -> Items:
    """Yield a record or reject for each row.

    :raises ReadStopped: if the stream stops early, or no column can be the text.
    """
    yield from _Table(source, None).read()


def read_tsv(source: Input) -> Items:
    """Yield a record or reject for each row of a table with tabs between its columns; raises as ``read_csv`` does."""
    yield from _Table(source, "\t").read()


class _Runaway(Exception):
    """A row is too long, or goes on to the end of the file."""


class _Rows:
    """Rows of cells, each with the lines it came from; no more than the limit is in memory.

    :ivar taken: the lines of the latest row.
    :ivar warnings: about their text.
    """

    def __init__(self, physical: LineReader, decoder: Decoder, limit: int) -> None:
        self._physical, self._decoder, self._limit = physical, decoder, limit
        self._again: deque[Line] = deque()
        self.taken: list[Line] = []
        self.warnings: tuple[str, ...] = ()
        self._size = 0
        self._left = _RUNAWAYS

    def peek(self) -> str:
        """Return the first line that is not blank, without consuming it."""
        for line in self._physical:
            self._again.append(line)
            return self._decoder.decode(line.data)[0]
        return ""

    def next(self, delimiter: str) -> list[str] | Line | None:
        """Return the cells of the next row that is not blank, a line that is too long, or None at the end.

        :raises _Runaway: if a quote is never closed; ``taken`` then has the first line, and the others will be read
            again, or, after too many such rows, all lines.
        """
        self._start()
        while (line := self._line()) and not line.data.strip():
            self._start()
        if line is None or line.long:
            return line
        self._again.appendleft(line)
        self._start()
        self._physical.blank = True  # inside quotation marks, blank lines separate paragraphs
        try:
            return next(csv.reader(self._texts(), delimiter=delimiter))
        except (_Runaway, csv.Error) as fault:
            if self._left:
                self._left -= 1
                self._again.extendleft(reversed(self.taken[1:]))
                self.taken = self.taken[:1]
            raise _Runaway from fault
        finally:
            self._physical.blank = False

    def _start(self) -> None:
        self.taken, self.warnings, self._size = [], (), 0

    def _line(self) -> Line | None:
        line = self._again.popleft() if self._again else next(self._physical, None)
        if line is not None:
            self.taken.append(line)
            self._size += len(line.data)
        return line

    def _texts(self) -> Iterator[str]:
        while True:
            line = self._line()
            if line is None or line.long or self._size > self._limit or len(self.taken) > _LINES:
                raise _Runaway
            text, warnings = self._decoder.decode(line.data)
            self.warnings += tuple(warning for warning in warnings if warning not in self.warnings)
            # A lone carriage return in a cell would stop the reader.
            yield text.removesuffix("\r").replace("\r", " ") + "\n"


class _Table:
    def __init__(self, source: Input, delimiter: str | None) -> None:
        self._source, self._delimiter = source, delimiter
        stream, decoder = source.lines()
        head = stream.peek(64 << 10)
        separator = b"\r" if b"\r" in head and b"\n" not in head else b"\n"
        limit = source.options.max_record_bytes
        csv.field_size_limit(max(csv.field_size_limit(), 2 * limit))
        self._rows = _Rows(LineReader(stream, limit, separator), decoder, limit)
        self._header: list[str] = []

    def read(self) -> Items:
        first = self._rows.peek()
        delimiter = self._delimiter or _delimiter(first)
        while True:
            try:
                cells = self._rows.next(delimiter)
            except _Runaway:
                yield self._bad(
                    "a quotation mark opened in this row is not closed, or closed too late; double the quotation "
                    "marks inside cells, and close the cell"
                )
                continue
            if cells is None:
                return
            if isinstance(cells, Line):
                yield self._bad(f"this line is {too_long(self._source.options.max_record_bytes)}")
            elif not any(cell.strip() for cell in cells):
                continue
            elif not self._header:
                self._take_header(cells)
            else:
                yield self._row(cells)

    def _take_header(self, cells: list[str]) -> None:
        if len(cells) > _COLUMNS:
            raise ReadStopped(
                f"its first row has {len(cells):,} cells; a table of articles has at most {_COLUMNS:,} columns"
            )
        self._header = [cell.strip() or f"column {number}" for number, cell in enumerate(cells, 1)]
        if not has_text_field(self._header, self._source.options.mapping):
            names = ", ".join(name[:40] for name in self._header[:20])
            raise ReadStopped(
                f"no column of this table is known to contain the text; its first row is: {names}. Name the column: "
                "--map text=COLUMN, and put a header above the rows if there is none"
            )

    def _row(self, cells: list[str]) -> Item:
        if len(cells) > len(self._header):
            return self._bad(
                f"this row has {len(cells)} cells, but the header has {len(self._header)}; quote the cells that "
                "contain the delimiter"
            )
        raw = dict(zip(self._header, cells, strict=False))
        return self._source.made(raw, self._place(), None, self._rows.warnings)

    def _place(self) -> str:
        return f"{self._source.name}:{self._rows.taken[0].number if self._rows.taken else 1}"

    def _bad(self, reason: str) -> Reject:
        raw = b"\n".join(line.data for line in self._rows.taken[:1000])[:RAW_LIMIT]
        return Reject(self._place(), reason, raw.decode("utf-8", "replace"))


def _delimiter(first: str) -> str:
    """Return the delimiter that the header uses most; a comma if it uses none."""
    bare = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=lambda mark: (bare.count(mark), -_DELIMITERS.index(mark)))
