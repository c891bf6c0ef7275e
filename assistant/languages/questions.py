"""``[questions]`` of a language file: how questions are asked in the language.

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

    :ivar timeline: matches a question for a timeline; ``comparison`` and ``summary`` likewise.
    :ivar press: addresses the press at large, which asks for a comparison.
    :ivar yes: matches a yes-or-no question; ``open``: how a question begins that only looks like one; ``choice``: the
        word that offers alternatives instead.
    :ivar what: how a question about things begins.
    :ivar overview: words that ask for a timeline, a summary or a comparison, and are not part of its topic.
    :ivar news: words for whatever happened.
    :ivar requests: verbs that a request begins with ("summarise"): not names, although they have a capital.
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

    :ivar before: what precedes the name of an outlet; ``after``: what follows it.
    :ivar article: an article before an outlet's name, which is not part of it.
    :ivar joined: what joins a further outlet to the previous one.
    """

    before: Pattern
    after: Pattern
    article: Pattern = NOTHING
    joined: Pattern = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUps(Table):
    """``[questions.follow]``: how a question follows up on the previous one.

    :ivar lead: what it may begin with ("and"); ``about_lead`` before a name alone ("what about").
    :ivar more: asks for others than those given ("who else"). ``bare``: words that ask, alone ("why").
    :ivar person: words that refer back to a person; ``possessive``: to what is theirs; ``thing``: to a thing;
        ``place``: to a place. ``not_meant``: what only looks like one of them ("what time is it").
    :ivar topic: what precedes the topic of somebody's words; ``preposition``: what precedes a place or a party.
    :ivar silent: asks for words without naming a speaker.
    :ivar article: begins a phrase that is not a name; ``copula``: a form of "to be"; ``who``: asks about people.
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

    :ivar months: January to December, with forms of a month separated by "|". ``weekdays``: Monday to Sunday.
    :ivar units: forms of "day", "week", "month", "quarter" and "year".
    :ivar numbers: the words for 1, 2, 3, ..., with forms of a number separated by "|".
    :ivar ordinals: the words for first to fourth, of quarters.
    :ivar ending: endings that may be attached to the name of a time.
    :ivar at: what precedes the time of an event ("in", "on").
    :ivar last: "last", before its noun; ``last_after``: after it. ``this`` likewise.
    :ivar rolling: "the last", "the past", before a count of units; ``rolling_between`` between count and unit.
    :ivar rolling_after: likewise, after the units. ``rolling_one`` before one unit: "in the past week".
    :ivar ago: before a count of units; ``ago_after``: after them.
    :ivar since: before a time ("since", "from"); ``since_after``: after it. The others likewise.
    :ivar at_year: what precedes the year of an event.
    :ivar sure_year: what may follow a year to mark it as one ("yılında").
    :ivar free_year: whether a year needs no preposition ("Was sagte sie 2022 dazu?"); after ``bound_year``, it belongs
        to the thing before it.
    :ivar pairs: what comes before, between and after two times that bound a span.
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
    """``[questions.events]``: how a time is named by an event ("since the earthquake").

    :ivar nouns: nouns for events; ``article``: what may precede them.
    :ivar since: before it; ``since_behind``: after it. The others likewise.
    :ivar place: joins a place to it.
    :ivar compounds: whether nouns form open compounds ("fire engine"), so that one before a word may not be an event.
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
    """``[questions.speech]``: how to ask for somebody's words.

    Regular expressions over a whole question as written, ignoring case. In them, ``{topic}``, ``{addressee}`` and
    ``{speaker}`` stand for any words; ``{Speaker}`` for a speaker whose words are all capitalised, ``{Named}`` for one
    whose first word is; and ``{part}`` for the expression of that name in ``parts``.

    :ivar parts: subexpressions that several expressions share.
    :ivar changed: asks whether or how somebody's words changed. ``who``: asks whose words something is.
    :ivar told: asks what somebody said to an addressee; ``said``: what somebody said; ``mentioned``: whether they
            mentioned a topic.
    :ivar perhaps: asks what somebody said, but a fact may answer it too ("What did the mayor announce?").
    :ivar polite: polite openings of a question, which are ignored.
    :ivar not_names: what can take the place of a speaker without being one; ``not_topics`` likewise.
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
    """``[questions]``: how questions are asked in one language."""

    asks: Asks
    source: OutletPhrases
    follow: FollowUps
    time: TimeExpressions
    events: EventExpressions
    speech: SpeechPatterns = field(default_factory=SpeechPatterns)
