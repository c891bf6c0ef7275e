"""``[questions]`` of a language file: how questions are put in the language.

Unless said otherwise, entries are regular expressions over folded text (``assistant.text.fold``: no case, no accents).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.languages.entries import (
    NONE,
    NOTHING,
    Flag,
    Folded,
    Lines,
    Pattern,
    PatternList,
    PatternPairs,
    Patterns,
    Table,
    Text,
    Texts,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks(Table):
    """``[questions.asks]``: what kind of answer is asked for.

    :ivar timeline: what a question for a timeline looks like; ``comparison`` and ``summary`` likewise.
    :ivar press: puts a question to the press at large, which asks for a comparison.
    :ivar yes: what a question looks like that can be answered with yes; ``open`` what one begins with that asks for
        more, though a verb stands where yes or no would put it; ``choice`` the word that offers a choice instead.
    :ivar what: how a question after things begins.
    :ivar overview: words that ask for a timeline, a summary or a comparison, and are no part of what it is about.
    :ivar news: words for whatever happened.
    :ivar requests: verbs that a request begins with ("summarise"): no names, though they have a capital.
    """

    timeline: Pattern
    comparison: Pattern
    summary: Pattern
    press: Pattern
    yes: Pattern
    what: Pattern
    open: Pattern = NOTHING
    choice: Pattern = NOTHING
    overview: Folded = NONE
    news: Folded = NONE
    requests: Folded = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletPhrases(Table):
    """``[questions.source]``: where something was published.

    :ivar before: what stands before the name of an outlet; ``after`` behind it.
    :ivar article: what an outlet's name may begin with, and is left out of it.
    :ivar joined: what joins a further outlet to one before.
    """

    before: Pattern
    after: Pattern
    article: Pattern = NOTHING
    joined: Pattern = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUps(Table):
    """``[questions.follow]``: how a question goes on from the one before.

    :ivar lead: what it may begin with ("and"); ``about_lead`` before a name alone ("what about").
    :ivar more: asks for others than those given ("who else"). ``bare``: words that ask, alone ("why").
    :ivar person: words for a person spoken of before; ``possessive`` those for what is theirs; ``thing`` for a thing;
        ``place`` for a place. ``not_meant``: what only looks like one of them ("what time is it").
    :ivar topic: what stands before what words are about; ``preposition`` before a place or a party.
    :ivar silent: asks for words and leaves out whose.
    :ivar article: begins a phrase that is no name; ``copula``: a form of "to be"; ``who``: asks after people.
    :ivar others: asks who else spoke on a topic. A template of ``str.format``, as are the following.
    :ivar said_by: how an outlet is named as the source; ``and_asks`` joins a question and a word that asks;
        ``on_topic`` joins a topic; ``in_year`` a month and its year; ``in_time`` makes a time of a bare word.
    """

    lead: Pattern
    about_lead: Pattern
    more: Pattern
    bare: Pattern
    person: Pattern
    possessive: Pattern
    thing: Pattern
    place: Pattern
    not_meant: Pattern
    topic: Pattern
    preposition: Pattern
    silent: Pattern
    article: Pattern = NOTHING
    copula: Pattern = NOTHING
    who: Folded = NONE
    others: Text
    said_by: Text
    and_asks: Text
    on_topic: Text
    in_year: Text
    in_time: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeExpressions(Table):
    """``[questions.time]``: how times are named.

    :ivar months: January to December; the forms of a month apart by "|". ``weekdays``: Monday to Sunday.
    :ivar units: forms of "day", "week", "month", "quarter" and "year".
    :ivar numbers: the words for 1, 2, 3, ...; the forms of one number apart by "|".
    :ivar ordinals: the words for first to fourth, of quarters.
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

    months: PatternList
    weekdays: PatternList
    units: Patterns
    numbers: PatternList
    ordinals: PatternList = ()
    today: Pattern
    yesterday: Pattern
    eve: Pattern = NOTHING
    ending: Pattern = ""
    at: Pattern = NOTHING
    last: Pattern = NOTHING
    last_after: Pattern = NOTHING
    this: Pattern = NOTHING
    this_after: Pattern = NOTHING
    rolling: Pattern = NOTHING
    rolling_between: Pattern = ""
    rolling_one: Pattern = NOTHING
    rolling_after: Pattern = NOTHING
    ago: Pattern = NOTHING
    ago_after: Pattern = NOTHING
    since: Pattern = NOTHING
    since_after: Pattern = NOTHING
    after: Pattern = NOTHING
    after_after: Pattern = NOTHING
    before: Pattern = NOTHING
    before_after: Pattern = NOTHING
    until: Pattern = NOTHING
    until_after: Pattern = NOTHING
    pairs: PatternPairs = ()
    day_month: Pattern = ""
    month_year: Pattern = ""
    year_of: Pattern = ""
    at_year: Pattern = NOTHING
    sure_year: Pattern = NOTHING
    free_year: Flag = False
    bound_year: Pattern = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventExpressions(Table):
    """``[questions.events]``: how a time is named by what happened at it ("since the earthquake").

    :ivar nouns: what can have happened; ``article``: what may stand before it.
    :ivar since: before it; ``since_behind`` behind it. The others likewise.
    :ivar place: joins a place to it.
    :ivar compounds: nouns stand side by side ("fire engine"): one that a word follows may be no event.
    """

    nouns: Pattern
    article: Pattern = NOTHING
    since: Pattern = NOTHING
    after: Pattern = NOTHING
    before: Pattern = NOTHING
    until: Pattern = NOTHING
    since_behind: Pattern = NOTHING
    after_behind: Pattern = NOTHING
    before_behind: Pattern = NOTHING
    until_behind: Pattern = NOTHING
    place: Pattern = NOTHING
    compounds: Flag = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechPatterns(Table):
    """``[questions.speech]``: how somebody's words are asked for.

    Regular expressions over a whole question as it is written, in any case. In them, ``{topic}``, ``{addressee}`` and
    ``{speaker}`` stand for any words; ``{Speaker}`` for a speaker whose words all have a capital, ``{Named}`` for one
    whose first has; and ``{part}`` for the expression of that name in ``parts``.

    :ivar parts: what several of the expressions have in common.
    :ivar changed: asks whether or how somebody's words changed. ``who``: whose words something is.
    :ivar told: what somebody said to an addressee; ``said`` what somebody said; ``mentioned`` whether on a topic.
    :ivar perhaps: what somebody said, where a fact may be the answer as well ("What did the mayor announce?").
    :ivar polite: what may stand before a question and asks for nothing.
    :ivar not_names: what stands where a speaker would and is none; ``not_topics`` likewise.
    """

    parts: Texts = field(default_factory=dict)
    changed: Lines = ()
    who: Lines = ()
    told: Lines = ()
    said: Lines = ()
    mentioned: Lines = ()
    perhaps: Lines = ()
    polite: Lines = ()
    not_names: Lines = ()
    not_topics: Lines = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Questions(Table):
    """``[questions]``: how one language asks."""

    asks: Asks
    source: OutletPhrases
    follow: FollowUps
    time: TimeExpressions
    events: EventExpressions
    speech: SpeechPatterns = field(default_factory=SpeechPatterns)
