"""Letting go of a time that a question names, where nothing was published then."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import Assistant
from assistant.archive import Archive
from assistant.embedding.embedder import Embedder
from assistant.types import AskOptions, Filters
from tests.house import row, settings_for, take_in

_NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
_QUESTIONS = (
    ("Who opened the harbour tunnel in May 2021?", Filters()),
    ("Who opened the harbour tunnel in April 2024?", Filters(outlets=("Late Post",))),
    ("Who opened the harbour tunnel in April 2024?", Filters(outlets=("First Wire",))),
    ("Who opened the harbour tunnel in April 2024?", Filters()),
    ("What happened in May 2021?", Filters()),
    ("Who opened the harbour tunnel last week?", Filters()),
    ("What did First Wire report on the tunnel in March 2024?", Filters()),
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an archive of three articles, one of them without a date."""
    folder = tmp_path_factory.mktemp("relaxing") / "archive"
    rows = [
        row(1, "The minister opened the harbour tunnel.", outlet="Late Post", published="2024-03-03"),
        row(2, "The mayor closed the harbour tunnel.", outlet="First Wire", published="2024-04-03"),
        row(3, "The harbour tunnel has a history.", outlet="First Wire", published=None),
    ]
    take_in(folder, rows)
    return folder


def _asked(assistant: Assistant) -> list[object]:
    return [
        (
            assistant.search(question, filters=filters, as_of=_NOON),
            (answer := assistant.ask(question, AskOptions(filters=filters, as_of=_NOON))).answer,
            answer.reason,
            answer.inferred,
        )
        for question, filters in _QUESTIONS
    ]


def test_filters_dropped_before_a_search_are_those_dropped_after_it(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Assistant.open(settings_for(archive)) as assistant:
        before = _asked(assistant)
        monkeypatch.setattr(Archive, "any_matching", lambda archive, filters: True)
        assert before == _asked(assistant)


@pytest.mark.parametrize(
    ("question", "filters", "text"),
    [
        (*_QUESTIONS[0], "Who opened the harbour tunnel? 2021"),
        (*_QUESTIONS[1], "Who opened the harbour tunnel? 2024"),
        (*_QUESTIONS[3], "Who opened the harbour tunnel?"),
    ],
)
def test_a_time_in_which_nothing_was_published_is_not_searched_for(
    archive: Path, monkeypatch: pytest.MonkeyPatch, question: str, filters: Filters, text: str
) -> None:
    embedded: list[str] = []
    embed = Embedder.query

    def query(embedder: Embedder, text: str) -> NDArray[np.float32]:
        embedded.append(text)
        return embed(embedder, text)

    monkeypatch.setattr(Embedder, "query", query)
    with Assistant.open(settings_for(archive)) as assistant:
        assert assistant.search(question, filters=filters, as_of=_NOON)
    assert embedded == [text]
