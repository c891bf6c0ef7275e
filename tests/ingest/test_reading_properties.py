"""Whatever is written is read back, and any input yields records or rejects."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.ingest import FORMATS, Record, Reject
from assistant.ingest.fields import is_blank
from assistant.text import clean
from tests.ingest.reading import articles, items

quick = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
texts = (
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(lambda t: f"a{t}z").filter(lambda t: "<" not in t)
)
lists = st.lists(st.tuples(texts, texts), min_size=1, max_size=5)
packs = st.sampled_from([bytes, gzip.compress, lzma.compress, bz2.compress])
endings = st.sampled_from(["", ".json", ".jsonl", ".csv", ".txt", ".md", ".html", ".xml", ".gz", ".zip"])


def read_back(content: bytes, name: str, **options: object) -> list[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return [(clean(a.text), a.byline) for a in articles(path, **options)]


def cleaned(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(clean(text), " ".join(clean(byline).split())) for text, byline in rows]


@quick
@given(lists, packs, st.booleans())
def test_json_lines_round_trip(rows: list[tuple[str, str]], pack: type[bytes], ascii_only: bool) -> None:
    objects = [{"text": text, "byline": f"a{byline}"} for text, byline in rows]
    content = "\n".join(json.dumps(row, ensure_ascii=ascii_only) for row in objects).encode()
    expected = cleaned([(row["text"], row["byline"]) for row in objects])
    found = read_back(pack(content), "a.jsonl")
    assert [text for text, _ in found] == [text for text, _ in expected]


@quick
@given(lists, st.sampled_from([None, 2]), st.integers(60, 5000))
def test_json_round_trips_in_every_container(rows: list[tuple[str, str]], indent: int | None, limit: int) -> None:
    content = json.dumps({"articles": [{"text": text, "x": {"y": [other]}} for text, other in rows]}, indent=indent)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.json"
        path.write_text(content)
        found = items(path, max_record_bytes=limit)
    assert len(found) == len(rows)
    for item, (text, _) in zip(found, rows, strict=True):
        assert isinstance(item, Reject) or item.article.text == text


@quick
@given(lists, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]), packs)
def test_tables_round_trip(rows: list[tuple[str, str]], delimiter: str, ending: str, pack: type[bytes]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows([("text", "other"), *rows])
    found = read_back(pack(out.getvalue().encode()), "a.csv")
    flat = [" ".join(clean(text.replace("\r", " ")).split()) for text, _ in rows]
    assert [" ".join(text.split()) for text, _ in found] == flat


@quick
@given(texts)
def test_plain_text_keeps_every_word(text: str) -> None:
    ((found, _),) = read_back(f"The first paragraph stands here.\n\n{text}.".encode(), "a.txt", format="text")
    assert "".join(found.split()) == "".join(clean(f"The first paragraph stands here.\n\n{text}.").split())


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=300) | st.text(alphabet='{}[]",:<>/!-&;\n\r\t#=+a1\\\0', max_size=200).map(str.encode),
    endings,
    st.sampled_from([None, *(name for name in FORMATS if name != "parquet")]),
    packs,
    st.sampled_from([16 << 20, 50]),
)
def test_any_bytes_give_records_or_rejects(
    content: bytes, ending: str, kind: str | None, pack: type[bytes], limit: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{ending}"
        path.write_bytes(pack(content))
        found = items(path, format=kind, max_record_bytes=limit)
        assert found == items(path, format=kind, max_record_bytes=limit)
    assert found
    for item in found:
        if isinstance(item, Record):
            assert not is_blank(item.article.text)
        else:
            assert item.reason
            assert len(item.raw) <= 64 << 10
