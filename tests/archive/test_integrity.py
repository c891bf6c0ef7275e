"""Damaged articles are reported and withheld, and repaired by ingesting them again."""

from __future__ import annotations

import json
import logging
import sqlite3
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.admin import reindex, status
from assistant.archive import Archive, ArchiveWriter
from assistant.archive.integrity import damaged_versions
from assistant.archive.reader import DATABASE
from assistant.errors import ArchiveDamaged, ArticleDamaged
from tests.conftest import Cli
from tests.house import row, settings_for, take_in

BRIDGE = "The swing bridge opened in June. It cost 74 million crowns, the council said."
FERRY = "The ferry line closes in May. “We have no choice,” Marta Lindqvist said."
ROWS = [row(1, BRIDGE, outlet="Harbour Post"), row(2, FERRY, outlet="Harbour Post")]
QUESTION = "How much did the swing bridge cost?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of an archive of two articles."""
    take_in(tmp_path / "archive", ROWS)
    return tmp_path / "archive"


def flip(folder: Path, old: bytes, new: bytes) -> None:
    """Change bytes in the database file behind SQLite's back, as a failing disk would."""
    path = folder / DATABASE
    held = path.read_bytes()
    assert held.count(old) == 1
    path.write_bytes(held.replace(old, new))


def damaged(folder: Path) -> list[tuple[str, int]]:
    """Return ids and numbers of the versions that differ from what was written."""
    with Archive(folder) as archive:
        return [(version.id, version.number) for version in damaged_versions(archive.db)]


def test_a_flipped_bit_changes_no_answer(folder: Path) -> None:
    with Assistant.open(settings_for(folder)) as assistant:
        assert "74 million" in assistant.ask(QUESTION).answer
    flip(folder, b"cost 74 million", b"cost 64 million")
    with Assistant.open(settings_for(folder)) as assistant:
        answer = assistant.ask(QUESTION)
        assert "million" not in answer.answer
        assert answer.status == "not_found"
        assert "a1" not in [hit.passage.article.id for hit in assistant.search("swing bridge crowns")]
        assert assistant.quotes(speaker="Marta Lindqvist").total == 1, "the other article stands"
        with pytest.raises(ArticleDamaged, match="version 1 of article 'a1' is not what was written"):
            assistant.article("a1")


