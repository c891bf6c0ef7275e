from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.archive import Archive
from assistant.evaluation import statistics
from assistant.evaluation.datasets import Question
from assistant.evaluation.holdings import Holdings
from assistant.evaluation.matching import folded, pattern_of
from assistant.evaluation.measures import ScoredQuestion, score
from assistant.evaluation.report import outcome_of
from assistant.evaluation.runs import Outcome, RunCitation, RunPassage, RunSentence
from assistant.evaluation.summary import compare, summarise
from tests.conftest import SMALL

TEXTS = {str(a.get("id") or a["url"]): str(a["text"]) for a in SMALL}


@pytest.fixture(scope="module")
def holdings(small_archive: Path) -> Any:
    with Archive(small_archive) as archive:
        yield Holdings(archive)


def passage(article: str, words: str | None = None) -> RunPassage:
    return RunPassage(article, words if words is not None else TEXTS[article])


def one(holdings: Holdings, question: Question, outcome: Outcome | None) -> ScoredQuestion:
    [scored] = score([question], {outcome.id: outcome} if outcome else {}, holdings)
    return scored


def answered(*cited: tuple[str, str], status: str = "supported", **fields: Any) -> Outcome:
    """Return an outcome whose sentences are words of articles, each cited."""
    citations = []
    for marker, (article, words) in enumerate(cited, start=1):
        start = TEXTS[article].index(words)
        citations.append(RunCitation(marker, article, 1, start, start + len(words), words))
    sentences = tuple(RunSentence(c.text, (c.marker,)) for c in citations)
    return Outcome("q", (), "…", status, "", None, sentences, tuple(citations), **fields)


TUNNEL = Question("q", "When will it open?", answers=("2027",), relevant={"tunnel-1": 1, "ferry-1": 1, "tunnel-2": 0})
OPENS = "The harbour tunnel will not open before 2027, the port authority said on Friday."


# --- evidence --------------------------------------------------------------------------------------------


def test_answers_are_compared_without_what_does_not_matter() -> None:
    assert folded("The “U.S.” dollar’s 5.3% – A  Rise.") == "u s dollar 5.3% rise"
    assert pattern_of(["Yes", "No", "27"]) is None
    found = pattern_of(["the Harbour", "$1.35 billion"])
    assert found is not None
    assert found.search(folded("A harbour’s mouth"))
    assert not found.search(folded("The harbourmaster"))
    assert found.search(folded("It rose to $1.35 billion."))


def test_evidence_is_looked_for_within_the_words_read_so_far(holdings: Holdings) -> None:
    filler = " ".join(["word"] * 150)
    found = (passage("ferry-1", filler), passage("tunnel-2"), passage("tunnel-1"))
    values = one(holdings, TUNNEL, Outcome("q", found)).values
    assert {name: values[name] for name in ("evidence@100", "evidence@200", "evidence@500")} == {
        "evidence@100": 0.0, "evidence@200": 1.0, "evidence@500": 1.0,
    }  # fmt: skip
    assert (values["article@1"], values["article@5"], round(values["mrr@10"], 4)) == (0.0, 1.0, 0.3333)


def test_evidence_counts_in_relevant_articles_only(holdings: Holdings) -> None:
    values = one(holdings, TUNNEL, Outcome("q", (passage("tunnel-2"),))).values
    assert values["evidence@1000"] == values["article@10"] == 0.0


def test_without_judgements_any_article_that_contains_the_answer_counts(holdings: Holdings) -> None:
    question = Question("q", "When?", answers=("2027",))
    values = one(holdings, question, Outcome("q", (passage("ferry-1"), passage("tunnel-2")))).values
    assert (values["evidence@100"], values["mrr@10"]) == (1.0, 0.5)
    assert "nDCG@10" not in values
    assert not one(holdings, Question("q", "When?", answers=("2091",)), None).gold.counts


@pytest.mark.parametrize(
    "question",
    [
        Question("q", "Is it?", answers=("Yes",), relevant={"tunnel-1": 1}),
        Question("q", "Who?", answers=("Olga",), relevant={"tunnel-1": 1}),
        Question("q", "When?", answers=("2027",), relevant={"ferry-1": 1, "elsewhere": 1}),
        Question("q", "When?", relevant={"tunnel-1": 1}),
    ],
)
def test_uncountable_questions_are_left_out(holdings: Holdings, question: Question) -> None:
    scored = one(holdings, question, Outcome("q", (passage("tunnel-1"),)))
    assert not scored.gold.counts
    assert not any(name.startswith("evidence") for name in scored.values)


