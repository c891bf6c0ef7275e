"""Unreadable files and encodings: each gets a message, and the rest is ingested."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from assistant.ingest import Record, Reject
from assistant.ingest.sources.encodings import detect
from tests.ingest.reading import articles, items, only_reject, records, wrote

FRENCH = "L'été dernier, la forêt près du château a brûlé ; « un désastre », déclare le maire, où qu'il aille."
RUSSIAN = "Порт остаётся открытым, сообщил в пятницу начальник гавани. Кран простоит ещё двадцать лет."
GREEK = "Ο γερανός μένει στο λιμάνι, ανακοίνωσε την Παρασκευή ο λιμενάρχης της πόλης."
JAPANESE = "港の古いクレーンは残されることになった、と港長が金曜日に発表した。"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty file"),
        (b"\xef\xbb\xbf", "no text"),
        (bytes(range(256)) * 20, "binary data"),
        (b"\x7fELF" + bytes(100), "a program"),
        (b"\x89PNG\r\n" + bytes(100), "an image (PNG)"),
        (b"%PDF-1.4\n", "a PDF, which is not supported; extract its text first"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"\x28\xb5\x2f\xfd....", "compressed with zstd, which is not supported; decompress it first"),
        (b"a.txt" + bytes(252) + b"ustar\x0000" + bytes(300), "a tar archive"),
        (b"WARC/1.0\r\n", "a WARC web archive"),
    ],
)
def test_pages_that_are_not_articles_are_rejected(tmp_path: Path, content: bytes, says: str) -> None:
    path = wrote(tmp_path / "a.txt", content)
    reject = only_reject(path)
    assert says in reject.reason
    assert reject.source == str(path)


@pytest.mark.parametrize("size", [40 << 20])
def test_an_endless_line_is_never_held(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"id": 1, "text": "Before."}\n{"text": "')
        for _ in range(size >> 20):
            file.write(b"x" * (1 << 20))
        file.write(b'"}\n{"id": 2, "text": "After."}\n')
    tracemalloc.start()
    before, bad, after = items(path, max_record_bytes=1 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(before, Record)
    assert isinstance(bad, Reject)
    assert bad.source == f"{path}:2"
    assert "longer than 1 MiB, the limit for one record (max_record_bytes)" in bad.reason
    assert len(bad.raw) == 64 << 10
    assert isinstance(after, Record)
    assert after.article.text == "After."
    assert peak < 8 << 20


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.csv", "a.json", "a.xml"])
def test_every_format_is_bounded(tmp_path: Path, name: str) -> None:
    start = {"a.html": "<html><p>", "a.csv": 'text\n"', "a.json": '{"text": "', "a.xml": "<rss><item><description>"}
    path = wrote(tmp_path / name, start.get(name, "") + "word " * 100_000)
    found = items(path, max_record_bytes=10_000)
    reasons = [item.reason for item in found if isinstance(item, Reject)]
    assert len(reasons) == len(found) > 0
    assert any("longer than" in reason or "ends in the middle" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(FRENCH, "cp1252"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (GREEK, "cp1253"), (JAPANESE, "shift_jis"),
     (JAPANESE, "euc-jp"), (FRENCH, "utf-16"), (RUSSIAN, "utf-16-le"), (FRENCH, "utf-16-be"), (GREEK, "utf-32"),
     (JAPANESE, "utf-8-sig")],
)  # fmt: skip
def test_encodings_are_detected(tmp_path: Path, text: str, encoding: str) -> None:
    (record,) = records(wrote(tmp_path / "a.txt", text.encode(encoding)))
    assert record.article.text == text
    usual = encoding.startswith("utf")
    assert bool(record.warnings) != usual
    content = f"id,text\n1,{json.dumps(text, ensure_ascii=False)}\n".encode(encoding)
    assert [article.text for article in articles(wrote(tmp_path / "a.csv", content))] == [text]


def test_a_named_encoding_wins(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.jsonl", json.dumps({"text": RUSSIAN}, ensure_ascii=False).encode("cp866"))
    assert [article.text for article in articles(path, encoding="cp866")] == [RUSSIAN]
    wide = wrote(tmp_path / "b.jsonl", json.dumps({"text": RUSSIAN}).encode("utf-16-be"))
    assert [article.text for article in articles(wide, encoding="utf-16-be")] == [RUSSIAN]


def test_one_line_of_another_encoding_is_read_with_a_warning(tmp_path: Path) -> None:
    lines = [json.dumps({"text": text}, ensure_ascii=False) for text in (FRENCH, FRENCH, RUSSIAN)]
    content = b"\n".join([lines[0].encode(), lines[1].encode("cp1252"), lines[2].encode()])
    found = records(wrote(tmp_path / "a.jsonl", content))
    assert [record.article.text for record in found] == [FRENCH, FRENCH, RUSSIAN]
    assert found[1].warnings == ("not UTF-8; read as cp1252",)
    assert found[0].warnings == found[2].warnings == ()


def test_bytes_of_no_encoding_are_replaced_and_counted(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.jsonl", b'{"text": "a \xff\xfe b"}')
    (record,) = records(path, encoding="utf-8")
    assert record.article.text == "a \ufffd\ufffd b"
    assert "2 characters could not be read as utf-8" in record.warnings[0]


def test_a_few_null_bytes_do_not_make_lines_binary(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.jsonl", b'{"text": "One."}\n' * 30 + bytes(100) + b'\n{"text": "Two."}\n')
    found = items(path)
    assert [type(item) for item in found] == [Record] * 30 + [Reject, Record]


def test_a_format_can_be_forced(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.log", '{"text": "One."}\n{"text": "Two."}\n')
    assert len(articles(path, format="jsonl")) == 2
    (text,) = articles(path, format="text")
    assert text.text.startswith('{"text"')


@pytest.mark.parametrize(
    ("name", "content", "count"),
    [
        ("noname", '{"text": "One."}\n{"text": "Two."}\n', 2),
        ("noname", '[{"text": "One."}, {"text": "Two."}]', 2),
        ("noname.txt", '{"text": "One."}\n{"text": "Two."}\n', 2),
        ("wrong.json", '{"text": "One."}\n{"text": "Two."}\n', 2),
        ("wrong.json", '{"text": "One."}\n{oops\n', 2),
        ("noname", "id,title,text\n1,a,b\n2,c,d\n", 2),
        ("noname", "[Reuters] The port stays open.", 1),
        ("noname", "{curly} is how it begins.", 1),
        ("noname", "<3 is how it begins.", 1),
        (
            "wrong.html",
            '<?xml version="1.0"?><rss><channel><item><description>a</description></item></channel></rss>',
            1,
        ),
        ("noname", "---\ntitle: T\n---\nBody.", 1),
    ],
)
def test_formats_are_recognised_by_name_and_content(tmp_path: Path, name: str, content: str, count: int) -> None:
    assert len(items(wrote(tmp_path / name, content))) == count


def test_detection_looks_past_ascii_lines() -> None:
    assert detect(b"plain text\n" * 2000 + RUSSIAN.encode("cp1251")) == "cp1251"
    assert detect("Гавань".encode()[:-1]) == "utf-8"  # a sample may end inside a character
