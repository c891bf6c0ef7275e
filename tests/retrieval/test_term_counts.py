"""Words counted at ingest rank like words counted on demand; counts are kept, deleted and renewed with a version."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import AskOptions, Assistant
from assistant.admin import delete, reindex
from assistant.archive import Archive, ArchiveWriter
from assistant.archive.counts import Counts, counts, keep_counts, signatures, times, uncounted
from assistant.archive.schema import MIGRATIONS, create_counts, create_signatures
from assistant.errors import ArchiveError
from assistant.retrieval import term_counts
from assistant.retrieval.analysis import root
from assistant.retrieval.near_duplicate_articles import Signature
from assistant.retrieval.stems import stable
from assistant.retrieval.term_counts import COUNTER, count, words_of
from assistant.text import words
from tests.house import row, settings_for, take_in

_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
_SAMPLE = Path(__file__).parents[2] / "sample"
_TEXTS = {
    "en": "The ferries' captains, it's said, counted 1.5 million “passengers” at 10:30; counting tired them.",
    "de": "Die Fährgäste zählten die Straßen des Hafens; gezählt wurde größer als zuvor.",
    "fr": "Les passagères comptaient; l'été, on comptera encore.",
    "ru": "Паромы считали пассажиров, её считали тоже.",
    "tr": "İstanbul'daki yolcular ıslak iskelelerde sayıldı.",
    "ar": "عدّ الركاب في الميناء والركاب في السفينة",
    "ja": "港のフェリーは乗客を数えた。",
    "": "Count me 1,000 times",
}


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (_SAMPLE / name).read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an archive of the sample's articles, which is not to be written to."""
    folder = tmp_path_factory.mktemp("counting") / "archive"
    take_in(folder, _rows("articles.jsonl"), ingest={"quotes": False})
    return folder


def _uncounted(folder: Path, keep: str = "0") -> None:
    with ArchiveWriter(folder, create=False) as writer, writer._transaction() as db:
        db.execute(f"DELETE FROM counts WHERE NOT ({keep})")


def _earlier(folder: Path) -> None:
    """Make of an archive one that a release without signatures wrote."""
    with ArchiveWriter(folder, create=False) as writer, writer._transaction() as db:
        assert MIGRATIONS[-1] == create_signatures
        db.execute("DROP TABLE counts")
        create_counts(db)
        db.execute("INSERT INTO counts SELECT key, 1, 1, X'01000000', X'0100' FROM versions")
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) - 1}")


def _found(folder: Path, questions: Sequence[str]) -> list[object]:
    with Assistant.open(settings_for(folder)) as assistant:
        return [
            (
                [(hit.passage.id, hit.score) for hit in assistant.search(question, limit=100, as_of=_NOON)],
                replace(assistant.ask(question, AskOptions(as_of=_NOON)), milliseconds=0.0),
            )
            for question in questions
        ]


def test_kept_counts_rank_as_words_counted_when_asked(archive: Path, tmp_path: Path) -> None:
    questions = [one["question"] for one in _rows("questions.jsonl")][::4]
    without, some = (Path(copytree(archive, tmp_path / name)) for name in ("without", "some"))
    _uncounted(without)
    _uncounted(some, "version % 3")
    assert len(questions) > 10
    assert _found(archive, questions) == _found(without, questions) == _found(some, questions)


def test_stored_counts_equal_fresh_counts(archive: Path) -> None:
    with Archive(archive) as source:
        articles = list(source.articles())
        kept = counts(source, articles, COUNTER)
        for article in articles:
            assert _as_lists(kept[article.key]) == _as_lists(count(article.text, article.language))
        signed = signatures(source, articles, COUNTER)
        assert {key: _as_list(one) for key, one in signed.items()} == {key: _as_lists(kept[key])[-1] for key in kept}
        assert counts(source, [], COUNTER) == counts(source, articles, COUNTER + 1) == {}
        assert signatures(source, [], COUNTER) == signatures(source, articles, COUNTER + 1) == {}
        assert uncounted(source, COUNTER) == []


