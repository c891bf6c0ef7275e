"""Words found by the forms between blanks are the words found one by one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.archive.counts import Counts, times
from assistant.retrieval.analysis import root
from assistant.retrieval.stems import Forms, stable
from assistant.text import words

TEXTS = st.text(alphabet="abcsé ’'.,:-1250\n\t\u00a0İıß“”\u0301\u064f´", max_size=80)


def of(counts: Counts, wanted: Sequence[str]) -> list[int]:
    return of_each([counts], wanted)[0]


def of_each(texts: Sequence[Counts], wanted: Sequence[str]) -> list[list[int]]:
    found: list[list[int]] = times(texts, np.fromiter(map(stable, wanted), np.uint32)).tolist()
    return found


def one_by_one(text: str, language: str) -> list[str]:
    return [root(word, language) for word in words(text)]


@given(texts=st.lists(TEXTS, max_size=4), most=st.integers(1, 30))
def test_words_by_forms_are_those_found_one_by_one(texts: list[str], most: int) -> None:
    forms = Forms("en", most)
    for text in texts:
        expected = one_by_one(text, "en")
        assert forms.roots(text) == expected
        counts = forms.counts(text)
        assert of(counts, [*expected, "nowhere"]) == [*map(expected.count, expected), 0]
        assert (counts.length, counts.times.sum()) == (len(text.split()), len(expected))


@given(texts=st.lists(TEXTS, max_size=4), most=st.integers(1, 30))
def test_counts_match_the_words_of_the_texts(texts: list[str], most: int) -> None:
    words_of = [one_by_one(text, "en") for text in texts]
    wanted = sorted({"nowhere", *(word for found in words_of for word in found[::2])})
    held = Forms("en", most).held(texts, wanted)
    assert [set(one) for one in held] == [set(found) & set(wanted) for found in words_of]
    assert all(len(set(one)) == len(one) for one in held)


@given(texts=st.lists(TEXTS, max_size=5))
def test_words_of_several_texts_are_looked_up_together(texts: list[str]) -> None:
    words_of = [one_by_one(text, "en") for text in texts]
    wanted = ["nowhere", *(word for found in words_of for word in found[::2])]
    counts = [Forms("en").counts(text) for text in texts]
    assert of_each(counts, wanted) == [[found.count(word) for word in wanted] for found in words_of]
    assert of_each(counts, []) == [[] for _ in texts]


def test_marks_and_hyphens_do_not_hide_words() -> None:
    counts = Forms("en").counts("“Bridges,” she said; the bridge-bridges of 1.5 km (bridge)")
    assert of(counts, ["bridg", "1.5", "toll"]) == [4, 1, 0]


def test_a_forgotten_word_is_stemmed_again() -> None:
    forms = Forms("en", most=3)
    assert of(forms.counts("one two three"), ["two"]) == [1]
    assert of(forms.counts("four five six"), ["two", "six"]) == [0, 1]
    assert of(forms.counts("two two"), ["two"]) == [2]
    assert of(forms.counts("one two three"), ["three"]) == [1]
    assert forms.roots("six seven six") == ["six", "seven", "six"]
