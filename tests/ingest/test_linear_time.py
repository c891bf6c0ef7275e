"""No text makes an expression backtrack without end: time is linear in the length of the text."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import dates, text
from assistant.errors import BadFilter, BadRecord
from assistant.ingest import Record, Reject, fields, names
from assistant.ingest.formats import feed_split, frontmatter, json_values, markup, pages, texts
from assistant.ingest.model import ReadStopped
from assistant.ingest.sources import encodings, sniff
from assistant.passages import split
from assistant.sentences import sentences
from tests.ingest.reading import articles, items, wrote

FUNCTIONS: dict[str, Callable[[str], Any]] = {
    "clean": text.clean,
    "words": text.words,
    "sentences": lambda value: sentences(text.clean(value)),
    "passages": lambda value: split(text.clean(value), "en", 180, lambda texts: [len(t) // 4 for t in texts]),
    "dates": dates.parse_date,
    "outlet": names.outlet_of,
    "language": names.language_code,
    "web_url": fields.web_url,
    "flat": fields.flat,
    "front matter": lambda value: frontmatter.front_matter(value, {}),
    "front matter, fenced": lambda value: frontmatter.front_matter(f"---\n{value[:60_000]}\n---\n", {}),
    "heading": texts._heading,
    "foot": texts._foot,
    "plain text": texts._plain,
    "is_html": markup.is_html,
    "html": markup.html_to_text,
    "style": markup._hides,
    "feed, its head": feed_split._closing,
    "feed, its entities": feed_split.refuse_entities,
    "JSON": lambda value: json_values.find_list(value.encode()),
    "format": lambda value: sniff.sniff("a", value.encode()[: sniff.HEAD]),
    "encoding": lambda value: encodings.declared(value.encode()),
}  # fmt: skip

# Pieces of the grammars that are read; repeated, they are what an expression may choke on.
PIECES = [
    "a", "a b", "A. ", "0", "0000", "1.", "2020-01-01 ", "\n", "\n\n", " ", "\t", "\xa0", "\u200b", "\u0301\u0327", "“", "。",
    "<a ", "<!--", "-->", "<p>", "</p", "<a href=x>", "<span style='", "<h1>", "<![CDATA[", "]]>", "&amp;", "&#", "<?", "?>",
    "<!", "<!DOCTYPE", "<!ENTITY", "<item>", "<a href=\"", "<p hidden>a</p>b", "height:0;", "overflow:", "display", "clip:",
    "# ", "#", "#a ", "=", "==\n", "- ", "- a\n", "> ", "|", "---\n", "+++\n", "a: ", "a:", "Key", "~~", "![", "](", "`", "**",
    '"', "'", '\\"', "\\", ":", ": [", "[", "{", "]", "}", "(", ",", "@", "!", "http://", "www.", "//", "<meta charset", "<?xml",
]  # fmt: skip

runs = st.lists(st.sampled_from(PIECES), max_size=2).map("".join)
units = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)


def seconds(function: Callable[[str], Any], value: str) -> float:
    """Return the processor time of a call, whether or not it accepts the value."""
    began = time.thread_time()
    with suppress(BadFilter, BadRecord, ReadStopped):
        function(value)
    return time.thread_time() - began


def check(function: Callable[[str], Any], before: str, unit: str, after: str) -> None:
    """Fail if sixteen times the length takes far more than sixteen times as long."""
    shorter = 0.0
    for length in (2_000, 32_000):
        longer = seconds(function, before + unit * (length // len(unit)) + after)
        assert longer < max(0.25, 60 * shorter), (
            f"{length:,} characters take {longer:.2f} s, a 16th of it {shorter:.4f} s"
        )
        shorter = longer


@pytest.mark.parametrize("name", FUNCTIONS)
def test_one_piece_again_and_again(name: str) -> None:
    for unit in PIECES:
        for before, after in (("", ""), ("# a", "b c>")):
            check(FUNCTIONS[name], before, unit, after)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(FUNCTIONS)), runs, units, runs)
def test_pieces_in_any_order_again_and_again(name: str, before: str, unit: str, after: str) -> None:
    check(FUNCTIONS[name], before, unit, after)


# --- whole files that took minutes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("heading.md", "# a" + " " * 200_000 + "b c\n\nThe crane stays."),
        ("blanks.md", " " * 300_000 + "x\nThe crane stays."),
        ("style.html", f"<html><body><article><p style='{'height:0;' * 22_000}'>The crane stays on the quay.</p><p>It moves inland in spring.</p></article></body></html>"),
        ("head.xml", f"<rss><channel>{'<a ' * 100_000}<item><description>The crane stays.</description></item>"),
        ("space.jsonl", '{"text": "<p>The crane stays.' + "\\u00a0" * 200_000 + '</p>"}'),
        ("key.txt", "Title:" + " " * 60_000 + "x\x0b\n\nThe crane stays."),
        ("marks.txt", "The crane stays. a" + "\u0301\u0327" * 100_000),
        ("open.json", '{"articles": [{"text": "The crane stays."}], "x": ' + '\\"' * 200_000),
    ],
)  # fmt: skip
def test_files_that_took_minutes(tmp_path: Path, name: str, content: str) -> None:
    began = time.thread_time()
    found = items(wrote(tmp_path / name, content))
    assert time.thread_time() - began < 5
    assert found
    for item in found:
        assert (isinstance(item, Record) and "crane stays" in text.clean(item.article.text)) or isinstance(item, Reject)


def test_marks_that_are_set_apart_stay_where_they_are(tmp_path: Path) -> None:
    """More than thirty combining characters in a row are split up (UAX #15, section 13) without loss."""
    pile = "a" + "\u0301\u0327" * 1000
    (article,) = articles(wrote(tmp_path / "a.txt", f"The crane {pile} stays."))
    cleaned = text.clean(article.text)
    assert text.clean(cleaned) == cleaned
    assert cleaned.count("\u0327") == 1000
    assert cleaned.count("\u0301") + cleaned.count("\xe1") == 1000
    assert "\u034f" in cleaned
    usual = "Ε\u0301 v\u0303\u0323 ế" * 300
    assert "\u034f" not in text.clean(usual)


def test_many_digits_are_not_a_date() -> None:
    with pytest.raises(BadFilter, match="it has 500,000 characters"):
        dates.parse_date("1." * 250_000, UTC)


@pytest.mark.parametrize(("body", "looked_for"), [("![" * 1_000, False), ("[" * 40 + "a" + "]" * 40, False),
                                                  ("See [the plan](plan.html).", True), ("[a\n\n" * 40, True)])  # fmt: skip
def test_links_are_not_looked_for_in_nested_brackets(
    monkeypatch: pytest.MonkeyPatch, body: str, looked_for: bool
) -> None:
    """A Markdown parser looks for the end of a link from each bracket on: quadratic time if none ends."""
    from markdown_it import helpers

    calls: list[object] = []

    def no_label(*arguments: object) -> int:
        calls.append(arguments)
        return -1

    monkeypatch.setattr(helpers, "parseLinkLabel", no_label)
    assert texts._markdown(f"The crane stays.\n\n{body}")[1].startswith("The crane stays.")
    assert bool(calls) is looked_for


def test_brackets_without_links_stay_as_they_are() -> None:
    assert texts._markdown("The crane stays.\n\n" + "[" * 50)[1].endswith("[" * 50)


def test_authors_of_any_length_are_cut_for_the_extraction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tidying up an author takes trafilatura quadratic time; no byline is that long."""
    from trafilatura import metadata

    lengths: list[int] = []
    monkeypatch.setattr(metadata, "normalize_authors", lambda _, author: lengths.append(len(author)))
    story = "<p>The crane stays on the quay until spring, the harbour office said on Monday.</p>" * 5
    page = f"<html><head><meta name='author' content='{'-->' * 9_000}'></head><body><article>{story}</article></body></html>"
    article, _ = pages.page_article(page, UTC)
    assert "crane stays" in article.text
    assert lengths
    assert max(lengths) <= 2_000
