"""Whom some words are given to, by where a name stands: beside a quotation, or before its cue."""

from __future__ import annotations

import re
from functools import cache

from assistant.languages.lexicon import english_speech
from assistant.quotes.common.quotation_marks import trim
from assistant.text import Span

_DATELINE = re.compile(r"[A-Z][A-Z.’' ]{2,30}(?:, [\w. ]{2,20}){0,2}(?: ?\([^)\n]{2,30}\))? ?[-‒–—―]{1,2} ?")
_LINK = re.compile(r"(?:and|but|yet|so|as|that|because|while|when|although|though) (?=[A-Z])")
_LOOSE = re.compile(r"[ \u00a0]+[‒–—―-]+$")
_CAP = r"(?:[A-Z][\w.’'-]*|[A-Z]\.)"
_LOW = r"(?:[a-z0-9][\w’'-]*)"
_NAME = rf"(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Oo]ne|[Aa]nother) )?(?:(?:{_CAP}|{_LOW}) ){{0,5}}{_CAP}"
_PRONOUN = r"(?:[Hh]e|[Ss]he|[Tt]hey)\b"
_ROLE = rf"(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er) (?:{_LOW} ){{0,3}}{_LOW}"
_ADVERBS = r"(?:(?:[a-z]+ly|also|then|later|once|now|has|have|had|famously) ){0,2}"
_BEHIND = re.compile(rf"[\s,]{{0,2}}({_NAME}|{_PRONOUN}|{_ROLE}), [^“”\"\n]{{1,200}}?[,)] {_ADVERBS}$")
"""A name right behind a quotation, then something set between commas, then the cue."""
_BESIDE = re.compile(rf"[\s,]{{0,2}}({_NAME}|{_PRONOUN}|{_ROLE})(?: \([^()\n]{{1,20}}\))? {_ADVERBS}$")
"""A name and nothing else between a quotation and its cue."""
_BEFORE = re.compile(
    rf"(?:(?:And|But|Still|Yet|So|Also|Then),? )?({_NAME}|{_PRONOUN})(?:, [^“”\"\n;]{{1,140}},)? {_ADVERBS}$"
)
"""A name that begins a sentence, and nothing but what is set between commas before the cue."""
_NEXT_TO = re.compile(rf"[,;:—–―-] ({_NAME}|{_PRONOUN})(?:, [^,“”\"\n;]{{1,80}},| \([^()\n]{{1,20}}\),?)? {_ADVERBS}$")
"""A name behind a comma, and nothing but what is set apart before the cue."""
_BETWEEN = re.compile(rf"[”\"] ({_NAME}|{_PRONOUN}) {_ADVERBS}$")
"""A name and nothing else between any quotation and a cue."""
_LEADING = re.compile(r"(?:in|on|during|after|with) [^,]*$", re.IGNORECASE)
_NOBODY = frozenset(["that", "this", "it", "which", "what", "there", "these", "those", "who", "how", "why"])
_POINTING = _NOBODY - {"it", "who"} | {"all this", "all that", "all these", "all those"}
"""Words that never stand for somebody who speaks, where they are the whole of a subject."""
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_TIME = re.compile(
    rf"(?:{_DAY}|(?:[Tt]he|[Tt]his|[Ll]ast|[Nn]ext|[Ee]arl[a-z]+|[Ll]ate[a-z]*)(?: [a-z]+)?|[Tt]oday|[Yy]esterday)"
    r"(?: (?:mornings?|afternoons?|evenings?|nights?|days?|weeks?|weekends?|months?|years?|hours?|minutes?))?"
)
_TIMELY = re.compile(r"day\b|morning|afternoon|evening|night|week|month|year|hour|minute")
_WHEN = re.compile(rf"{_DAY}(?: (?:morning|afternoon|evening|night))? (?=[A-Z])")
"""A time before a name that the parser takes for a part of it: On Monday night Ann Lee said."""
_OWN = rf"(?:{_CAP} ){{0,4}}{_CAP}"
_SUBJECT = re.compile(
    rf"(?:[,;:—–―-]|[”\"]|^|\b(?:and|but|as|when|because|while|if|so)) ?((?:[A-Z][a-z]+\. )?{_OWN}) {_ADVERBS}$"
)
"""A name that begins a clause, and nothing but adverbs between it and the cue."""
_CLAIMING = re.compile(rf"(?:^|[,;:—–―-] |(?:But|And|Yet|So|Still|Now),? )({_OWN}) $")

_NEAR = 60
_REACH = 160


def parted(gap: str) -> bool:
    """Whether a sentence ends, or a quotation stands, between a quotation and a cue; "Sen. Ann B. Lee" ends none."""
    return re.search(r"[“”\"]|[.?!]\s", _shortened().sub("", gap)) is not None


