"""“Since the earthquake”: what happened is read from the question, when it was from the archive."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.understanding.event_dates import burst, find_event
from assistant.retrieval.understanding.parse import understand
from assistant.retrieval.understanding.query import Query
from assistant.retrieval.understanding.relaxation import relaxed

NOW = datetime(2023, 6, 16, 15, 30, tzinfo=UTC)
QUAKE = date(2023, 2, 6)


@pytest.mark.parametrize(
    ("language", "question", "side", "what"),
    [
        ("en", "How many houses were rebuilt since the earthquake?", "since", "earthquake"),
        ("en", "What did Weiss say before the Turkish election?", "before", "Turkish election"),
        ("en", "What changed in the wake of the flood in Brackwater?", "after", "flood in Brackwater"),
        ("en", "Since the World Cup final, who has resigned?", "since", "World Cup final"),
        ("en", "What was promised until the run-off?", "until", "run-off"),
        ("de", "Was hat Weiß seit dem Erdbeben gesagt?", "since", "Erdbeben"),
        ("de", "Was sagte er vor der Parlamentswahl?", "before", "Parlamentswahl"),
        ("fr", "Qu'a-t-il dit avant l'élection ?", "before", "élection"),
        ("es", "¿Qué dijo después de las elecciones?", "after", "elecciones"),
        ("ru", "Что он сказал после землетрясения?", "after", "землетрясения"),
        ("tr", "depremden beri ne dedi?", "since", "depremden"),
        ("tr", "Aydın seçimden önce ne dedi?", "before", "seçimden"),
        ("ar", "ماذا قال بعد الزلزال؟", "after", "الزلزال"),
    ],
)
def test_events_that_name_a_time(language: str, question: str, side: str, what: str) -> None:
    found = find_event(question, (language,))
    assert found is not None
    assert found.side == side
    assert found.what.removeprefix("Aydın ") == what
    assert what in question[slice(*found.span)]


@pytest.mark.parametrize(
    "question",
    [
        "Who testified before the committee?",
        "Who was elected after the mayor?",
        "What has changed since Tuesday?",
        "Who won the election?",
        "Who looked after the fire engine?",
        "What did she say about the earthquake?",
    ],
)
def test_questions_that_name_no_time(question: str) -> None:
    assert find_event(question, ("en",)) is None


def told(what: str, language: str, as_of: datetime) -> date | None:
    return QUAKE if "quake" in what and as_of.date() > QUAKE else None


def test_since_an_event_means_since_its_day() -> None:
    query = understand("How many houses were rebuilt since the earthquake?", NOW, language="en", dated=told)
    (time,) = [one for one in query.inferred if one.name == "time"]
    assert (time.value, time.label) == ("2023-02-06/..", "since 6 February 2023 (earthquake)")
    assert time.span
    assert query.question[slice(*time.span)] == "since the earthquake"
    assert "earthquake" in query.text, "it is what the question is about, too"
    before = understand("Who led the council before the earthquake?", NOW, language="en", dated=told)
    assert before.within
    assert before.within.until == datetime(2023, 2, 6, tzinfo=UTC)


def test_somebodys_words_since_an_event_are_not_words_on_it() -> None:
    query = understand("What has Weiss said since the earthquake?", NOW, language="en", dated=told)
    assert query.speech
    assert query.speech.speaker == "Weiss"
    assert not query.speech.topic
    assert query.within


def test_words_at_a_time_that_cannot_be_dated_are_words_on_the_event() -> None:
    query = understand("What did Weiss say before the coronation?", NOW, language="en", dated=told)
    assert query.speech
    assert (query.speech.speaker, query.speech.topic) == ("Weiss", "coronation")
    assert query.within is None


def test_an_event_that_the_archive_cannot_date_is_left_alone() -> None:
    for question in ("What has changed since the flood?", "What has changed since the earthquake?"):
        as_of = NOW if "flood" in question else datetime(2022, 1, 1, tzinfo=UTC)
        query = understand(question, as_of, language="en", dated=told)
        assert query == understand(question, as_of, language="en")
        assert query.within is None
    off = understand("What has changed since the earthquake?", NOW, language="en", without=("time",), dated=told)
    assert off.within is None


def test_a_date_takes_precedence_over_an_event() -> None:
    query = understand("What has changed since the earthquake in May 2023?", NOW, language="en", dated=told)
    assert [one.value for one in query.inferred] == ["2023-05-01/2023-06-01"]


def test_an_event_that_leaves_nothing_is_searched_for_in_words() -> None:
    query = relaxed(understand("What has Weiss said since the earthquake?", NOW, language="en", dated=told), [], "time")
    assert query.within is None
    assert "earthquake" in query.text
    assert all(one.relaxed for one in query.inferred if one.name == "time")


def days(start: date, *counts: int) -> list[date]:
    return [start + timedelta(days=ahead) for ahead, count in enumerate(counts) for _ in range(count)]


def test_an_event_is_where_articles_lie_close_together() -> None:
    weekly = [date(2022, 1, 3) + timedelta(days=30 * n) for n in range(12)]
    assert burst([*weekly, *days(date(2022, 9, 14), 6, 5, 4, 2, 1)]) == date(2022, 9, 14)
    assert burst([*weekly, *days(date(2022, 9, 12), 1, 1, 8, 6, 3)]) == date(2022, 9, 14), "not what came before it"
    assert burst(weekly) is None
    assert burst([]) is None
    assert burst([date(2022, 9, 14)]) is None


def test_the_later_of_two_events_with_one_name_is_meant() -> None:
    first, second = days(date(2018, 6, 24), 9, 8, 3), days(date(2023, 5, 14), 7, 6, 3)
    assert burst([*first, *second]) == date(2023, 5, 14)
    assert burst([*first, date(2023, 5, 14)]) == date(2018, 6, 24)


@given(st.lists(st.dates(date(2020, 1, 1), date(2021, 12, 31)), max_size=60))
def test_a_burst_begins_on_a_day_that_has_articles(published: list[date]) -> None:
    day = burst(published)
    assert day is None or day in published
    assert day == burst(reversed(published))


def test_reading_a_question_changes_nothing_in_it() -> None:
    query: Query = understand("What has Weiss said since the earthquake?", NOW, language="en", dated=told)
    assert query.question == "What has Weiss said since the earthquake?"
