"""CSV, TSV and Parquet."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import MissingDependency
from assistant.ingest import Record, Reject, isolation, read, reader
from assistant.ingest.formats import tables
from tests.ingest.reading import articles, items, only_reject, records, wrote


def test_quotes_lines_and_blanks(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.csv", '\ufeffid,Title,Text\r\n1,"A, ""b""","x\r\ny"\r\n\r\n2,t,z\r\n')
    assert [(r.article.id, r.article.headline, r.article.text, r.source) for r in records(path)] == [
        ("1", 'A, "b"', "x\ny", f"{path}:2"),
        ("2", "t", "z", f"{path}:5"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end(tmp_path: Path, delimiter: str, ending: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ending)
    writer.writerows([["id", "headline", "text"], ["1", "a,b;c|d", "A quay."], ["2", "", "B."]])
    path = wrote(tmp_path / "a.csv", out.getvalue())
    assert [(a.id, a.headline, a.text) for a in articles(path)] == [("1", "a,b;c|d", "A quay."), ("2", "", "B.")]
    assert [a.id for a in articles(wrote(tmp_path / "noname", out.getvalue()))] == ["1", "2"]


def test_tabs(tmp_path: Path) -> None:
    (article,) = articles(wrote(tmp_path / "a.tsv", "text\tdate\nA, b\t2024-01-02\n"))
    assert article.text == "A, b"


def test_a_row_too_wide_or_without_text(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.csv", "id,text\n1,a,b\n2,\n3,c\n4\n")
    wide, empty, good, short = items(path)
    assert isinstance(wide, Reject)
    assert "this row has 3 cells, but the header has 2" in wide.reason
    assert isinstance(empty, Reject)
    assert json.loads(empty.raw) == {"id": "2", "text": ""}
    assert isinstance(good, Record)
    assert isinstance(short, Reject)
    assert [item.source for item in (wide, empty, short)] == [f"{path}:2", f"{path}:3", f"{path}:5"]


def test_a_quote_that_never_closes_costs_one_row(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.csv", 'id,text\n1,"open\n2,b\n3,c\n')
    bad, second, third = items(path)
    assert isinstance(bad, Reject)
    assert "is not closed" in bad.reason
    assert (bad.source, bad.raw) == (f"{path}:2", '1,"open')
    assert [item.article.id for item in (second, third) if isinstance(item, Record)] == ["2", "3"]


def test_a_quote_that_closes_too_late_is_bounded(tmp_path: Path) -> None:
    rows = "".join(f"{number},row {number}\n" for number in range(100))
    path = wrote(tmp_path / "a.csv", f'id,text\nx,"open\n{rows}')
    found = items(path, max_record_bytes=300)
    assert [item.article.id for item in found if isinstance(item, Record)] == [str(n) for n in range(100)]
    assert len([item for item in found if isinstance(item, Reject)]) == 1


def test_many_quotes_that_never_close_end(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.csv", "id,text\n" + '1,"a"b"\n2,"\n' * 2000)
    assert len(items(path, max_record_bytes=5000)) > 1


@pytest.mark.parametrize("line", ["", "\r", " ", "x"])
def test_a_quote_before_line_ends_without_number_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """Rows are limited by their number of lines, too: 16 kB, compressed, took two minutes and 1.9 GB."""
    monkeypatch.setattr(tables, "_LINES", 1000)
    path = wrote(tmp_path / "a.csv", gzip.compress(b'text\n"open' + f"{line}\n".encode() * 20_000 + b"last\n"))
    tracemalloc.start()
    reading = read([str(path)])
    bad = next(reading)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    *_, last = reading
    assert isinstance(bad, Reject)
    assert "is not closed" in bad.reason
    assert isinstance(last, Record)
    assert last.article.text == "last"
    assert peak < 2 << 20


def test_millions_of_line_ends_are_passed_over_quickly(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.csv", gzip.compress(b'text\n"open' + b"\n" * 4_000_000 + b"last\n"))
    began = time.thread_time()
    assert len(items(path)) == 2
    assert time.thread_time() - began < 10


def test_blank_lines_inside_a_cell_are_kept_and_counted(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.csv", 'id,text\n\n \n1,"One.\n\n\nTwo."\n\n2,Three.\n')
    assert [(r.article.text, r.source) for r in records(path)] == [
        ("One.\n\n\nTwo.", f"{path}:4"),
        ("Three.", f"{path}:9"),
    ]


def test_a_header_of_a_million_columns(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.csv", "text" + "," * 1_000_000 + "\nA quay.\n")
    assert "a table of articles has at most 10,000 columns" in only_reject(path).reason


def test_a_source_of_nothing_but_rejects_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_HOPELESS", 5)
    path = wrote(tmp_path / "a.jsonl", "x\n" * 4 + '{"text": "A quay."}\n' + "x\n" * 20)
    found = items(path)
    assert [type(item) for item in found] == [Reject] * 4 + [Record] + [Reject] * 6
    assert isinstance(found[-1], Reject)
    assert "5 records in a row could not be read" in found[-1].reason


def test_a_table_without_a_text_column_is_rejected(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.csv", "nr,words\n1,a\n")
    reject = only_reject(path)
    assert "its first row is: nr, words. Name the column: --map text=COLUMN" in reject.reason
    assert [a.text for a in articles(path, mapping={"text": "words"})] == ["a"]


def test_parquet(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    when = datetime(2024, 3, 1, 12, 30, tzinfo=UTC)
    table = pa.table(
        {
            "id": list(range(100)),
            "body": ["A pier."] * 98 + [None, "x" * 3000],
            "published": pa.array([when] * 100, pa.timestamp("ns", tz="UTC")),
            "authors": [["Ann Berg", "Bo Dahl"]] * 100,
            "source": [{"name": "Harbour Times"}] * 100,
            "unused": [b"\x00\xff"] * 100,
        }
    )
    path = tmp_path / "a.parquet"
    pq.write_table(table, path, row_group_size=40)
    *good, empty, long = items(path, max_record_bytes=2000)
    assert len(good) == 98
    assert isinstance(good[97], Record)
    article = good[97].article
    assert (article.id, article.byline, article.outlet) == ("97", "Ann Berg, Bo Dahl", "Harbour Times")
    assert article.published is not None
    assert article.published.instant == when
    assert isinstance(empty, Reject)
    assert empty.source == f"{path}, row 99"
    assert json.loads(empty.raw)["id"] == 98
    assert isinstance(long, Reject)
    assert "longer than" in long.reason


def shared(value: str, rows: int) -> Any:
    """Return a column with one value for all rows, stored once."""
    pa = pytest.importorskip("pyarrow")
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([value]))


def parquet(path: Path, **columns: Any) -> Path:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.table(columns), path, compression="zstd")
    return path


@pytest.mark.parametrize("megabytes", [1, 30])
def test_a_value_that_many_rows_share_is_bounded(tmp_path: Path, megabytes: int) -> None:
    """A few kilobytes of Parquet that expand to gigabytes of text."""
    path = parquet(tmp_path / "a.parquet", text=shared("x" * (megabytes << 20), 3000))
    assert path.stat().st_size < 30_000
    *rows, last = items(path)
    assert isinstance(last, Reject)
    assert "decompression bomb" in last.reason
    assert len(rows) < 100


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Limit the processes that read records to 700 MB each."""
    monkeypatch.setattr(isolation, "MEMORY", 700 << 20)
    isolation.end_idle()  # running ones have more
    yield
    isolation.end_idle()


@pytest.mark.usefixtures("little_memory")
def test_nested_values_of_a_row_are_bounded(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    wide = pa.ListArray.from_arrays(pa.array([0, 3000], pa.int32()), shared("x" * (1 << 20), 3000))
    inside = pa.StructArray.from_arrays([shared("x" * (1 << 20), 3000)], ["name"])
    long = pa.ListArray.from_arrays(pa.array([0, 60_000_000], pa.int32()), pa.nulls(60_000_000, pa.int8()))
    one = parquet(tmp_path / "a.parquet", text=["A quay."], authors=wide)
    assert "more memory than" in only_reject(one).reason
    many = parquet(tmp_path / "b.parquet", text=["A quay."] * 3000, source=inside)
    *_, last = items(many)
    assert isinstance(last, Reject)
    assert "decompression bomb" in last.reason
    assert "more memory than" in only_reject(parquet(tmp_path / "c.parquet", text=["A."], authors=long)).reason


@pytest.mark.usefixtures("little_memory")
def test_a_group_of_rows_that_is_too_large_leaves_the_others(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    wide = pa.ListArray.from_arrays(pa.array([0, 3000, 3000, 3000], pa.int32()), shared("x" * (1 << 20), 3000))
    pq.write_table(
        pa.table({"text": ["One.", "Two.", "Three."], "authors": wide}), tmp_path / "a.parquet", row_group_size=2
    )
    bad, good = items(tmp_path / "a.parquet")
    assert isinstance(bad, Reject)
    assert bad.source.endswith("rows 1 to 2")
    assert isinstance(good, Record)
    assert (good.article.text, good.source) == ("Three.", f"{tmp_path / 'a.parquet'}, row 3")


def test_damaged_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = wrote(tmp_path / "a.parquet", b"PAR1" + b"\x07" * 50 + b"PAR1")
    assert "damaged Parquet" in only_reject(path).reason


def test_parquet_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = wrote(tmp_path / "a.parquet", b"PAR1")
    other = wrote(tmp_path / "folder" / "b.bin", b"PAR1")
    wrote(tmp_path / "folder" / "c.txt", "A text that goes in.")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingDependency, match=r"ontherecord\[parquet\]"):
        read([str(path)])
    missing, text = items(other.parent)
    assert isinstance(missing, Reject)
    assert "pyarrow is not installed" in missing.reason
    assert isinstance(text, Record)
