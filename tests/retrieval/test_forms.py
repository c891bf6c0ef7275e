"""Words found by the forms between blanks are the words found one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.forms import Forms
from assistant.retrieval.terms import root
from assistant.text import words

TEXTS = st.text(alphabet="abcsé ’'.,:-1250\n\t\u00a0İıß“”\u0301\u064f´", max_size=80)


def one_by_one(text: str, language: str) -> list[str]:
    return [root(word, language) for word in words(text)]


@given(texts=st.lists(TEXTS, max_size=4), most=st.integers(1, 30))
def test_words_by_forms_are_those_found_one_by_one(texts: list[str], most: int) -> None:
    forms = Forms("en", most)
    for text in texts:
        expected = one_by_one(text, "en")
        assert forms.roots(text) == expected
        for _ in range(2):  # counted, and remembered
            tally = forms.tally(text, [*expected, "nowhere"])
            assert tally.counts.tolist() == [*map(expected.count, expected), 0]
            assert tally.length == len(text.split())


@given(texts=st.lists(TEXTS, max_size=4), most=st.integers(1, 30))
def test_what_texts_hold_is_what_their_words_are(texts: list[str], most: int) -> None:
    words_of = [one_by_one(text, "en") for text in texts]
    wanted = sorted({"nowhere", *(word for found in words_of for word in found[::2])})
    held = Forms("en", most).held(texts, wanted)
    assert [set(one) for one in held] == [set(found) & set(wanted) for found in words_of]
    assert all(len(set(one)) == len(one) for one in held)


def test_marks_and_hyphens_do_not_hide_words() -> None:
    tally = Forms("en").tally("“Bridges,” she said; the bridge-bridges of 1.5 km (bridge)", ["bridg", "1.5", "toll"])
    assert tally.counts.tolist() == [4, 1, 0]


def test_what_was_forgotten_is_met_anew() -> None:
    forms = Forms("en", most=3)
    assert forms.tally("one two three", ["two"]).counts.tolist() == [1]
    assert forms.tally("four five six", ["two", "six"]).counts.tolist() == [0, 1]
    assert forms.tally("two two", ["two"]).counts.tolist() == [2]
    assert forms.tally("one two three", ["three"]).counts.tolist() == [1]
    assert forms.roots("six seven six") == ["six", "seven", "six"]
