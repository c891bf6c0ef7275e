"""Summarises a run, and compares two runs, as plain data for JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.evaluation.measures import ScoredQuestion
from assistant.evaluation.statistics import Mean, mean, percentile, refusals

GROUPS: Mapping[str, tuple[str, ...]] = {
    "ranking": ("nDCG@10", "R@100", "RR@10"),
    "evidence": (
        "evidence@100", "evidence@200", "evidence@500", "evidence@1000",
        "article@1", "article@5", "article@10", "mrr@10",
    ),
    "answers": ("answer@100", "citation_precision", "citation_recall", "citations_verbatim"),
}  # fmt: skip
"""Measures that are averaged over questions, by group, in display order."""

MEASURES = tuple(name for names in GROUPS.values() for name in names)

_SHARES = {"median": 50, "p95": 95, "p99": 99, "max": 100}


def summarise(scored: Sequence[ScoredQuestion], latency: bool = True) -> dict[str, Any]:
    """Return the measures of a run as a JSON object.

    A mean is {"mean", "low", "high", "n"}: the mean over the n questions it applies to, with its 95 % bootstrap
    interval. Groups without measures are left out.

    :param latency: include latencies, which differ from run to run.
    """
    found: dict[str, Any] = {"questions": _counts(scored)}
    for group, names in GROUPS.items():
        means = {name: _mean(mean(values)) for name in names if (values := values_of(scored, name))}
        if means:
            found[group] = means
    if refused := _refusals(scored):
        found["refusal"] = refused
    if latency and (times := [t for s in scored if s.outcome and (t := s.outcome.milliseconds) is not None]):
        found["milliseconds"] = {name: round(percentile(times, at), 1) for name, at in _SHARES.items()}
    return found


def values_of(scored: Sequence[ScoredQuestion], measure: str) -> list[float]:
    """Return the values of a measure for all questions it applies to."""
    return [one.values[measure] for one in scored if measure in one.values]


def _mean(value: Mean) -> dict[str, float]:
    return {"mean": value.mean, "low": value.low, "high": value.high, "n": value.n}


def _counts(scored: Sequence[ScoredQuestion]) -> dict[str, int]:
    kinds = Counter(one.gold.kind for one in scored)
    return {
        "asked": len(scored),
        "missing": sum(one.outcome is None for one in scored),
        "counted": sum(one.gold.counts for one in scored),
        "judged": sum("RR@10" in one.values for one in scored),
        **{kind: kinds[kind] for kind in ("answerable", "unanswerable", "unjudged")},
    }


def _refusals(scored: Sequence[ScoredQuestion]) -> dict[str, Any]:
    """Return the refusal statistics over the questions whose class is known."""
    judged = [
        (one.gold.kind == "answerable", one.outcome.status, one.outcome.confidence)
        for one in scored
        if one.outcome and one.outcome.status and one.gold.kind != "unjudged"
    ]
    if not judged:
        return {}
    found = refusals(judged)
    return {
        "precision": found.precision,
        "recall": found.recall,
        "answerable_refused": found.answerable_refused,
        "auroc": found.auroc,
        "statuses": found.counts,
    }


# --- two runs --------------------------------------------------------------------------------------------


def compare(ours: Sequence[ScoredQuestion], theirs: Sequence[ScoredQuestion]) -> dict[str, Any]:
    """Return, by measure, how a run differs from another on the questions they share.

    {"mean", "low", "high", "n", "better", "worse"}: the mean difference with its 95 % interval from a paired
    bootstrap, and the number of questions on which each run did better. If the interval excludes 0, another sample of
    questions would be unlikely to reverse the difference.
    """
    other = {one.question.id: one for one in theirs}
    found: dict[str, Any] = {}
    for measure in MEASURES:
        differences = [
            one.values[measure] - other[one.question.id].values[measure]
            for one in ours
            if measure in one.values and measure in other[one.question.id].values
        ]
        if differences:
            found[measure] = {
                **_mean(mean(differences)),
                "better": sum(value > 0 for value in differences),
                "worse": sum(value < 0 for value in differences),
            }
    return found
