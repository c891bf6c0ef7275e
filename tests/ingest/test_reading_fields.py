"""Other names for fields, and the forms of their values."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assistant.ingest import outlet_of
from assistant.ingest.names import FIELDS, language_code
from tests.ingest.reading import articles, only_reject, records, wrote


def one(tmp_path: Path, row: dict[str, Any], **options: Any) -> Any:
    (article,) = articles(wrote(tmp_path / "a.jsonl", json.dumps(row)), **options)
    return article


@pytest.mark.parametrize(("ours", "theirs"), [(ours, name) for ours, names in FIELDS.items() for name in names])
def test_every_common_name_is_known(tmp_path: Path, ours: str, theirs: str) -> None:
    value = {"url": "https://daily.example/a", "language": "fr", "published": "2024-02-03", "updated": "2024-02-03"}
    expected = value.get(ours, "Some words")
    spelled = theirs.replace("_", " ").title().replace(" ", "") if "_" in theirs[1:] else theirs.upper()
    article = one(tmp_path, {"text": "Body.", spelled: expected} if ours != "text" else {spelled: expected})
    found = getattr(article, ours)
    assert (found.iso() if ours in ("published", "updated") else found) == expected


def test_values_inside_values(tmp_path: Path) -> None:
    article = one(
        tmp_path,
        {
            "source": {"id": None, "name": "The Harbour Times"},
            "author": [{"name": "Ann Berg"}, {"name": "Bo Dahl"}, {"name": "Ann Berg"}],
            "title": {"rendered": "Tide &amp; time"},
            "content": {"rendered": "<p>First.</p><p>Second &mdash; last.</p>", "protected": False},
            "categories": ["Ports", "Economy"],
            "_id": {"$oid": "5f1"},
        },
    )
    assert article.outlet == "The Harbour Times"
    assert article.byline == "Ann Berg, Bo Dahl"
    assert article.headline == "Tide & time"
    assert article.text == "First.\n\nSecond — last."
    assert article.section == "Ports"
    assert article.id == "5f1"


@pytest.mark.parametrize(
    ("row", "field", "expected"),
    [
        ({"author": "By Ann Berg"}, "byline", "Ann Berg"),
        ({"author": "['Ann Berg', 'Bo Dahl']"}, "byline", "Ann Berg, Bo Dahl"),
        ({"author": "Byron Hill"}, "byline", "Byron Hill"),
        ({"title": "[Opinion] Why not?"}, "headline", "[Opinion] Why not?"),
        ({"title": "a\n  b\x00"}, "headline", "a b"),
        ({"title": "Profit < loss"}, "headline", "Profit < loss"),
        ({"source": "https://www.daily.example/feed"}, "outlet", "daily.example"),
        ({"url": "http://news.daily.co.uk/x"}, "outlet", "daily.co.uk"),
        ({"url": "//daily.example/x"}, "url", "https://daily.example/x"),
        ({"url": "www.daily.example/x"}, "url", "https://www.daily.example/x"),
        ({"link": [{"href": "https://daily.example/x"}]}, "url", "https://daily.example/x"),
        ({"id": 0}, "id", "0"),
        ({"id": "", "guid": "g"}, "id", "g"),
        ({"id": True}, "id", None),
        ({"id": "a\ud800b"}, "id", "a\ufffdb"),
        ({"author": "nan"}, "byline", ""),
        ({"lang": "en-US"}, "language", "en"),
        ({"lang": "klingon"}, "language", ""),
    ],
)
def test_forms_of_values(tmp_path: Path, row: dict[str, Any], field: str, expected: str) -> None:
    assert getattr(one(tmp_path, {"text": "Body.", **row}), field) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2018/03/15", "2018-03-15"),
        (20180315, "2018-03-15"),
        (1683906975, "2023-05-12T15:56:15Z"),
        (1683906975000, "2023-05-12T15:56:15Z"),
        (1683906975.5, "2023-05-12T15:56:15Z"),
        ("Fri, 12 May 2023 15:56:15 GMT", "2023-05-12T15:56:15Z"),
        ({"$date": "2023-05-12T15:56:15Z"}, "2023-05-12T15:56:15Z"),
        ("2023-05-12 15:56:15", "2023-05-12T12:56:15Z"),
    ],
)
def test_forms_of_dates(tmp_path: Path, value: object, expected: str) -> None:
    article = one(tmp_path, {"text": "Body.", "date": value}, zone=ZoneInfo("Europe/Istanbul"))
    assert article.published.iso() == expected


@pytest.mark.parametrize(
    "value", ["soon", "0000-00-00", "9999-12-31", "x" * 10_000, -62135596800, True, [["a"]], "12:30 ABCT"]
)
def test_an_absurd_date_is_a_warning(tmp_path: Path, value: object) -> None:
    (record,) = records(wrote(tmp_path / "a.jsonl", json.dumps({"text": "Body.", "published": value})))
    assert record.article.published is None
    if not isinstance(value, list | bool):
        assert record.warnings[0].startswith("published is not a date: ")


def test_the_second_best_date_is_taken(tmp_path: Path) -> None:
    (record,) = records(wrote(tmp_path / "a.jsonl", '{"text": "B.", "published": "?", "date": "2020-01-02"}'))
    assert record.article.published is not None
    assert (record.article.published.iso(), record.warnings) == ("2020-01-02", ())


def test_an_address_of_another_kind_is_left_out(tmp_path: Path) -> None:
    (record,) = records(wrote(tmp_path / "a.jsonl", '{"text": "B.", "url": "javascript:alert(1)"}'))
    assert record.article.url == ""
    assert "not a web address" in record.warnings[0]


def test_an_explicit_name_wins_and_stands_alone(tmp_path: Path) -> None:
    row = {"text": "Wrong.", "story": "Right.", "date": "2020-01-01", "meta": {"when": "2021-01-01"}, "title": "T"}
    article = one(tmp_path, row, mapping={"text": "story", "published": "meta.when", "headline": "kicker"})
    assert (article.text, article.published.iso(), article.headline) == ("Right.", "2021-01-01", "")
    path = wrote(tmp_path / "b.jsonl", '{"text": "x"}')
    assert "the field 'story' is missing" in only_reject(path, mapping={"text": "story"}).reason


def test_a_summary_replaces_a_missing_text_with_a_warning(tmp_path: Path) -> None:
    (record,) = records(wrote(tmp_path / "a.jsonl", '{"content": null, "description": "In short."}'))
    assert (record.article.text, record.warnings) == (
        "In short.",
        ("no full text; its description was ingested instead",),
    )


def test_an_article_inside_an_envelope(tmp_path: Path) -> None:
    article = one(tmp_path, {"_id": "x1", "_source": {"body": "Inside.", "title": "T"}})
    assert (article.id, article.text, article.headline) == ("x1", "Inside.", "T")


def test_html_in_a_text_is_read_and_a_stray_sign_is_not(tmp_path: Path) -> None:
    html = "<div>One<br><br>two <b>three</b><script>x()</script><p hidden>no</p><ul><li>four</li></ul></div>"
    assert one(tmp_path, {"text": html}).text == "One\n\ntwo three\n\nfour"
    assert one(tmp_path, {"text": "a < b & c > d"}).text == "a < b & c > d"


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://edition.cnn.example/2024/x", "cnn.example"),
        ("http://www.usatoday.example", "usatoday.example"),
        ("https://news.paper.co.uk:8080/", "paper.co.uk"),
        ("https://user:pass@paper.com.tr/", "paper.com.tr"),
        ("paper.de/x", "paper.de"),
        ("https://www.city.kobe.jp/x", "city.kobe.jp"),
        ("https://WWW.Paper.CO.UK", "paper.co.uk"),
        ("https://paper.news.internal/x", "news.internal"),
        ("https://www.xn--e1afmkfd.xn--p1ai/x", "xn--e1afmkfd.xn--p1ai"),
        ("https://co.uk/", ""),
        ("http://127.0.0.1/x", ""),
        ("http://[::1]/", ""),
        ("http://[bad", ""),
        ("localhost", ""),
        ("", ""),
    ],
)
def test_outlet_of_an_address(url: str, outlet: str) -> None:
    assert outlet_of(url) == outlet


def test_public_suffixes_are_neither_fetched_nor_cached(tmp_path: Path) -> None:
    code = (
        "import socket\n"
        "def refuse(*args): raise SystemExit(f'asked for the network: {args}')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from assistant.ingest import outlet_of\n"
        "print(outlet_of('https://www.city.kobe.jp/'))"
    )
    home = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=home, check=False)
    assert (done.stdout, done.stderr) == ("city.kobe.jp\n", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("value", "code"),
    [("EN", "en"), ("en_GB.UTF-8", "en"), ("English", "en"), ("eng", "en"), ("Türkçe", "tr"), ("zh-Hant-TW", "zh"),
     ("iw", "he"), ("nb-NO", "no"), ("nno", "no"), ("cym", "cy"), ("sr_Latn", "sr"), ("qq", ""), ("x" * 10_000, ""),
     ("en-" * 20, ""), ("\x00", ""), ("", ""), ("unknown", ""), ("und", "")],
)  # fmt: skip
def test_language_codes(value: str, code: str) -> None:
    assert language_code(value) == code
