"""Fusion and the words of questions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.base import Hits
from assistant.retrieval.hybrid import fuse
from assistant.retrieval.speech import SpeechQuestion
from assistant.retrieval.terms import coverage, roots, sought, terms


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
