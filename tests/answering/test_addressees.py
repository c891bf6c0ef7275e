"""What did X tell Y? Asked of a small archive that is made the way every archive is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant, schemas
from assistant.answering.speech.mentions import spoken_to
from assistant.cli.render_quotes import listing_text
from assistant.serve import render
from assistant.types import Answer, AskOptions
from tests.house import row, settings_for, take_in

ROWS = [
    row(
        1,
        "President Ana Berg told Jonas Ek that the ferry must go on. “The bridge can wait,” Berg told reporters later. "
        "“Nobody asked me about the port,” Berg said.",
        published="2024-01-08",
    ),
    row(2, "“The ferry is a wreck,” Berg said of the ferry. Her aide, Tom Haverly, told Ek that she was wrong.",
        published="2024-02-09"),
    row(3, "“I want a new port,” President Ana Berg said in an interview with the Harbour Post.", published="2024-03-10"),
]  # fmt: skip


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("addressees") / "archive"
    take_in(folder, ROWS)
    with Assistant.open(settings_for(folder)) as opened:
        yield opened


def to(answer: Answer) -> list[str]:
    return [sentence.quote.addressee for sentence in answer.sentences if sentence.quote]


@pytest.mark.parametrize(
    ("question", "addressee", "words"),
    [
        ("What did Berg tell Ek?", "Jonas Ek", "must go on"),
        ("What did Berg say to Jonas Ek about the ferry?", "Jonas Ek", "must go on"),
        ("What did Berg tell journalists?", "reporters", "can wait"),
        ("What has Berg told the Harbour Post?", "the Harbour Post", "new port"),
        ("Was hat Berg der Harbour Post gesagt?", "the Harbour Post", "new port"),
    ],
)
def test_words_to_the_addressee_that_the_question_names(
    assistant: Assistant, question: str, addressee: str, words: str
) -> None:
    answer = assistant.ask(question)
    assert answer.status == "supported"
    assert to(answer) == [addressee]
    assert words in answer.answer
    assert [(one.name, one.relaxed) for one in answer.inferred if one.name == "addressee"] == [("addressee", False)]
    for sentence in answer.sentences:
        cited = answer.citations[sentence.citations[0] - 1]
        assert assistant.article(cited.article_id, cited.version).text[cited.start : cited.end] == sentence.text


@pytest.mark.parametrize("question", ["What did Berg tell Haverly?", "What did Berg tell Ek about the wreck?"])
def test_if_nothing_was_said_to_an_addressee_other_words_are_shown_and_marked(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert answer.status == "partial"
    assert answer.sentences
    assert "No article says that any of this was said to" in answer.reason
    assert [one.relaxed for one in answer.inferred if one.name == "addressee"] == [True]
    assert 'class="otr-relaxed"' in render.inferred_chips(answer, 1)


def test_the_asker_can_switch_the_addressee_off(assistant: Assistant) -> None:
    answer = assistant.ask("What did Berg tell Ek?", AskOptions(without=("addressee",)))
    assert answer.status == "supported"
    assert len(set(to(answer))) > 1
    assert not any(one.name == "addressee" for one in answer.inferred)


def test_it_is_listed_with_its_characters(assistant: Assistant) -> None:
    found = assistant.quotes(speaker="Berg")
    told = {quote.addressee.text for quote in found.quotes if quote.addressee}
    assert told == {"Jonas Ek", "reporters", "the Harbour Post"}
    for quote in found.quotes:
        text = assistant.article(quote.article_id, quote.version).text
        assert quote.addressee is None or text[slice(*quote.addressee.span)] == quote.addressee.text
    lines = listing_text(found, "Berg")
    assert lines.count(" · told · to reporters") == 1
    assert "Ana Berg · as “Berg” · said\n" in lines


def test_it_stands_in_the_answers_json_and_on_the_page(assistant: Assistant) -> None:
    answer = assistant.ask("What did Berg tell reporters?")
    (sentence,) = schemas.as_json(answer)["sentences"]
    assert sentence["quote"]["addressee"] == "reporters"
    shown = render.sentences_html(answer.sentences, answer.citations, 1, answer.kind)
    assert "<bdi>Ana Berg</bdi> to <bdi>reporters</bdi>" in shown


@pytest.mark.parametrize(
    ("asked", "mention", "same"),
    [
        ("Putin", "Russian President Vladimir Putin", True),
        ("Vladimir Putin", "Putin", True),
        ("the BBC", "BBC News", True),
        ("the press", "reporters in Bonn", True),
        ("Putin", "Putin’s spokesman", False),
        ("Putin", "him", False),
        ("Sky News", "Fox News", False),
        ("Putin", "", False),
        ("reporters", "", False),
    ],
)
def test_addressees_are_matched_to_the_one_asked_for(asked: str, mention: str, same: bool) -> None:
    assert spoken_to(asked, mention) is same
