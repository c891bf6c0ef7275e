"""Find time expressions: "12 May 2023", "Q1 2023", "last week", "in the last five years", "вчера", "geçen hafta"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from assistant.languages.lexicon import all_questions
from assistant.languages.questions import TimeExpressions
from assistant.retrieval.understanding.spans import FoldedText
from assistant.retrieval.understanding.time_steps import Step, day_of, moved, unit_at, unit_start

_YEAR = r"(?<![\d.,:/-])(?:19|20)\d\d(?![\d/]|[.,:-]\d)"
_EDGE = r"(?:(?<!\w)|(?<=\sو))"
"""Where a word begins; Arabic writes "and" as its first letter."""
_DAY = r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|\.)?"
_MOST = 200
"""Units that may follow "the last N"."""


@dataclass(frozen=True, slots=True)
class Named:
    """A time expression in a text.

    :ivar start: its offset in the folded text; ``end`` is exclusive.
    :ivar sure: whether it is a time on its own; if not, it needs a word such as "in" or "since" before it.
    :ivar moved: whether its year was not given but inferred from the day of asking.
    :ivar whole: whether it is complete and takes no "since", "before" or the like.
    :ivar year: whether it is just a year.
    """

    start: int
    end: int
    step: Step
    sure: bool = True
    moved: bool = False
    whole: bool = False
    year: bool = False


_Reader = Callable[[re.Match[str], FoldedText, datetime], Named | None]


def named_times(folded: FoldedText, words: TimeExpressions, as_of: datetime) -> Iterator[Named]:
    """Yield the times named, in order, without overlaps; the earlier one wins, then the longer."""
    found: list[tuple[int, int, Named | None]] = []
    for pattern, read in _readers(words):
        for match in pattern.finditer(folded.text):
            try:
                named = read(match, folded, as_of)
            except (ValueError, OverflowError):  # 31 June, or a year out of range: no part of it is a time
                named = None
            found.append((match.start(), -match.end(), named))
    reached = 0
    for start, end, named in sorted(found, key=lambda one: one[:2]):
        if start >= reached:
            reached = -end
            if named is not None:
                yield named


@cache
def _readers(words: TimeExpressions) -> tuple[tuple[re.Pattern[str], _Reader], ...]:
    months = _alternatives(words.months, "m")
    days = _alternatives(words.weekdays, "d")
    units = "|".join(f"(?P<u_{unit}>{forms})" for unit, forms in words.units.items())
    counts = "|".join(sorted(_counts(words), key=len, reverse=True))
    number = rf"(?P<count>\d{{1,3}}|{counts})"
    tail = words.ending
    year = rf"(?P<year>{_YEAR})"
    quarter = rf"(?P<quarter_no>[1-4](?:st|nd|rd|th|\.|er|e|o)?|{'|'.join(_ordinals())})"
    of_year = rf"(?:\s+(?:of|des|de|du|del))?(?:\s+jahres)?\s+{year}"
    sources: list[tuple[str, Callable[..., Named | None]]] = [
        (r"(?<![\d-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d?)(?:-(?P<day>\d\d?))?(?![\d-])", _iso),
        (r"(?<![\d/])(?P<year>(?:19|20)\d\d)/(?P<month>\d\d?)(?:/(?P<day>\d\d?))?(?![\d/])", _iso),
        (r"(?<![\d.])(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?(?P<year>(?:19|20)\d\d)(?!\d)", _iso),
        (r"(?<![\d/])(?P<one>\d\d?)/(?P<two>\d\d?)/(?P<year>(?:19|20)\d\d)(?![\d/])", _slashes),
        (rf"(?P<day>{_DAY}){words.day_month}\s+(?:{months}){tail}(?:{words.month_year}\s+{year}{tail})?", _day_month),
        (rf"{_EDGE}(?:{months})\s+(?P<day>{_DAY})(?!\d)(?:\s*,?\s+{year})?", _day_month),
        (rf"{_EDGE}(?:{months})(?:{words.month_year})\s+{words.year_of}{year}{tail}", _month_year),
        (rf"(?<!\w){year}{tail}\s+(?:{months}){tail}", _month_year),
        (rf"(?<!\w)(?:{words.last})\s+(?:{months}){tail}(?!\w)", _last_month),
        (rf"(?<!\w)(?:{months})\s+(?:{words.last_after})(?!\w)", _last_month),
        (rf"{_EDGE}(?:{months}){tail}(?!\w)", _month_alone),
        (rf"(?<!\w){quarter}\s+(?:{words.units['quarter']}){of_year}", _quarter),
        (rf"(?<!\w)q(?P<quarter_no>[1-4])\s+(?:of\s+)?{year}", _quarter),
        (rf"(?<!\w){year}\s?q(?P<quarter_no>[1-4])(?!\w)", _quarter),
        (rf"(?<!\w){words.year_of}{year}{tail}", _year_alone),
        (r"(?<!\w)(?:the\s+)?(?P<decade>(?:19|20)\d)0(?:['’]?s|er|er[- ]?jahren?)(?!\w)", _decade),
        (rf"(?<!\w)(?:{words.eve})(?!\w)", _days_back(2)),
        (rf"(?<!\w)(?:{words.yesterday})(?!\w)", _days_back(1)),
        (rf"(?<!\w)(?:{words.today})(?!\w)", _days_back(0)),
        (rf"(?<!\w)(?:{words.rolling})\s+{number}\s+(?:{words.rolling_between}\s*)(?:{units}){tail}(?!\w)", _rolling),
        (rf"(?<!\w)(?:{words.rolling})?\s*{number}\s+(?:{units})\s+(?:{words.rolling_after})(?!\w)", _rolling),
        (rf"(?<!\w)(?:{units})\s+{number}\s+(?:{words.rolling_after})(?!\w)", _rolling),
        (rf"(?<!\w)(?:{words.rolling_one})\s+(?:{units}){tail}(?!\w)", _rolling),
        (rf"(?<!\w)(?:{words.ago})\s+{number}\s+(?:{units})(?!\w)", _ago),
        (rf"(?<!\w){number}\s+(?:{units})\s+(?:{words.ago_after})(?!\w)", _ago),
        (rf"(?<!\w)(?:{words.last})\s+(?:{units}){tail}(?!\w)", _unit(-1)),
        (rf"(?<!\w)(?:l['])?(?:{units})\s+(?:{words.last_after})(?!\w)", _unit(-1)),
        (rf"(?<!\w)(?:{words.this})\s+(?:{units}){tail}(?!\w)", _unit(0)),
        (rf"(?<!\w)(?:{units})\s+(?:{words.this_after})(?!\w)", _unit(0)),
        (rf"(?<!\w)(?:{words.last})\s+(?:{days}){tail}(?!\w)", _weekday(last=True)),
        (rf"(?<!\w)(?:{days})\s+(?:{words.last_after})(?!\w)", _weekday(last=True)),
        (rf"(?<!\w)(?:(?:{words.this})\s+)?(?:{days}){tail}(?!\w)", _weekday(last=False)),
    ]  # fmt: skip
    return tuple((re.compile(source), _with(read, words)) for source, read in sources)


def _with(read: Callable[..., Named | None], words: TimeExpressions) -> _Reader:
    return lambda match, folded, as_of: read(match, folded, as_of, words)


def _alternatives(forms: tuple[str, ...], letter: str) -> str:
    return "|".join(f"(?P<{letter}{number}>{form})" for number, form in enumerate(forms, start=1))


def _counts(words: TimeExpressions) -> dict[str, int]:
    return {form: number for number, forms in enumerate(words.numbers, start=1) for form in forms.split("|")}


def _which(match: re.Match[str], letter: str) -> int:
    return next(
        int(name[1:]) for name, text in match.groupdict().items() if text and re.fullmatch(rf"{letter}\d+", name)
    )


def _unit_of(match: re.Match[str], words: TimeExpressions) -> str:
    return next(unit for unit in words.units if match.groupdict().get(f"u_{unit}"))


def _count_of(match: re.Match[str], words: TimeExpressions) -> int:
    text = match.groupdict().get("count")
    if text is None:
        return 1
    count = int(text) if text.isdigit() else _counts(words)[text]
    if not 1 <= count <= _MOST:
        raise ValueError(f"{count} is not a valid number of units")
    return count


def _date(as_of: datetime, year: int, month: int = 1, day: int = 1) -> datetime:
    return day_of(as_of).replace(year=year, month=month, day=day, fold=0)


# --- written dates -----------------------------------------------------------------------------------------


def _iso(match: re.Match[str], folded: FoldedText, as_of: datetime, words: TimeExpressions) -> Named:
    day = match["day"]
    at = _date(as_of, int(match["year"]), int(match["month"]), int(day or 1))
    return Named(match.start(), match.end(), unit_at(at, "day" if day else "month"))


def _slashes(match: re.Match[str], folded: FoldedText, as_of: datetime, words: TimeExpressions) -> Named | None:
    """Read 25/12/2023 and 12/25/2023; skip ambiguous dates."""
    one, two = int(match["one"]), int(match["two"])
    if one <= 12 and two <= 12 and one != two:
        return None
    day, month = (one, two) if one > 12 else (two, one)
    return Named(match.start(), match.end(), unit_at(_date(as_of, int(match["year"]), month, day), "day"))


def _day_month(match: re.Match[str], folded: FoldedText, as_of: datetime, words: TimeExpressions) -> Named:
    month, day = _which(match, "m"), int(re.sub(r"\D", "", match["day"]))
    if match["year"]:
        return Named(match.start(), match.end(), unit_at(_date(as_of, int(match["year"]), month, day), "day"))
    at = _latest(as_of, lambda year: _date(as_of, year, month, day))
    return Named(match.start(), match.end(), unit_at(at, "day"), moved=True)


def _latest(as_of: datetime, at: Callable[[int], datetime]) -> datetime:
    """Return the latest occurrence of a date, over the years, that is not after ``as_of``."""
    for back in range(9):
        try:
            moment = at(as_of.year - back)
        except ValueError:
            continue
        if moment <= as_of:
            return moment
    raise ValueError("no such day in eight years")


def _month_year(match: re.Match[str], folded: FoldedText, as_of: datetime, words: TimeExpressions) -> Named:
    return Named(match.start(), match.end(), unit_at(_date(as_of, int(match["year"]), _which(match, "m")), "month"))


def _last_month(match: re.Match[str], folded: FoldedText, as_of: datetime, words: TimeExpressions) -> Named:
    this = unit_start(as_of, "month")
    month = _which(match, "m")
    at = _latest(this - timedelta(days=1), lambda year: _date(as_of, year, month))
    return Named(match.start(), match.end(), unit_at(at, "month"))


def _month_alone(match: re.Match[str], folded: FoldedText, as_of: datetime, words: TimeExpressions) -> Named:
    month = _which(match, "m")
    at = _latest(as_of, lambda year: _date(as_of, year, month))
    joined = bool(words.ending) and words.at.startswith("(?!)") and match.end() > match.end(f"m{month}")
    return Named(match.start(), match.end(), unit_at(at, "month"), sure=joined, moved=True)


def _ordinal(text: str) -> int:
    if text[0].isdigit():
        return int(text[0])
    return next(number for number, forms in enumerate(_ordinals(), start=1) if re.fullmatch(forms, text))


@cache
def _ordinals() -> tuple[str, ...]:
    """The words for first to fourth, in all languages: most write quarters the same way."""
    return tuple(map("|".join, zip(*(one.time.ordinals for one in all_questions() if one.time.ordinals), strict=True)))


def _quarter(match: re.Match[str], folded: FoldedText, as_of: datetime, words: TimeExpressions) -> Named:
    at = _date(as_of, int(match["year"]), 3 * _ordinal(match["quarter_no"]) - 2)
    return Named(match.start(), match.end(), unit_at(at, "quarter"))


def _year_alone(match: re.Match[str], folded: FoldedText, as_of: datetime, words: TimeExpressions) -> Named:
    """Read a year. Without a preposition, it may be part of a name: "Expo 2020", "the 2022 World Cup"."""
    tail = folded.text[match.end("year") : match.end()]
    free = words.free_year and not re.search(words.bound_year, folded.text[: match.start()])
    sure = free or match.start() < match.start("year") or bool(re.fullmatch(words.sure_year, tail.strip()))
    return Named(match.start(), match.end(), unit_at(_date(as_of, int(match["year"])), "year"), sure=sure, year=True)


def _decade(match: re.Match[str], folded: FoldedText, as_of: datetime, words: TimeExpressions) -> Named:
    since = _date(as_of, int(match["decade"]) * 10)
    return Named(match.start(), match.end(), Step(since, moved(since, "year", 10)), sure=False)


# --- relative to the day of asking -------------------------------------------------------------------------


def _days_back(count: int) -> Callable[..., Named]:
    def read(match: re.Match[str], folded: FoldedText, as_of: datetime, words: TimeExpressions) -> Named:
        return Named(match.start(), match.end(), unit_at(as_of, "day", -count))

    return read


def _rolling(match: re.Match[str], folded: FoldedText, as_of: datetime, words: TimeExpressions) -> Named | None:
    """Read "the last five years": up to the end of today. "The last May" and "last week" are read elsewhere."""
    until = day_of(as_of) + timedelta(days=1)
    since = moved(until, _unit_of(match, words), -_count_of(match, words))
    return Named(match.start(), match.end(), Step(since, until), whole=True)


def _ago(match: re.Match[str], folded: FoldedText, as_of: datetime, words: TimeExpressions) -> Named:
    """Read "three weeks ago": that day, or the whole week, month or year."""
    unit = _unit_of(match, words)
    return Named(match.start(), match.end(), unit_at(as_of, unit, -_count_of(match, words)), whole=True)


def _unit(offset: int) -> Callable[..., Named]:
    def read(match: re.Match[str], folded: FoldedText, as_of: datetime, words: TimeExpressions) -> Named:
        """Read "last month" and "this year": whole calendar units. "This week" reaches back seven days."""
        unit = _unit_of(match, words)
        step = unit_at(as_of, unit, offset)
        if offset == 0 and unit == "week":
            step = Step(min(step.since, day_of(as_of) - timedelta(days=6)), step.until)
        return Named(match.start(), match.end(), step)

    return read


def _weekday(last: bool) -> Callable[..., Named]:
    def read(match: re.Match[str], folded: FoldedText, as_of: datetime, words: TimeExpressions) -> Named:
        """Read "on Tuesday": the latest one, today included; "last Tuesday": the latest before today."""
        today = day_of(as_of)
        back = (today.weekday() - (_which(match, "d") - 1)) % 7
        day = moved(today, "day", -(back or 7 * last))
        return Named(match.start(), match.end(), unit_at(day, "day"), sure=last)

    return read
