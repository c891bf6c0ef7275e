"""JSON Lines and JSON: names, structures and faults."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.ingest import Record, Reject
from tests.ingest.reading import articles, items, only_reject, records, wrote

FERRY = {"id": 7, "title": "Ferry resumes", "text": "The ferry sails again.", "published": "2024/03/15"}


def test_one_line_per_object(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.jsonl", '\ufeff{"id": "ş", "text": "One."}\r\n\n \x1e{"id": 2, "text": "Two."}')
    assert [(r.article.id, r.article.text, r.source) for r in records(path)] == [
        ("ş", "One.", f"{path}:1"),
        ("2", "Two.", f"{path}:3"),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{broken", "not JSON: Expecting property name"),
        ("[1, 2]", "expected a JSON object here, found a list"),
        ("null", "expected a JSON object here, found null"),
        ("[" * 100_000, "nested too deeply"),
        ('{"text": ' + "9" * 5000 + "}", "unreadable JSON"),
        ('{"id": 1, "titel": "x"}', "this record has id, titel. Name the field: --map text=FIELD"),
        ('{"text": " \\u200b\\n "}', "no text"),
        ('{"text": null, "id": 4}', "no text"),
        ('{"text": "A secret.", "pubstatus": "Withheld"}', "pubstatus is 'withheld'"),
        ('{"text": "Tomorrow.", "embargoed": "%s"}', "under embargo until"),
    ],
)
def test_a_bad_line_is_kept_and_the_next_read(tmp_path: Path, line: str, says: str) -> None:
    from datetime import UTC, datetime, timedelta

    line = line.replace("%s", (datetime.now(UTC) + timedelta(days=9)).isoformat())
    path = wrote(tmp_path / "a.jsonl", f'{line}\n{{"text": "Good."}}\n')
    bad, good = items(path)
    assert isinstance(bad, Reject)
    assert says in bad.reason
    assert (bad.source, bad.raw) == (f"{path}:1", line[: 64 << 10].strip())
    assert isinstance(good, Record)
    assert good.article.text == "Good."


def test_rejects_that_were_mended_are_read_again(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.jsonl", '{"id": 1, "words": "The bridge is open."}\n')
    (bad,) = items(path)
    assert isinstance(bad, Reject)
    kept = json.dumps({"source": bad.source, "reason": bad.reason, "raw": bad.raw.replace("words", "text")})
    (article,) = articles(wrote(tmp_path / "rejects.jsonl", kept))
    assert (article.id, article.text) == ("1", "The bridge is open.")


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([FERRY, FERRY]),
        json.dumps([FERRY, FERRY], indent=2),
        json.dumps({"status": "ok", "articles": [FERRY, FERRY], "next": {"page": [2]}}),
        json.dumps({"response": {"total": 2, "docs": [FERRY, FERRY]}}),
        json.dumps(FERRY) + json.dumps(FERRY),
        json.dumps(FERRY, indent=1) + "\n" + json.dumps(FERRY, indent=1),
        json.dumps(FERRY) + "\n" + json.dumps(FERRY),
        "[" + json.dumps(FERRY) + "," + json.dumps(FERRY),  # no end
        "[" + json.dumps(FERRY) + ",,\n" + json.dumps(FERRY) + ",]",
        '{"articles": [' + json.dumps(FERRY) + "," + json.dumps(FERRY) + '], "next": oops}',
    ],
)
@pytest.mark.parametrize("limit", [16 << 20, 120])
def test_every_shape_of_json(tmp_path: Path, content: str, limit: int) -> None:
    """The limit is so small that the container around the records exceeds it."""
    path = wrote(tmp_path / "a.json", content)
    found = [item.article for item in items(path, max_record_bytes=limit) if isinstance(item, Record)]
    assert [(a.id, a.headline, a.text) for a in found] == [("7", "Ferry resumes", "The ferry sails again.")] * 2


def test_one_bad_element_is_one_reject(tmp_path: Path) -> None:
    path = wrote(tmp_path / "a.json", '[{"text": "a"}, {"text" "b"}, 5, {"text": "c", "x": "[{\\""}]')
    first, broken, number, last = items(path)
    assert isinstance(first, Record)
    assert isinstance(broken, Reject)
    assert (broken.source, broken.raw) == (f"{path}, record 2", '{"text" "b"}')
    assert isinstance(number, Reject)
    assert "found a number" in number.reason
    assert isinstance(last, Record)
    assert last.source == f"{path}, record 4"


def test_an_element_beyond_the_limit_is_passed_over(tmp_path: Path) -> None:
    long = json.dumps({"text": "word " * 50_000})
    path = wrote(tmp_path / "a.json", f'[{{"text": "a"}}, {long}, {{"text": "b"}}]')
    before, bad, after = items(path, max_record_bytes=1000)
    assert isinstance(before, Record)
    assert isinstance(bad, Reject)
    assert "longer than 1000 bytes" in bad.reason
    assert long.startswith(bad.raw)
    assert 10_000 < len(bad.raw) <= 64 << 10
    assert isinstance(after, Record)
    assert after.article.text == "b"


def test_a_list_cut_off_keeps_what_stood_before(tmp_path: Path) -> None:
    *good, stopped = items(wrote(tmp_path / "a.json", '{"items": [{"text": "a"}, {"text": "b"}, {"text": "c'))
    assert [item.article.text for item in good if isinstance(item, Record)] == ["a", "b"]
    assert isinstance(stopped, Reject)
    assert "ends in the middle of this record" in stopped.reason
    assert stopped.raw == '{"text": "c'


def test_an_article_is_not_taken_for_a_container(tmp_path: Path) -> None:
    row = {"items": [{"caption": "A pier."}], "body": "The pier burned.", "data": [{"x": 1}]}
    (article,) = articles(wrote(tmp_path / "a.json", json.dumps(row)))
    assert article.text == "The pier burned."


@pytest.mark.parametrize("content", ["not json at all", '"a string"', "12 {"])
def test_no_json(tmp_path: Path, content: str) -> None:
    assert "not JSON: expected a list or an object" in only_reject(wrote(tmp_path / "a.json", content)).reason


@pytest.mark.parametrize("content", ["[]", '{"articles": []}', "  \n "])
def test_json_without_articles_is_rejected(tmp_path: Path, content: str) -> None:
    assert "no articles in it (read as json)" in only_reject(wrote(tmp_path / "a.json", content)).reason
