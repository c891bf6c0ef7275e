"""How much it speaks for an article that it was published shortly before the question is asked."""

from __future__ import annotations

from datetime import datetime

_DAY = 86_400

_GRACE = 2.0
"""Days after the question that an article may be dated and still be of its day: zones, and dates without a time."""

_FRESH = 6.0
"""Days in which news is equally new: a story is told for about a week, and whoever asks after it asks within that time.
Questions of a news quiz are answered as often by what is six days old as by what is of the day."""

_EXPONENT = 0.5
"""How slowly age counts less after that. Fitted on news-quiz questions of 2022 and of 2023 apart, which agree."""

UNDATED = 0.25
"""What an article without a date is given: about what one of a year ago has."""


def reference_time(as_of: datetime, newest: str | None) -> float:
    """Return the instant that ages are reckoned from, in seconds since 1970.

    That is when the question is asked, but no later than the end of the archive's last day: in an archive that ended
    years ago, its last days are the recent ones.

    :param newest: the archive's last day, ISO 8601; None when nothing in it is dated.
    """
    asked = as_of.timestamp()
    if newest is None:
        return asked
    return min(asked, datetime.fromisoformat(f"{newest[:10]}T00:00:00+00:00").timestamp() + _DAY)


def recency(published: int | None, now: float, half_life: float) -> float:
    """Return how recent an article is, in [0, 1]: 1 for six days, then ever more slowly less.

    ``(1 + age / scale) ** -0.5``, a power of the age beyond those days: a half ``half_life`` days later. What was
    published days after ``now`` was not there to be asked about, and has 0.

    :param published: seconds since 1970; None when unknown.
    :param half_life: days, above 0.
    """
    if published is None:
        return UNDATED
    age = (now - published) / _DAY
    if age < -_GRACE:
        return 0.0
    scale = half_life / (2 ** (1 / _EXPONENT) - 1)
    return float((1 + max(0.0, age - _FRESH) / scale) ** -_EXPONENT)
