"""Stories: the same text in several outlets, gathered."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.retrieval.near_duplicate_articles import resemblances, signature
from tests.house import row, settings_for, take_in

_WIRE = (
    "The harbour tunnel will not open before the autumn of next year, the port authority said on Friday. Old mines were "
    "found in the sea bed, and clearing them takes two years. The mayor asked for patience and for more buses."
)


def test_wire_copy_is_one_story_with_its_outlets_earliest_first(tmp_path: Path) -> None:
    rows = [
        row(1, _WIRE, outlet="Late Post", published="2024-03-03"),
        row(2, f"{_WIRE} A local shop complained.", outlet="First Wire", published="2024-03-01"),
        row(3, "The tunnel's engineer keeps bees. Her honey won a prize at the harbour fair.", outlet="Other"),
    ]
    take_in(tmp_path / "archive", rows)
    with Assistant.open(settings_for(tmp_path / "archive")) as assistant:
        hits = {hit.passage.article.id: hit for hit in assistant.search("harbour tunnel")}
    assert [telling.outlet for telling in hits["a1"].story] == ["First Wire", "Late Post"]
    assert hits["a1"].story == hits["a2"].story
    assert hits["a3"].story == ()


@given(st.lists(st.sampled_from("abcdefgh"), max_size=40), st.lists(st.sampled_from("abcdefgh"), max_size=40))
def test_resemblance_is_a_share_and_the_same_both_ways(one: list[str], other: list[str]) -> None:
    found = resemblances([signature(" ".join(one)), signature(" ".join(other))])
    assert 0 <= found[0, 1] == found[1, 0] <= 1
    assert found[0, 0] == (1.0 if len(one) >= 4 else 0.0)


@given(st.integers(0, 60), st.randoms(use_true_random=False))
def test_resemblance_is_about_the_share_of_runs_in_common(altered: int, draw: Random) -> None:
    words = [f"w{draw.randrange(10_000)}" for _ in range(200)]
    edited = list(words)
    for place in draw.sample(range(200), altered):
        edited[place] = "Other,"
    one, other = ({tuple(text[at : at + 4]) for at in range(197)} for text in (words, edited))
    estimate = resemblances([signature(" ".join(words)), signature(" ".join(edited).upper())])[0, 1]
    assert estimate == pytest.approx(len(one & other) / len(one | other), abs=0.3)
