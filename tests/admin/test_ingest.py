"""Ingest: batches, bad records, kills, full disks, other models."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.admin import ingest, reindex, status
from assistant.archive import Archive, ArchiveWriter
from assistant.archive.connection import Connection
from assistant.errors import MissingDependency, NoSpace, UnreadableSource, WrongModel
from assistant.ingest import ReadOptions
from tests.house import row, settings_for, take_in, write_jsonl

_NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)

TEXTS = [
    f"Harbour report {i}. The pilot boat left at {i % 24}:15. “Tide number {i} was high,” the harbour master said."
    for i in range(60)
]


def test_a_report_counts_everything(tmp_path: Path) -> None:
    source = tmp_path / "mixed.jsonl"
    rows = [
        json.dumps(row(1, TEXTS[1])),
        "{broken",
        json.dumps(row(2, "  ")),
        json.dumps(row(3, TEXTS[3], published="0001-01-01")),
    ]
    source.write_text("\n".join(rows))
    rejects = tmp_path / "rejects.jsonl"
    report = ingest(settings_for(tmp_path / "archive"), [str(source)], ReadOptions(), rejects)
    assert (report.added, report.rejected, report.warnings) == (2, 2, 1)
    kept = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert [k["source"].rpartition(":")[2] for k in kept] == ["2", "3"]
    assert all(k["reason"] for k in kept)
    assert "{broken" in kept[0]["raw"]
    assert [source for source, _ in report.reasons] == [k["source"] for k in kept]
    with Archive(tmp_path / "archive") as archive:
        assert archive.article("a3").published is None
        assert archive.ingests()[0]["rejected"] == 2


def test_a_missing_path_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match=r"absent\.jsonl"):
        ingest(settings_for(tmp_path / "archive"), [str(tmp_path / "absent.jsonl")], ReadOptions())


def test_an_article_twice_in_one_batch(tmp_path: Path) -> None:
    report = take_in(tmp_path / "archive", [row(1, TEXTS[1]), row(2, TEXTS[2]), row(1, TEXTS[3]), row(1, TEXTS[3])])
    assert (report.added, report.updated, report.unchanged) == (2, 1, 1)
    unnamed = {"text": "A note without any name. It is short."}
    assert take_in(tmp_path / "archive", [unnamed, unnamed]).added == 1


def test_equal_passages_are_embedded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.embedding.embedder import Embedder

    embedded: list[str] = []
    original = Embedder.passages

    def counting(self: Embedder, texts: list[str]) -> object:
        embedded.extend(texts)
        return original(self, texts)

    monkeypatch.setattr(Embedder, "passages", counting)
    take_in(tmp_path / "archive", [row(number, TEXTS[5], headline="Wire") for number in (1, 2)])
    again = row(1, TEXTS[5], headline="Wire", byline="New byline")
    assert take_in(tmp_path / "archive", [row(3, TEXTS[5], headline="Wire"), again]).updated == 1
    assert embedded == [f"Wire\n{TEXTS[5]}"]


def test_an_archive_of_another_model_is_refused_and_rebuilt(tmp_path: Path, other_model: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(i, TEXTS[i]) for i in range(3)])
    embedding = {"model": str(other_model), "runtime": "torch"}
    with pytest.raises(WrongModel, match=r"was built with 'all-MiniLM-L6-v2' \(384 dimensions\)"):
        take_in(folder, [row(9, TEXTS[9])], embedding=embedding)
    with pytest.raises(WrongModel, match="ontherecord reindex"):
        Assistant.open(settings_for(folder, embedding=embedding))
    changed = settings_for(folder, embedding=embedding)
    assert reindex(changed)["versions_embedded"] == 3
    assert status(changed)["indexes"] == {"healthy": True, "faults": []}
    with Assistant.open(changed) as assistant:
        assert assistant.search("harbour report", limit=1)
    assert reindex(changed)["versions_embedded"] == 0


def test_quotes_not_looked_for_are_found_by_reindex(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(i, TEXTS[i]) for i in range(3)], ingest={"quotes": False})
    with Assistant.open(settings_for(folder)) as assistant:
        answer = assistant.ask("what did the harbour master say?")
        assert (answer.status, "3 of its articles have not been read for quotes yet" in answer.reason) == (
            "not_found",
            True,
        )
    with Archive(folder) as archive:
        assert archive.quotes() == []
        assert archive.unread_articles() == 3
        assert archive.speaker_names() == {}
        assert reindex(settings_for(folder))["versions_read"] == 3
        assert [quote.text for quote in archive.quotes()] == [f"“Tide number {i} was high,”" for i in range(3)]
        assert list(archive.speaker_names().values()) == [3]
        assert archive.unread_articles() == reindex(settings_for(folder))["versions_read"] == 0


def test_a_new_passage_length_is_applied_on_demand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(1, " ".join(TEXTS))])
    with Archive(folder) as archive:
        before = archive.live()
    monkeypatch.setattr("assistant.admin.prepare.PASSAGE_TOKENS", 60)
    assert reindex(settings_for(folder), reembed=True)["passages"] > before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_named_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(1, TEXTS[1])])
    with Archive(folder) as archive:
        pages = archive.db.execute("PRAGMA page_count").fetchone()[0]
    configure = ArchiveWriter._configure

    def small(self: ArchiveWriter, db: Connection) -> None:
        configure(self, db)
        db.execute(f"PRAGMA max_page_count = {pages + 2}")  # SQLite then reports a full disk

    with monkeypatch.context() as patched:
        patched.setattr(ArchiveWriter, "_configure", small)
        with pytest.raises(NoSpace, match="is full"):
            take_in(folder, [row(i, TEXTS[i] * 20) for i in range(2, 40)])
    with Archive(folder) as archive:
        assert archive.counts()["articles"] == 1
    assert take_in(folder, [row(i, TEXTS[i] * 20) for i in range(2, 40)]).added == 38


@pytest.mark.timeout(900)  # eight ingests, each in a process of its own
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killed_at_any_moment_it_ends_the_same(tmp_path: Path, seed: int) -> None:
    """A real process is killed; the next run finishes, and the archive equals one that was never interrupted."""
    source = write_jsonl(
        tmp_path / "rows.jsonl", [row(i, text) for i, text in enumerate(TEXTS)] + [row(3, "Corrected. " + TEXTS[3])]
    )
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert _run(source, whole).wait() == 0
    kills = 0
    while True:
        process = _run(source, killed)
        goal = _batches_of(killed) + 1 + seed % 2
        while process.poll() is None and _batches_of(killed) < goal:
            time.sleep(0.01 * seed)
        if process.poll() is not None:
            assert process.returncode == 0
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
    assert kills >= 2
    assert _contents(killed) == _contents(whole)
    with Assistant.open(settings_for(whole)) as one, Assistant.open(settings_for(killed)) as other:
        for query in ("tide number 7", "pilot boat", "corrected harbour report"):
            mine = [(h.passage.id, h.score) for h in one.search(query, as_of=_NOON)]
            assert mine == [(h.passage.id, h.score) for h in other.search(query, as_of=_NOON)]


def _run(source: Path, folder: Path) -> subprocess.Popen[bytes]:
    code = (
        "import sys; from pathlib import Path; from assistant.admin import ingest; from assistant.ingest import ReadOptions;"
        "from assistant.process import dedicate; from assistant.settings import load_settings;"
        "dedicate(); ingest(load_settings({'archive': Path(sys.argv[2])}), [sys.argv[1]], ReadOptions(), batch_articles=9)"
    )
    return subprocess.Popen([sys.executable, "-c", code, str(source), str(folder)], env=os.environ)


def _batches_of(folder: Path) -> int:
    try:
        with Archive(folder) as archive:
            return int(archive.counts()["versions"]) // 9
    except Exception:  # it is still being created
        return 0


def _contents(folder: Path) -> list[object]:
    queries = (
        "SELECT key, id, named, url, current FROM articles ORDER BY key",
        "SELECT key, article, number, digest, headline, published, text FROM versions ORDER BY key",
        "SELECT * FROM passages ORDER BY id",
        "SELECT * FROM vectors ORDER BY passage",
        "SELECT * FROM changes ORDER BY seq",
        "SELECT * FROM quotes ORDER BY id",
        "SELECT * FROM counts ORDER BY version",
    )
    with Archive(folder) as archive:
        return [archive.db.execute(query).fetchall() for query in queries]


def test_readers_see_what_another_process_commits(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(1, TEXTS[1])])
    with Assistant.open(settings_for(folder)) as assistant:
        assert assistant.freshness().articles == 1
        source = write_jsonl(tmp_path / "more.jsonl", [row(2, "A xylophone concert moved the harbour. Many came.")])
        assert _run(source, folder).wait() == 0
        (hit, *_) = assistant.search("xylophone concert")
        assert hit.passage.article.id == "a2"
        assert hit.lexical
        assert hit.dense


def test_a_format_whose_package_is_missing_names_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # None makes the import fail
    (tmp_path / "a.parquet").write_bytes(b"PAR1" + b"\0" * 40 + b"PAR1")
    with pytest.raises(MissingDependency, match=r"pip install 'ontherecord\[parquet\]'"):
        ingest(settings_for(tmp_path / "archive"), [str(tmp_path / "a.parquet")], ReadOptions())
