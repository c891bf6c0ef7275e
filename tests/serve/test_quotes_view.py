"""The Quotes tab without a browser: what it shows, what it lets be opened, and that nothing in it is markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answering.speech.listing import Listed, Listing
from assistant.attributions import Attribution, Utterance
from assistant.dates import parse
from assistant.pipeline import Assistant
from assistant.serve.page import Fields
from assistant.serve.quotes_view import QuotesPage, Shown, attribution, timeline_html
from assistant.speakers.resolve import Speaker

EVIL = '<img src=x onerror="window.owned=1">'
SAID = Attribution((4, 30), (0, 3), (31, 35), "direct", "Ana Berg")
QUOTE = Utterance(
    1, 1, 1, "a1", 1, "Harbour", "Post", "", "", "en", parse("2024-03-01"), SAID, "“We stay open all winter,”", "Ana", "said"
)  # fmt: skip
LISTED = Listed(QUOTE, "Ana Berg")


def test_copied_words_come_with_speaker_and_source_and_reported_ones_without_marks() -> None:
    assert attribution(LISTED).startswith("“We stay open all winter,”\n— Ana Berg. Harbour, Post, 1 March 2024\n")
    reported = replace(QUOTE, said=replace(SAID, kind="indirect"), text="that they would stay open")
    assert attribution(Listed(reported, "Ana Berg")).startswith("that they would stay open\n— Ana Berg, reported. ")


def test_whom_words_are_said_to_is_shown_and_copied() -> None:
    told = Listed(replace(QUOTE, said=replace(SAID, addressee=(36, 45)), addressee="reporters"), "Ana Berg")
    assert attribution(told).startswith("“We stay open all winter,”\n— Ana Berg, to reporters. Harbour")
    assert "to <bdi>reporters</bdi>" in timeline_html(Listing((), (told,), 1), [told], "", 1)
    assert "to <bdi>" not in timeline_html(Listing((), (LISTED,), 1), [LISTED], "", 1)


def test_everything_shown_is_escaped() -> None:
    quote = replace(QUOTE, text=EVIL, headline=EVIL, outlet=EVIL, cue=EVIL, addressee=EVIL)
    speaker = Speaker(EVIL, "name", ((EVIL, 1), (f"{EVIL}2", 1)), 2, 1)
    shown = timeline_html(Listing((speaker,), (Listed(quote, EVIL),), 1), [Listed(quote, EVIL)], EVIL, 1)
    assert "<img" not in shown
    assert "<img" not in timeline_html(Listing((), (), 0), [], EVIL, 1)


def test_months_are_in_order_with_a_bar_each() -> None:
    later = Listed(replace(QUOTE, id=2, published=parse("2024-05-02")), "Ana Berg")
    undated = Listed(replace(QUOTE, id=3, published=None), "Ana Berg")
    shown = timeline_html(Listing((), (), 3), [later, LISTED, undated], "", 7)
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
    assert "Nothing is quoted that fits" in page.look("Lindqvist", "", "All", Fields("2024", ""))[0]
