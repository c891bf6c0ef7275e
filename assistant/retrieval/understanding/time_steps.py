"""Arithmetic with days, weeks, months, quarters and years: half-open spans, in the time zone of the day of asking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""Units that are whole months, with the number of months."""


@dataclass(frozen=True, slots=True)
class Step:
    """A half-open span of time."""

    since: datetime
    until: datetime


def day_of(moment: datetime) -> datetime:
    """Return the first instant of the day of ``moment``."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def unit_start(moment: datetime, unit: str) -> datetime:
    """Return the first instant of the day, week (from Monday), month, quarter or year of ``moment``."""
    day = day_of(moment)
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    first = day.replace(day=1)
    return first.replace(month=1 + (first.month - 1) // MONTHS[unit] * MONTHS[unit])


def moved(moment: datetime, unit: str, count: int) -> datetime:
    """Return ``moment`` moved by ``count`` units; the day is clipped to the length of the month.

    :raises ValueError: if the result is outside the years 1 to 9999.
    """
    if unit in ("day", "week"):
        try:
            return moment + timedelta(days=count * (7 if unit == "week" else 1))
        except OverflowError as error:
            raise ValueError(f"{count} {unit}s from {moment} is not a valid date") from error
    months = moment.year * 12 + moment.month - 1 + count * MONTHS[unit]
    year, month = divmod(months, 12)
    first = moment.replace(year=year, month=month + 1, day=1)
    following = first.replace(year=year + month // 11, month=(month + 1) % 12 + 1)
    return first.replace(day=min(moment.day, (following - timedelta(days=1)).day))


def unit_at(moment: datetime, unit: str, offset: int = 0) -> Step:
    """Return the whole unit that is ``offset`` units after that of ``moment``.

    :raises ValueError: if the result is outside the years 1 to 9999.
    """
    since = moved(unit_start(moment, unit), unit, offset)
    return Step(since, moved(since, unit, 1))