def test_an_article_damaged_while_served_is_not_cited(folder: Path) -> None:
    with Assistant.open(settings_for(folder)) as assistant:
        assert "74 million" in assistant.ask(QUESTION).answer
        with sqlite3.connect(folder / DATABASE) as db:
            db.execute("UPDATE versions SET text = replace(text, '74', '64')")
        db.close()
        assert "million" not in " ".join(sentence.text for sentence in assistant.ask(QUESTION).sentences)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"cost 74 million", b"cost 64 million"),
        (b"Headline 1", b"Headlinf 1"),
        (b"crowns, the council", b"crowns\xff the council"),
    ],
    ids=["a figure", "the headline", "bytes that are no text"],
)
def test_reading_an_article_in_again_restores_it(
    folder: Path, old: bytes, new: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    before = _contents(folder)
    flip(folder, old, new)
    assert damaged(folder) == [("a1", 1)]
    with caplog.at_level(logging.WARNING, "assistant"):
        report = take_in(folder, ROWS)
    assert (report.added, report.updated, report.unchanged) == (0, 1, 1)
    assert "version 1 of article 'a1' was damaged and has been restored" in caplog.messages
    assert damaged(folder) == []
    assert _contents(folder) == before
    with Assistant.open(settings_for(folder)) as assistant:
        answer = assistant.ask(QUESTION)
        assert "74 million" in answer.answer
        assert {(citation.article_id, citation.version) for citation in answer.citations} == {("a1", 1)}
    assert take_in(folder, ROWS).unchanged == 2


def test_an_earlier_version_is_restored_in_its_place(folder: Path) -> None:
    take_in(folder, [row(1, BRIDGE.replace("June", "July"), outlet="Harbour Post")])
    with sqlite3.connect(folder / DATABASE) as db:
        db.execute("UPDATE versions SET text = replace(text, '74', '64') WHERE text LIKE '%June%'")
    db.close()
    assert damaged(folder) == [("a1", 1)]
    assert take_in(folder, ROWS).updated == 1
    with Archive(folder) as archive:
        assert archive.article("a1", 1).text == BRIDGE
        assert "July" in archive.article("a1").text
        assert archive.versions("a1") == [1, 2]
        assert archive.live() == 2


@pytest.mark.parametrize(
    "change",
    ["digest = zeroblob(16)", "published_at = published_at + 86400", "published = '2O24-03-01'", "headline = x'ff00'"],
)
def test_each_field_of_a_version_is_looked_at(folder: Path, change: str) -> None:
    with sqlite3.connect(folder / DATABASE) as db:
        db.execute(f"UPDATE versions SET {change} WHERE text LIKE '%bridge%'")
    db.close()
    assert damaged(folder) == [("a1", 1)]
    assert take_in(folder, ROWS).updated == 1
    assert damaged(folder) == []
    with Archive(folder) as archive:
        assert archive.versions("a1") == [1]


def test_status_reports_damage_when_asked_to_check(folder: Path, cli: Cli) -> None:
    assert status(settings_for(folder), check=True)["check"] == {"intact": True, "faults": []}
    assert "check" not in status(settings_for(folder))
    flip(folder, b"cost 74 million", b"cost 64 million")
    assert cli("status", archive=folder).exit_code == 0
    found = cli("status", "--check", archive=folder)
    assert found.exit_code == 4
    assert "version 1 of article 'a1' is not what was written" in found.stdout
    told = json.loads(cli("status", "--check", "--json", archive=folder).stdout)["check"]
    assert told["intact"] is False
    assert len(told["faults"]) == 1


def test_reindex_reports_damage_and_continues(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    flip(folder, b"cost 74 million", b"cost 64 million")
    with caplog.at_level(logging.WARNING, "assistant"):
        done = reindex(settings_for(folder), reembed=True)
    assert (done["versions_embedded"], done["versions_damaged"]) == (1, 1)
    assert [message for message in caplog.messages if "article 'a1'" in message]
    with Assistant.open(settings_for(folder)) as assistant:
        assert assistant.quotes(speaker="Marta Lindqvist").total == 1


def test_a_file_whose_structure_is_damaged_is_an_error_of_the_archive(folder: Path, cli: Cli) -> None:
    with Archive(folder) as archive:
        (page,) = archive.db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'versions'").fetchone()
        (size,) = archive.db.execute("PRAGMA page_size").fetchone()
    with (folder / DATABASE).open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)
    for command in (("ask", QUESTION), ("show", "a1"), ("status",), ("status", "--check")):
        found = cli(*command, archive=folder)
        assert found.exit_code == 4, command
        assert "is damaged" in found.output or "integrity" in found.output
    with ArchiveWriter(folder) as writer, pytest.raises(ArchiveDamaged, match="Replace it with a backup"):
        writer.article("a1")


def _contents(folder: Path) -> list[object]:
    """Return what an archive holds of its articles, without keys, which are never reused."""
    queries = (
        "SELECT id, named, url FROM articles ORDER BY key",
        "SELECT key, article, number, digest, headline, byline, published, text, extractor FROM versions ORDER BY key",
        'SELECT version, position, start, "end", digest FROM passages ORDER BY version, position',
        "SELECT version, kind, start, speaker FROM quotes ORDER BY version, start",
        "SELECT version, counter, length, signature, roots, times FROM counts ORDER BY version",
    )
    with Archive(folder) as archive:
        return [archive.db.execute(query).fetchall() for query in queries]
