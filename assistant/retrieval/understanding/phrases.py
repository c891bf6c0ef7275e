"""How questions are put in the languages the house speaks: read from ``languages/<language>.toml``.

Everything is a fragment of a regular expression over folded text (``assistant.text.fold``: no case, no accents).
A language is added by adding its file, and its code to ``LANGUAGES``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from assistant.languages.lexicon import question_words
from assistant.text import fold

LANGUAGES = ("en", "de", "fr", "es", "ru", "tr", "ar")

NOTHING = r"(?!)"
"""A pattern that never matches: a language that has no such words."""


@dataclass(frozen=True, slots=True, eq=False)
class CalendarWords:
    """How one language speaks of time. All patterns are matched against folded text.

    :ivar months: January to December; the forms of a month apart by spaces. ``weekdays``: Monday to Sunday.
    :ivar units: forms of "day", "week", "month", "quarter" and "year".
    :ivar numbers: the words for 1, 2, 3, ...; the forms of one number apart by "|".
    :ivar ending: what may be joined to a name of a time.
    :ivar at: what stands before a time that something happened at ("in", "on").
    :ivar last: "last", before what it is said of; ``last_after`` behind it. ``this`` likewise.
    :ivar rolling: "the last", "the past", before a count of units; ``rolling_between`` between count and unit.
    :ivar rolling_after: likewise, behind the units. ``rolling_one`` before one unit: "in the past week".
    :ivar ago: before a count of units; ``ago_after`` behind them.
    :ivar since: before a time ("since", "from"); ``since_after`` behind it. The others likewise.
    :ivar at_year: what stands before a year that something happened in.
    :ivar sure_year: what may follow a year and shows that it is one ("yılında").
    :ivar free_year: a year may stand with nothing before it ("Was sagte sie 2022 dazu?"), unless ``bound_year`` does:
        then it belongs to the thing before it.
    :ivar pairs: what stands before, between and behind two times that bound a span.
    """

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    units: dict[str, str]
    numbers: tuple[str, ...]
    today: str
    yesterday: str
    eve: str = NOTHING
    ending: str = ""
    at: str = NOTHING
    last: str = NOTHING
    last_after: str = NOTHING
    this: str = NOTHING
    this_after: str = NOTHING
    rolling: str = NOTHING
    rolling_between: str = ""
    rolling_one: str = NOTHING
    rolling_after: str = NOTHING
    ago: str = NOTHING
    ago_after: str = NOTHING
    since: str = NOTHING
    since_after: str = NOTHING
    after: str = NOTHING
    after_after: str = NOTHING
    before: str = NOTHING
    before_after: str = NOTHING
    until: str = NOTHING
    until_after: str = NOTHING
    pairs: tuple[tuple[str, str, str], ...] = ()
    day_month: str = ""
    month_year: str = ""
    year_of: str = ""
    at_year: str = NOTHING
    sure_year: str = NOTHING
    free_year: bool = False
    bound_year: str = NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class FollowWords:
    """How one language goes on from the question before.

    :ivar lead: what a follow-up may begin with ("and"); ``about_lead`` before a name alone ("what about").
    :ivar more: asks for others than those given ("who else"). ``bare``: words that ask, alone ("why").
    :ivar person: words for a person spoken of before; ``possessive`` those for what is theirs; ``thing`` for a thing;
        ``place`` for a place. ``not_meant``: what only looks like one of them ("what time is it").
    :ivar topic: what stands before what words are about; ``preposition`` before a place or a party.
    :ivar silent: asks for words and leaves out whose.
    :ivar others: asks who else spoke on a topic. A template of ``str.format``, as are the following.
    :ivar said_by: how an outlet is named as the source; ``and_asks`` joins a question and a word that asks;
        ``on_topic`` joins a topic; ``in_year`` a month and its year.
    """

    lead: str
    about_lead: str
    more: str
    bare: str
    person: str
    possessive: str
    thing: str
    place: str
    not_meant: str
    topic: str
    preposition: str
    silent: str
    others: str
    said_by: str
    and_asks: str
    on_topic: str
    in_year: str


@dataclass(frozen=True, slots=True, eq=False)
class EventWords:
    """How one language speaks of what happened at a time, without saying when: "since the earthquake".

    :ivar nouns: what can have happened.
    :ivar since: before it; ``since_behind`` behind it. The others likewise.
    :ivar place: joins a place to it.
    :ivar compounds: nouns stand side by side ("fire engine"): one that a word follows may be no event.
    """

    nouns: str
    since: str = NOTHING
    after: str = NOTHING
    before: str = NOTHING
    until: str = NOTHING
    since_behind: str = NOTHING
    after_behind: str = NOTHING
    before_behind: str = NOTHING
    until_behind: str = NOTHING
    place: str = NOTHING
    compounds: bool = False


_TEMPLATES = ("others", "said_by", "and_asks", "on_topic", "in_year")


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """How one language asks. All patterns are matched against folded text.

    :ivar asks: what a question looks like that asks for a "timeline", a "comparison" or a "summary"; "yes" for what
        can be answered with yes; "what" for how a question after things begins.
    :ivar source_before: what stands before an outlet that something was published in; ``source_after`` behind it.
    """

    asks: dict[str, str]
    source_before: str
    source_after: str
    time: CalendarWords
    follow: FollowWords
    events: EventWords


@cache
def phrases(language: str) -> Phrases | None:
    """Return how a language asks; None for one that has no file.

    :param language: ISO 639-1.
    """
    read = question_words(language) if language in LANGUAGES else None
    if read is None:
        return None
    time, source = read["time"], read["source"]
    lists = ("months", "weekdays", "numbers", "units", "pairs")
    given = _fragments({name: value for name, value in time.items() if name not in lists})
    unknown = set(given) - {field.name for field in fields(CalendarWords)}
    if unknown:
        raise ValueError(f"languages/{language}.toml: unknown under [questions.time]: {', '.join(sorted(unknown))}")
    return Phrases(
        {name: _either(value) for name, value in read["asks"].items()},
        _either(source["before"]),
        _either(source["after"]),
        CalendarWords(
            months=tuple(map(fold, time["months"])),
            weekdays=tuple(map(fold, time["weekdays"])),
            units={name: _either(value) for name, value in time["units"].items()},
            numbers=tuple(map(fold, time["numbers"])),
            pairs=tuple((fold(before), fold(between), fold(behind)) for before, between, behind in time["pairs"]),
            **given,
        ),
        FollowWords(
            **{name: value if name in _TEMPLATES else _either(value) for name, value in read["follow"].items()}
        ),
        EventWords(**_fragments(read["events"])),
    )


def _fragments(table: dict[str, Any]) -> dict[str, Any]:
    """Return a table with its words as patterns; what is true or false stays as it is."""
    return {name: value if isinstance(value, bool) else _either(value) for name, value in table.items()}


def _either(value: str | list[str]) -> str:
    return fold(value if isinstance(value, str) else "|".join(value)) or NOTHING
