"""An article with thousands of quotes: what it takes to answer from it does not grow with each of them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from assistant import Assistant
from assistant.answering.quoted_spans import occurrences
from assistant.answering.speech.answer import Topic
from assistant.answering.speech.mentions import names
from assistant.archive import Archive
from assistant.quotes import extract as extraction
from assistant.quotes.extract import extract
from assistant.speakers.directory import SpeakerDirectory
from assistant.types import StoredArticle
from tests.house import row, settings_for, take_in

NAMES = ("Anne Berger", "Bruno Delmas", "Claire Fabre")


def interview(count: int) -> str:
    """A French text with so many quotes, which rules find without a parser."""
    said = (f"« La grue numéro {n} restera sur le quai », a dit {NAMES[n % 3]} lundi." for n in range(count))
    return "\n\n".join(said)


def stored(article_id: str, key: int, text: str) -> StoredArticle:
    return StoredArticle(key, article_id, 1, True, text, "", "Headline", "", "Post", "", "en", None, None)


def statements(folder: Path, question: str) -> list[str]:
    """The SQL that answering a question runs."""
    with Assistant.open(settings_for(folder)) as assistant:
        seen: list[str] = []
        assistant._archive.db.set_trace_callback(seen.append)
        answer = assistant.ask(question)
        assistant._archive.db.set_trace_callback(None)
        assert answer.status == "supported"
        assert answer.citations
    return seen


def test_attributions_are_read_once(tmp_path: Path) -> None:
    take_in(tmp_path / "few", [row(1, interview(30), language="fr")])
    take_in(tmp_path / "many", [row(1, interview(600), language="fr")])
    question = "Qu'a dit Anne Berger sur la grue ?"
    few, many = statements(tmp_path / "few", question), statements(tmp_path / "many", question)
    assert len(many) < len(few) + 60
    whole = [statement for statement in many if "ORDER BY q.start" in statement]
    assert len(whole) == 2  # once to answer, once to check its sentences, which are all the same speaker's


def test_words_of_somebody_unknown_are_looked_for_once_in_an_article(tmp_path: Path) -> None:
    take_in(tmp_path / "archive", [row(1, interview(150), language="fr")])
    searched: list[str] = []

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is names.__code__ and len(frame.f_locals["text"]) > 1000:
            searched.append(frame.f_locals["text"])

    with Assistant.open(settings_for(tmp_path / "archive")) as assistant:
        statements: list[str] = []
        assistant._archive.db.set_trace_callback(statements.append)
        sys.setprofile(watch)
        try:
            answer = assistant.ask("Qu'a dit Gaston Lavigne sur la grue ?")
        finally:
            sys.setprofile(None)
            assistant._archive.db.set_trace_callback(None)
    assert answer.status == "not_found"
    assert "Gaston Lavigne is not quoted" in answer.reason
    assert searched == [interview(150)]
    assert len([statement for statement in statements if "WHERE a.key IN" in statement]) == 1


def test_an_article_is_searched_once_for_a_topic() -> None:
    folded: list[str] = []

    class Watched(str):
        def casefold(self) -> str:
            folded.append(str(self))
            return super().casefold()

    topic = Topic("cranes on the quay", lambda words: [1.0] * len(words))
    first = stored("a1", 1, Watched("The cranes stay where they are."))
    second = stored("a2", 2, Watched("The cranes leave the quay."))
    assert [topic.anywhere(first), topic.anywhere(second)] * 3 == [topic.anywhere(a) for a in (first, second) * 3]
    assert topic.anywhere(first) < topic.anywhere(second) == 1
    assert folded == [first.text, second.text]


def test_a_long_text_is_prepared_once_for_all_the_quotations_looked_for_in_it() -> None:
    read: list[int] = []

    class Watched(str):
        def __iter__(self) -> Iterator[str]:
            read.append(len(self))
            return super().__iter__()

    text = Watched(interview(300))
    for number in (7, 70, 270):
        (place,) = occurrences(f"La grue numéro {number} restera sur le quai", text)
        assert text[slice(*place)] == f"La grue numéro {number} restera sur le quai"
    assert read == [len(text)]


def test_speakers_are_compared_by_name_not_by_quote(tmp_path: Path) -> None:
    take_in(tmp_path / "archive", [row(1, interview(300), language="fr")])
    with Archive(tmp_path / "archive") as archive:
        directory = SpeakerDirectory(archive)
        article = archive.article("a1")
        seen: list[str] = []
        archive.db.set_trace_callback(seen.append)
        own, others = directory.spoken(article, "Anne Berger")
        archive.db.set_trace_callback(None)
    assert (len(own), len(others)) == (100, 200)
    assert len(seen) < 20


def test_quotes_are_extracted_only_up_to_the_length_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    text = interview(200)
    assert len(extract(text, "fr")) == 200
    monkeypatch.setattr(extraction, "LONGEST", len(text) // 2)
    monkeypatch.setattr(importlib.import_module("assistant.admin.ingest"), "LONGEST", len(text) // 2)
    found = extract(text, "fr")
    assert 98 <= len(found) <= 102
    assert all(text[slice(*one.content)].startswith("«") for one in found)
    report = take_in(tmp_path / "archive", [row(1, text, language="fr"), row(2, interview(2), language="fr")])
    assert (report.added, report.warnings) == (2, 1)
    assert "quotes were looked for in the first" in caplog.text
