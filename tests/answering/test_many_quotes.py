"""An article with thousands of quotes: what it takes to answer from it does not grow with each of them."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.archive import Archive
from assistant.quotes import extract as extraction
from assistant.quotes.extract import extract
from assistant.speakers.directory import SpeakerDirectory
from tests.house import row, settings_for, take_in

NAMES = ("Anne Berger", "Bruno Delmas", "Claire Fabre")


def interview(count: int) -> str:
    """A French text with so many quotes, which rules find without a parser."""
    said = (f"« La grue numéro {n} restera sur le quai », a dit {NAMES[n % 3]} lundi." for n in range(count))
    return "\n\n".join(said)


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
    assert len(whole) <= 8  # once to answer, once for each sentence that is checked before it goes out


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
