from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.answering.answerability.confidence import RANKING, calibrated, shipped
from assistant.archive import Archive
from assistant.evaluation.calibration import chosen, make_probes
from assistant.text import words
from tests.house import row, take_in

if TYPE_CHECKING:
    from tests.conftest import Cli

PROBES = 40
"""Number of articles; each yields a probe."""
PLACES = "Arlo Brent Corva Delm Ester Farrow Galt Hindle Ivory Jarrow Kelder Lumen Morrow Nettle Orrin Pascal".split()
THINGS = ("bridge", "holdings", "ferry", "orchard", "museum")
DONE = ("will be rebuilt after the flood", "has lost half of its visitors", "was sold to a company from abroad")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("calibration") / "archive"
    articles = [
        row(n, f"The {THINGS[n % 5]} of {PLACES[n % 16]} {DONE[n % 3]}, its council said in week {n}.", headline=f"News of {PLACES[n % 16]}")
        for n in range(PROBES)
    ]  # fmt: skip
    take_in(folder, articles)
    return folder


def stored(**changes: object) -> str:
    body = {"threshold": 0.4, "model": "m", "ranking": RANKING, "weights": shipped().digest, "date": "2024-03-01"}
    return json.dumps({**body, **changes})


def test_probes_are_words_of_a_sentence_and_a_few_of_another_and_always_the_same(archive: Path) -> None:
    with Archive(archive) as opened:
        articles = chosen(opened, 1000)
        assert [len(chosen(opened, count)) for count in (7, PROBES, PROBES + 1)] == [7, PROBES, PROBES]
    probes = make_probes(articles)
    assert probes == make_probes(articles)
    assert len(probes) == len({probe.article for probe in probes}) == PROBES
    for probe in probes:
        asked, said = words(probe.question), words(probe.sentence)
        own = sum(word in said for word in asked)
        assert 0.6 * len(said) <= own < len(said)
        assert len(asked) <= 0.9 * len(said)


def test_calibrate_derives_a_threshold_and_keeps_it(cli: Cli, archive: Path) -> None:
    done = cli("calibrate", "--json", archive=archive)
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["probes"] == PROBES
    assert 0 < found["threshold"] < 1
    assert found["answerable_refused"] <= 0.05
    assert found["auroc"] > 0.5
    with Archive(archive) as opened:
        assert json.loads(opened.calibration()) == found
        assert calibrated(opened.calibration(), opened.model) == found["threshold"]

    assert cli("calibrate", "--forget", archive=archive).exit_code == 0
    with Archive(archive) as opened:
        assert opened.calibration() == ""

    printed = cli("calibrate", archive=archive).stdout
    assert f"below a confidence of {found['threshold']:.3f}: of {PROBES} probes, " in printed
    with Archive(archive) as opened:
        assert json.loads(opened.calibration()) == found, "calibrated again, the threshold is the same"


def test_a_kept_threshold_decides_what_is_refused(cli: Cli, archive: Path) -> None:
    from assistant.archive import ArchiveWriter

    question = "What happened to the holdings of Brent?"
    free = json.loads(cli("ask", question, "--json", archive=archive).stdout)
    with ArchiveWriter(archive, create=False) as writer:
        writer.calibrate(stored(threshold=0.9999, model=writer.model))
    strict = json.loads(cli("ask", question, "--json", archive=archive).stdout)
    with ArchiveWriter(archive, create=False) as writer:
        writer.calibrate("")
    assert (free["status"] != "not_found", strict["status"]) == (True, "not_found")
    assert strict["near_misses"]


def test_a_small_archive_is_not_calibrated(cli: Cli, small_archive: Path) -> None:
    done = cli("calibrate", archive=small_archive)
    assert done.exit_code == 2
    assert "probes can be made of 20 articles, and 30 are needed" in done.stderr


def test_a_threshold_of_another_ranking_or_model_does_not_apply(caplog: pytest.LogCaptureFixture) -> None:
    assert calibrated("", "m") is None
    assert calibrated(stored(), "m") == 0.4
    assert calibrated(stored(weights="other"), "m") is None
    with caplog.at_level(logging.WARNING):
        assert calibrated(stored(ranking="0"), "another") is None
    assert "calibrated on 2024-03-01 with another model and ranking" in caplog.text
