"""Answers are judged by what a model says that reads each sentence with the question."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import Answer, Assistant
from assistant.answer_selection import AnswerSelector, Candidate
from tests.house import row, settings_for, take_in

_ROWS = (
    row(1, "The lighthouse at Skarn was sold. The lighthouse at Skarn was built by the engineer Ola Berg in 1871. "
           "The lighthouse at Skarn is white. Visitors to the lighthouse at Skarn climb 140 steps.",
        headline="The lighthouse at Skarn"),
    row(2, "The town of Skarn has a new school. Its roof leaks, the head teacher said.", headline="School in Skarn"),
)  # fmt: skip


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("reading") / "archive"
    take_in(folder, _ROWS)
    return Assistant.open(settings_for(folder))


class _Favours(AnswerSelector):
    """Gives sentences with a word 4, and others -4."""

    def __init__(self, word: str) -> None:
        self._word = word

    def scores(self, question: str, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
        return np.array([4.0 if self._word in one.text else -4.0 for one in candidates])


def _asked(assistant: Assistant, question: str, selector: AnswerSelector | None) -> Answer:
    pipeline = assistant._pipeline
    before, pipeline._selector = pipeline._selector, selector
    try:
        return assistant.ask(question)
    finally:
        pipeline._selector = before


def test_the_answer_comes_first_and_is_supported(assistant: Assistant) -> None:
    answer = assistant.ask("Who built the lighthouse at Skarn?")
    assert answer.status == "supported"
    assert "Ola Berg" in answer.sentences[0].text
    assert (answer.sentences[0].probability or 0) > max(
        [one.probability or 0 for one in answer.sentences[1:]], default=0
    )


def test_nothing_is_supported_that_no_sentence_answers(assistant: Assistant) -> None:
    answer = _asked(assistant, "Who built the lighthouse at Skarn?", _Favours("no such word"))
    assert answer.status == "partial"
    assert "clearly answers" in answer.reason
    assert all(sentence.highlight is None for sentence in answer.sentences)


def test_what_does_not_answer_is_given_beside(assistant: Assistant) -> None:
    answer = _asked(assistant, "What is the lighthouse at Skarn?", _Favours("white"))
    assert "white" in answer.answer
    assert len(answer.sentences) <= 2
    assert answer.also
    for place, citation in enumerate(answer.also, start=1):
        article = assistant.article(citation.article_id, citation.version)
        assert citation.marker == place
        assert article.text[citation.start : citation.end] == citation.text
        assert citation.text not in answer.answer


def test_without_a_model_nothing_is_said_of_probability(assistant: Assistant) -> None:
    answer = _asked(assistant, "Who built the lighthouse at Skarn?", None)
    assert answer.sentences
    assert all(sentence.probability is None for sentence in answer.sentences)
    assert len(answer.sentences) <= 3


def test_other_languages_are_not_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("german") / "archive"
    take_in(folder, [row(1, "Der Leuchtturm von Skarn wurde 1871 von Ola Berg gebaut. Er ist weiß.", language="de")])
    answer = Assistant.open(settings_for(folder)).ask("Wer hat den Leuchtturm von Skarn gebaut?")
    assert all(sentence.probability is None for sentence in answer.sentences)