@cache
def _shortened() -> re.Pattern[str]:
    titles = "|".join(english_speech().people.abbreviated)
    return re.compile(rf"\b(?:{titles}|[A-Z])\.(?=\s[A-Z])")


def behind(text: str, quote: Span, cue: Span) -> Span | None:
    """Return the name right behind a quotation: “…,” Ann Lee said; “…,” Ann Lee, a nurse, said."""
    match = _BEHIND.match(text, quote[1], cue[0]) or _BESIDE.match(text, quote[1], cue[0])
    return match.span(1) if match else None


def before(text: str, sentence: Span, cue: Span) -> Span | None:
    """Return the name that begins a sentence whose cue it has, or stands next to it: Ann Lee, exasperated, replied;
    In a statement, Ann Lee (D) said.
    """
    match = _BEFORE.match(text, sentence[0], cue[0])
    match = match or _NEXT_TO.search(text, max(sentence[0], cue[0] - _REACH), cue[0])
    return match.span(1) if match else None


def beside(text: str, quote: Span, cue: Span) -> bool:
    """Whether nothing but a name stands between a quotation and a cue behind it."""
    return _BESIDE.match(text, quote[1], cue[0]) is not None


def between(text: str, sentence: Span, cue: Span) -> Span | None:
    """Return the name between any quotation and a cue: When one of them shouted “Go!” Ann Lee joked, “...”."""
    match = _BETWEEN.search(text, max(sentence[0], cue[0] - _NEAR), cue[0])
    return match.span(1) if match else None


def after(text: str, quote: Span, cue: Span) -> Span | None:
    """Return the name behind a cue that stands right behind a quotation: “...,” added Ann Lee."""
    if text[quote[1] : cue[0]].strip():
        return None
    match = _after().match(text, cue[1])
    return match.span(1) if match else None


@cache
def _after() -> re.Pattern[str]:
    """A name behind a cue that a quotation stands before."""
    steps = "|".join(english_speech().words.steps)
    return re.compile(rf"[ \u00a0]({_NAME}|{_PRONOUN})(?=[,.;]|[ \u00a0](?:{steps})\b)")


def impossible(text: str, source: Span, cue: Span | None) -> bool:
    """Whether a source is what nobody is called: words that a preposition leads, or the cue itself."""
    if cue is None:
        return False
    said = text[slice(*source)].strip(" ,").lower()
    return source == cue or bool(_LEADING.match(text, *source)) or said in _POINTING or is_time(text[slice(*source)])


def is_time(mention: str) -> bool:
    """Whether a mention is a time: Thursday morning, the coming days."""
    return _TIME.fullmatch(mention) is not None and _TIMELY.search(mention.lower()) is not None


def claiming(text: str, sentence: Span, cue: Span) -> Span | None:
    """Return the name right before a verb that the parser takes for a noun: Lee claims that; But Lee charges that."""
    if text[cue[1] - 1] != "s" or not text.startswith(" that ", cue[1]):
        return None
    match = _CLAIMING.search(text, sentence[0], cue[0])
    return match.span(1) if match else None


def clause_subject(text: str, sentence: Span, cue: Span) -> Span | None:
    """Return the name that begins the clause of a cue and stands right before it."""
    match = _SUBJECT.search(text, max(sentence[0], cue[0] - _NEAR), cue[0])
    return match.span(1) if match else None


def plainly(subject: str, between: str) -> bool:
    """Whether a subject simply does something: no other clause, and nothing that would, will or is done."""
    return (
        not re.search(r"[“”\"\n]", subject + between) and re.fullmatch(rf"[\s,]{{0,2}}{_ADVERBS}", between) is not None
    )


def past_dateline(text: str, span: Span) -> int:
    """Return where a sentence begins, behind the dateline that may stand before it: BONN (Agency) -- Ann Lee said."""
    dateline = _DATELINE.match(text, *span)
    return dateline.end() if dateline and dateline.end() < span[1] else span[0]


def tidy(text: str, source: Span) -> Span:
    """Return a source without the dateline and the conjunction before it and the dash behind it."""
    start, end = past_dateline(text, source), source[1]
    when = _WHEN.match(text, start, end)
    start = when.end() if when else start
    linked = _LINK.match(text, start, end)
    start = linked.end() if linked and linked.end() < end else start
    loose = _LOOSE.search(text, start, end)
    return trim(text, (start, loose.start() if loose and loose.start() > start else end))


def nobody(text: str, source: Span) -> bool:
    """Whether a subject is a word that stands for no one who speaks."""
    return text[source[0] : source[1]].lower() in _NOBODY
