from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.answering.answerability.confidence import ConfidenceModel, Signals, outside, shipped
from assistant.answering.answerability.verdict import Verdict, not_covered, weighed
from assistant.retrieval.understanding.parse import understand
from assistant.settings import load_settings
from assistant.types import AskOptions, Freshness
from benchmarks.refusal import logistic

ASKED = datetime(2023, 5, 14, tzinfo=UTC)
COVERS = Freshness(20, "2022-01-15", "2023-11-30", None)
shares = st.floats(0, 1)
signals = st.builds(Signals, st.floats(-0.2, 1), shares, shares, shares, st.sampled_from([0.0, 1.0]))


@pytest.fixture(scope="module")
def assistant(small_archive: Path) -> Iterator[Assistant]:
    with Assistant.open(load_settings({"archive": small_archive})) as opened:
        yield opened


# --- the model -------------------------------------------------------------------------------------------


@given(signals, st.sampled_from(["near", "covered", "gathered", "timely"]), st.floats(0, 0.5))
def test_evidence_for_an_answer_never_lowers_the_confidence(one: Signals, name: str, more: float) -> None:
    from dataclasses import replace

    model = shipped()
    better = replace(one, **{name: getattr(one, name) + more})
    assert 0 < model.confidence(one) <= model.confidence(better) < 1


def test_the_shipped_threshold_lies_within_what_can_be_reached() -> None:
    model = shipped()
    assert 0 < model.confidence(Signals(0, 0, 0, 0, 1)) < model.threshold < model.confidence(Signals(1, 1, 1, 1, 0))
    assert model.weights["outside"] < 0 < model.threshold


def test_newtons_method_finds_the_weights_that_made_the_data() -> None:
    random = np.random.default_rng(1)
    data = random.normal(size=(20_000, 2))
    answered = (random.random(20_000) < 1 / (1 + np.exp(-(0.5 + data @ np.array([2.0, -1.0]))))).astype(float)
    assert logistic(data, answered, np.ones(20_000)) == pytest.approx([0.5, 2.0, -1.0], abs=0.1)


# --- verdicts --------------------------------------------------------------------------------------------


@given(shares, st.floats(0.01, 0.99), st.sampled_from(["supported", "partial", "not_found"]))
def test_a_status_and_its_confidence_lie_on_one_side_of_the_threshold(
    confidence: float, threshold: float, status: str
) -> None:
    found = weighed(Verdict(status, "Why."), confidence, threshold, "")  # type: ignore[arg-type]
    assert (found.confidence < threshold) == (found.status == "not_found") == (status == "not_found")


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What did the council decide in 2019?", None),
        ("What did the council decide in May 2024?", "May 2024"),
        ("What did the council decide in May 2023?", None),
        ("What did the council decide in 2022?", None),
        ("What did the council decide?", None),
    ],
)
def test_a_time_that_the_archive_does_not_cover_is_noticed(question: str, named: str | None) -> None:
    query = understand(question, ASKED + timedelta(days=730))
    found = outside(query, COVERS)
    assert (found.label if found else None) == named
    assert ("the archive covers 2022-01-15 to 2023-11-30" in not_covered(found, COVERS)) == bool(named)
    assert outside(query, Freshness(1, None, None, None)) is None


# --- in the pipeline -------------------------------------------------------------------------------------


def test_evidence_that_is_left_out_no_longer_counts(assistant: Assistant) -> None:
    question = "When will the harbour tunnel open?"
    whole, without = (
        assistant.searcher.signals(question, as_of=ASKED, leave_out=left)
        for left in ((), ("tunnel-1", "tunnel-2", "hafen-de"))
    )
    assert whole.timely > 0.8 > without.timely
    assert whole.covered > 0.9 > without.covered
    assert shipped().confidence(without) < shipped().threshold < shipped().confidence(whole)


def test_news_fades_only_where_the_question_is_about_news(assistant: Assistant) -> None:
    now, later = (
        assistant.searcher.signals("How big is the city's budget?", as_of=ASKED + timedelta(days=days))
        for days in (202, 600)
    )
    assert now.timely > 0.4
    assert later.timely < 0.01
    late = ASKED + timedelta(days=600)
    of_its_time, of_another = (
        assistant.searcher.signals(f"How big was the city's budget in {when}?", as_of=late).timely
        for when in ("November 2023", "May 2023")
    )
    assert of_its_time > 0.4 > of_another


def test_an_answer_includes_its_confidence(assistant: Assistant) -> None:
    told, refused = (
        assistant.ask(question, AskOptions(as_of=ASKED))
        for question in ("When will the tunnel open?", "Who won at chess in Reykjavik?")
    )
    assert (told.status, refused.status) == ("supported", "not_found")
    assert refused.confidence < shipped().threshold <= told.confidence <= 1
    assert refused.near_misses


def test_a_model_is_only_its_numbers() -> None:
    model = ConfidenceModel(0.0, dict.fromkeys(("near", "covered", "gathered", "timely", "outside"), 0.0), 0.5)
    assert model.confidence(Signals(1, 1, 1, 1, 1)) == 0.5