def test_a_question_counts_nothing_that_is_stored(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(term_counts, "count", None)
    monkeypatch.setattr(term_counts, "signature", None)
    with Assistant.open(settings_for(archive)) as assistant:
        assert assistant.search("What did the mayor say?", as_of=_NOON)


def _as_lists(found: Counts) -> tuple[int, list[int], list[int], list[int] | None]:
    return found.length, found.roots.tolist(), found.times.tolist(), _as_list(found.signature)


def _as_list(signature: Signature | None) -> list[int] | None:
    return None if signature is None else signature.tolist()


@given(text=st.text(max_size=200), language=st.sampled_from([*_TEXTS, "xx"]), wanted=st.lists(st.text(min_size=1)))
def test_counts_of_any_text_are_its_words_counted_one_by_one(text: str, language: str, wanted: list[str]) -> None:
    expected = Counter(root(word, language) for word in words(text))
    found = count(text, language)
    asked = [*expected, *(one for one in wanted if one not in expected)]
    numbers = np.fromiter(map(stable, asked), np.uint32)
    assert times([found], numbers)[0].tolist() == [expected[one] for one in asked]
    assert (found.length, found.times.sum()) == (len(text.split()), expected.total())
    assert (np.diff(found.roots.astype(np.int64)) > 0).all()


def test_a_very_long_article_is_counted_as_far_as_it_is_read() -> None:
    found = count("ferry " * 50_000, "en")
    assert (found.length, sorted(found.times.tolist())) == (3_334, [1, 3_333])  # the last word is cut


def test_the_counters_version_changes_with_its_results() -> None:
    found = [_as_lists(count(text, language)) for language, text in _TEXTS.items()]
    told = sha256(json.dumps(found).encode()).hexdigest()[:16]
    assert (COUNTER, told) == (2, "170de935d29402e7"), "what counts otherwise needs another number"


def test_every_version_keeps_its_own_and_a_deletion_takes_all(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(1, "One ferry."), row(2, "Two bridges.")])
    take_in(folder, [row(1, "Three ferries, a ferry.")])
    with Archive(folder) as source:
        for number, often in ((1, 1), (2, 2)):
            article = source.article("a1", number)
            kept = counts(source, [article], COUNTER)[article.key]
            assert times([kept], np.array([stable("ferri")], np.uint32)).tolist() == [[often]]
    delete(settings_for(folder), "a1")
    with Archive(folder) as source:
        left = source.db.execute("SELECT v.key FROM counts c LEFT JOIN versions v ON v.key = c.version").fetchall()
        assert left == [(2,)]


def test_an_article_of_no_known_language_is_counted_in_that_of_the_question(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(1, "Sailing ferries.", headline="-"), row(2, "2024: 1, 2, 3", headline="-", language="")])
    with Archive(folder) as source:
        english, unknown = source.article("a1"), source.article("a2")
        assert (english.language, unknown.language) == ("en", "")
        number = np.array([stable("sail")], np.uint32)
        assert times(words_of(source, [english], "de"), number).tolist() == [[1]]
        unnamed = replace(english, language="")
        assert [times(words_of(source, [unnamed], tongue), number).tolist() for tongue in ("en", "de")] == [
            [[1]],
            [[0]],
        ]
        assert words_of(source, [unknown], "en")[0].times.tolist() == [1, 1, 1, 1]


def test_an_archive_of_an_earlier_release_is_counted_by_reindex(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(1, "One ferry."), row(2, "Two bridges.")])
    _earlier(folder)
    with pytest.raises(ArchiveError, match="reindex"):
        Assistant.open(settings_for(folder))
    take_in(folder, [row(3, "Three ferries.")])
    with Archive(folder) as source:
        assert uncounted(source, COUNTER) == [1, 2]
        assert list(counts(source, list(source.articles()), COUNTER)) == [3]
    with Assistant.open(settings_for(folder)) as assistant:
        assert {hit.passage.article.id for hit in assistant.search("ferry")} >= {"a1", "a3"}
    assert [reindex(settings_for(folder))["versions_counted"] for _ in range(2)] == [2, 0]
    with Archive(folder) as source:
        assert uncounted(source, COUNTER) == []


def test_counts_of_another_counter_are_not_used_but_renewed(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(1, "One ferry."), row(2, "Two bridges.")])
    with ArchiveWriter(folder, create=False) as writer, writer._transaction() as db:
        keep_counts(db, 1, count("nothing", "en"), COUNTER - 1)
    with Archive(folder) as source:
        assert uncounted(source, COUNTER) == [1]
        article = source.article("a1")
        assert counts(source, [article], COUNTER) == {}
        assert _as_lists(words_of(source, [article], "en")[0]) == _as_lists(count(article.text, "en"))
    assert reindex(settings_for(folder))["versions_counted"] == 1
    with Archive(folder) as source:
        assert _as_lists(counts(source, [article], COUNTER)[article.key]) == _as_lists(count(article.text, "en"))


def test_an_interrupted_reindex_resumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "archive"
    take_in(folder, [row(number, f"Ferry {number}.") for number in range(5)])
    _earlier(folder)
    monkeypatch.setattr("assistant.admin.maintenance._COUNTED", 2)

    def stop(done: int, total: int) -> None:
        if (done, total) == (4, 5):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindex(settings_for(folder), progress=stop)
    assert reindex(settings_for(folder))["versions_counted"] == 1
