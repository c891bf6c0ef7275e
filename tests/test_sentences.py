"""Where sentences begin and end."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sentences import sentences
from assistant.text import clean

NEWSLIKE = st.lists(
    st.sampled_from(
        ["Mr. Weiss", "said", "“No,”", "he", "added.", "U.S.", "5.3", "million", "?", "!", "\n", "\n\n", "Dr.", "e.g.",
         "Şebnem", "сказала:", "«Да».", "قال", "؟", "…", "...", "(and", "left)", "'", '"', "。", "12.", "Mai"]
    ),
    max_size=60,
).map(" ".join)  # fmt: skip


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
        began = time.thread_time()
        assert sentences(text, "en")
        assert time.thread_time() - began < 5, "of processor time; it takes hundredths of a second"
