"""Words counted by the forms between blanks are the words counted one by one."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.forms import Forms
from assistant.retrieval.terms import root
from assistant.text import WORD, fold

TEXTS = st.text(alphabet="abcsé ’'.,:-1250\n\t\u00a0İıß“”", max_size=80)


def one_by_one(text: str, language: str) -> Counter[str]:
    return Counter(root(fold(word), language) for word in WORD.findall(text))


@given(texts=st.lists(TEXTS, max_size=4), most=st.integers(1, 30))
def test_a_tally_is_what_counting_word_by_word_gives(texts: list[str], most: int) -> None:
    forms = Forms("en", most)
    for text in texts:
        expected = one_by_one(text, "en")
        tally = forms.tally(text, [*expected, "nowhere"])
        assert tally.counts == dict(expected)
        assert tally.length == expected.total()


def test_marks_and_hyphens_do_not_hide_words() -> None:
    tally = Forms("en").tally("“Bridges,” she said; the bridge-bridges of 1.5 km (bridge)", ["bridg", "1.5", "toll"])
    assert tally.counts == {"bridg": 4, "1.5": 1}
    assert tally.length == 10


def test_what_was_forgotten_is_met_anew() -> None:
    forms = Forms("en", most=3)
    assert forms.tally("one two three", ["two"]).counts == {"two": 1}
    assert forms.tally("four five six", ["two", "six"]).counts == {"six": 1}
    assert forms.tally("two two", ["two"]).counts == {"two": 2}
