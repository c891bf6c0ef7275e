"""A written answer on the page: it comes sentence by sentence, says who worded it, and shows its checks on request."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant import Assistant
from assistant.errors import ModelTimeout
from assistant.serve.page import Fields, Page
from assistant.settings import Settings, load_settings
from tests.answering.scripted import ByWords, Scripted

QUESTION = "Why was the ferry tender postponed?"
TRUE = "The ferry tender was postponed until September because the seabed survey was incomplete [1]."
NEXT = "The harbour authority said the tender was postponed [1]."


@pytest.fixture(scope="module")
def marking(settings: Settings) -> Settings:
    return load_settings({"archive": settings.archive, "answering": {"unsupported": "mark"}})


def pages(settings: Settings, model: Scripted) -> Iterator[str]:
    with Assistant.open(settings, model, ByWords()) as assistant:
        for html, _, _, notice in Page(assistant).ask(QUESTION, Fields(), ()):
            assert notice == ""
            yield html


def test_an_answer_appears_sentence_by_sentence(settings: Settings) -> None:
    asked, first, second, last = pages(settings, Scripted(f"{TRUE} {NEXT}"))
    assert "Searching the archive" in asked
    assert "seabed survey was incomplete" in first
    assert "checking each sentence" in first
    assert "authority said the tender" not in first
    assert "authority said the tender" in second
    assert "Worded by <bdi>scripted</bdi>" in last
    assert "<summary>How it was checked</summary>" in last
    assert "name: passed" in last


def test_an_unsupported_sentence_is_struck_through(marking: Settings) -> None:
    *_, last = pages(marking, Scripted(f"The mayor &amp; his <i>dog</i> sang [1]. The mayor sang [8]. {TRUE}"))
    assert "<s>The mayor sang.</s>" in last
    assert "not supported by the sources" in last
    assert "2 of 3 were not supported" in last
    assert "dog" not in last


def test_a_failing_model_is_reported(settings: Settings) -> None:
    *_, last = pages(settings, Scripted(TRUE, fails=ModelTimeout("x")))
    assert "The language model took too long; these are the archive&#39;s own sentences." in last
    assert "How it was checked" not in last


def test_leaving_the_page_stops_the_model(settings: Settings) -> None:
    model = Scripted(f"{TRUE} " + "Then it went on. " * 500)
    shown = pages(settings, model)
    next(shown)
    next(shown)
    shown.close()  # type: ignore[attr-defined]
    assert model.closed == 1
    assert model.pieces < 60
