from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.attributions import Correction, Mention
from assistant.names.parse import parse_name
from assistant.names.phonetics import alike, consonants, plain, sound
from assistant.speakers.resolve import ResolvedSpeakers, cluster_speakers


def grouped(*articles: str, corrections: tuple[Correction, ...] = ()) -> ResolvedSpeakers:
    """Speakers of an archive whose first article quotes the names in the first text, and so on."""
    return cluster_speakers(
        [Mention(name.strip(), key) for key, names in enumerate(articles, 1) for name in names.split(";")], corrections
    )


def together(speakers: ResolvedSpeakers, *names: str) -> bool:
    return len({id(speakers.of(name, 0)) for name in names}) == 1


@pytest.mark.parametrize(
    "names",
    [
        ("Dmitry Peskov", "Dmitri Peskov", "Dmitriy Peskov", "Дмитрий Песков", "دميتري بيسكوف"),
        ("Dmitry Peskov", "Peskov", "Mr Peskov", "Kremlin spokesman Peskov", "Песков", "بيسكوف"),
        ("Dmitry Peskov", "Kremlsprecher Dmitri Peskow", "Дмитрий Сергеевич Песков", "Dmitry S. Peskov"),
        ("Kemal Kilicdaroglu", "Kemal Kılıçdaroğlu", "Кемаль Кылычдароглу", "كمال كليتشدار أوغلو", "Kılıçdaroğlu"),
        ("Kemal Kilicdaroglu", "كليتشدار أوغلو", "Кылычдароглу"),
        ("Recep Tayyip Erdogan", "Recep Tayyip Erdoğan", "Реджеп Тайип Эрдоган", "رجب طيب أردوغان", "Erdoğan", "Эрдоган"),
        ("Recep Tayyip Erdogan", "Tayyip Erdogan", "Recep Erdogan", "President Erdogan", "أردوغان"),
        ("Volodymyr Zelensky", "Volodymyr Zelenskyy", "Volodymyr Zelenskiy", "Володимир Зеленський"),
        ("Gerhard Schröder", "Gerhard Schroeder", "Schröder"),
        ("Bashar al-Assad", "Bashar Assad", "Assad"),
        ("Ursula von der Leyen", "von der Leyen", "EU Commission President Ursula von der Leyen"),
        ("Thomas S. Brennig", "Thomas Brennig", "Tom Brennig"),
        ("Kim Jong Un", "Kim Jong-un"),
        ("J.K. Rowling", "J. K. Rowling", "JK Rowling"),
        ("the Kremlin", "The Kremlin", "Kremlin"),
    ],
)  # fmt: skip
def test_names_of_one_speaker(names: tuple[str, ...]) -> None:
    speakers = grouped(*names, "Anna Berg", "Sam Fielding")
    assert together(speakers, *names), [s.names for s in speakers.listed]
    assert speakers.of("Anna Berg", 0) is not speakers.of(names[0], 0)


@pytest.mark.parametrize(
    "names",
    [
        ("John Brennig", "Jane Brennig"),
        ("James C. Brennig", "James D. Brennig"),
        ("Adam Brennig", "Adam Brennig Jr."),
        ("Dmitry Peskov", "Kremlin"),
        ("Harrison Ford", "Ford"),
        ("Denzel Washington", "Washington"),
        ("Terry Moran", "Mary Moran", "Moran"),
        ("BBC", "Kremlin"),
        ("Abby Phillip", "Philip"),
        ("Baltimore Sun", "Soon"),
        ("Vanna White", "V. John White"),
        ("Amy Love", "Amy Lowe"),
        ("Lynda Young", "Linda Young"),
        ("Robert Mills", "Bob Mills", "Ann Mills"),
        ("Donald Trump", "a conservative and outspoken supporter of President Donald Trump"),
        ("Ахмед Песков", "Dmitry Peskov"),
        ("أحمد علي", "Dmitry Peskov"),
    ],
)  # fmt: skip
def test_names_of_different_speakers(names: tuple[str, ...]) -> None:
    speakers = grouped(*names)
    assert len({id(speakers.of(name, 0)) for name in names}) == len(names), [s.names for s in speakers.listed]


def test_a_last_name_means_the_bearer_quoted_by_far_the_most() -> None:
    often = ["Joe Brennig"] * 8
    assert together(grouped(*often, "Brennig", "Jill Brennig"), "Brennig", "Joe Brennig")
    assert not together(grouped(*often, "Brennig", *["Jill Brennig"] * 3), "Brennig", "Joe Brennig")


def test_bob_and_robert_in_one_article_are_two_people() -> None:
    assert not together(grouped("Robert Mills; Bob Mills"), "Robert Mills", "Bob Mills")
    assert together(grouped("Robert Mills", "Bob Mills"), "Robert Mills", "Bob Mills")


def test_a_speaker_quoted_more_often_than_the_bearer_of_its_name_is_not_that_person() -> None:
    assert not together(grouped(*["Wyverne"] * 9, "Fiona Wyverne"), "Wyverne", "Fiona Wyverne")


def test_kinds() -> None:
    speakers = grouped("Dmitry Peskov; Kremlin; BBC; Ministry of Health; officials; Officials; a resident; they")
    kinds = {speaker.name: speaker.kind for speaker in speakers.listed}
    assert kinds["Dmitry Peskov"] == "person"
    assert kinds["Kremlin"] == "name"
    assert kinds["BBC"] == kinds["Ministry of Health"] == "body"
    assert {kinds[name] for name in kinds if name.lower() in ("officials", "a resident", "they")} == {"unnamed"}
    assert together(speakers, "officials", "Officials")


