"""Parse dates to the precision given: a year, a month, a day or an instant, with nothing made up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from dateutil import parser as _dateutil

from assistant.errors import BadFilter

EARLIEST_YEAR = 1600
"""Before the first newspaper; an earlier year must be a mistake."""

_LONGEST = 100
"""Most characters in a written date."""

_PARTIAL = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?\Z")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})Z?)?\Z")
_RFC2822 = re.compile(
    r"\A(?:[A-Za-z]{3},\s*)?\d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|[A-Z]{1,4})\Z"
)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?\Z|\d{12,13}\Z")


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A point in time with the precision it was given in.

    :ivar instant: timezone-aware, in UTC; the start of the day, month or year for coarser precisions.
    :ivar precision: "second", "day", "month" or "year".
    """

    instant: datetime
    precision: str = "second"

    @property
    def timestamp(self) -> int:
        """Whole seconds since 1970-01-01T00:00:00Z; negative before."""
        return int((self.instant - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())

    def iso(self) -> str:
        """ISO 8601 in the precision given: 2023, 2023-05, 2023-05-12 or 2023-05-12T15:56:15Z."""
        if self.precision == "second":
            return f"{self.instant:%Y-%m-%dT%H:%M:%SZ}"
        return f"{self.instant:%Y-%m-%d}"[: {"year": 4, "month": 7, "day": 10}[self.precision]]


def parse_date(value: object, zone: tzinfo = UTC) -> Moment:
    """Read a date in any common form.

    ISO 8601 in full or in part, ``2023/05/12``, ``20230512``, RFC 2822 (feeds), seconds or milliseconds
    since 1970, and whatever ``dateutil`` reads ("May 12, 2023 3:56 pm").

    :param value: text, a number, a ``datetime`` or a ``date``.
    :param zone: the zone of a time without one; the result is in UTC. Days are not shifted.
    :raises BadFilter: if it is not a date, or is before 1600 or more than two years ahead.
    """
    moment = _read(value, zone)
    limit = datetime.now(UTC) + timedelta(days=731)
    if moment.instant.year < EARLIEST_YEAR or moment.instant > limit:
        raise BadFilter(
            f"{value!r} is not a plausible date for news: it must be between {EARLIEST_YEAR} and {limit:%Y-%m-%d}"
        )
    return moment


def asked_at(value: object, zone: tzinfo = UTC) -> datetime:
    """Return the instant that a question is asked at, in ``zone``: for a day, month or year, its last second.

    :param value: as for ``parse_date``.
    :raises BadFilter: if it is not a date.
    """
    moment = parse_date(value, zone)
    if moment.precision == "second":
        return moment.instant.astimezone(zone)
    start = moment.instant.replace(tzinfo=zone)
    months = {"year": 12, "month": 1}.get(moment.precision)
    if months is None:
        end = start + timedelta(days=1)
    else:
        end = start.replace(
            year=start.year + (start.month - 1 + months) // 12, month=(start.month - 1 + months) % 12 + 1
        )
    return end - timedelta(seconds=1)


def _read(value: object, zone: tzinfo) -> Moment:
    if isinstance(value, datetime):
        return Moment((value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC))
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return _epoch(float(value))
        except OverflowError as error:
            raise BadFilter("a number with hundreds of digits is not a time since 1970") from error
    text = str(value).strip()
    if len(text) > _LONGEST:
        raise BadFilter(f"{text[:20] + '...'!r} is not a date: it has {len(text):,} characters")
    try:
        if match := _PARTIAL.match(text):
            year, month, day = (int(part) if part else 0 for part in match.groups())
            precision = "day" if day else "month" if month else "year"
            return Moment(datetime(year, month or 1, day or 1, tzinfo=UTC), precision)
        if match := _COMPACT.match(text):
            parts = [int(part) for part in match.groups() if part]
            return Moment(datetime(*parts, tzinfo=UTC), "second" if len(parts) > 3 else "day")  # type: ignore[arg-type,misc]
        if _EPOCH.match(text):
            return _epoch(float(text))
        return _written(text, zone)
    except (ValueError, OverflowError, TypeError) as error:
        raise BadFilter(f"{text!r} is not a date; write 2023-05-12, 2023-05, 2023 or 2023-05-12T15:56:15Z") from error


def _epoch(seconds: float) -> Moment:
    try:
        return Moment(datetime.fromtimestamp(seconds / 1000 if abs(seconds) >= 1e11 else seconds, UTC))
    except (ValueError, OverflowError, OSError) as error:
        raise BadFilter(f"{seconds!r} is not a time in seconds or milliseconds since 1970") from error


def _written(text: str, zone: tzinfo) -> Moment:
    if not re.search(r"\d", text) or _NO_YEAR.search(text):
        raise ValueError("no year")
    if _RFC2822.search(text):
        parsed = parsedate_to_datetime(text)
    else:
        # Two defaults that differ in every field show which fields the text itself gave.
        parsed = _dateutil.parse(text, default=datetime(2000, 1, 1, 0, 0, 0), tzinfos=_zone_of)
        other = _dateutil.parse(text, default=datetime(2001, 2, 2, 1, 1, 1), tzinfos=_zone_of)
        if parsed.year != other.year:
            raise ValueError("no year")
        if parsed.hour != other.hour:
            precision = "day" if parsed.day == other.day else "month" if parsed.month == other.month else "year"
            return Moment(parsed.replace(tzinfo=UTC), precision)
    return Moment((parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)).astimezone(UTC))


_NO_YEAR = re.compile(r"\s-\d{4}\s+\d\d?:\d\d|(?<![\d:+-])0000(?!\d)")
"""How some systems write a missing date: "Mon, 30 Nov -0001 00:00:00 +0000"."""


def _zone_of(name: str | None, offset: int | None) -> tzinfo | None:
    """Return the zone that dateutil read; None, as if there were none, for an ambiguous name."""
    return timezone(timedelta(seconds=offset)) if offset is not None else _ZONES.get(name or "")


_ZONES = {
    name: timezone(timedelta(hours=hours))
    for name, hours in {
        "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
        "CET": 1, "CEST": 2, "BST": 1, "EET": 2, "EEST": 3, "MSK": 3, "TRT": 3, "IST": 5.5,
    }.items()
}  # fmt: skip
