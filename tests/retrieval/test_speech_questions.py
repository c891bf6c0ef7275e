"""Questions about somebody's words: which are, and whose words they ask for."""

from __future__ import annotations

import pytest

from assistant.retrieval.speech import speech_question


@pytest.mark.parametrize(
    ("question", "speaker", "topic"),
    [
        ("Has Peskov changed position on Turkey?", "Peskov", "Turkey"),
        ("Has Peskov changed his position on Turkey?", "Peskov", "Turkey"),
        ("Has Erdogan ever changed his mind about Sweden?", "Erdogan", "Sweden"),
        ("Has Scholz's position on tanks changed?", "Scholz", "tanks"),
        ("How has Scholz's position on tanks changed?", "Scholz", "tanks"),
    ],
)
def test_whether_somebody_changed_position(question: str, speaker: str, topic: str) -> None:
    asked = speech_question(question)
    assert asked is not None
    assert (asked.form, asked.speaker, asked.topic) == ("changed", speaker, topic)


@pytest.mark.parametrize("question", ["Has Biden changed the law on guns?", "Did Apple change position in the market?"])
def test_a_change_of_something_else_is_no_question_about_words(question: str) -> None:
    assert speech_question(question) is None
