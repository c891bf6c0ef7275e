"""Boilerplate around an article is told apart from its sentences and never becomes part of an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import AskOptions, Assistant
from assistant.dates import asked_at
from assistant.retrieval.boilerplate import is_boilerplate
from tests.house import row, settings_for, take_in


@pytest.mark.parametrize(
    "text",
    [
        "More:Council passes the ferry bill",
        "Dig deeper:‘They left at dawn’: sailors tell their story",
        "STORM UPDATES : Sign up here for text updates on the storm.",
        "Sign up for our newsletter.",
        "Subscribe to the Harbour Times today.",
        "You can sign up for free below.",
        "Hide Caption 3 of 12 Photos: The storm in pictures",
        "Photos: The storm in pictures A woman wades through water in Tavik.",
        "Read more",
        "EXPLAINED:130 hours after the storm, rescues continue.",
        "Lesen Sie auch: Der Streik geht weiter",
        "Читайте также: Забастовка продолжается",
    ],
)
def test_links_captions_and_offers_are_boilerplate(text: str) -> None:
    assert is_boilerplate(text)


@pytest.mark.parametrize(
    "text",
    [
        "The storm reached Tavik at 10:30 on Friday.",
        "The final score was 3:1.",
        "He told us: We leave at dawn.",
        "Quill Foods (TAV:QUIL) bought the mill.",
        "Die Bürger:innen stimmten ab.",
        "More than 100 people signed up for the course.",
        "Photos show a ship on its side.",
        "The newsletter of the union said so.",
        "Subscribers left the paper.",
        "See https://example.org for the list.",
    ],
)
def test_sentences_are_not(text: str) -> None:
    assert not is_boilerplate(text)


def test_an_answer_does_not_begin_with_an_offer(tmp_path: Path) -> None:
    text = (
        "STORM UPDATES : Sign up here for text updates on storm Berta. Photos: Storm Berta in Tavik\n\n"
        "Storm Berta flooded the harbour of Tavik on Friday. Forty people were hurt.\n\n"
        "More:Storm Berta floods the harbour of Tavik"
    )
    take_in(tmp_path / "archive", [row(1, text, headline="Storm Berta"), row(2, "Bread costs more.")])
    with Assistant.open(settings_for(tmp_path / "archive")) as assistant:
        for question in ("What did storm Berta flood?", "Summarise the coverage of storm Berta"):
            answer = assistant.ask(question, AskOptions(as_of=asked_at("2024-06-01")))
            assert answer.sentences[0].text == "Storm Berta flooded the harbour of Tavik on Friday."
            assert not any(is_boilerplate(sentence.text) for sentence in answer.sentences)