def test_a_question_that_the_run_lacks_counts_as_nothing_found(holdings: Holdings) -> None:
    scored = one(holdings, TUNNEL, None)
    assert scored.values["evidence@1000"] == scored.values["RR@10"] == 0.0
    assert summarise([scored])["questions"]["missing"] == 1


def test_ranking_measures_are_of_articles_in_the_order_of_their_first_passage(holdings: Holdings) -> None:
    found = (passage("ferry-2"), passage("tunnel-2"), passage("tunnel-2"), passage("tunnel-1"))
    values = one(holdings, TUNNEL, Outcome("q", found)).values
    assert values["RR@10"] == pytest.approx(1 / 3)
    assert values["R@100"] == 0.5
    assert values["nDCG@10"] == pytest.approx((1 / 2) / (1 + 1 / 1.5849625007211562))


THEIRS = {"evidence@100": 0.5, "evidence@200": 0.5, "evidence@500": 0.75, "evidence@1000": 0.75, "article@1": 0.25,
          "article@5": 0.75, "article@10": 0.75, "mrr@10": 0.5}  # fmt: skip


def test_evidence_is_what_the_script_of_the_questions_makers_counts(holdings: Holdings) -> None:
    """The figures are those of score_passages.py, which comes with the RealTimeQA files, on this very input."""
    questions = [
        TUNNEL,
        Question("r", "Fares?", answers=("five per cent",)),
        Question("s", "Is it?", answers=("Yes",)),
        Question("t", "Budget?", answers=("41 million",)),
        Question("u", "Captains?", answers=("Two of its six",), relevant={"ferry-1": 1, "ferry-2": 1}),
    ]
    found = {
        "q": (passage("ferry-1", "word " * 90), passage("tunnel-1")),
        "r": (passage("ferry-2", "word " * 197), passage("ferry-1")),
        "u": (passage("ferry-2"), passage("ferry-1")),
    }
    outcomes = {key: Outcome(key, passages) for key, passages in found.items()}
    ours = summarise(score(questions, outcomes, holdings))["evidence"]
    assert {name: mean["mean"] for name, mean in ours.items()} == THEIRS
    assert {mean["n"] for mean in ours.values()} == {4}


# --- answers ---------------------------------------------------------------------------------------------


def test_a_right_answer_with_its_citations(holdings: Holdings) -> None:
    scored = one(holdings, TUNNEL, answered(("tunnel-1", OPENS), ("ferry-2", "Two of its six captains have left.")))
    values = {
        name: scored.values[name]
        for name in ("answer@100", "citation_precision", "citation_recall", "citations_verbatim")
    }
    assert values == {"answer@100": 1.0, "citation_precision": 0.5, "citation_recall": 1.0, "citations_verbatim": 1.0}
    assert outcome_of(scored) == "right"


def test_the_answer_of_an_article_that_is_not_relevant_is_not_right(holdings: Holdings) -> None:
    scored = one(holdings, TUNNEL, answered(("tunnel-2", OPENS)))
    assert (scored.values["answer@100"], scored.values["citation_precision"]) == (0.0, 0.0)
    assert outcome_of(scored) == "wrong"


def test_words_beyond_the_hundredth_do_not_answer(holdings: Holdings) -> None:
    right = answered(("tunnel-1", OPENS))
    assert right.sentences
    long = RunSentence(" ".join(["word"] * 100), ())
    late = Outcome("q", (), "…", "supported", "", None, (long, *right.sentences), right.citations)
    assert one(holdings, TUNNEL, late).values["answer@100"] == 0.0


@pytest.mark.parametrize(
    ("change", "share"),
    [
        ({}, 1.0),
        ({"start": 1}, 0.0),
        ({"article_id": "ferry-1"}, 0.0),
        ({"article_id": "none"}, 0.0),
        ({"version": 2}, 0.0),
        ({"text": "It opens."}, 0.0),
    ],
)
def test_a_sentence_stands_where_it_says_or_is_not_verbatim(
    holdings: Holdings, change: dict[str, Any], share: float
) -> None:
    fields: dict[str, Any] = {
        "marker": 1,
        "article_id": "tunnel-1",
        "version": 1,
        "start": 0,
        "end": len(OPENS),
        "text": OPENS,
    } | change
    outcome = Outcome("q", (), "…", "supported", "", None, (RunSentence(OPENS, (1,)),), (RunCitation(**fields),))
    assert one(holdings, TUNNEL, outcome).values["citations_verbatim"] == share


