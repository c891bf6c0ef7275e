"""The sentences that the checks are measured with are altered, each in the one way it is said to be."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks.alterations import ALTERATIONS, FAITHFUL, Subject

TEXT = (
    "On Monday, the mayor told Anna Berg that 14 ferries of the Nordbau company were sold to Tom Hale for 3 million. "
    "“We would have kept every single vessel,” Berg said of the sale, which was not announced. "
    "The tunnel below the harbour stayed closed for the winter."
)
OTHER = "A storm has cut the line between Oslo and Bergen, and trains to Sven Dahl stop at noon. Nobody was hurt there."


def subject(sentence: str) -> Subject:
    article = {"id": "a", "text": TEXT}
    start = TEXT.index(sentence)
    cut = TEXT.index("The tunnel")
    return Subject(
        article, (start, start + len(sentence)), [(0, cut), (cut, len(TEXT))], 0,
        {"id": "b", "text": OTHER}, (0, len(OTHER)), (0, OTHER.index(" Nobody")),
    )  # fmt: skip


FIRST = subject(TEXT[: TEXT.index(" “We")])
SECOND = subject(TEXT[TEXT.index("“We") : TEXT.index(" The tunnel")])


@pytest.mark.parametrize("name", ALTERATIONS)
def test_alterations_change_the_text_and_are_deterministic(name: str) -> None:
    alter = ALTERATIONS[name]
    made = [altered for one in (FIRST, SECOND) for seed in range(20) if (altered := alter(one, Random(seed)))]
    again = [altered for one in (FIRST, SECOND) for seed in range(20) if (altered := alter(one, Random(seed)))]
    assert made
    assert made == again
    own = {FIRST.text, SECOND.text}
    for altered in made:
        assert (altered.claim in own) is name.startswith("citation")
        assert (altered.passage == FIRST.passages[0] and not altered.other) is not name.startswith("citation")


def test_each_alteration_changes_what_it_says() -> None:
    random = Random(1)
    number = ALTERATIONS["number"](FIRST, random)
    assert number is not None
    assert len(set(number.claim.split()) - set(FIRST.text.split())) == 1
    denied = ALTERATIONS["negation_added"](FIRST, random)
    assert denied is not None
    assert denied.claim.replace(" not", "") == FIRST.text
    plain = ALTERATIONS["negation_removed"](SECOND, random)
    assert plain is not None
    assert plain.claim == SECOND.text.replace("not ", "")
    quoted = ALTERATIONS["quote"](SECOND, random)
    assert quoted is not None
    assert quoted.claim.split("”")[1] == SECOND.text.split("”")[1]
    exchanged = ALTERATIONS["names_exchanged"](FIRST, random)
    assert exchanged is not None
    assert sorted(exchanged.claim) == sorted(FIRST.text)


def test_faithful_ones_are() -> None:
    untouched = FAITHFUL["untouched"](FIRST, Random(1))
    assert untouched is not None
    assert untouched.claim == FIRST.text
    compressed = FAITHFUL["compressed"](FIRST, Random(1))
    assert compressed is not None
    assert compressed.claim == "T" + FIRST.text[len("On Monday, t") :]
    assert FAITHFUL["compressed"](SECOND, Random(1)) is None
