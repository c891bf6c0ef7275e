"""Label what was inferred from a question: in words for people, as a value for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from assistant.retrieval.understanding.outlets import OutletFound
from assistant.retrieval.understanding.query import Interval
from assistant.retrieval.understanding.speech_questions import SpeechQuestion
from assistant.retrieval.understanding.timing import TimeFound
from assistant.types import AnswerKind, Inference

_KINDS: dict[AnswerKind, str] = {
    "speech": "what was said", "timeline": "timeline", "summary": "summary of coverage",
    "comparison": "comparison of outlets", "yesno": "yes or no",
}  # fmt: skip
_MONTHS = "January February March April May June July August September October November December".split()


def inferences(
    kind: AnswerKind, named: Sequence[OutletFound], time: TimeFound | None, speech: SpeechQuestion | None
) -> Iterator[Inference]:
    """Yield what was inferred from a question, in display order: time, outlets, then speaker or kind."""
    if time:
        label = time_label(time.interval) + (f" ({time.event})" if time.event else "")
        yield Inference("time", label, time_value(time.interval), time.span)
    for one in named:
        yield Inference("outlet", one.outlet, one.outlet, one.whole)
    if speech and not speech.speaker:
        yield Inference("kind", "who said it", kind)
    elif speech:
        yield Inference("speaker", f"words of {speech.speaker}", speech.speaker)
        if speech.addressee:
            yield Inference("addressee", f"said to {speech.addressee}", speech.addressee)
    elif kind != "fact":
        yield Inference("kind", _KINDS[kind], kind)


def time_label(interval: Interval) -> str:
    """Return a time for people: "May 2023", "2023", "12 May 2023", "since March 2023", "1 to 7 May 2023"."""
    since, until = interval.since, interval.until
    if since is None or until is None:
        if since is not None:
            return f"since {_short(since)}"
        return f"before {_short(until)}" if until is not None else "any time"
    last = until - timedelta(days=1)
    whole = since.day == 1 and until.day == 1
    if whole and since.month == 1 and until.month == 1:
        return str(since.year) if until.year == since.year + 1 else f"{since.year} to {last.year}"
    if whole:
        first, final = f"{_MONTHS[since.month - 1]} {since.year}", f"{_MONTHS[last.month - 1]} {last.year}"
        if first == final:
            return final
        return f"{_MONTHS[since.month - 1]} to {final}" if since.year == last.year else f"{first} to {final}"
    if last <= since:
        return _day(since)
    if since.year == last.year:
        return f"{since.day}{'' if since.month == last.month else ' ' + _MONTHS[since.month - 1]} to {_day(last)}"
    return f"{_day(since)} to {_day(last)}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _short(moment: datetime) -> str:
    if moment.day == 1:
        return str(moment.year) if moment.month == 1 else f"{_MONTHS[moment.month - 1]} {moment.year}"
    return _day(moment)


def time_value(interval: Interval) -> str:
    """Return a time for programs, as an ISO 8601 interval: "2023-05-01/2023-06-01", with ".." for an open end."""
    return "/".join(f"{end:%Y-%m-%d}" if end else ".." for end in (interval.since, interval.until))