def test_a_refusal_answers_nothing_and_cites_nothing(holdings: Holdings) -> None:
    scored = one(holdings, TUNNEL, Outcome("q", (), "…", "not_found", "", 0.1, (), ()))
    assert scored.values["answer@100"] == scored.values["citation_recall"] == 0.0
    assert "citation_precision" not in scored.values
    assert outcome_of(scored) == "wrongly refused"


# --- refusals --------------------------------------------------------------------------------------------


def test_refusals_are_a_class_of_their_own(holdings: Holdings) -> None:
    questions, outcomes = [], {}
    for number, (answerable, status, confidence) in enumerate(
        [
            (True, "supported", 0.9),
            (True, "partial", 0.4),
            (True, "not_found", 0.3),
            (False, "not_found", 0.1),
            (False, "partial", 0.4),
            (None, "not_found", 0.0),
        ]
    ):
        questions.append(Question(str(number), "Who?", answerable=answerable))
        outcomes[str(number)] = Outcome(str(number), (), "…", status, "", confidence, (), ())
    found = summarise(score(questions, outcomes, holdings))["refusal"]
    assert found == {
        "precision": 0.5, "recall": 0.5, "answerable_refused": 0.3333, "auroc": pytest.approx(4.5 / 6),
        "statuses": {
            "answerable": {"supported": 1, "partial": 1, "not_found": 1},
            "unanswerable": {"supported": 0, "partial": 1, "not_found": 1},
        },
    }  # fmt: skip


@given(st.lists(st.integers(0, 9), min_size=1), st.lists(st.integers(0, 9), min_size=1))
def test_auroc_is_the_share_of_pairs_in_order(higher: list[int], lower: list[int]) -> None:
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in higher for b in lower]
    area = statistics.auroc(higher, lower)
    assert area == pytest.approx(sum(pairs) / len(pairs), abs=6e-5)
    curve = statistics.roc(higher, lower)
    under = sum((x - x0) * (y + y0) / 2 for (x0, y0), (x, y) in pairwise(curve))
    assert under == pytest.approx(area, abs=6e-5)


def test_without_both_classes_there_is_no_auroc() -> None:
    assert statistics.auroc([], [0.1]) is statistics.auroc([0.1], []) is None


# --- uncertainty -----------------------------------------------------------------------------------------


def test_intervals_hold_the_mean_and_are_the_same_every_time() -> None:
    values = [float(n % 3 == 0) for n in range(300)]
    first, again = statistics.mean(values), statistics.mean(values)
    assert first == again
    assert first.low < first.mean < first.high
    assert first.high - first.low == pytest.approx(2 * 1.96 * (2 / 9 / 300) ** 0.5, rel=0.1)
    assert statistics.mean([0.5]) == statistics.Mean(0.5, 0.5, 0.5, 1)


def test_a_difference_is_paired_by_question(holdings: Holdings) -> None:
    questions = [Question(str(n), "When?", answers=("2027",), relevant={"tunnel-1": 1}) for n in range(40)]
    good, bad = (passage("tunnel-1"),), (passage("ferry-2"),)
    theirs = {q.id: Outcome(q.id, bad if n % 2 else good) for n, q in enumerate(questions)}
    ours = {q.id: Outcome(q.id, bad if n % 2 and n > 8 else good) for n, q in enumerate(questions)}
    found = compare(score(questions, ours, holdings), score(questions, theirs, holdings))["evidence@100"]
    assert (found["mean"], found["better"], found["worse"], found["n"]) == (0.1, 4, 0, 40)
    assert 0 < found["low"] < 0.1 < found["high"]


def test_a_digest_is_of_what_the_archive_holds(holdings: Holdings, archive_copy: Path) -> None:
    from assistant.archive import ArchiveWriter

    assert len(holdings.digest()) == 24
    with ArchiveWriter(archive_copy, create=False) as writer:
        assert Holdings(writer).digest() == holdings.digest()
        writer.delete("ferry-1")
        assert Holdings(writer).digest() != holdings.digest()
