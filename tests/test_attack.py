"""The attack finds what there is to find: it is run here in small, and on faults that are planted."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Article, parse_date
from assistant.archive.integrity import content_digest
from assistant.errors import ArchiveDamaged
from assistant.ingest import FORMATS
from benchmarks import attack_flips, attack_http, attack_readers
from benchmarks.attack_flips import Truth
from benchmarks.attack_http import Case
from benchmarks.attack_mutations import LONG_EVERY, LONGEST, mutant, originals
from benchmarks.attack_readers import Job, Reading, Tally
from benchmarks.serving import Load

# --- mutants -------------------------------------------------------------------------------------------------------


def test_every_format_is_attacked() -> None:
    assert set(originals()) == {*FORMATS, "packed"}
    assert all(originals().values())


@pytest.mark.parametrize("kind", [*FORMATS, "packed"])
def test_mutants_are_drawn_from_a_seed(kind: str) -> None:
    made = [mutant(kind, 7, number) for number in range(40)]
    assert made == [mutant(kind, 7, number) for number in range(40)]
    assert made != [mutant(kind, 8, number) for number in range(40)]
    assert len({one.document.data for one in made}) > 35
    whole = {one.data for one in originals()[kind]}
    assert sum(one.document.data in whole for one in made) <= 2
    assert [number for number, one in enumerate(made) if one.long] == [LONG_EVERY - 1, 2 * LONG_EVERY - 1]
    assert all(len(one.document.data) <= LONGEST + max(map(len, whole)) for one in made)
    assert {one.forced for one in made} == ({None} if kind == "packed" else {None, kind})


# --- readers -------------------------------------------------------------------------------------------------------


def test_readers_are_attacked_in_a_process_of_their_own(tmp_path: Path) -> None:
    found = attack_readers.attack(["json"], 30, 120, 1, tmp_path)["json"]
    assert (found["mutations"], found["uncaught"], found["over_2s"], found["faults"]) == (30, 0, 0, [])
    assert found["articles"] > 0
    assert found["rejected"] > 0
    assert found["memory_mb"] > 50


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job("jsonl", 1, 0, 3, 60, str(tmp_path))


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Reading]:
    made = Reading(tmp_path)
    yield made
    made.close()


def test_an_exception_that_escapes_a_reader_is_reported(
    reading: Reading, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> tuple[Counter[str], list[str]]:
        raise RecursionError("too deep")

    monkeypatch.setattr(reading, "read", fails)
    assert attack_readers._one(reading, job, 5).uncaught == ["jsonl 5: RecursionError: too deep"]


def test_reading_that_takes_too_long_is_reported(reading: Reading, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    assert attack_readers._one(reading, job, 5).slow == []
    monkeypatch.setattr(attack_readers, "SLOW", 0.0)
    assert [one.rpartition(":")[0] for one in attack_readers._one(reading, job, 5).slow] == ["jsonl 5"]


def test_an_error_that_a_reader_does_not_expect_is_reported(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("of a reader")

    monkeypatch.setattr(reading._preparer, "prepare", fails)
    counts, unforeseen, slowest = reading.read("jsonl", 1, 0)
    assert slowest > 0
    assert counts["unforeseen"] == len(unforeseen) > 0
    assert "ZeroDivisionError: of a reader" in unforeseen[0]


def test_a_process_that_dies_is_reported_and_the_next_continues_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "sitecustomize.py"
    module.write_text(
        "import benchmarks.attack_mutations as m, os\n"
        "whole = m.mutant\n"
        "m.mutant = lambda kind, seed, number: os._exit(3) if number == 2 else whole(kind, seed, number)\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{Path(__file__).parents[1]}:{tmp_path}")
    found = attack_readers.attack(["csv"], 5, 120, 1, tmp_path)["csv"]
    assert (found["mutations"], found["uncaught"]) == (5, 1)
    assert found["faults"][0].startswith("csv 2: ended with 3")


def test_memory_is_compared_after_a_start() -> None:
    tally = Tally(memory=[100, 100, 300, 300, 300, 310, 300, 300, 320, 320])
    assert tally.figures()["memory_growth_mb"] == 20
    assert tally.figures()["memory_mb"] == 320


# --- flips ---------------------------------------------------------------------------------------------------------

ARTICLES = (
    Article("The harbour tunnel will cost 74 million crowns, the port authority said on Friday.", id="tunnel",
            headline="Tunnel", outlet="Harbour Post", published=parse_date("2023-05-12")),
    Article("The island ferry will run only four times a day from Monday.", id="ferry", headline="Ferry"),
)  # fmt: skip
QUESTION = "What will the harbour tunnel cost?"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(attack_flips, "questions", lambda: [QUESTION])
    attack_flips.build(tmp_path / "archive", ARTICLES)
    return tmp_path / "archive"


def altered(archive: Path, text: str, digest: bytes | None) -> Path:
    """A copy of the archive with another text in the article that is asked for."""
    copy = Path(shutil.copytree(archive, archive.with_name("damaged")))
    with closing(sqlite3.connect(copy / "archive.sqlite3")) as db, db:
        change = "text = ?, digest = COALESCE(?, digest)"
        db.execute(
            f"UPDATE versions SET {change} WHERE article = (SELECT key FROM articles WHERE id = 'tunnel')",
            (text, digest),
        )
    return copy


def test_an_archive_that_is_whole_answers_as_before(archive: Path) -> None:
    copy = Path(shutil.copytree(archive, archive.with_name("copy")))
    assert Truth(archive).compare(copy) == ("same", "")


def test_damage_is_told(archive: Path) -> None:
    damaged = altered(archive, ARTICLES[0].text.replace("74", "64"), None)
    outcome, detail = Truth(archive).compare(damaged)
    assert outcome == "told"
    assert "tunnel" in detail


def test_a_wrong_answer_would_be_found(archive: Path) -> None:
    wrong = replace(ARTICLES[0], text=ARTICLES[0].text.replace("74", "64"))
    digest = content_digest(wrong.text, wrong.headline, "", wrong.outlet, "", "", "2023-05-12")
    outcome, detail = Truth(archive).compare(altered(archive, wrong.text, digest))
    assert outcome == "wrong"
    assert "64 million" in detail


def test_an_unexpected_error_would_be_found(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    truth = Truth(archive)

    def fails(_: Path) -> None:
        raise MemoryError("of a library")

    monkeypatch.setattr(attack_flips, "opened", fails)
    assert truth.compare(archive) == ("uncaught", "MemoryError: of a library")

    def refuses(_: Path) -> None:
        raise ArchiveDamaged("it is damaged")

    monkeypatch.setattr(attack_flips, "opened", refuses)
    assert truth.compare(archive) == ("told", "it is damaged")


def test_flips_hit_the_database_its_words_and_the_indexes(archive: Path) -> None:
    drawn = [attack_flips.flip(archive, 1, number) for number in range(30)]
    assert drawn == [attack_flips.flip(archive, 1, number) for number in range(30)]
    data = (archive / "archive.sqlite3").read_bytes()
    words = ARTICLES[0].text.encode()
    for number, one in enumerate(drawn):
        if number % 3 == 1:
            assert 0 <= one.byte - data.find(words) < len(words)
        assert (number % 3 == 2) == one.file.startswith("index/")
    assert len({one.file for one in drawn}) > 5


# --- HTTP ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "status", "body", "kind", "fault"),
    [
        (Case(), 200, b"{}", "application/json", ""),
        (Case(), 503, b'{"error": {"code": "overloaded", "message": "x"}}', "application/json", ""),
        (Case(), 503, b'{"error": {"code": "archive_unavailable", "message": "x"}}', "application/json", "503"),
        (Case(), 500, b"Internal Server Error", "text/plain", "500"),
        (Case(), 404, b'{"detail": "Not Found"}', "application/json", "not in the shape"),
        (Case(method="HEAD"), 404, b"", "application/json", ""),
        (Case(), 400, b'{"error": {"code": "a", "message": "/archives/secret/archive.sqlite3"}}', "application/json", "reveals internals"),
        (Case(), 0, b"ConnectionResetError", "", "no answer"),
        (Case(raw=b"x"), 0, b"ConnectionResetError", "", ""),
        (Case(raw=b"x"), 500, b"", "", "500"),
    ],
)  # fmt: skip
def test_faults_of_an_answer_are_found(sent: Case, status: int, body: bytes, kind: str, fault: str) -> None:
    said = attack_http._fault(sent, status, body, kind, Path("/archives/secret"))
    assert fault in said
    assert bool(said) == bool(fault)


def test_a_server_is_attacked(small_archive: Path) -> None:
    found = attack_http.attack(150, 100, 1, small_archive)
    assert (found["cases"], found["faults"], found["named"]) == (150, 0, [])
    assert {"200", "404", "422"} <= set(found["statuses"])
    assert sum(found["statuses"].values()) == 150


def test_growth_is_from_after_the_start_to_the_end() -> None:
    tally = attack_http.Tally(
        loads=[Load(9, 3, 50.0), Load(20, 9, 100.0), *[Load(20, 9, 110.0)] * 2, Load(31, 10, 180.5)]
    )
    found = attack_http._figures(5, tally, 0)
    assert (found["descriptors_growth"], found["threads_growth"], found["memory_growth_mb"]) == (11, 1, 80.5)


def test_cases_are_drawn_from_a_seed() -> None:
    schema = {"examples": [{"query": "a"}], "properties": {"query": {"type": "string"}}, "required": ["query"]}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Search"}}}
    operations = {"post": {"requestBody": {"content": content}}, "get": {"parameters": [{"in": "query", "name": "a"}]}}
    described = {"components": {"schemas": {"Search": schema}}, "paths": {"/v1/search": operations}}
    made = [attack_http.case(described, 3, number) for number in range(200)]
    assert made == [attack_http.case(json.loads(json.dumps(described)), 3, number) for number in range(200)]
    assert {one.path for one in made} >= {"/v1/search", "/gradio_api/queue/join"}
    assert any(one.raw for one in made)
