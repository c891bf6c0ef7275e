"""What the page's events do, also with input that no browser would send."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assistant import Assistant
from assistant.dates import parse_date
from assistant.errors import BadFilter
from assistant.serve.page import MAX_TURNS, NO_SOURCE, Fields, Page, ShownHits, Turn, following
from assistant.types import Filters

TENDER = "Why was the ferry tender postponed?"


@pytest.fixture(scope="module")
def page(assistant: Assistant) -> Page:
    return Page(assistant)


@pytest.fixture(scope="module")
def asked(page: Page) -> tuple[Turn, ...]:
    return list(page.ask(TENDER, Fields(), ()))[-1][1]


@pytest.mark.parametrize(
    ("named", "next_one"),
    [
        ("2023", "2024"), ("2023-12", "2024-01"), ("2023-02", "2023-03"), ("2024-02-28", "2024-02-29"),
        ("2023-12-31", "2024-01-01"), ("2023-05-12T23:59:59Z", "2023-05-13T00:00:00Z"),
    ],
)  # fmt: skip
def test_an_inclusive_end_takes_in_all_that_it_names(named: str, next_one: str) -> None:
    assert following(parse_date(named)) == parse_date(next_one)


def test_fields_become_filters() -> None:
    assert Fields("2023-05", "2023-05", ["The Gazette"]).filters() == Filters(
        parse_date("2023-05"), parse_date("2023-06"), ("The Gazette",)
    )
    assert not Fields(None, " ", None).filters()
    for since, until in (("2023-06", "2023-05"), ("soon", ""), ("", "never")):
        with pytest.raises(BadFilter):
            Fields(since, until, []).filters()


def test_a_question_shows_at_once_and_then_its_answer(page: Page) -> None:
    first, last = list(page.ask(TENDER, Fields(), ()))
    assert "Searching the archive" in first[0]
    assert first[1] == ()
    assert "Searching the archive" not in last[0]
    assert last[1][0].answer is not None
    assert last[2] == last[3] == ""


def test_a_conversation_is_bounded_and_shows_the_latest_first(page: Page, asked: tuple[Turn, ...]) -> None:
    answer = asked[0].answer
    turns = tuple(Turn(-number, f"question {number}", answer) for number in range(1, MAX_TURNS + 1))
    shown, kept, *_ = list(page.ask("What about the bridge toll?", Fields(), turns))[-1]
    assert len(kept) == MAX_TURNS
    assert (kept[0].question, kept[-1].question) == ("question 2", "What about the bridge toll?")
    assert len({turn.number for turn in kept}) == MAX_TURNS
    assert shown.index("bridge toll") < shown.index(f"question {MAX_TURNS}")


def test_a_chip_asks_again_and_belongs_to_its_session(page: Page) -> None:
    turns = list(page.ask("Why was the ferry tender postponed in May 2023?", Fields(), ()))[-1][1]
    (turn,) = turns
    assert turn.answer is not None
    assert [one.name for one in turn.answer.inferred] == ["time"]
    click = {"kind": "drop", "turn": turn.number, "number": 1}
    shown, kept = list(page.again(turns, click))[-1]
    assert kept[0].without == ("time",)
    assert kept[0].answer is not None
    assert kept[0].answer.inferred == ()
    assert "Restore" in shown
    back = list(page.again(kept, {**click, "kind": "restore", "turn": kept[0].number}))[-1][1]
    assert back[0].answer is not None
    assert back[0].answer.inferred == turn.answer.inferred
    assert page.dates(turns, {**click, "kind": "dates"}) == (turn.question, "2023-05-01", "2023-05-31")
    for wrong in (
        None,
        "x",
        {},
        {**click, "turn": 0},
        {**click, "number": 99},
        {**click, "number": "1"},
        {**click, "kind": "cite"},
    ):
        assert list(page.again(turns, wrong)) == []
    assert list(page.again((), click)) == []
    assert page.dates(turns, {**click, "number": 2}) is None


def test_a_follow_up_continues_only_its_own_session(page: Page) -> None:
    turns = list(page.ask("What happened to the ferry tender in May 2023?", Fields(), ()))[-1][1]
    shown, kept, *_ = list(page.ask("and in 2021?", Fields(), turns))[-1]
    assert kept[-1].answer is not None
    assert kept[-1].answer.query == "What happened to the ferry tender in 2021?"
    assert "understood as" in shown
    alone = list(page.ask("and in 2021?", Fields(), ()))[-1][1][-1].answer
    assert alone is not None
    assert alone.query == "and in 2021?"


@pytest.mark.parametrize("question", ["", "   ", None, "x" * 2_001])
def test_text_that_is_not_a_question_is_not_asked(page: Page, question: str | None) -> None:
    (outcome,) = page.ask(question, Fields(), ())
    assert outcome[1] == ()
    assert 'role="alert"' in outcome[3]


def test_a_bad_date_is_explained_and_the_question_kept(page: Page) -> None:
    (outcome,) = page.ask(TENDER, Fields("<b>soon</b>"), ())
    assert outcome[2] == TENDER
    assert "is not a date" in outcome[3]
    assert "<b>soon" not in outcome[3]


def test_search_offers_more_until_everything_is_shown(page: Page) -> None:
    shown, found, notice, more = page.search("ferry", Fields(), "Newest first", 1)
    assert (len(found.hits), notice, more) == (1, "", True)
    assert "1 passage" in shown
    assert page.search("ferry", Fields(), "Newest first", 100)[3] is False
    assert page.search("", Fields(), "Newest first")[2]
    assert "Nothing found" in page.search("ferry", Fields("1950", "1951"), "Relevance")[0]


def test_a_citation_opens_its_article_with_its_words_marked(page: Page, asked: tuple[Turn, ...]) -> None:
    answer = asked[0].answer
    assert answer is not None
    assert answer.citations[0].marker == 1
    panel = page.open_source(asked, ShownHits(), {"kind": "cite", "turn": asked[0].number, "number": 1})
    assert "<mark" in panel
    assert "Harbour authority postpones ferry tender" in panel


@pytest.mark.parametrize(
    "clicked",
    [
        None, "cite", 7, [], {}, {"kind": "cite"}, {"kind": "cite", "turn": 500, "number": 99},
        {"kind": "cite", "turn": 99, "number": 1}, {"kind": "cite", "turn": 500, "number": -1},
        {"kind": "hit", "turn": 0, "number": 1}, {"kind": "near", "turn": 500, "number": 1},
        {"kind": "cite", "turn": "500", "number": "1"}, {"kind": "cite", "turn": [1], "number": {"a": 1}},
        {"kind": "../../etc", "turn": 500, "number": 10**30}, {"kind": "hit", "turn": 0, "number": True},
    ],
)  # fmt: skip
def test_a_forged_click_opens_nothing(page: Page, asked: tuple[Turn, ...], clicked: Any) -> None:
    asked = (replace(asked[0], number=500),)
    panel = page.open_source(asked, ShownHits(), clicked)
    assert "no longer part of this session" in panel
    assert "<mark" not in panel


def test_a_click_on_the_results_of_an_earlier_search_opens_nothing(page: Page) -> None:
    earlier = page.search("bridge toll", Fields(), "Relevance")[1]
    later = page.search("ferry tender", Fields(), "Relevance")[1]
    clicked = {"kind": "hit", "turn": earlier.number, "number": 1}
    assert "<mark" in page.open_source((), earlier, clicked)
    assert "no longer part" in page.open_source((), later, clicked)


def test_another_session_sees_nothing_of_this_one(page: Page) -> None:
    assert "no longer part" in page.open_source((), ShownHits(), {"kind": "cite", "turn": 1, "number": 1})


def test_closing_shows_the_empty_panel(page: Page) -> None:
    assert page.open_source((), ShownHits(), {"kind": "close"}) == NO_SOURCE


def test_arriving_shows_how_fresh_the_archive_is(page: Page, assistant: Assistant) -> None:
    head, outlets = page.arrive()
    assert "6 articles" in head
    assert outlets == assistant.outlets()
