"""Questions about somebody's words: which are, and whose words they ask for."""

from __future__ import annotations

import pytest

from assistant.retrieval.understanding.speech_questions import speech_question


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
def test_a_change_of_something_else_does_not_ask_for_words(question: str) -> None:
    assert speech_question(question) is None


@pytest.mark.parametrize(
    ("question", "speaker", "addressee", "topic"),
    [
        ("What did Biden tell Putin?", "Biden", "Putin", ""),
        ("What did Biden tell Putin about Ukraine?", "Biden", "Putin", "Ukraine"),
        ("What did Biden say to Putin about Ukraine?", "Biden", "Putin", "Ukraine"),
        ("What did Biden tell the president of Ukraine about the war?", "Biden", "the president of Ukraine", "the war"),
        ("What did Merkel tell reporters?", "Merkel", "reporters", ""),
        ("What has Scholz told the BBC?", "Scholz", "the BBC", ""),
        ("What exactly Biden told Putin", "Biden", "Putin", ""),
        ("What did Biden tell Putin to do?", "Biden", "Putin", ""),
        ("Was sagte Merkel gegenüber Putin?", "Merkel", "Putin", ""),
        ("Was hat Merkel gegenüber der BBC über Russland gesagt?", "Merkel", "der BBC", "Russland"),
        ("Was hat Merkel dem Spiegel gesagt?", "Merkel", "dem Spiegel", ""),
        # Nobody is named, or it is a topic, or a genitive.
        ("What did the mayor tell us about the harbour?", "the mayor", "", "the harbour"),
        ("What did Lee tell them?", "Lee", "", ""),
        ("What did Lee tell about the harbour?", "Lee", "", "the harbour"),
        ("What did Lee say about the harbour?", "Lee", "", "the harbour"),
        ("Was sagte Merkel zu Putin?", "Merkel", "", "Putin"),
        ("Was sagte der Chef der Bank?", "der Chef der Bank", "", ""),
    ],
)
def test_the_addressee_of_a_question_is_recognised(question: str, speaker: str, addressee: str, topic: str) -> None:
    asked = speech_question(question)
    assert asked is not None
    assert (asked.form, asked.speaker, asked.addressee, asked.topic) == ("said", speaker, addressee, topic)
