"""Resolve times named by an event: "since the earthquake", "before the Turkish election".

``find_event`` reads the words; ``EventDater`` dates the event from the archive, by a burst of articles that mention it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import Literal

from assistant.archive import Archive
from assistant.index import Indexes
from assistant.index.base import Probe
from assistant.languages.entries import NOTHING, any_of
from assistant.languages.lexicon import all_questions, questions
from assistant.languages.questions import EventExpressions
from assistant.retrieval.analysis import terms
from assistant.retrieval.stems import roots
from assistant.retrieval.understanding.query import Interval
from assistant.retrieval.understanding.spans import FoldedText
from assistant.retrieval.understanding.time_steps import day_of
from assistant.types import Filters

Dated = Callable[[str, str, datetime], date | None]
"""Returns the day of an event, given its words, their language, and the instant of asking."""

_PASSAGES = 400
"""Number of passages used to date an event."""

_WINDOW = 7
"""Days over which the articles about one event are spread."""

_CLOSE = 0.5
"""Least share of the largest window's articles for a later window to be the one meant."""

_ABOVE = 3.0
"""How many times as many articles there must be as in any other week."""

_FEWEST = 2
"""Least number of articles about an event."""

_Side = Literal["since", "after", "before", "until"]
_SIDES: tuple[_Side, ...] = ("since", "after", "before", "until")


@dataclass(frozen=True, slots=True)
class EventNamed:
    """An event by which a question names a time.

    :ivar side: the side of the event on which the time lies.
    :ivar what: the words for it, as written, without an article.
    :ivar span: its span in the question, including the word that gives the side.
    """

    side: _Side
    what: str
    span: tuple[int, int]

    def interval(self, day: datetime) -> Interval:
        """Return the time meant if the event happened on ``day`` (its first instant)."""
        if self.side in ("since", "after"):
            return Interval(day, None)
        return Interval(None, day if self.side == "before" else day + timedelta(days=1))


def find_event(question: str, languages: Sequence[str]) -> EventNamed | None:
    """Return the event by which ``question`` names a time; None if there is none.

    :param languages: of the question, most likely first; the first in which an event is found decides.
    """
    folded = FoldedText.of(question)
    for language in languages:
        asking = questions(language)
        if asking is None:
            continue
        for side, pattern in _patterns(asking.events):
            if match := pattern.search(folded.text):
                what = folded.span(*match.span("what"))
                start, end = folded.span(*match.span())
                return EventNamed(side, question[slice(*what)], (start, end))
    return None


@cache
def _patterns(words: EventExpressions) -> tuple[tuple[_Side, re.Pattern[str]], ...]:
    """For each side: the word that gives it, up to three words, the event, and a place of one or two words."""
    found: list[tuple[_Side, re.Pattern[str]]] = []
    article = any_of(one.events.article for one in all_questions())
    between = r"(?:[^\W\d_][\w'’-]*\s+){0,3}?"
    end = r"(?=\s*(?:[?!.,;:]|$))" if words.compounds else ""
    place = rf"(?:\s+(?:{words.place})\s+(?:the\s+)?[^\W\d_]\w+)?"
    for side in _SIDES:
        before, behind = getattr(words, side), getattr(words, f"{side}_behind")
        if before != NOTHING:
            what = rf"(?P<what>{between}(?:{words.nouns})(?!\w){place})"
            found.append((side, re.compile(rf"(?<!\w)(?:{before})\s+(?:(?:{article})\s*\b)*{what}{end}")))
        if behind != NOTHING:
            what = rf"(?P<what>(?:[^\W\d_][\w'’-]*\s+)?(?:{words.nouns}))"
            found.append((side, re.compile(rf"(?<!\w){what}\s+(?:{behind})(?!\w)")))
    return tuple(found)


class EventDater:
    """Dates events by when the archive's articles mention them."""

    def __init__(self, archive: Archive, indexes: Indexes, zone: tzinfo = UTC) -> None:
        self._archive = archive
        self._indexes = indexes
        self._zone = zone

    def __call__(self, what: str, language: str, as_of: datetime) -> date | None:
        """Return the day of the latest event described by ``what`` before ``as_of``; None if the archive is unclear.

        It is clear if, within a week, several articles have all of the words, and many more than in other weeks.
        """
        wanted = terms(what, language)
        if not wanted:
            return None
        probe = Probe(text=what, languages=(language,) if language else ())
        found = self._indexes.lexical.search(probe, _PASSAGES, Filters())
        days: dict[int, date] = {}
        for passage in self._archive.passages(found.ids.tolist()).values():
            article = passage.article
            if article.key in days or article.published is None or article.published.timestamp > as_of.timestamp():
                continue
            has = frozenset(roots(f"{article.headline} {passage.text}", article.language or language))
            if all(term.among(has, article.language or language) for term in wanted):
                days[article.key] = datetime.fromtimestamp(article.published.timestamp, self._zone).date()
        return burst(days.values())


def burst(days: Iterable[date]) -> date | None:
    """Return the day on which the last large burst of ``days`` began; None if there is none.

    :param days: publication dates, one per article.
    """
    counts = Counter(days)
    if not counts:
        return None
    weeks = {day: sum(counts[day + timedelta(days=ahead)] for ahead in range(_WINDOW)) for day in counts}
    most = max(weeks.values())
    span = max(1.0, ((max(counts) - min(counts)).days + 1) / _WINDOW)
    usual = (sum(counts.values()) - most) / span
    if most < _FEWEST or most < _ABOVE * usual:
        return None
    start = max(day for day, articles in weeks.items() if articles >= max(_FEWEST, _CLOSE * most))
    within = [start + timedelta(days=ahead) for ahead in range(_WINDOW)]
    peak = max(within, key=lambda day: (counts[day], -day.toordinal()))
    while counts[peak - timedelta(days=1)] >= max(1.0, counts[peak] / 2):
        peak -= timedelta(days=1)
    return peak


def first_instant(day: date, as_of: datetime) -> datetime:
    """Return the beginning of ``day`` in the time zone of ``as_of``."""
    return day_of(as_of).replace(year=day.year, month=day.month, day=day.day)
