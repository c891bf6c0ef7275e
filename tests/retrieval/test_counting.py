"""Questions that ask for a count: told from questions about numbers that articles give, and never answered by chance."""

from __future__ import annotations

import pytest

from assistant.answering.extractive.answer_spans import highlight
from assistant.retrieval.understanding.counting import asks_how_often, counts_coverage, says_how_often
from assistant.testing import memory_assistant
from assistant.types import Article


@pytest.mark.parametrize(
    "question",
    [
        "How many articles are there about the strike?",
        "How many stories mention the lighthouse?",
        "How many articles does the Courier have in this archive?",
        "How often is the lighthouse mentioned?",
        "Wie viele Artikel gibt es über den Streik?",
        "Combien d’articles y a-t-il sur la grève ?",
        "¿Cuántas veces se menciona el faro?",
        "Сколько статей о забастовке?",
    ],
)
def test_questions_about_the_archive_itself(question: str) -> None:
    assert counts_coverage(question)


@pytest.mark.parametrize(
    "question",
    [
        "How many articles of impeachment were passed?",
        "How many stories does the tower have?",
        "How many people were hurt?",
        "How often does the ferry sail?",
        "Wie viele Menschen wurden verletzt?",
    ],
)
def test_questions_about_the_world(question: str) -> None:
    assert not counts_coverage(question)


@pytest.mark.parametrize("question", ["How many times did it sink?", "How often does it sail?", "Combien de fois ?"])
def test_how_often(question: str) -> None:
    assert asks_how_often(question)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("It sank three times.", True),
        ("It sails twice a day.", True),
        ("It sank for the second time.", True),
        ("She promised new boats within two days.", False),
        ("The boat cost 40,000 crowns.", False),
    ],
)
def test_what_says_how_often(text: str, says: bool) -> None:
    assert says_how_often(text) is says


ARTICLE = Article(
    "The ferry Heron sank off Ostrand on Monday. Within two days, Ida Moll promised a new ferry. "
    "The old ferry had sunk three times since 1990, the harbour office said.",
    headline="Ferry Heron sinks off Ostrand",
    language="en",
)


def test_the_archive_is_not_counted() -> None:
    with memory_assistant([ARTICLE]) as assistant:
        answer = assistant.ask("How many articles are there about the ferry Heron?")
    assert answer.status == "not_found"
    assert not answer.sentences
    assert "how much the archive has" in answer.reason


def test_how_often_needs_a_number_of_times() -> None:
    with memory_assistant([ARTICLE]) as assistant:
        sunk = assistant.ask("How many times had the old ferry sunk?")
        promised = assistant.ask("How many times did Ida Moll promise a new ferry?")
    assert "three times" in sunk.sentences[0].text
    assert not any("two days" in sentence.text for sentence in promised.sentences)


@pytest.mark.parametrize(
    ("question", "text", "marked"),
    [
        ("How many people were hurt?", "Within two days the ferry sailed again.", None),
        ("How many boats were lost?", "Some 14 boats were lost.", "14"),
        ("How many boats were lost?", "In the storm 14 were lost.", "14"),
        ("How many times did Moll promise a ferry?", "Moll promised a ferry within two days.", None),
        ("How much did it cost?", "It cost 40 crowns.", "40 crowns"),
    ],
)
def test_a_number_is_marked_only_if_it_counts_what_is_asked_for(question: str, text: str, marked: str | None) -> None:
    span = highlight(question, text, "en")
    assert (text[slice(*span)] if span else None) == marked
