"""The archive: versions, ids, deletion, filters, locks."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from assistant import dates
from assistant.admin import delete, reindex
from assistant.archive import Archive, ArchiveWriter, speech
from assistant.archive.reader import DATABASE
from assistant.errors import ArchiveBusy, ArchiveError, ArchiveTooNew, NoArchive, NotFound
from assistant.types import Filters
from tests.house import row, settings_for, take_in

FERRY = "The ferry line closes in May. “We have no choice,” Marta Lindqvist said."
BRIDGE = "The bridge opens in June. It cost 5.3 million."


def test_an_article_is_read_as_it_was_given(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(
        folder,
        [
            row(
                1,
                FERRY,
                url="https://harbour.example/1",
                byline="Ada Roth",
                outlet="Harbour",
                section="Local",
                updated="2024-03-02T10:00:00Z",
            )
        ],
    )
    with Archive(folder) as archive:
        article = archive.article("a1")
        assert (article.text, article.headline, article.byline, article.outlet) == (
            FERRY,
            "Headline 1",
            "Ada Roth",
            "Harbour",
        )
        assert (article.version, article.current, article.language, article.section) == (1, True, "en", "Local")
        assert article.published == dates.parse_date("2024-03-01")
        assert article.updated == dates.parse_date("2024-03-02T10:00:00Z")
        with pytest.raises(NotFound, match="no article 'nope'"):
            archive.article("nope")
        with pytest.raises(NotFound, match="no version 2 of article 'a1'"):
            archive.article("a1", 2)


@pytest.mark.parametrize("name", ["a&quot;b", " spaced  id ", "ID/with?query=1#x", "İd-ı", "42"])
def test_an_id_is_kept_exactly(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [{"id": name, "text": FERRY}])
    with Archive(folder) as archive:
        assert archive.article(name).id == name
        assert [article.id for article in archive.articles()] == [name]


def test_the_same_content_again_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    assert take_in(folder, [row(1, FERRY), row(2, BRIDGE)]).added == 2
    before = _dump(folder)
    report = take_in(folder, [row(1, FERRY), row(2, BRIDGE)])
    assert (report.added, report.updated, report.unchanged) == (0, 0, 2)
    assert _dump(folder) == before


def test_changed_content_is_a_new_version_and_the_old_stays_citable(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(1, FERRY)])
    with Archive(folder) as archive:
        (old,) = archive.allowed(Filters(languages=("en",)))  # type: ignore[misc]
    assert take_in(folder, [row(1, FERRY.replace("May", "July"))]).updated == 1
    with Archive(folder) as archive:
        assert archive.versions("a1") == [1, 2]
        assert archive.article("a1").version == 2
        first = archive.article("a1", 1)
        assert (first.text, first.current) == (FERRY, False)
        assert archive.passages([old]) == {}, "out of retrieval"
        assert archive.live() == 1


def test_a_url_names_an_article_that_has_no_id(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    unnamed = {"url": "https://harbour.example/ferry", "text": FERRY}
    take_in(folder, [unnamed])
    assert take_in(folder, [{**unnamed, "text": BRIDGE}]).updated == 1
    with Archive(folder) as archive:
        assert archive.article("https://harbour.example/ferry").text == BRIDGE
    assert (
        take_in(
            folder, [row(1, FERRY, url="https://shared.example/"), row(2, BRIDGE, url="https://shared.example/")]
        ).added
        == 2
    )


def test_an_older_text_read_again_is_not_a_correction(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    rows = [row(1, FERRY), row(1, BRIDGE, updated="2024-03-05")]
    assert take_in(folder, rows).updated == 1
    assert take_in(folder, rows).unchanged == 2
    withdrawn = row(1, FERRY, updated="2024-03-09")
    assert take_in(folder, [withdrawn]).updated == 1, "a correction that is taken back later is taken in"
    with Archive(folder) as archive:
        assert [archive.article("a1", n).text for n in archive.versions("a1")] == [FERRY, BRIDGE, FERRY]


def test_ids_and_version_numbers_are_never_used_twice(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(1, FERRY), row(2, BRIDGE)])
    with Archive(folder) as archive:
        key, seen = archive.article("a2").key, archive.seq()
        passages = archive.allowed(Filters(languages=("en",)))
    delete(settings_for(folder), "a2")
    take_in(folder, [row(2, "Another text under the same name.")])
    with Archive(folder) as archive:
        again = archive.article("a2")
        assert again.version == 2, "a citation of version 1 must not come to mean another text"
        assert again.key > key
        assert archive.seq() > seen
        new = archive.allowed(Filters(languages=("en",)))
        assert new is not None
        assert passages is not None
        assert new.max() > passages.max()


def test_deletion_leaves_no_trace(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(
        folder,
        [
            row(1, FERRY),
            row(
                2,
                "The zanzibarine quorfle was stolen from Lindenhof. “It was mine,” said Hieronymus Vexley.",
                headline="Quorfle gone",
                byline="Zebulon Quist",
            ),
        ],
    )
    with Archive(folder) as archive:
        passage = archive.article("a2")
        (counted,) = archive.db.execute("SELECT roots FROM counts ORDER BY version DESC LIMIT 1").fetchone()
        vector = (
            next(e for e in archive.entries(1, 10**9) if e.article == passage.key).vector.astype(np.float16).tobytes()
        )
    assert _holding(folder, b"zanzibarine")
    assert _holding(folder, counted)
    delete(settings_for(folder), "a2")
    for trace in (
        b"zanzibarine",
        b"quorfle",
        b"Quorfle",
        b"Zebulon",
        b"zebulon",
        b"Vexley",
        counted,
        vector,
        np.frombuffer(vector, np.float16).astype(np.float32).tobytes(),
    ):
        assert _holding(folder, trace) == []
    with Archive(folder) as archive:
        assert archive.versions("a2") == []
        assert archive.live() == 1
    with pytest.raises(NotFound):
        delete(settings_for(folder), "a2")


def test_quotes_are_kept_with_their_version(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(1, FERRY, outlet="Harbour"), row(2, BRIDGE)])
    with Archive(folder) as archive:
        assert archive.speaker_names() == {"Marta Lindqvist": 1}
        (quote,) = archive.quotes()
        assert (quote.text, quote.article.id, quote.said.kind) == ("“We have no choice,”", "a1", "direct")
        assert quote.said.source
        assert quote.article.text[slice(*quote.said.source)] == "Marta Lindqvist"
        assert quote.said.cue
        assert quote.article.text[slice(*quote.said.cue)] == "said"
        assert archive.quotes(["Marta Lindqvist"], Filters(outlets=("harbour",))) == [quote]
        assert archive.quotes(["Marta Lindqvist"], Filters(outlets=("Bridge",))) == []
        assert archive.quotes(["Ada Roth"]) == archive.quotes([]) == []
        assert archive.counts()["quotes"] == 1
    take_in(folder, [row(1, FERRY.replace("no choice", "every choice"), outlet="Harbour")])
    with Archive(folder) as archive:
        assert [quote.text for quote in archive.quotes()] == ["“We have every choice,”"]
        assert archive.speaker_names() == {"Marta Lindqvist": 1}


def test_filters_restrict_passages(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(
        folder,
        [
            row(1, FERRY, outlet="Harbour Times", published="2023-05-12", byline="Ada Roth", section="Local"),
            row(2, BRIDGE, outlet="Meridian", published="2023-05-13T09:00:00Z", byline="Ben Ode and Ada Roth"),
            row(3, "Nobody knows when this was written.", outlet="Meridian", published=None),
        ],
    )
    with Archive(folder) as archive:

        def found(filters: Filters) -> list[str]:
            ids = archive.allowed(filters)
            assert ids is not None
            return sorted(p.article.id for p in archive.passages(ids.tolist()).values())

        assert archive.allowed(Filters()) is None
        assert found(Filters(outlets=("harbour times",))) == ["a1"]
        assert found(Filters(outlets=("Harbour Times", "Meridian"))) == ["a1", "a2", "a3"]
        assert found(Filters(authors=("ada roth",))) == ["a1", "a2"]
        assert found(Filters(sections=("local",))) == ["a1"]
        assert found(Filters(languages=("de",))) == []
        day = dates.parse_date("2023-05-13")
        assert found(Filters(since=day)) == ["a2"]
        assert found(Filters(until=day)) == ["a1"], "half-open, and the undated pass no date"
        assert [a.id for a in archive.articles(sort="oldest")] == ["a1", "a2", "a3"]
        assert [a.id for a in archive.articles(sort="newest", limit=1, offset=1)] == ["a1"]


def test_one_writes_others_read(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(1, FERRY)])
    with ArchiveWriter(folder), Archive(folder) as reader:
        with pytest.raises(ArchiveBusy, match="another process is writing"):
            ArchiveWriter(folder)
        assert reader.article("a1").text == FERRY
        with pytest.raises(ArchiveError, match="readonly"):
            reader.db.execute("DELETE FROM articles")
    ArchiveWriter(folder).close()


def test_addressees_are_stored_and_extracted_again_in_an_older_archive(tmp_path: Path) -> None:
    text = "“The ferry stays,” Marta Lindqvist told reporters. “It is old,” she said."
    folder = tmp_path / "archive"
    take_in(folder, [row(1, text)])

    def addressees() -> list[str | None]:
        with Archive(folder) as archive:
            ids = [quote.id for quote in archive.quotes()]
            listed = [one.addressee or None for one in speech.utterances(archive, ids)]
            kept = speech.attributions(archive, "a1", 1)
        assert listed == [one.addressee and text[slice(*one.addressee)] for one in kept]
        return listed

    assert addressees() == ["reporters", None]
    db = sqlite3.connect(folder / DATABASE)  # as the previous release wrote it
    db.executescript(
        "ALTER TABLE quotes DROP COLUMN addressee_start; ALTER TABLE quotes DROP COLUMN addressee_end;"
        "UPDATE versions SET extractor = 4; PRAGMA user_version = 7"
    )
    db.close()
    with pytest.raises(ArchiveError, match="reindex"):
        Archive(folder)
    with ArchiveWriter(folder) as writer:
        assert [quote.said.addressee for quote in writer.quotes()] == [None, None]
    assert reindex(settings_for(folder))["versions_read"] == 1
    assert addressees() == ["reporters", None]
    delete(settings_for(folder), "a1")
    with Archive(folder) as archive:
        assert archive.quotes() == []


def test_a_file_that_is_not_an_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoArchive, match="create one with"):
        Archive(tmp_path / "absent")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / DATABASE).write_bytes(b"something else entirely" * 100)
    with pytest.raises(ArchiveError, match="is not an archive"):
        Archive(tmp_path / "odd")
    take_in(tmp_path / "late", [row(1, FERRY)])
    db = sqlite3.connect(tmp_path / "late" / DATABASE)
    db.execute("PRAGMA user_version = 999")
    db.close()
    with pytest.raises(ArchiveTooNew, match="upgrade"):
        Archive(tmp_path / "late")


def test_vectors_are_kept_as_half_floats(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(1, FERRY)])
    with Archive(folder) as archive:
        (blob,) = archive.db.execute("SELECT vector FROM vectors").fetchone()
        assert len(blob) == 2 * archive.dim
        (entry,) = archive.entries(1, 10)
        assert entry.text == FERRY
        assert np.linalg.norm(entry.vector) == pytest.approx(1, abs=1e-3)


def _dump(folder: Path) -> list[object]:
    with Archive(folder) as archive:
        tables = ("articles", "versions", "passages", "vectors", "counts", "changes")
        return [archive.db.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]


def _holding(folder: Path, trace: bytes) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if trace in path.read_bytes()]
