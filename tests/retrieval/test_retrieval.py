"""The words of questions."""

from __future__ import annotations

import pytest

from assistant.retrieval.analysis import answer_type, coverage, terms
from assistant.retrieval.stems import roots
from assistant.retrieval.understanding.speech_questions import SpeechQuestion


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many people died?", "number"), ("Wann öffnet der Tunnel?", "time"), ("Who resigned?", "person"),
        ("Сколько стоит билет?", "number"), ("Kim istifa etti?", "person"), ("متى يفتح؟", "time"), ("Why did it fall?", ""),
    ],
)  # fmt: skip
def test_the_type_of_answer_is_recognised(question: str, kind: str) -> None:
    assert answer_type(question) == kind


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
