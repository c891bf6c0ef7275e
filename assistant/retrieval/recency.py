"""Score how recent an article was when the question was asked."""

from __future__ import annotations

from datetime import datetime

_DAY = 86_400

_GRACE = 2.0
"""Days after the question that an article's date may lie, because of time zones and dates without a time."""

_FRESH = 6.0
"""Days for which news counts as equally new: a story is reported, and asked about, for about a week. News-quiz
questions are answered by six-day-old articles as often as by those of the day."""

_EXPONENT = 0.5
"""Exponent of the decay after that. Fitted separately on news-quiz questions of 2022 and of 2023, which agree."""

UNDATED = 0.25
"""The recency of an undated article: about that of one a year old."""


def reference_time(as_of: datetime, newest: str | None) -> float:
    """Return the instant that ages are measured from, in seconds since 1970.

    This is when the question is asked, but no later than the end of the archive's last day: in an archive that ended
    years ago, the last days are the recent ones.

    :param newest: the archive's last day, ISO 8601; None if nothing in it is dated.
    """
    asked = as_of.timestamp()
    if newest is None:
        return asked
    return min(asked, datetime.fromisoformat(f"{newest[:10]}T00:00:00+00:00").timestamp() + _DAY)


def recency(published: int | None, now: float, half_life: float) -> float:
    """Return how recent an article is, in [0, 1]: 1 for six days, then decaying ever more slowly.

    ``(1 + age / scale) ** -0.5``, a power law in the age beyond those days that halves after ``half_life`` days. An
    article published days after ``now`` could not be asked about, and scores 0.

    :param published: seconds since 1970; None if unknown.
    :param half_life: days, above 0.
    """
    if published is None:
        return UNDATED
    age = (now - published) / _DAY
    if age < -_GRACE:
        return 0.0
    scale = half_life / (2 ** (1 / _EXPONENT) - 1)
    return float((1 + max(0.0, age - _FRESH) / scale) ** -_EXPONENT)
