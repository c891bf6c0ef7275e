"""The sample archive is what its README says it is: data checks, read with the standard library alone."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from defusedxml import ElementTree

from assistant import dates

SAMPLE = Path(__file__).parents[1] / "sample"
LANGUAGES = {"en", "de", "tr", "ru", "ar"}
REQUIRED = ("id", "url", "headline", "byline", "outlet", "section", "language", "published", "text")
OPENING = {"en": "“", "tr": "“", "de": "„", "ru": "«", "ar": "«"}
CLOSING = {"en": "”", "tr": "”", "de": "“", "ru": "»", "ar": "»"}
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"

Record = dict[str, Any]


class _Paragraphs(HTMLParser):
    """Collects the paragraphs of ``<div class="body">``, or of the whole when there is none."""

    def __init__(self, everywhere: bool) -> None:
        super().__init__()
        self._inside, self._open = everywhere, False
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = self._inside or (tag == "div" and ("class", "body") in attrs)
        if tag == "p" and self._inside:
            self._open = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "p"
        self._inside = self._inside and tag != "article"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found[-1] += data


def _paragraphs(html: str, everywhere: bool = True) -> str:
    parser = _Paragraphs(everywhere)
    parser.feed(html)
    return "\n\n".join(parser.found)


def _jsonl(name: str) -> list[Record]:
    lines = (SAMPLE / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _note(path: Path) -> Record:
    _, front, text = path.read_text("utf-8").split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in front.splitlines())
    record: Record = {k: json.loads(v) if v.startswith('"') else v for k, v in fields.items()}
    return record | {"text": text.strip()}


def _feed() -> list[Record]:
    root = ElementTree.fromstring((SAMPLE / "feed.xml").read_text("utf-8"))
    channel = root.find("channel")
    assert channel is not None
    return [
        {
            "id": item.findtext("guid"),
            "url": item.findtext("link"),
            "headline": item.findtext("title"),
            "byline": item.findtext(_CREATOR),
            "outlet": channel.findtext("title"),
            "section": item.findtext("category"),
            "language": channel.findtext("language"),
            "published": item.findtext("pubDate"),
            "text": _paragraphs(item.findtext(_CONTENT) or ""),
        }
        for item in channel.findall("item")
    ]


def _page() -> Record:
    html = (SAMPLE / "page.html").read_text("utf-8")
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert block is not None
    data = json.loads(block[1])
    return {
        "id": data["mainEntityOfPage"],
        "url": data["mainEntityOfPage"],
        "headline": data["headline"],
        "byline": data["author"]["name"],
        "outlet": data["publisher"]["name"],
        "section": data["articleSection"],
        "language": data["inLanguage"],
        "published": data["datePublished"],
        "text": _paragraphs(html, everywhere=False),
    }


def _first_versions() -> list[Record]:
    notes = [_note(path) for path in sorted((SAMPLE / "notes").glob("*.md"))]
    return [*_jsonl("articles.jsonl"), *notes, *_feed(), _page()]


@pytest.fixture(scope="module")
def articles() -> list[Record]:
    return _first_versions()


@pytest.fixture(scope="module")
def current(articles: list[Record]) -> dict[str, Record]:
    return {record["id"]: record for record in [*articles, *_jsonl("corrections.jsonl")]}


def _grams(text: str) -> set[tuple[str, ...]]:
    found = re.findall(r"\w+", text.casefold())
    return set(zip(*(found[i:] for i in range(5)), strict=False))


def _unbalanced(text: str, opening: str, closing: str) -> str:
    """Return the paragraph in which quotation marks do not match; "" when they all do.

    A quote that runs on opens each of its paragraphs and is closed in the last.
    """
    depth = 0
    for paragraph in text.split("\n\n"):
        if depth:
            if not paragraph.startswith(opening):
                return paragraph
            depth -= 1
        for mark in re.findall(f"[{opening}{closing}]", paragraph):
            depth += 1 if mark == opening else -1
            if depth not in (0, 1):
                return paragraph
    return text if depth else ""


def test_every_record_is_whole(articles: list[Record]) -> None:
    for record in [*articles, *_jsonl("corrections.jsonl")]:
        missing = [name for name in REQUIRED if not (record.get(name) or "").strip()]
        assert not missing, (record["id"], missing)
        assert set(record) <= {*REQUIRED, "updated"}, record["id"]
        assert unicodedata.is_normalized("NFC", record["text"] + record["headline"]), record["id"]
        assert not re.search(r"[ \t]{2}|\n{3}|\r| \n|\n ", record["text"]), record["id"]
        assert 90 <= len(record["text"].split()) <= 520, record["id"]


def test_it_is_as_large_and_as_mixed_as_promised(articles: list[Record]) -> None:
    languages = Counter(record["language"] for record in articles)
    assert len(articles) >= 140
    assert set(languages) == LANGUAGES
    assert min(languages.values()) >= 10
    assert 0.6 <= languages["en"] / len(articles) <= 0.75
    assert len({record["outlet"] for record in articles}) == 12
    assert len(_feed()) >= 5
    assert len(list((SAMPLE / "notes").glob("*.md"))) >= 5


def test_ids_and_urls_are_unique_and_invented(articles: list[Record]) -> None:
    for field in ("id", "url"):
        twice = [value for value, n in Counter(record[field] for record in articles).items() if n > 1]
        assert not twice, field
    hosts = {urlsplit(record["url"]).hostname or "" for record in articles}
    assert all(host.endswith(".example") for host in hosts), hosts
    assert len(hosts) == 12


def test_dates_lie_within_the_years_covered(articles: list[Record]) -> None:
    for record in articles:
        published = dates.parse_date(record["published"])
        assert published.precision == "second", record["id"]
        assert datetime(2022, 1, 1, tzinfo=UTC) <= published.instant < datetime(2026, 7, 1, tzinfo=UTC), record["id"]
        day = re.search(r"-(\d{6})-", record["id"])
        assert day is None or f"{published.instant:%y%m%d}" == day[1], record["id"]


def test_quotation_marks_match(current: dict[str, Record]) -> None:
    for record in current.values():
        text, language = record["text"], record["language"]
        if language == "ru":  # “ ” stand inside « » there
            assert not _unbalanced(text, "“", "”"), record["id"]
        if record["outlet"] == "Inland Courier":
            assert not re.search("[“”]", text), record["id"]
            assert all(paragraph.count('"') % 2 == 0 for paragraph in text.split("\n\n")), record["id"]
        else:
            assert '"' not in text, record["id"]
            assert not _unbalanced(text, OPENING[language], CLOSING[language]), record["id"]


def test_an_unclosed_quotation_mark_is_noticed() -> None:
    assert _unbalanced("“He left,” she said. “And then", "“", "”")
    assert _unbalanced("“One.\n\nTwo,” he said.", "“", "”")
    assert _unbalanced("Said he.” She did.", "“", "”")
    assert not _unbalanced("“One.\n\n“Two,” he said.", "“", "”")


def test_each_language_is_written_in_its_letters(articles: list[Record]) -> None:
    letters = {"ru": "[а-яё]", "ar": "[\u0621-\u064a]", "tr": "[ığşçöü]", "de": "[äöüß]"}
    for record in articles:
        count = len(re.findall(letters.get(record["language"], "[a-z]"), record["text"].lower()))
        assert count > (400 if record["language"] in ("en", "ru", "ar") else 5), record["id"]


def test_corrections_change_the_text_of_an_article_that_is_there(articles: list[Record]) -> None:
    before = {record["id"]: record for record in articles}
    corrections = _jsonl("corrections.jsonl")
    assert len(corrections) >= 2
    assert len({record["id"] for record in corrections}) == len(corrections)
    for record in corrections:
        first = before[record["id"]]
        assert record["text"] != first["text"]
        assert "Correction, " in record["text"]
        assert (record["url"], record["published"]) == (first["url"], first["published"])
        assert dates.parse_date(record["updated"]) > dates.parse_date(first["published"])


def test_wire_copy_overlaps_and_comes_later(articles: list[Record]) -> None:
    by_id = {record["id"]: record for record in articles}
    wire = json.loads((SAMPLE / "stories.json").read_text("utf-8"))["wire"]
    assert len(wire) >= 5
    for group in wire:
        agency, *copies = (by_id[name] for name in group["articles"])
        assert agency["outlet"] == "Meridian Wire"
        assert 3 <= len(copies) <= 5
        assert len({record["outlet"] for record in copies}) == len(copies)
        assert len({record["headline"] for record in (agency, *copies)}) == len(copies) + 1
        for copy in copies:
            one, other = _grams(agency["text"]), _grams(copy["text"])
            assert len(one & other) / len(one | other) >= 0.5, copy["id"]
            assert dates.parse_date(copy["published"]) > dates.parse_date(agency["published"]), copy["id"]


def test_articles_written_apart_do_not_overlap(articles: list[Record]) -> None:
    wire = json.loads((SAMPLE / "stories.json").read_text("utf-8"))["wire"]
    repeated = {name for group in wire for name in group["articles"][1:]}
    own = [(record["id"], _grams(record["text"])) for record in articles if record["id"] not in repeated]
    for n, (name, one) in enumerate(own):
        for other_name, other in own[n + 1 :]:
            assert len(one & other) <= 0.2 * min(len(one), len(other)), (name, other_name)


def test_questions_are_answered_where_they_say(current: dict[str, Record]) -> None:
    questions = _jsonl("questions.jsonl")
    absent = [item for item in questions if not item["answerable"]]
    assert len(questions) - len(absent) >= 40
    assert len(absent) >= 10
    assert len({item["id"] for item in questions}) == len({item["question"] for item in questions}) == len(questions)
    assert {item["language"] for item in questions} == {item["language"] for item in absent} == LANGUAGES
    for item in questions:
        if not item["answerable"]:
            assert not item.keys() & {"answers", "article_ids"}, item["id"]
            continue
        texts = [current[name]["text"] for name in item["article_ids"]]
        assert texts, item["id"]
        for snippet in item["answers"]:
            assert any(snippet in text for text in texts), (item["id"], snippet)
        for name, text in zip(item["article_ids"], texts, strict=True):
            assert any(snippet in text for snippet in item["answers"]), (item["id"], name)


def test_suggested_questions_are_a_handful() -> None:
    suggested = json.loads((SAMPLE / "suggested.json").read_text("utf-8"))
    assert 6 <= len(suggested) == len(set(suggested)) <= 8
    assert all(isinstance(question, str) and question.endswith("?") for question in suggested)


def test_traps_are_in_place(current: dict[str, Record]) -> None:
    assert "Ignore previous instructions" in current["eq-240806-scam-mail"]["text"]
    for mark in ("<b>", "</b>", "<script>", "&amp;", "&lt;"):
        assert mark in current["eq-260423-library-markup"]["text"]
    everything = "\n".join(record["text"] for record in current.values())
    for name in ("Yelena Markova", "Elena Markova", "Jelena Markowa", "Елена Маркова", "Sebnem Aydin", "Şebnem Aydın",
                 "Juergen Weiss", "Jürgen Weiß", "Mohammed al-Haddad", "Muhammad Haddad", "محمد الحداد",
                 "Kılıçdaroğlu", "Kilicdaroglu", "Кылычдароглу", "كليتشدار أوغلو"):  # fmt: skip
        assert name in everything, name


def test_the_plain_text_has_a_line_of_hashtags_and_a_timestamp() -> None:
    *paragraphs, tags, stamp = (SAMPLE / "turkish-election.txt").read_text("utf-8").splitlines()
    assert len(paragraphs) >= 5
    assert all(tag.startswith("#") for tag in tags.split())
    assert dates.parse_date(stamp).iso() == "2023-05-12T19:40:00Z"


def test_the_readme_names_every_file_and_outlet(articles: list[Record]) -> None:
    readme = (SAMPLE / "README.md").read_text("utf-8")
    for path in SAMPLE.iterdir():
        assert path.name == "README.md" or f"`{path.name}" in readme, path.name
    for outlet in {record["outlet"] for record in articles}:
        assert outlet in readme, outlet
    for name in json.loads((SAMPLE / "stories.json").read_text("utf-8"))["corrected"]:
        assert f"`{name}`" in readme, name
