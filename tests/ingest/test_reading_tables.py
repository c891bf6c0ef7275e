"""CSV, TSV and Parquet."""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.errors import MissingDependency
from assistant.ingest import Record, Reject, read
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
    assert "this row has 3 cells, the header 2" in wide.reason
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


def test_no_column_for_the_text(tmp_path: Path) -> None:
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


def test_damaged_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = wrote(tmp_path / "a.parquet", b"PAR1" + b"\x07" * 50 + b"PAR1")
    assert "not sound Parquet" in only_reject(path).reason


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
