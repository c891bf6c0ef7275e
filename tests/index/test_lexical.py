"""The lexical index: matches, their order, and queries that must not break a search."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.index import lexical
from assistant.index.analysis import folded, is_stop_word, prepared, stem_field
from assistant.index.base import Probe
from assistant.index.lexical import LexicalIndex
from assistant.index.queries import MOST_WORDS
from assistant.types import Filters
from tests.index.backends import stocked
from tests.index.memory_archive import MemoryArchive, passage

TEXTS = {
    "tr": ("Kılıçdaroğlu'nun adaylığı açıklandı; evlerimizden İstanbul'a gidildi.", "tr"),
    "en": ("Peskov’s deputy said the U.S. elections were running late in Washington.", "en"),
    "ru": ("Кылычдароглу и ёлка на площади. Выборы прошли.", "ru"),
    "de": ("Die Häuser der Ministerpräsidenten an der Straße.", "de-AT"),
    "zh": ("北京大学宣布新的计划。", "zh"),
    "hi": ("हिन्दी में समाचार", "hi"),
    "el": ("Ο Μητσοτάκης μίλησε για τις εκλογές.", "el"),
    "pl": ("Łódź ogłosiła żałobę.", "pl"),
    "far": ("The naïve café owner, born in Ankara, ate an éclair in Łódź.", ""),
}
Shelf = tuple[LexicalIndex, dict[str, int]]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    archive = MemoryArchive(4)
    ids = archive.add(*(passage(text, language=language) for text, language in TEXTS.values()))
    index = LexicalIndex(archive, tmp_path_factory.mktemp("lexical"), write=True)
    index.sync()
    index.publish()
    return index, dict(zip(TEXTS, ids, strict=True))


def found(shelf: Shelf, text: str, *languages: str) -> set[str]:
    index, ids = shelf
    hits = index.search(Probe(text, languages=languages), 20, Filters()).ids.tolist()
    return {name for name, id in ids.items() if id in hits}


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("Kilicdaroglu", {"tr"}),
        ("KILIÇDAROĞLU", {"tr"}),
        ("kılıçdaroğlu", {"tr"}),
        (unicodedata.normalize("NFD", "Kılıçdaroğlu'na"), {"tr"}),
        ("istanbul", {"tr"}),
        ("ISTANBUL", {"tr"}),
        ("İSTANBUL", {"tr"}),
        ("ev", {"tr"}),  # by its stem
        ("Кылычдароглу", {"ru"}),
        ("елка", {"ru"}),
        ("выборов", {"ru"}),
        ("Peskov", {"en"}),
        ("peskov's", {"en"}),
        ("Peskov’s", {"en"}),
        ("election", {"en"}),
        ("run", {"en"}),
        ("US", {"en"}),
        ("U.S.", {"en"}),
        ("Haus", {"de"}),
        ("strasse", {"de"}),
        ("Ministerpräsident", {"de"}),
        ("北京", {"zh"}),
        ("京北", set()),
        ("हिन्दी", {"hi"}),
        ("μητσοτακης", {"el"}),
        ("lodz", {"pl", "far"}),
        ("naive CAFE", {"far"}),
        ("nobody", set()),
    ],
)
def test_a_word_finds_its_forms_and_spellings(shelf: Shelf, typed: str, finds: set[str]) -> None:
    assert found(shelf, typed) == finds


def test_any_of_the_words_will_do_and_more_of_them_are_better(shelf: Shelf) -> None:
    index, ids = shelf
    hits = index.search(Probe("washington deputy lodz"), 5, Filters())
    assert hits.ids[0] == ids["en"]
    assert set(hits.ids.tolist()) == {ids["en"], ids["pl"], ids["far"]}


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ('"running late"', {"en"}),
        ("“Running LATE”", {"en"}),
        ("«running late»", {"en"}),
        ('"late running"', set()),
        ('"late"', {"en"}),
        ('lodz "cafe owner"', {"far"}),
        ('lodz "late running"', set()),
        ('"cafe owner', {"far"}),
        ('""', set()),
        ('lodz ""', {"pl", "far"}),
        ('"cafe owner" "born in Ankara"', {"far"}),
        ('"cafe owner" "running late"', set()),
        ('"北京大学"', {"zh"}),
        ('"Kilicdaroglu\'nun adayligi"', {"tr"}),
    ],
)
def test_double_quotes_hold_words_together_and_must_be_met(shelf: Shelf, typed: str, finds: set[str]) -> None:
    assert found(shelf, typed) == finds


def test_a_phrase_does_not_run_from_the_text_into_the_headline() -> None:
    archive = MemoryArchive(4)
    [id] = archive.add(passage("rain stopped play", headline="in Leeds again"))
    index = LexicalIndex(archive, Path("unused"))
    index.sync()
    assert index.search(Probe('"stopped play"'), 5, Filters()).ids.tolist() == [id]
    assert index.search(Probe('"Leeds again"'), 5, Filters()).ids.tolist() == [id]
    assert not len(index.search(Probe('"play in"'), 5, Filters()).ids)


def test_the_headline_counts_too() -> None:
    archive = MemoryArchive(4)
    body, head = archive.add(
        passage("the harbour was closed today by ice", headline="Weather report"),
        passage("it was closed today by thick ice again", headline="Harbour report"),
    )
    index = LexicalIndex(archive, Path("unused"))
    index.sync()
    assert index.search(Probe("harbour"), 5, Filters()).ids.tolist() == [head, body]


def test_stemming_is_that_of_the_languages_asked_for(shelf: Shelf) -> None:
    assert found(shelf, "run", "en") == {"en"}
    assert found(shelf, "run", "de") == set()
    assert found(shelf, "Haus", "de", "en") == {"de"}
    assert found(shelf, "peskov", "xx") == {"en"}


def test_stop_words_are_dropped_unless_there_are_no_others(shelf: Shelf) -> None:
    assert found(shelf, "what did the ankara", "en") == {"far"}
    assert found(shelf, "what did the ankara") == {"far", "en"}  # the language of the question is unknown
    assert found(shelf, "the", "en") == {"en", "far"}
    assert is_stop_word("who", "stem_english")
    assert not is_stop_word("WHO", "stem_english")
    assert not is_stop_word("peskov", "stem_english")
    assert not is_stop_word("the", "stem_turkish")


@given(typed=st.text(max_size=40) | st.text('"\\+-()[]{}:*?~^/&|!<>= ab', max_size=30))
@settings(max_examples=150, deadline=None)
def test_no_query_raises(shelf: Shelf, typed: str) -> None:
    hits = shelf[0].search(Probe(typed), 5, Filters())
    assert len(hits.ids) <= 5


def test_a_page_pasted_as_a_query_is_answered(shelf: Shelf) -> None:
    typed = "peskov " + " ".join(f"word{number}" for number in range(20_000))
    assert found(shelf, typed) == {"en"}
    assert MOST_WORDS < 20_000


def test_a_very_long_word_is_ignored() -> None:
    archive = MemoryArchive(4)
    [id] = archive.add(passage("x" * 100_000 + " brief", outlet="o" * 100_000))
    index = LexicalIndex(archive, Path("unused"))
    index.sync()
    assert index.search(Probe("brief"), 5, Filters(outlets=("O" * 100_000,))).ids.tolist() == [id]
    assert not len(index.search(Probe("x" * 100_000), 5, Filters()).ids)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("plain ASCII", "plain ASCII"),
        ("“quoted” – text", "“quoted” – text"),
        ("Łódź naïve", "Łodz naive"),
        ("ёлка й", "елка и"),
        ("हिन्दी", "हिनदी"),
        ("ﬁne ½", "fine 1⁄2"),
    ],
)
def test_folding_takes_marks_away_in_every_script(text: str, result: str) -> None:
    assert folded(text) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("the U.S. and the U.K.-led", "the US and the UK-led"),
        ("version 1.2.3 at 5.a.m", "version 1.2.3 at 5.a.m"),
        ("end of it. A. new", "end of it. A. new"),
        ("İzmirʼde", "Izmir'de"),
        ("日本go", " 日  本 go"),
    ],
)
def test_texts_are_prepared_for_tokenizers(text: str, result: str) -> None:
    assert prepared(text) == result


def test_languages_have_their_fields() -> None:
    assert [stem_field(code) for code in ("en", "EN-us", "nb", "pt_BR", "", "xx")] == [
        "stem_english", "stem_english", "stem_norwegian", "stem_portuguese", None, None,
    ]  # fmt: skip


def scores(index: LexicalIndex, text: str = "minister budget harbour") -> list[tuple[int, float]]:
    hits = index.search(Probe(text), 200, Filters())
    return list(zip(hits.ids.tolist(), hits.scores.tolist(), strict=True))


def test_after_compaction_deleted_passages_do_not_affect_scores(tmp_path: Path) -> None:
    archive = stocked(120)
    index = LexicalIndex(archive, tmp_path / "grown", write=True)
    for gone in (None, 7, 18, 40):
        if gone:
            archive.remove(gone)
        index.sync()
        index.publish()
    fresh = LexicalIndex(archive, tmp_path / "fresh", write=True)
    fresh.rebuild()
    assert scores(index) != scores(fresh), "what went still counts"
    index.publish(compact=True)
    assert scores(index) == scores(fresh)
    stamp = (tmp_path / "grown" / "lexical.json").read_bytes()
    index.publish(compact=True)
    assert (tmp_path / "grown" / "lexical.json").read_bytes() == stamp, "there is nothing more to do"


def test_a_large_index_is_compacted_after_many_deletions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical, "COMPACT_SMALL", 0)
    monkeypatch.setattr(lexical, "COMPACT_SHARE", 0.1)
    archive = stocked(120)
    index = LexicalIndex(archive, tmp_path, write=True)
    for gone, left in ((0, 0), (5, 5), (7, 0)):
        for key in archive.ids()[:gone]:
            archive.remove(key)
        index.sync()
        index.publish(compact=True)
        (place,) = tmp_path.glob("lexical-*")
        assert lexical._deleted(place) == left
