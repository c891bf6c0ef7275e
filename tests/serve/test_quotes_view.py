"""The Quotes tab without a browser: what it shows, what it lets be opened, and that nothing in it is markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant import Assistant
from assistant.answering.speech.listing import Listing
from assistant.serve.page import Fields
from assistant.serve.quotes_view import QuotesPage, Shown, attribution, timeline_html
from assistant.speakers.resolve import Speaker
from assistant.types import Fragment, Quote

EVIL = '<img src=x onerror="window.owned=1">'
QUOTE = Quote(
    "“We stay open all winter,”", "direct", "Ana Berg", "Ana Berg", Fragment("Ana", (0, 3)), Fragment("said", (31, 35)),
    None, "a1", 1, 4, 30, "Harbour", "Post", "", "2024-03-01", "", "en",
)  # fmt: skip


def test_copied_quotes_have_speaker_and_source_and_reported_ones_no_quotation_marks() -> None:
    assert attribution(QUOTE).startswith("“We stay open all winter,”\n— Ana Berg. Harbour, Post, 1 March 2024\n")
    reported = replace(QUOTE, kind="indirect", text="that they would stay open")
    assert attribution(reported).startswith("that they would stay open\n— Ana Berg, reported. ")


def test_an_addressee_is_shown_and_copied() -> None:
    told = replace(QUOTE, addressee=Fragment("reporters", (36, 45)))
    assert attribution(told).startswith("“We stay open all winter,”\n— Ana Berg, to reporters. Harbour")
    assert "to <bdi>reporters</bdi>" in timeline_html(Listing((), (told,), 1), [told], "", 1)
    assert "to <bdi>" not in timeline_html(Listing((), (QUOTE,), 1), [QUOTE], "", 1)


def test_everything_shown_is_escaped() -> None:
    evil = Fragment(EVIL, (0, 3))
    quote = replace(QUOTE, text=EVIL, headline=EVIL, outlet=EVIL, cue=evil, addressee=evil, speaker=EVIL)
    speaker = Speaker(EVIL, "name", ((EVIL, 1), (f"{EVIL}2", 1)), 2, 1)
    shown = timeline_html(Listing((speaker,), (quote,), 1), [quote], EVIL, 1)
    assert "<img" not in shown
    assert "<img" not in timeline_html(Listing((), (), 0), [], EVIL, 1)


def test_months_are_in_order_with_a_bar_each() -> None:
    later = replace(QUOTE, published="2024-05-02")
    undated = replace(QUOTE, published=None)
    shown = timeline_html(Listing((), (), 3), [later, QUOTE, undated], "", 7)
    assert shown.index("May 2024</h4>") < shown.index("March 2024</h4>") < shown.index("undated</h4>")
    assert shown.count("--share:100%") == 2
    assert 'data-listing="7"' in shown


@pytest.mark.parametrize(
    "clicked",
    [None, {}, {"kind": "quote"}, {"kind": "quote", "turn": 99, "number": 1}, {"kind": "hit", "turn": 1, "number": 1},
     {"kind": "quote", "turn": 1, "number": 0}, {"kind": "quote", "turn": 1, "number": "1"}],
)  # fmt: skip
def test_a_click_on_what_is_not_shown_opens_nothing(assistant: Assistant, clicked: object) -> None:
    page = QuotesPage(assistant)
    _, shown, _, _ = page.look("Lindqvist", "", "All", Fields())
    assert shown.number == 1
    assert page.picked(shown, clicked) is None


def test_looking_filtering_and_opening(assistant: Assistant) -> None:
    page = QuotesPage(assistant)
    assert "Marta Lindqvist" in page.speakers()
    html, shown, notice, more = page.look("Marta Lindqvist", "bidder", "In quotation marks", Fields())
    assert "We want every bidder" in html
    assert (notice, more) == ("", False)
    place = page.picked(shown, {"kind": "quote", "turn": shown.number, "number": 1})
    assert place is not None
    assert assistant.article(place.article_id).text[place.start : place.end] == place.text
    assert page.look("", "", "All", Fields())[1] == Shown()
    assert "Pick a speaker" in page.look(None, None, "All", Fields())[2]
    assert "first date" in page.look("Lindqvist", "", "All", Fields("2024", "2023"))[2]
    assert "No matching quotes" in page.look("Lindqvist", "", "All", Fields("2024", ""))[0]
