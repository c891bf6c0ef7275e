"""What holds of every sentence, whatever it says."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.checks.claims import CitedSpan
from assistant.answering.checks.final import Verifier
from assistant.answering.quantities import quantity
from assistant.answering.tokens import read
from assistant.text import clean
from tests.answering.test_verifier import article, embed, judged, nobody

NAMES = ("Ana Berg", "Tom Hale", "Rosa Lund", "Nordbau", "Sven Dahl")
THINGS = ("tunnel", "ferry", "bridge", "harbour")
ACTS = ("praised", "visited", "measured", "sold")

anything = st.text(max_size=80)
names = st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True)
numbers = st.integers(2, 999)


@st.composite
def told(draw: st.DrawFn) -> tuple[str, str, int, str, str]:
    """Who, whom, how many, what, and what was done."""
    one, two = draw(names)
    return one, two, draw(numbers), draw(st.sampled_from(THINGS)), draw(st.sampled_from(ACTS))


def sentence(one: str, two: str, number: int, thing: str, act: str) -> str:
    return f"On Monday, {one} {act} {two} after {number} crews left the {thing}."


@given(anything, anything, st.sampled_from(["en", "de", "tr", "ru", "ar", "ja", "xx", ""]))
@settings(max_examples=150, deadline=None)
def test_any_input_gets_a_verdict(claim: str, text: str, language: str) -> None:
    record = article(clean(text), language)
    cited = [CitedSpan(record, 0, len(record.text))]
    judgement = Verifier(embed, nobody).judge(claim, cited)
    assert judgement.checks
    assert all(check.holds or check.detail for check in judgement.checks)
    assert judgement == Verifier(embed, nobody).judge(claim, cited)


@given(anything, st.sampled_from(["en", "de", "ru", "ar"]))
@settings(deadline=None)
def test_tokens_stand_where_they_say_in_order(text: str, language: str) -> None:
    reached = 0
    for token in read(text, language):
        assert reached <= token.start < token.end <= len(text)
        assert text[token.start : token.end] == token.text
        reached = token.end


@given(st.lists(told(), min_size=1, max_size=4), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_every_sentence_of_the_evidence_holds(facts: list[tuple[str, str, int, str, str]], which: int) -> None:
    said = [sentence(*fact) for fact in facts]
    record = article(" ".join(said))
    assert judged(said[which % len(said)], record=record).holds


@given(told(), numbers)
@settings(max_examples=60, deadline=None)
def test_a_changed_number_is_refused(fact: tuple[str, str, int, str, str], number: int) -> None:
    one, two, said, thing, act = fact
    held = judged(sentence(one, two, number, thing, act), record=article(sentence(*fact))).holds
    assert held is (number == said)


@given(told(), st.sampled_from(NAMES))
@settings(max_examples=60, deadline=None)
def test_a_changed_name_is_refused(fact: tuple[str, str, int, str, str], name: str) -> None:
    one, two, number, thing, act = fact
    held = judged(sentence(name, two, number, thing, act), record=article(sentence(*fact))).holds
    assert held is (name == one)


@given(told())
@settings(max_examples=60, deadline=None)
def test_swapped_names_are_refused(fact: tuple[str, str, int, str, str]) -> None:
    one, two, number, thing, act = fact
    assert not judged(sentence(two, one, number, thing, act), record=article(sentence(*fact))).holds


@given(told(), st.sampled_from(["not", "never", "hardly"]))
@settings(max_examples=60, deadline=None)
def test_an_added_or_removed_negation_is_refused(fact: tuple[str, str, int, str, str], negation: str) -> None:
    plain = sentence(*fact)
    denied = plain.replace(f" {fact[4]} ", f" {negation} {fact[4]} ")
    assert not judged(denied, record=article(plain)).holds
    assert not judged(plain, record=article(denied)).holds


@given(st.integers(0, 10**9))
@settings(deadline=None)
def test_a_number_is_the_same_in_any_digits_and_groups(number: int) -> None:
    arabic = "".join("٠١٢٣٤٥٦٧٨٩"[int(digit)] for digit in str(number))
    written = (str(number), f"{number:,}", arabic)
    values = {found.value for text in written if (found := quantity([text], 0, "en"))}
    assert values == {str(number)}
    german = quantity([f"{number:,}".replace(",", ".")], 0, "de")
    assert german is not None
    assert german.value == str(number)