def test_the_name_shown_is_a_full_one_that_is_used_most() -> None:
    speakers = grouped("Peskov", "Peskov", "Dmitry Peskov", "Dmitry Peskov", "Dmitri Peskov", "Mr Peskov")
    assert [(s.name, s.quotes, s.articles) for s in speakers.listed] == [("Dmitry Peskov", 6, 6)]
    assert dict(speakers.listed[0].names) == {"Dmitry Peskov": 2, "Peskov": 2, "Dmitri Peskov": 1, "Mr Peskov": 1}


@pytest.mark.parametrize(
    "asked",
    ["Peskov", "peskov", "Песков", "بيسكوف", "Dmitri Peskow", "Kremlin spokesman Peskov", "D. Peskov", "PESKOV"],
)
def test_finding_by_any_name(asked: str) -> None:
    speakers = grouped("Dmitry Peskov", "Anna Berg", "Dmitry Medvedev", "officials")
    assert [speaker.name for speaker in speakers.find(asked)] == ["Dmitry Peskov"]


def test_finding_several_of_a_name_and_nobody() -> None:
    speakers = grouped("John Brennig", "Jane Brennig", "Jane Brennig")
    assert [speaker.name for speaker in speakers.find("Brennig")] == ["Jane Brennig", "John Brennig"]
    assert [speaker.name for speaker in speakers.find("John Brennig")] == ["John Brennig"]
    assert speakers.find("Nobody Known") == []
    assert speakers.find("?!") == []


# --- the keeper's corrections ---------------------------------------------------------------------------------


def test_merging_joins_whole_speakers_and_splitting_takes_a_name_out() -> None:
    articles = ("Jon Ashby", "Ashby", "John Harrow")
    merged = grouped(*articles, corrections=(Correction("merge", "Jon Ashby", "John Harrow"),))
    assert together(merged, "Jon Ashby", "Ashby", "John Harrow")
    split = grouped(*articles, corrections=(Correction("split", "ASHBY"),))
    assert not together(split, "Jon Ashby", "Ashby")


def test_the_later_correction_holds() -> None:
    merge, split = Correction("merge", "Jon Ashby", "John Harrow"), Correction("split", "Jon Ashby")
    assert not together(grouped("Jon Ashby", "John Harrow", corrections=(merge, split)), "Jon Ashby", "John Harrow")
    assert together(grouped("Jon Ashby", "John Harrow", corrections=(split, merge)), "Jon Ashby", "John Harrow")


def test_a_correction_for_one_article_holds_there_only() -> None:
    fixed = grouped("Jon Ashby", "Jon Ashby", corrections=(Correction("merge", "Jon Ashby", "Jon Ashby (sailor)", 2),))
    politician, sailor = fixed.of("Jon Ashby", 1), fixed.of("Jon Ashby", 2)
    assert politician is not None
    assert sailor is not None
    assert (politician.name, politician.quotes, sailor.name, sailor.quotes) == ("Jon Ashby", 1, "Jon Ashby (sailor)", 1)
    assert sailor.speaks("Jon Ashby", 2)
    assert not sailor.speaks("Jon Ashby", 1)
    assert politician.speaks("Jon Ashby", 1)
    assert not politician.speaks("Jon Ashby", 2)


def test_corrections_of_names_that_are_not_there_change_nothing() -> None:
    corrections = (
        Correction("merge", "Nobody", "Else"),
        Correction("split", "Nobody"),
        Correction("split", "X", "", 7),
    )
    assert grouped("Jon Ashby", corrections=corrections).listed == grouped("Jon Ashby").listed


# --- properties -----------------------------------------------------------------------------------------------

NAMES = st.lists(
    st.sampled_from(["Dmitry", "Dmitri", "Ann", "Peskov", "Песков", "von", "Berg", "Jr.", "J.", "the", "officials", "بيسكوف", "Bob"]),
    min_size=1, max_size=4,
).map(" ".join)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, st.integers(1, 5), st.integers(1, 3)), max_size=14), st.randoms())
def test_grouping_is_a_partition_and_does_not_depend_on_the_order(
    rows: list[tuple[str, int, int]], random: object
) -> None:
    mentions = [Mention(*row) for row in rows]
    speakers = cluster_speakers(mentions)
    names = [name for speaker in speakers.listed for name, _ in speaker.names]
    assert sorted(names) == sorted({mention.name for mention in mentions})
    assert sum(speaker.quotes for speaker in speakers.listed) == sum(mention.count for mention in mentions)
    random.shuffle(mentions)  # type: ignore[attr-defined]
    assert cluster_speakers(mentions).listed == speakers.listed


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_any_text_can_be_taken_apart_and_asked_for(text: str) -> None:
    name = parse_name(text)
    assert len(name.words) == len(name.sounds)
    assert isinstance(grouped("Dmitry Peskov", "Anna Berg").find(text), list)


@settings(max_examples=150, deadline=None)
@given(st.text(string.ascii_letters + "çğışöüÇĞİŞÖÜéèñáćčžПесковاب", min_size=1, max_size=15))
def test_a_word_is_its_own_variant(word: str) -> None:
    assert plain(word).isascii()
    assert sound(word) == sound(word.upper()) or not word.isascii()
    assert consonants(word)
    assert alike(word, word)
