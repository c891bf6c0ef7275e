"""Which side of a question that can be answered with yes a sentence stands on, as far as its words tell.

It says so where it has every word and name that is asked after, and neither a negation nor a doubt reaches one of
them; it says not where a negation or a denial does. All else only bears on the question: "calls for her resignation"
is no answer to "Did she resign?", nor is "she stepped down", which a reader sees to be one. No verdict is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.answering.reading import Token, alike, read

Side = Literal["says", "denies", "bears"]

_REACH = 2
"""Words that say something behind a negation or a doubt, which it reaches; of a denial, all up to another clause."""

_SHARE = 0.5
"""Share of what is asked after that a sentence needs to deny it."""

_ADJUNCTS = frozenset("as in at by during amid after before since until because despite while when under over".split())
"""What begins how, when and where in an English question; a sentence that says so need not say that too."""

_DENIALS = frozenset(
    """deny denies denied denying reject rejects rejected rejecting refuse refuses refused refusing dispute disputes
    disputed dismiss dismisses dismissed decline declines declined""".split()
)
_CLAUSES = frozenset("after before when while because but although though and which who as".split())
_MODAL = frozenset("will would can could may might shall should must".split())
"""Doubts, unless the question begins with one: then it asks for what will or may be."""

_DOUBTS = _MODAL | {"to", "unlikely", "whether"}
"""Besides what the cues list as hedges. "To" is one right before what is asked after: "agreed to resign"."""

_IRREGULAR = """
    be am is are was were been|become became|begin began begun|break broke broken|bring brought|build built|buy bought
    |catch caught|choose chose chosen|come came|deal dealt|do did done|draw drew drawn|drive drove driven|fall fell
    fallen|feel felt|fight fought|find found|flee fled|fly flew flown|forbid forbade forbidden|freeze froze frozen
    |get got gotten|give gave given|go went gone|grow grew grown|hear heard|hide hid hidden|hold held|keep kept
    |know knew known|lay laid|lead led|leave left|lend lent|lose lost|make made|mean meant|meet met|pay paid
    |ride rode ridden|rise rose risen|run ran|say said|see saw seen|seek sought|sell sold|send sent|shake shook shaken
    |shoot shot|show shown|shrink shrank shrunk|sing sang sung|sink sank sunk|sleep slept|speak spoke spoken
    |spend spent|stand stood|steal stole stolen|strike struck|swear swore sworn|sweep swept|swim swam swum
    |take took taken|teach taught|tear tore torn|tell told|think thought|throw threw thrown|understand understood
    |wake woke woken|wear wore worn|win won|withdraw withdrew withdrawn|write wrote written"""
_BASES = {form: forms[0] for forms in map(str.split, _IRREGULAR.split("|")) for form in forms[1:]}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question asks after.

    :ivar words: those that say something; of an English question, up to what begins how, when and where.
    :ivar names: the words of each name among them; a sentence need have one of each.
    :ivar may: it asks for what will or may be.
    :ivar negated: it holds a negation, so that which side is which cannot be told.
    """

    words: tuple[Token, ...]
    names: tuple[tuple[Token, ...], ...]
    may: bool
    negated: bool


@lru_cache(maxsize=256)
def _asked(question: str, language: str) -> _Asked:
    tokens = read(question, language)
    kept: list[Token] = []
    names: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "name" and not (token.first and language != "en"):  # there a verb stands first
            names[-1].append(token)
            continue
        names.append([])
        if token.kind in ("word", "number", "name"):
            kept.append(token)
        elif kept and language == "en" and token.word in _ADJUNCTS:
            break
    may = bool(tokens) and tokens[0].word in _MODAL
    negated = any(token.kind == "negation" for token in tokens)
    return _Asked(tuple(kept), tuple(tuple(name) for name in names if name), may, negated)


def side(question: str, asked_in: str, text: str, language: str) -> Side:
    """Tell on which side of a question a sentence stands.

    :param question: without what names a time or an outlet.
    :param asked_in: ISO 639-1 code of the question's language; "" when unknown.
    :param language: likewise of the sentence's.
    """
    asked, tokens = _asked(question, asked_in), read(text, language)
    found = [{place for place, token in enumerate(tokens) if _same(token, one, language)} for one in asked.words]
    places = frozenset[int]().union(*found)
    named = [any(alike(token, one) for token in tokens for one in name) for name in asked.names]
    if asked.negated or not places or (named and not any(named)):
        return "bears"

    def reaches(turns: Callable[[Sequence[Token], int], bool]) -> bool:
        return any(turns(tokens, at) and places & _reached(tokens, at, language) for at in range(len(tokens)))

    if sum(map(bool, found)) >= _SHARE * len(found) and reaches(_negates):
        return "denies"
    sure = all(found) and all(named) and (asked.may or not reaches(_doubts))
    return "says" if sure else "bears"


def _same(token: Token, other: Token, language: str) -> bool:
    """Whether two words are forms of one: in English its inflections, so that a resignation is not to resign."""
    if other.kind == "number" or language != "en":
        return alike(token, other)
    return token.kind != "number" and _base(token.word) == _base(other.word)


@lru_cache(maxsize=10_000)
def _base(word: str) -> str:
    """What the inflections of an English word have in common: of "raise", "raised" and "raising", "rais"."""
    word = _BASES.get(word, word)
    if word.endswith(("ied", "ies")) and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("ing") and len(word) > 5:
        word = word[:-3]
    elif (word.endswith("ed") and len(word) > 4) or (word.endswith("s") and not word.endswith("ss") and len(word) > 3):
        word = word[:-1]
    word = word.removesuffix("e")
    return word[:-1] if len(word) > 2 and word[-1] == word[-2] else word


def _negates(tokens: Sequence[Token], place: int) -> bool:
    token = tokens[place]
    if token.word == "ruled":
        return place + 1 < len(tokens) and tokens[place + 1].word == "out"
    return token.word in _DENIALS or (token.kind == "negation" and token.word not in _DOUBTS)


def _doubts(tokens: Sequence[Token], place: int) -> bool:
    token = tokens[place]
    return token.kind == "hedge" or token.word in _DOUBTS


def _reached(tokens: Sequence[Token], place: int, language: str) -> set[int]:
    """Places of the words that a negation, a denial or a doubt speaks of.

    In languages whose negations may come behind, all that its clause has.
    """
    token = tokens[place]
    if token.word == "to":
        return {place + 1}
    behind = range(place + 1, len(tokens))
    if language != "en" and token.kind == "negation":
        behind = range(len(tokens))
    whole = token.word in _DENIALS or language != "en"
    reached: set[int] = set()
    for at in behind:
        if tokens[at].word in _CLAUSES:
            break
        if tokens[at].content:
            reached.add(at)
            if len(reached) == _REACH and not whole:
                break
    return reached
