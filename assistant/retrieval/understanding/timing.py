"""Find the time that a question names: which days it means, and in which words.

The time is when something was *published*. A year that belongs to a thing ("the 2022 World Cup") or a future time ("by
2030") is a topic, and remains part of the question's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from assistant.languages.lexicon import questions
from assistant.languages.questions import TimeExpressions
from assistant.retrieval.understanding.query import Interval
from assistant.retrieval.understanding.spans import FoldedText
from assistant.retrieval.understanding.time_names import Named, named_times
from assistant.retrieval.understanding.time_steps import Step, day_of

FIRST_YEAR = 1900
"""Earlier years are numbers or history, not dates of publication."""


@dataclass(frozen=True, slots=True)
class TimeFound:
    """A time that a question names.

    :ivar interval: the instants it means, in the time zone of the day of asking.
    :ivar span: its span in the question, including words such as "since" or "in".
    :ivar moved: whether its year was not given but inferred from the day of asking.
    :ivar event: the event by which the time is named; "" if it is named by a date.
    """

    interval: Interval
    span: tuple[int, int]
    moved: bool = False
    event: str = ""


def find_time(question: str, as_of: datetime, languages: Sequence[str]) -> TimeFound | None:
    """Return the time of publication that ``question`` names; None if there is none.

    :param as_of: the instant it is asked at, with its time zone: "yesterday" is the day before in that zone.
    :param languages: of the question, most likely first; the first in which a time is found decides.
    """
    folded = FoldedText.of(question)
    for language in languages:
        asking = questions(language)
        if asking is None:
            continue
        for start, end, interval, moved in _readings(folded, asking.time, as_of):
            if _published(interval, as_of):
                return TimeFound(interval, folded.span(start, end), moved)
    return None


def _published(interval: Interval, as_of: datetime) -> bool:
    """Tell whether anything can have been published in an interval by the time of asking."""
    if interval.since is not None:
        return interval.since <= as_of
    return interval.until is not None and interval.until <= day_of(as_of) + timedelta(days=1)


def _readings(folded: FoldedText, words: TimeExpressions, as_of: datetime) -> Iterator[tuple[int, int, Interval, bool]]:
    """Yield the candidate times with their spans: pairs, then single ones, in the order of the question."""
    text = folded.text
    names = list(named_times(folded, words, as_of))
    for first, second in pairwise(names):
        if found := _pair(text, first, second, words):
            yield *found, first.moved and second.moved
    for name in names:
        if found := _single(text, name, words):
            yield *found, name.moved


def _pair(text: str, first: Named, second: Named, words: TimeExpressions) -> tuple[int, int, Interval] | None:
    """Read "between A and B" and "from A to B", including the whole of A and of B."""
    between = text[first.end : second.start]
    for opening, middle, closing in words.pairs:
        if not re.fullmatch(rf"\s*(?:{middle})\s*", between):
            continue
        start = _behind(opening, text, first.start) if opening else first.start
        end = _ahead(closing, text, second.end) if closing else second.end
        if start is None or end is None:
            continue
        begin, until = first.step.since, second.step.until
        if first.moved and not second.moved:  # "between March and May 2023": the year applies to both
            begin = _same_year(first.step, second.step)
        if not opening and not closing and not (first.sure or second.sure):
            continue
        if begin < until:
            return start, end, Interval(begin, until)
    return None


def _same_year(first: Step, second: Step) -> datetime:
    try:
        begin = first.since.replace(year=second.since.year)
    except ValueError:  # 29 February
        begin = first.since.replace(year=second.since.year, day=28)
    return begin if begin < second.until else begin.replace(year=begin.year - 1)


def _single(text: str, name: Named, words: TimeExpressions) -> tuple[int, int, Interval] | None:
    since, until = name.step.since, name.step.until
    before = (
        (words.since, Interval(since, None)),
        (words.after, Interval(until, None)),
        (words.before, Interval(None, since)),
        (words.until, Interval(None, until)),
    )
    behind = (
        (words.since_after, Interval(since, None)),
        (words.after_after, Interval(until, None)),
        (words.before_after, Interval(None, since)),
        (words.until_after, Interval(None, until)),
    )
    if not name.whole:
        for pattern, interval in behind:
            if (end := _ahead(pattern, text, name.end)) is not None:
                return name.start, end, interval
        for pattern, interval in before:
            if (start := _behind(pattern, text, name.start)) is not None:
                return start, name.end, interval
    start = _behind(words.at_year if name.year else words.at, text, name.start)
    if start is None and not name.sure:
        return None
    return (name.start if start is None else start), name.end, Interval(since, until)


def _behind(pattern: str, text: str, end: int) -> int | None:
    """Return where a match of ``pattern`` that ends at ``end`` begins; None if there is none."""
    match = re.search(rf"(?<!\w)(?:{pattern})\s+$", text[max(0, end - 40) : end])
    return max(0, end - 40) + match.start() if match else None


def _ahead(pattern: str, text: str, start: int) -> int | None:
    match = re.match(rf"['’]?\w{{0,4}}\s+(?:{pattern})(?!\w)", text[start : start + 40])
    return start + match.end() if match else None
