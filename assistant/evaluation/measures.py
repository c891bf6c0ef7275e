"""Scores single outcomes: the measures of one question, each in [0, 1].

``evidence@W``, ``article@K`` and ``mrr@10`` cover only questions that count: those whose answer is neither yes or no
nor shorter than three characters, and is contained in a relevant article (any article, if none were judged).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.evaluation.datasets import Question
from assistant.evaluation.holdings import Holdings
from assistant.evaluation.matching import folded, pattern_of
from assistant.evaluation.runs import Outcome, articles

BUDGETS = (100, 200, 500, 1000)
"""Word budgets: evidence is looked for within this many words of the passages, best first."""

RANKS = (1, 5, 10)
"""Rank cut-offs for finding an article with the answer."""

ANSWER_WORDS = 100
"""Number of words of an answer that count."""

RANKING = ("nDCG@10", "R@100", "RR@10")
"""Measures of the article ranking, by their names in ir-measures."""

Class = Literal["answerable", "unanswerable", "unjudged"]


@dataclass(frozen=True, slots=True)
class Gold:
    """The gold standard for a question.

    :ivar answer: pattern that finds an answer in folded text; None if no answer can be matched.
    :ivar relevant: ids of the relevant articles that contain the answer, if there is one; None: any article that does.
    :ivar counts: whether evidence can be measured.
    """

    answer: re.Pattern[str] | None
    relevant: frozenset[str] | None
    counts: bool
    kind: Class

    def right(self, article_id: str, holdings: Holdings) -> bool:
        """Return whether an article answers the question."""
        if self.relevant is not None:
            return article_id in self.relevant
        return self.answer is not None and holdings.holds(article_id, self.answer)


@dataclass(frozen=True, slots=True)
class ScoredQuestion:
    """A question, its outcome (None: the run has no line for it), and its scores.

    :ivar values: scores by measure; measures that do not apply to the question are absent.
    """

    question: Question
    gold: Gold
    outcome: Outcome | None
    values: Mapping[str, float]


def score(questions: Sequence[Question], outcomes: Mapping[str, Outcome], holdings: Holdings) -> list[ScoredQuestion]:
    """Score every outcome, in the order of the questions."""
    rankings = _rankings(questions, outcomes)
    scored = []
    for question in questions:
        gold, outcome = gold_of(question, holdings), outcomes.get(question.id)
        values = dict(rankings.get(question.id, {}))
        values |= _evidence(gold, outcome, holdings)
        if outcome is not None and outcome.status is not None:
            values |= _answer(gold, outcome, holdings)
        scored.append(ScoredQuestion(question, gold, outcome, values))
    return scored


def gold_of(question: Question, holdings: Holdings) -> Gold:
    """Return the gold standard for a question, given the archive's articles."""
    answer = pattern_of(question.answers)
    judged = question.relevant
    relevant: frozenset[str] | None = None
    if judged is not None:
        positive = [article for article, grade in judged.items() if grade > 0]
        holds = positive if answer is None else [a for a in positive if holdings.holds(a, answer)]
        relevant = frozenset(a for a in holds if holdings.folded(a) is not None)
    counts = answer is not None and (bool(relevant) if relevant is not None else holdings.anywhere(answer))
    known = counts or bool(relevant)
    kind: Class = "answerable" if known else "unjudged"
    if question.answerable is not None:
        kind = "answerable" if question.answerable else "unanswerable"
        counts = counts and question.answerable
    return Gold(answer, relevant, counts, kind)


def _rankings(questions: Sequence[Question], outcomes: Mapping[str, Outcome]) -> dict[str, dict[str, float]]:
    """Return ranking measures for questions with a relevant article; 0 for questions missing from the run."""
    judged = {q.id: dict(q.relevant) for q in questions if q.relevant and any(g > 0 for g in q.relevant.values())}
    if not judged:
        return {}
    import ir_measures  # imported here because it takes a third of a second

    run = {
        key: {a: float(len(found) - rank) for rank, a in enumerate(found)}
        for key in judged
        if (found := articles(outcomes[key]) if key in outcomes else [])
    }
    values = {key: dict.fromkeys(RANKING, 0.0) for key in judged}
    wanted = [ir_measures.parse_measure(name) for name in RANKING]
    for metric in ir_measures.iter_calc(wanted, judged, run):
        values[metric.query_id][str(metric.measure)] = float(metric.value)
    return values


def _evidence(gold: Gold, outcome: Outcome | None, holdings: Holdings) -> dict[str, float]:
    if not gold.counts or gold.answer is None:
        return {}
    passages = outcome.passages if outcome else ()
    ranked = articles(outcome) if outcome else []
    used, hit = 0, float("inf")
    for passage in passages:
        words = passage.text.split()
        if gold.right(passage.article_id, holdings):
            for budget in BUDGETS:
                if budget < hit and gold.answer.search(folded(" ".join(words[: max(0, budget - used)]))):
                    hit = budget
        used += len(words)
        if used >= BUDGETS[-1]:
            break
    first = next((rank for rank, a in enumerate(ranked, start=1) if gold.right(a, holdings)), 0)
    values = {f"evidence@{budget}": float(hit <= budget) for budget in BUDGETS}
    values |= {f"article@{rank}": float(0 < first <= rank) for rank in RANKS}
    return values | {"mrr@10": 1 / first if 0 < first <= RANKS[-1] else 0.0}


# --- answers ---------------------------------------------------------------------------------------------


def _answer(gold: Gold, outcome: Outcome, holdings: Holdings) -> dict[str, float]:
    values: dict[str, float] = {}
    if outcome.sentences is not None and outcome.citations is not None:
        if gold.counts and gold.answer is not None:
            values[f"answer@{ANSWER_WORDS}"] = float(_answered(gold, outcome, holdings))
        if outcome.citations:
            values["citations_verbatim"] = _verbatim(outcome, holdings)
        if gold.kind == "answerable" and (gold.relevant or gold.counts):
            values |= _citations(gold, outcome, holdings)
    return values


def _answered(gold: Gold, outcome: Outcome, holdings: Holdings) -> bool:
    """Whether the first words of the answer contain the expected one, in a sentence citing an article that does."""
    cited = {citation.marker: citation.article_id for citation in outcome.citations or ()}
    left = ANSWER_WORDS
    for sentence in outcome.sentences or () if not outcome.refused else ():
        words = sentence.text.split()[:left]
        left -= len(words)
        right = any(m in cited and gold.right(cited[m], holdings) for m in sentence.citations)
        if right and gold.answer and gold.answer.search(folded(" ".join(words))):
            return True
    return False


def _verbatim(outcome: Outcome, holdings: Holdings) -> float:
    """Return the share of sentences found verbatim where their first citation points."""
    cited = {citation.marker: citation for citation in outcome.citations or ()}
    kept = 0
    sentences = outcome.sentences or ()
    for sentence in sentences:
        first = cited.get(sentence.citations[0]) if sentence.citations else None
        kept += bool(
            first
            and sentence.text in first.text
            and holdings.stands(first.article_id, first.version, first.start, first.end, first.text)
        )
    return kept / len(sentences) if sentences else 0.0


def _citations(gold: Gold, outcome: Outcome, holdings: Holdings) -> dict[str, float]:
    """Return precision and recall of the cited articles; a refusal cites nothing, so its recall is 0."""
    cited = {citation.article_id for citation in outcome.citations or ()} if not outcome.refused else set()
    right = {article for article in cited if gold.right(article, holdings)}
    values = {"citation_precision": len(right) / len(cited)} if cited else {}
    if gold.relevant:
        values["citation_recall"] = len(right) / len(gold.relevant)
    return values
