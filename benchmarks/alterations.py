"""Alter sentences of articles automatically, so that they say what their article does not say.

Alterations use rules of their own, not those of the checks that are measured with them. Each returns None if a sentence
has nothing to alter, and never the sentence itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

from benchmarks.data import Row, folded

Span = tuple[int, int]

_DIGITS = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?!\w)")
_COUNTS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty thirty forty fifty".split()
)
_SCALES = ["thousand", "million", "billion", "trillion"]
_COUNT = re.compile(rf"\b(?:{'|'.join(_COUNTS + _SCALES)})\b")
_NAME = re.compile(r"(?<=[a-z] )(?:[A-Z][a-z’'-]*[a-z]{2,})(?: [A-Z][a-z’'-]*[a-z]{2,})*")
_NO_NAMES = frozenset(
    """January February March April May June July August September October November December Monday Tuesday Wednesday
    Thursday Friday Saturday Sunday Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec The This That There These Those Mr
    Mrs Sen Rep Gov Gen Rev Lt Col Sgt And But Not More Most Here When What Who Why How Its His Her They You""".split()
)
_QUOTED = re.compile(r"“([^“”]{20,})”|(?<!\w)\"([^\"]{20,})\"(?!\w)")
_WORD = re.compile(r"(?<![\w’'-])[a-z]{4,}(?![\w’'-])")
_AUXILIARY = re.compile(r"\b(is|are|was|were|will|would|could|should|has|had)\b(?! (?:not|no|never|n)\b)(?=( [a-z]+))")
_NEGATIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:do|does|did) not (?!only|just|necessarily)"), ""),
    (re.compile(r"\b(?:do|does|did)n[’']t (?!only|just|necessarily)"), ""),
    (re.compile(r"\b(is|are|was|were|would|could|should|has|have|had)n[’']t (?!only|just|necessarily|it\b)"), r"\1 "),
    (re.compile(r"\bwon[’']t "), "will "),
    (re.compile(r"\bcannot "), "can "),
    (re.compile(r"\bcan[’']t "), "can "),
    (re.compile(r"(?<=\w )not (?!only|just|necessarily|least|to mention|long)"), ""),
    (re.compile(r"(?<=\w )never "), ""),
)
_LEAD = re.compile(r"[^,;“”\"():—]{8,90}, (?=[a-z])")


@dataclass(frozen=True, slots=True)
class Subject:
    """A sentence to alter, with its context.

    :ivar at: its characters in the article's text; ``passages``: those of the article's passages; ``passage``: the
        position of its own passage among these.
    :ivar other: a different article; ``elsewhere``: a passage of it; ``foreign``: a sentence of it.
    """

    article: Row
    at: Span
    passages: Sequence[Span]
    passage: int
    other: Row
    elsewhere: Span
    foreign: Span

    @property
    def text(self) -> str:
        """The sentence."""
        return str(self.article["text"][self.at[0] : self.at[1]])

    @property
    def around(self) -> str:
        """Its passage."""
        start, end = self.passages[self.passage]
        return str(self.article["text"][start:end])


@dataclass(frozen=True, slots=True)
class Altered:
    """A claim, and the passage that it cites.

    :ivar other: whether the passage is from the other article.
    """

    claim: str
    passage: Span
    other: bool = False


def untouched(subject: Subject, random: Random) -> Altered | None:
    """The sentence unaltered."""
    return Altered(subject.text, subject.passages[subject.passage])


def compressed(subject: Subject, random: Random) -> Altered | None:
    """The sentence without its leading clause: "On Monday, the ..."."""
    match = _LEAD.match(subject.text)
    rest = subject.text[match.end() :] if match else ""
    return _claim(subject, rest[0].upper() + rest[1:]) if len(rest.split()) >= 5 else None


def number(subject: Subject, random: Random) -> Altered | None:
    """A number changed: digits to as many others, a number word to another."""
    places = [*_DIGITS.finditer(subject.text), *_COUNT.finditer(subject.text)]
    if not places:
        return None
    match = random.choice(places)
    said = match[0]
    if said in _SCALES or said in _COUNTS:
        return _put(
            subject, match.span(), random.choice([w for w in (_SCALES if said in _SCALES else _COUNTS) if w != said])
        )
    other = said
    while other == said or (other[0] == "0" and said[0] != "0"):
        place = random.choice([at for at, character in enumerate(said) if character.isdigit()])
        other = said[:place] + str((int(said[place]) + random.randint(1, 9)) % 10) + said[place + 1 :]
        if not said.strip("0") or said == "0":
            other = "7" + said[1:]
    return _put(subject, match.span(), other)


def name_of_article(subject: Subject, random: Random) -> Altered | None:
    """A name changed to another one of its passage or else of its article."""
    return _renamed(subject, random, subject.around) or _renamed(subject, random, subject.article["text"])


def name_of_other(subject: Subject, random: Random) -> Altered | None:
    """A name changed to one of another article."""
    return _renamed(subject, random, subject.other["text"])


def names_exchanged(subject: Subject, random: Random) -> Altered | None:
    """Two names of the sentence exchanged."""
    return _exchanged(subject, random, [match.span() for match in _names(subject.text)])


def numbers_exchanged(subject: Subject, random: Random) -> Altered | None:
    """Two numbers of the sentence exchanged."""
    return _exchanged(subject, random, [match.span() for match in _DIGITS.finditer(subject.text)])


def negation_added(subject: Subject, random: Random) -> Altered | None:
    """A "not" added after a verb."""
    places = [match.end(1) for match in _AUXILIARY.finditer(subject.text)]
    if not places:
        return None
    at = random.choice(places)
    return _claim(subject, f"{subject.text[:at]} not{subject.text[at:]}")


def negation_removed(subject: Subject, random: Random) -> Altered | None:
    """A "not" or "never" removed."""
    places = [(match, put) for pattern, put in _NEGATIONS for match in pattern.finditer(subject.text)]
    if not places:
        return None
    match, put = random.choice(places)
    return _claim(subject, subject.text[: match.start()] + match.expand(put) + subject.text[match.end() :])


def quote(subject: Subject, random: Random) -> Altered | None:
    """A word within quotation marks changed to another of the article."""
    spans = [match.span(1) if match[1] else match.span(2) for match in _QUOTED.finditer(subject.text)]
    places = [m.span() for start, end in spans for m in _WORD.finditer(subject.text, start, end)]
    words = sorted(set(_WORD.findall(subject.article["text"])))
    if not places or len(words) < 2:
        return None
    start, end = random.choice(places)
    said = subject.text[start:end]
    others = [word for word in words if word[:4] != said[:4]]
    return _put(subject, (start, end), random.choice(others)) if others else None


def citation_same(subject: Subject, random: Random) -> Altered | None:
    """The sentence, citing another passage of its article."""
    text = str(subject.article["text"])
    others = [
        (start, end)
        for place, (start, end) in enumerate(subject.passages)
        if place != subject.passage and not _in(subject.text, text[start:end])
    ]
    return Altered(subject.text, random.choice(others)) if others else None


def citation_other(subject: Subject, random: Random) -> Altered | None:
    """The sentence, citing a passage of another article."""
    start, end = subject.elsewhere
    if _in(subject.text, subject.other["text"][start:end]):
        return None
    return Altered(subject.text, (start, end), other=True)


def invented(subject: Subject, random: Random) -> Altered | None:
    """A sentence of another article, citing this passage."""
    start, end = subject.foreign
    said = str(subject.other["text"][start:end])
    return None if _in(said, subject.article["text"]) else _claim(subject, said)


ALTERATIONS: dict[str, Callable[[Subject, Random], Altered | None]] = {
    "number": number,
    "name_of_article": name_of_article,
    "name_of_other": name_of_other,
    "names_exchanged": names_exchanged,
    "numbers_exchanged": numbers_exchanged,
    "negation_added": negation_added,
    "negation_removed": negation_removed,
    "quote": quote,
    "citation_same": citation_same,
    "citation_other": citation_other,
    "invented": invented,
}
"""Alterations that must be caught."""

FAITHFUL: dict[str, Callable[[Subject, Random], Altered | None]] = {"untouched": untouched, "compressed": compressed}
"""Changes that must pass."""


def _names(text: str) -> list[re.Match[str]]:
    return [match for match in _NAME.finditer(text) if not _NO_NAMES & set(match[0].split())]


def _renamed(subject: Subject, random: Random, text: str) -> Altered | None:
    mine = _names(subject.text)
    if not mine:
        return None
    match = random.choice(mine)
    parts = {part[:4] for part in match[0].split()}
    others = {one[0] for one in _names(text) if not parts & {part[:4] for part in one[0].split()}}
    alike = sorted(one for one in others if len(one.split()) == len(match[0].split())) or sorted(others)
    return _put(subject, match.span(), random.choice(alike)) if alike else None


def _exchanged(subject: Subject, random: Random, spans: Sequence[Span]) -> Altered | None:
    text = subject.text
    pairs = [
        (one, two)
        for one, two in combinations(sorted(spans), 2)
        if not _enumerated(text[one[1] : two[0]]) and not _shared(text[slice(*one)], text[slice(*two)])
    ]
    if not pairs:
        return None
    (a, b), (c, d) = random.choice(pairs)
    return _claim(subject, text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:])


def _shared(one: str, two: str) -> bool:
    return bool({part[:4] for part in one.split()} & {part[:4] for part in two.split()})


def _enumerated(between: str) -> bool:
    """Whether two items are part of a list, so that their order does not matter: "A and B", "A, B"."""
    return bool(re.fullmatch(r"\W*(?:(?:and|or|with|from|to)\W*)?(?:[A-Z]\w*\W*(?:and |or )?)*", between))


def _put(subject: Subject, at: Span, words: str) -> Altered | None:
    return _claim(subject, subject.text[: at[0]] + words + subject.text[at[1] :])


def _claim(subject: Subject, claim: str) -> Altered | None:
    return None if folded(claim) == folded(subject.text) else Altered(claim, subject.passages[subject.passage])


def _in(sentence: str, text: str) -> bool:
    return folded(sentence) in folded(text)
