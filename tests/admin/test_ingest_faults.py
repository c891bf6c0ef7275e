"""No bad record ends an ingest, and no rejects file overwrites a source."""

from __future__ import annotations

import errno
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from assistant.admin import IngestReport, ingest
from assistant.archive import Archive
from assistant.errors import UnreadableSource, UsageError
from assistant.ingest import ReadOptions
from assistant.ingest.fields import article_of
from assistant.quotes.extract import quotes
from tests.house import row, settings_for, take_in, write_jsonl

GOOD = row(1, "The pilot boat left at noon. The crane stayed on the quay.")
HALF = "\ud800"


def taken(tmp_path: Path, content: str, name: str = "a.json") -> tuple[IngestReport, list[dict[str, str]]]:
    """Ingest a file; return the report and the lines of the rejects file."""
    source = tmp_path / name
    source.write_text(content)
    rejects = tmp_path / "rejects.out"
    report = ingest(settings_for(tmp_path / "archive"), [str(source)], ReadOptions(), rejects)
    return report, [json.loads(line) for line in rejects.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_half_a_character_in_a_reject(tmp_path: Path, name: str) -> None:
    rows = [{"title": HALF}, GOOD]
    content = json.dumps({"articles": rows}) if name == "a.json" else "\n".join(map(json.dumps, rows))
    report, (reject,) = taken(tmp_path, content, name)
    assert (report.added, report.rejected) == (1, 1)
    assert "no text" in reject["reason"]
    assert json.loads(reject["raw"]) == {"title": HALF}


@pytest.mark.parametrize(
    "field", ["id", "url", "headline", "byline", "outlet", "section", "language", "published", "updated", "text", HALF]
)
def test_half_a_character_in_an_article(tmp_path: Path, field: str) -> None:
    value = f"https://news.example/{HALF}a" if field == "url" else f"The harbour {HALF} stays open."
    report, _ = taken(tmp_path, json.dumps({"articles": [{**GOOD, "id": "a2", field: value}, GOOD]}))
    assert (report.added, report.rejected) == (2, 0)
    with Archive(tmp_path / "archive") as archive:
        stored = archive.article("The harbour \ufffd stays open." if field == "id" else "a2")
        text = "\n".join(str(part) for part in (stored.id, stored.url, stored.headline, stored.outlet, stored.text))
        assert HALF not in text
        assert ("\ufffd" in text) == (field in ("id", "url", "headline", "outlet", "text"))


def test_any_error_in_reading_a_record_rejects_only_that_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fragile(raw: Any, options: ReadOptions) -> Any:
        if raw["id"] == "a1":
            raise ZeroDivisionError("by nought")
        return article_of(raw, options)

    monkeypatch.setattr("assistant.ingest.inputs.article_of", fragile)
    rows = [row(2, "The tide came in at six."), GOOD, row(3, "Fog kept the ferry in port.")]
    report, (reject,) = taken(tmp_path, "\n".join(map(json.dumps, rows)), "a.jsonl")
    assert (report.added, report.rejected) == (2, 1)
    assert reject["source"].endswith("a.jsonl:2")
    assert "ZeroDivisionError: by nought" in reject["reason"]
    assert json.loads(reject["raw"]) == GOOD


def test_any_error_in_preparing_an_article_rejects_only_that_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fragile(text: str, *rest: str) -> Any:
        if "crane" in text:
            raise KeyError("crane")
        return quotes(text, *rest)

    monkeypatch.setattr("assistant.admin.prepare.quotes", fragile)
    rows = [row(2, "The tide came in at six."), GOOD, row(3, "Fog kept the ferry in port.")]
    report, (reject,) = taken(tmp_path, "\n".join(map(json.dumps, rows)), "a.jsonl")
    assert (report.added, report.rejected) == (2, 1)
    assert reject["source"].endswith("a.jsonl:2")
    assert "KeyError: 'crane'" in reject["reason"]
    assert json.loads(reject["raw"])["text"] == GOOD["text"]
    monkeypatch.undo()
    again, _ = taken(tmp_path, "\n".join(map(json.dumps, rows)), "a.jsonl")
    assert (again.added, again.unchanged, again.rejected) == (1, 2, 0)


@pytest.mark.parametrize("error", [MemoryError(), OSError(errno.ENOSPC, "No space left on device")])
def test_an_error_that_is_not_a_records_fault_ends_the_ingest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def full(*article: str) -> Any:
        raise error

    monkeypatch.setattr("assistant.admin.prepare.quotes", full)
    with pytest.raises(type(error)):
        take_in(tmp_path / "archive", [GOOD])


# --- the rejects file --------------------------------------------------------------------------------------


def refused(tmp_path: Path, rejects: Path, *paths: Path | str) -> str:
    """Return the error that refuses an ingest with this rejects file, which must change nothing."""
    before = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
    with pytest.raises(UsageError) as caught:
        ingest(settings_for(tmp_path / "archive"), [str(path) for path in paths], ReadOptions(), rejects)
    assert {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()} == before
    return str(caught.value)


def test_a_source_is_not_emptied_for_its_own_rejects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    source = write_jsonl(tmp_path / "in" / "r.jsonl", [GOOD])
    soft, hard = tmp_path / "soft.jsonl", tmp_path / "hard.jsonl"
    soft.symlink_to(source)
    hard.hardlink_to(source)
    for rejects in (source, soft, hard, source.parent / ".." / "in" / "r.jsonl"):
        for path in (source, source.parent, f"{source.parent}/*.jsonl", soft):
            assert "is one of the files to be read" in refused(tmp_path, rejects, path)
    monkeypatch.chdir(source.parent)
    assert "is one of the files to be read" in refused(tmp_path, Path("r.jsonl"), "r.jsonl")


def test_a_rejects_file_among_the_sources_is_refused(tmp_path: Path) -> None:
    """The file does not exist yet, but would by the time the folder is read."""
    folder = tmp_path / "in"
    folder.mkdir()
    write_jsonl(folder / "a.jsonl", [GOOD])
    dangling = tmp_path / "dangling"
    dangling.symlink_to(folder / "new.jsonl")
    for rejects in (folder / "new.jsonl", dangling):
        for path in (folder, f"{folder}/*.jsonl"):
            assert "new.jsonl" in refused(tmp_path, rejects, path)
    assert dangling.is_symlink()
    report = ingest(settings_for(tmp_path / "archive"), [str(folder)], ReadOptions(), folder / ".rejects.jsonl")
    assert report.added == 1  # hidden files are not read


def test_standard_input_is_not_emptied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_jsonl(tmp_path / "r.jsonl", [GOOD])
    with source.open("rb") as file:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(file))
        assert "standard input" in refused(tmp_path, source, "-")


def test_rejects_do_not_go_into_the_archive(tmp_path: Path) -> None:
    take_in(tmp_path / "archive", [GOOD])
    source = write_jsonl(tmp_path / "r.jsonl", [GOOD])
    (database,) = (tmp_path / "archive").glob("*.sqlite3")
    for rejects in (database, tmp_path / "archive" / "rejects.jsonl"):
        assert "is inside the archive's own folder" in refused(tmp_path, rejects, source)


def test_rejects_may_go_to_a_device_and_a_new_file(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "r.jsonl", [GOOD, {"title": "empty"}])
    for rejects in (Path(os.devnull), tmp_path / "new.jsonl"):
        ingest(settings_for(tmp_path / "archive"), [str(source)], ReadOptions(), rejects)
    assert len((tmp_path / "new.jsonl").read_text().splitlines()) == 1
    with pytest.raises(UnreadableSource, match="the rejects cannot be written to"):
        ingest(settings_for(tmp_path / "archive"), [str(source)], ReadOptions(), tmp_path / "no" / "r.jsonl")
