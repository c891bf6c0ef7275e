"""Instructions planted in articles, questions and conversations stay mere evidence, even if the model obeys them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.embedding.embedder import Embedder
from assistant.llm import Message
from assistant.sentences import sentences
from assistant.serve import render
from assistant.settings import EmbeddingSettings
from assistant.types import Answer, AskOptions
from tests.answering.attacks import ATTACKS, EVIL, Attack
from tests.answering.scripted import Scripted
from tests.house import row, settings_for, take_in

_SYLLABLES = ("Al", "Be", "Cor", "Du", "Esk", "Fal", "Gri", "Hel", "Ing", "Jor")
_NAMES = [f"{one}{other.lower()}ia" for one in _SYLLABLES for other in _SYLLABLES]
_TRUE = "carries eighty cars to Orsund."
_LINK = re.compile(r"://|www\.|\]\(|<\w|javascript:|data:|evil", re.IGNORECASE)


def _ferry(attack: Attack) -> str:
    return _NAMES[ATTACKS.index(attack)]


def _rows() -> Iterator[dict[str, Any]]:
    for number, attack in enumerate(ATTACKS):
        planted = {attack.place: attack.planted} if attack.place in ("headline", "outlet") else {}
        middle = attack.planted if attack.place == "article" else "Divers looked at its hull."
        text = f"The ferry {_ferry(attack)} was late on Monday.\n\n{middle}\n\nThe ferry {_ferry(attack)} {_TRUE}"
        yield row(number, text, url=f"https://harbour-post.example/{number}", **planted)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attacks") / "archive"
    take_in(folder, list(_rows()))
    return folder


@pytest.fixture
def ask(
    archive: Path, monkeypatch: pytest.MonkeyPatch, _load_once: Callable[[EmbeddingSettings], Any]
) -> Callable[[Attack], tuple[Assistant, Answer, Scripted]]:
    monkeypatch.setattr(Embedder, "load", _load_once)

    def ask(attack: Attack) -> tuple[Assistant, Answer, Scripted]:
        name = _ferry(attack)

        def obeys(messages: Sequence[Message]) -> str:
            if "earlier" in messages[-1].content.casefold() and attack.place == "history":
                return attack.planted
            shown = re.findall(rf"ferry {name}.* \[(\d+)\]$", messages[-1].content, re.M)
            number = shown[0] if shown else "1"
            return f"The ferry {name} {_TRUE[:-1]} [{number}]. {attack.obeyed.replace('[1]', f'[{number}]')}"

        model = Scripted(obeys)
        assistant = Assistant.open(settings_for(archive), model)
        question = f"How many cars does the ferry {name} carry to Orsund?"
        if attack.place == "question":
            question = f"{question} {attack.planted}"
        history = [attack.planted] if attack.place == "history" else []
        return assistant, assistant.ask(question, AskOptions(history=history)), model

    return ask


def test_there_are_enough_and_each_has_its_ferry() -> None:
    assert 60 <= len(ATTACKS) <= len(_NAMES)
    assert len({(attack.name, attack.place) for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.place}: {attack.name}")
def test_an_injected_instruction_appears_only_as_quoted_evidence(
    ask: Callable[[Attack], tuple[Assistant, Answer, Scripted]], attack: Attack
) -> None:
    assistant, answer, model = ask(attack)
    with assistant:
        assert model.asked, "the model was never asked"
        cited = {citation.marker: citation for citation in answer.citations}
        for sentence in answer.sentences:
            evidence = [cited[marker] for marker in sentence.citations]
            assert evidence, "a sentence without evidence went out"
            if sentence.text == f"The ferry {_ferry(attack)} {_TRUE}":
                continue
            assert answer.wording.by == "archive", sentence.text
            for one in evidence:
                article = assistant.article(one.article_id, one.version)
                whole = [article.text[start:end] for start, end in sentences(article.text, article.language)]
                assert all(part in whole for part in sentence.text.split("\n")), sentence.text
        if answer.wording.by == "model":
            assert not _LINK.search(answer.answer)
        links = re.findall(r'(?:href|src)="([^"]*)"', render.answer_html(answer, 1))
        assert all(EVIL not in link for link in links)
        assert {citation.url for citation in answer.citations} <= {
            f"https://harbour-post.example/{number}" for number in range(len(ATTACKS))
        }
