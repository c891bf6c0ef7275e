"""Which sentences answer a question about a fact, and when they only come close."""

from __future__ import annotations

import pytest

from assistant import Assistant
from tests.house import row, settings_for, take_in

_ROWS = (
    row(1, "The ferry to Orsund will sail again in April 2027. The old pier is rotten. Divers saw it in the autumn."),
    row(2, "The ferry to Orsund will sail again in April 2027. Its crew numbers 14."),
    row(3, "“We had to wait. The ferry to Orsund cannot sail before May,” the captain told the council."),
    row(4, "Voters in Orsund go to the polls on Sunday. Otto Brandt and Ebba Lind both hope for the mayor's chain."),
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("facts") / "archive"
    take_in(folder, _ROWS)
    return Assistant.open(settings_for(folder))


def test_each_answer_is_given_once_and_before_related_sentences(assistant: Assistant) -> None:
    answer = assistant.ask("When will the ferry to Orsund sail again?")
    told = [sentence.text for sentence in answer.sentences]
    assert answer.status == "supported"
    assert "April 2027" in told[0]
    assert sum("April 2027" in text for text in told) == 1
    assert len(answer.sentences[0].citations) == 2


def test_a_quotation_is_printed_whole(assistant: Assistant) -> None:
    answer = assistant.ask("When can the ferry to Orsund sail, in May?")
    (whole,) = [sentence.text for sentence in answer.sentences if "before May" in sentence.text]
    assert whole.startswith("“We had to wait.")


def test_a_sentence_without_the_key_word_answers_in_part(assistant: Assistant) -> None:
    answer = assistant.ask("Who won the mayor's chain in Orsund?")
    assert answer.status == "partial"
    assert "“won”" in answer.reason


def test_an_answer_of_facts_is_short(assistant: Assistant) -> None:
    answer = assistant.ask("What is known of the ferry to Orsund?")
    assert sum(len(sentence.text.split()) for sentence in answer.sentences) <= 100
