"""Cleaning and folding: what offsets speak of, and what is compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text import clean, clean_line, fold, words


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
