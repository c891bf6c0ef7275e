"""Cleaning, folding and sentences: what offsets speak of."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text import clean, clean_line, fold, sentences, words

NEWSLIKE = st.lists(
    st.sampled_from(
        ["Mr. Weiss", "said", "“No,”", "he", "added.", "U.S.", "5.3", "million", "?", "!", "\n", "\n\n", "Dr.", "e.g.",
         "Şebnem", "сказала:", "«Да».", "قال", "؟", "…", "...", "(and", "left)", "'", '"', "。", "12.", "Mai"]
    ),
    max_size=60,
).map(" ".join)  # fmt: skip


@given(st.text())
def test_cleaning_is_idempotent_and_nfc(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    assert "\r" not in once
    assert "  " not in once
    assert "\n\n\n" not in once


def test_cleaning_drops_what_hides_or_turns_text() -> None:
    assert clean("a\u200bb\ufeff\u202ec\x00d\xade") == "abcde"
    assert clean("nim\u200cbaha") == "nim\u200cbaha", "Persian needs its joiners"
    assert clean("one\r\n\r\n\r\ntwo \t three\u2028four") == "one\n\ntwo three\nfour"
    assert clean("\ud800broken") == "\ufffdbroken"


def test_a_line_is_one_line() -> None:
    assert clean_line(" A\n\nheadline\r\nin  three ") == "A headline in three"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kılıçdaroğlu", "KILICDAROGLU"),
        ("“Größe” – naïve", '"Grösse" - naive'),
        ("Łódź", "lodz"),
        ("Серёжа", "сережа"),
    ],
)
def test_folding_makes_spellings_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_numbers_are_words_of_their_own() -> None:
    assert words("At 10:30, 5.3 million") == ["at", "10:30", "5.3", "million"]


@given(st.one_of(st.text(), NEWSLIKE), st.sampled_from(["en", "de", "tr", "ru", "ar", "xx", ""]))
def test_sentences_tile_the_text(text: str, language: str) -> None:
    text = clean(text)
    spans = sentences(text, language)
    covered: set[int] = set()
    before = 0
    for start, end in spans:
        assert before <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        covered.update(range(start, end))
        before = end
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Mr. Smith left. He went home.", ["Mr. Smith left.", "He went home."]),
        ("en", "He left the U.S. She stayed.", ["He left the U.S.", "She stayed."]),
        ("en", "The U.S. President spoke.", ["The U.S. President spoke."]),
        ("en", "It cost $5.3 million. Why?", ["It cost $5.3 million.", "Why?"]),
        ("en", "“Why?” he asked. “No.” She left.", ["“Why?” he asked.", "“No.”", "She left."]),
        ("en", "“It is over.” That was all.", ["“It is over.”", "That was all."]),
        ("en", "J. R. Weiss came.", ["J. R. Weiss came."]),
        ("en", "A line\nthat was wrapped. Then more.", ["A line\nthat was wrapped.", "Then more."]),
        ("en", "A headline\nThe text begins.", ["A headline", "The text begins."]),
        (
            "de",
            "Am 12. Mai kam Dr. Weiß z.B. nach Bonn. Das war gut.",
            ["Am 12. Mai kam Dr. Weiß z.B. nach Bonn.", "Das war gut."],
        ),
        ("ru", "В 2023 г. он сказал: «Нет». Потом ушёл.", ["В 2023 г. он сказал: «Нет».", "Потом ушёл."]),
        ("ar", "هل قال ذلك؟ نعم.", ["هل قال ذلك؟", "نعم."]),
        ("zh", "他说。我不知道。", ["他说。", "我不知道。"]),
    ],
)
def test_sentences_of_the_languages(language: str, text: str, expected: list[str]) -> None:
    assert [text[s:e] for s, e in sentences(text, language)] == expected


def test_sentences_take_linear_time_on_hostile_text() -> None:
    for text in ("." * 200_000, "a." * 100_000, '"' * 200_000, "x" * 500_000):
        sentences(text, "en")
