"""What a program hands over: filters and options, checked when they are made."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date, datetime
from typing import Any

import pytest

from assistant import Article, AskOptions, BadFilter, Filters, UsageError, parse_date
from assistant.testing import memory_assistant


def test_filters_are_made_of_dates_as_people_write_them() -> None:
    made = Filters.of(since="2023-05", until=date(2023, 6, 1), outlets=["Harbour Post"], languages=[" EN "])
    assert made == Filters(parse_date("2023-05"), parse_date("2023-06-01"), ("Harbour Post",), languages=("en",))
    assert not Filters.of(since="", until=None)


def test_a_filter_with_an_invalid_date_is_refused() -> None:
    with pytest.raises(BadFilter, match="'soon' is not a date"):
        Filters.of(since="soon")


@pytest.mark.parametrize("name", ["outlets", "authors", "sections", "languages"])
def test_a_string_is_not_a_list_of_filters(name: str) -> None:
    given: dict[str, Any] = {name: "Harbour Post"}
    with pytest.raises(UsageError, match=f"{name} must be a list of strings, not a single string: 'Harbour Post'"):
        Filters.of(**given)


def test_options_keep_what_was_given() -> None:
    questions = ["Why is the tunnel late?"]
    options = AskOptions(history=questions, without=["time", "outlet"])
    questions.append("And the ferry?")
    assert (options.history, options.without) == (("Why is the tunnel late?",), ("time", "outlet"))
    with pytest.raises(FrozenInstanceError):
        options.model = False  # type: ignore[misc]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"history": "Why?"}, "history must be a list of strings, not a single string: 'Why\\?'"),
        ({"without": "time"}, "without must be a list of strings"),
        ({"without": ["mood"]}, "there is no inference 'mood'"),
    ],
)
def test_options_that_cannot_be_are_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        AskOptions(**given)


def test_an_instant_without_a_zone_is_in_the_archives() -> None:
    with memory_assistant([Article("The tunnel is late.", language="en")], quotes=False) as assistant:
        answer = assistant.ask("Why is the tunnel late?", AskOptions(as_of=datetime(2023, 6, 1, 12)))
    assert answer.as_of == "2023-06-01T12:00:00+00:00"
