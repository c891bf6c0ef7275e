"""Fusion, time, and the words of questions."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.base import Hits
from assistant.retrieval.hybrid import fuse
from assistant.retrieval.speech import SpeechQuestion
from assistant.retrieval.terms import coverage, roots, sought, terms
from assistant.retrieval.when import when


def _hits(ids: list[int]) -> Hits:
    return Hits(np.array(ids, np.int64), np.linspace(1, 0.1, len(ids), dtype=np.float32))


def test_what_both_lists_have_comes_first() -> None:
    scores = fuse(_hits([1, 2, 3]), _hits([2, 4]), dense_weight=0.5, constant=10)
    assert max(scores, key=lambda key: scores[key]) == 2
    assert set(scores) == {1, 2, 3, 4}


@given(
    st.lists(st.integers(1, 50), unique=True, max_size=20),
    st.lists(st.integers(1, 50), unique=True, max_size=20),
    st.floats(0, 1),
)
def test_fused_scores_lie_between_nothing_and_one(dense: list[int], lexical: list[int], weight: float) -> None:
    scores = fuse(_hits(dense), _hits(lexical), weight, 10)
    assert set(scores) == set(dense) | set(lexical)
    assert all(0 <= score <= 1 + 1e-9 for score in scores.values())


@pytest.mark.parametrize(
    ("question", "since", "until", "rest"),
    [
        ("What did she say in 2022?", "2022-01-01", "2023-01-01", "What did she say?"),
        ("Who won in May 2023?", "2023-05-01", "2023-06-01", "Who won?"),
        ("Was sagte Weiß im Oktober 2024 dazu?", "2024-10-01", "2024-11-01", "Was sagte Weiß dazu?"),
        ("Aydın temmuz 2023’te ne dedi?", "2023-07-01", "2023-08-01", "Aydın ne dedi?"),
        ("Что сказал Савельев в декабре 2022 года?", "2022-12-01", "2023-01-01", "Что сказал Савельев?"),
        ("Did Marta 2021 sell?", "2021-01-01", "2022-01-01", "Did Marta sell?"),
    ],
)
def test_the_time_a_question_names(question: str, since: str, until: str, rest: str) -> None:
    found = when(question)
    assert found
    assert (f"{found.since:%Y-%m-%d}", f"{found.until:%Y-%m-%d}", found.rest) == (since, until, rest)
    assert found.holds(int(found.since.timestamp()))
    assert not found.holds(int(found.until.timestamp()))


@pytest.mark.parametrize("question", ["How many of the 12021 seats?", "What is new?", "Flight 3022?", ""])
def test_questions_that_name_no_time(question: str) -> None:
    assert when(question) is None


@given(st.text(max_size=80))
def test_any_question_has_its_time_or_none(question: str) -> None:
    found = when(question)
    assert found is None or (
        found.since < found.until and found.since.tzinfo is UTC and found.since >= datetime(1900, 1, 1, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many people died?", "number"), ("Wann öffnet der Tunnel?", "time"), ("Who resigned?", "person"),
        ("Сколько стоит билет?", "number"), ("Kim istifa etti?", "person"), ("متى يفتح؟", "time"), ("Why did it fall?", ""),
    ],
)  # fmt: skip
def test_what_kind_of_thing_is_asked_for(question: str, kind: str) -> None:
    assert sought(question) == kind


def test_a_word_is_found_in_its_other_forms() -> None:
    wanted = terms("closing ferries", "en")
    assert coverage(wanted, [1.0, 3.0], frozenset(roots("The ferry was closed", "en"))) == 1.0
    assert coverage(wanted, [1.0, 3.0], frozenset(roots("It was closed", "en"))) == 0.25
    assert coverage([], [], frozenset()) == 0.0


def test_words_with_vowel_signs_are_one_word() -> None:
    assert [term.word for term in terms("يُفتتح المطار", "ar")] == ["يفتتح", "المطار"]


def test_readings_of_a_name_grow_shorter() -> None:
    readings = SpeechQuestion("Weiß im Herbst", "den Tunnel").readings()
    assert [r.speaker for r in readings] == ["Weiß im Herbst", "Weiß im", "Weiß"]
    assert readings[-1].topic == "im Herbst den Tunnel"
