"""Numbers in brackets that an article has are not taken for markers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from assistant import Answer, Article, Assistant, parse_date
from assistant.serve.render import answer_html
from assistant.testing import memory_assistant

REPORT = Article(
    "The harbour ferry [1] was grounded by a cracked shaft, the inspector's report says [2]. "
    "The harbour ferry carried 40 passengers [9] when its shaft cracked [1]",
    id="report",
    outlet="Harbour Post",
    published=parse_date("2023-05-12"),
)


@pytest.fixture(scope="module")
def assistant() -> Iterator[Assistant]:
    with memory_assistant([REPORT]) as opened:
        yield opened


@pytest.fixture(scope="module")
def answer(assistant: Assistant) -> Answer:
    return assistant.ask("Why was the harbour ferry grounded by a cracked shaft?")


def test_markers_follow_the_last_space_of_a_line(answer: Answer) -> None:
    assert len(answer.sentences) == 2
    for line, sentence in zip(answer.answer.split("\n"), answer.sentences, strict=True):
        words, _, markers = line.rpartition(" ")
        assert words == sentence.text
        assert [int(number) for number in re.findall(r"\[(\d+)\]", markers)] == list(sentence.citations)
    assert "[2]" in answer.sentences[0].text or "[2]" in answer.sentences[1].text


def test_the_page_links_its_own_markers_alone(answer: Answer) -> None:
    page = answer_html(answer, 1)
    said = re.findall(r'<blockquote class="otr-said".*?</blockquote>', page, re.DOTALL)
    assert len(said) == len(answer.sentences)
    for shown, sentence in zip(said, answer.sentences, strict=True):
        buttons = re.findall(r"<button[^>]*data-kind=\"cite\"[^>]*>(.*?)</button>", shown, re.DOTALL)
        assert [re.sub(r"\D", "", button) for button in buttons] == [str(marker) for marker in sentence.citations]
        assert any(literal in re.sub(r"<button.*?</button>", "", shown, flags=re.DOTALL) for literal in ("[1]", "[9]"))
