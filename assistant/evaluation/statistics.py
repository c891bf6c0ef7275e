"""Means with confidence intervals, refusal statistics, ROC curves and percentiles; all deterministic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SEED = 20_240_229
RESAMPLES = 2_000
CONFIDENCE = 0.95

_BLOCK = 4_000_000
"""Number of values drawn at a time."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over questions, with its bootstrap interval.

    :ivar low: lower end of the interval; ``high``: the upper. Both equal the mean if there is only one question.
    :ivar n: number of questions.
    """

    mean: float
    low: float
    high: float
    n: int


def mean(values: Sequence[float], seed: int = SEED) -> Mean:
    """Return the mean of at least one value, with its 95 % interval.

    Percentile bootstrap over questions. Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 13.
    """
    data = np.asarray(values, dtype=np.float64)
    low, high = _interval(data, seed)
    return Mean(round(float(data.mean()), 4), round(low, 4), round(high, 4), len(data))


def _interval(data: np.ndarray[tuple[int], np.dtype[np.float64]], seed: int) -> tuple[float, float]:
    random = np.random.default_rng(seed)
    step = max(1, _BLOCK // len(data))
    means: list[float] = []
    while len(means) < RESAMPLES:
        rows = min(step, RESAMPLES - len(means))
        drawn = random.integers(0, len(data), size=(rows, len(data)))
        means.extend(data[drawn].mean(axis=1).tolist())
    tail = 50 * (1 - CONFIDENCE)
    low, high = np.percentile(means, (tail, 100 - tail)).tolist()
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Refusals:
    """Refusal statistics; "unanswerable" is the positive class.

    :ivar counts: (class, status) -> number of questions.
    :ivar precision: share of the refused questions that are unanswerable; None if none were refused.
    :ivar recall: share of the unanswerable questions that were refused; None if there are none.
    :ivar answerable_refused: share of the answerable questions that were refused; None if there are none.
    :ivar auroc: probability that an answerable question has a higher confidence than an unanswerable one; None
        without confidences.
    """

    counts: dict[str, dict[str, int]]
    precision: float | None
    recall: float | None
    answerable_refused: float | None
    auroc: float | None


def refusals(judged: Sequence[tuple[bool, str, float | None]]) -> Refusals:
    """Return the refusal statistics.

    :param judged: answerable, status and confidence of each question whose class is known.
    """
    counts = {name: dict.fromkeys(("supported", "partial", "not_found"), 0) for name in ("answerable", "unanswerable")}
    for answerable, status, _ in judged:
        counts["answerable" if answerable else "unanswerable"][status] += 1
    right, wrong = counts["unanswerable"]["not_found"], counts["answerable"]["not_found"]
    able, unable = (sum(counts[name].values()) for name in ("answerable", "unanswerable"))
    known = [(answerable, confidence) for answerable, _, confidence in judged if confidence is not None]
    curve = auroc([c for a, c in known if a], [c for a, c in known if not a])
    return Refusals(counts, _share(right, right + wrong), _share(right, unable), _share(wrong, able), curve)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """Return the probability that one of ``higher`` exceeds one of ``lower``, counting ties half; None if one is empty.

    Source: Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC)
    curve", Radiology 143, 1982.
    """
    if not higher or not lower:
        return None
    below = np.sort(np.asarray(lower, dtype=np.float64))
    above = np.asarray(higher, dtype=np.float64)
    wins = np.searchsorted(below, above, side="left") + np.searchsorted(below, above, side="right")
    return round(float(wins.sum()) / 2 / (len(above) * len(below)), 4)


def roc(higher: Sequence[float], lower: Sequence[float]) -> list[tuple[float, float]]:
    """Return the points of the ROC curve: the shares of ``lower`` and of ``higher`` kept at each threshold."""
    points = [(0.0, 0.0)]
    for threshold in sorted({*higher, *lower}, reverse=True):
        kept = sum(value >= threshold for value in lower) / len(lower)
        points.append((kept, sum(value >= threshold for value in higher) / len(higher)))
    return points


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least ``percent`` % of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
