"""Classify the stance of a sentence on a yes-or-no question, as far as its words show it.

A sentence says yes if it contains every word and name asked about (in English, in the question's order and close
together) and none of them is in the scope of a negation or hedge; it says no if one is in the scope of a negation or
denial. Anything else merely bears on the question: "calls for her resignation" does not answer "Did she resign?", and
neither does "she stepped down", though a reader would say it does. No overall verdict is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

from assistant.answering.tokens import POSSESSIVE, Token, alike, read
from assistant.languages.lexicon import clauses, hedging, negation, reporting, verbs
from assistant.sentences import asks

Side = Literal["says", "denies", "bears"]

_REACH = 2
"""Content words in the scope of a negation or hedge; a denial reaches to the end of its clause."""

_BEFORE_VERB, _BEHIND_VERB = 2, 4
"""Most content words between the first two items asked about, and between any later two."""

_DOUBTS = frozenset(("to", "unlikely", "whether"))
"""Hedges beyond the listed ones and modals; "to" is one right before an item asked about: "agreed to resign"."""


@dataclass(frozen=True, slots=True)
class _Proposition:
    """What a yes-or-no question proposes: its names and content words, in order.

    :ivar items: the tokens of a name, any one of which a sentence must have, or the single token of a word; for an
        English question, without what only says how, when or where.
    :ivar may: whether it asks about what will or may happen.
    :ivar negated: whether it contains a negation, so that the sides cannot be told apart.
    """

    items: tuple[tuple[Token, ...], ...]
    may: bool
    negated: bool


@lru_cache(maxsize=256)
def _proposition(question: str, language: str) -> _Proposition:
    tokens = read(question, language)
    items: list[list[Token]] = []
    before = False  # whether the previous token is part of a name
    for token in _without_adjuncts(tokens) if language == "en" else tokens:
        name = _is_name(token, language)
        if name and before:
            items[-1].append(token)
        elif name or token.kind in ("word", "number", "name"):
            items.append([token])
        before = name
    may = bool(tokens) and tokens[0].word in hedging().modals
    negated = any(token.kind == "negation" for token in tokens)
    return _Proposition(tuple(map(tuple, items)), may, negated)


def _without_adjuncts(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens of an English question up to an adjunct of its predicate.

    "Did Holm resign in the harbour hall?" is about resigning. What comes before the predicate belongs to the subject,
    and stays: "Is the school in Mill Road haunted?", "Did the school in Mill Road burn down?".
    """
    for at, token in enumerate(tokens):
        if token.word in clauses("en").adjuncts and _is_complete(tokens[:at], tokens[at + 1 :], token.word):
            return tokens[:at]
    return tokens


def _is_complete(tokens: Sequence[Token], rest: Sequence[Token], adjunct: str) -> bool:
    """Whether an English question has its predicate before an adjunct; where that is uncertain, it has not.

    :param rest: the tokens after ``adjunct``.
    """
    asked = [token for token in tokens[1:] if token.kind in ("word", "name", "number")]
    if tokens and tokens[0].word in clauses("en").copulas:
        passive = bool(asked) and _is_participle(asked[-1])  # "Was the ferry delayed ..."
        return passive or not any(token.kind in ("word", "name") for token in rest)  # "... in Skerry" may be predicated
    if not any(token.kind == "word" for token in asked):
        return False
    if adjunct == "as" or any(one.kind == "name" and two.kind == "word" for one, two in pairwise(tokens[1:])):
        return True  # "Did Holm resign ...": what follows a name is the verb
    return len(asked) > 1 and not any(token.kind == "word" for token in rest)


def _is_participle(token: Token) -> bool:
    """Whether an English word can be a past participle."""
    return token.kind == "word" and (token.word.endswith("ed") or token.word in _bases())


def _is_name(token: Token, language: str) -> bool:
    """Whether a token of a question is part of a name; the first word is often the verb."""
    return token.kind == "name" and not (token.first and language != "en")


def side(question: str, asked_in: str, text: str, language: str) -> Side:
    """Return the stance of a sentence on a question.

    :param question: without the words that name a time or an outlet.
    :param asked_in: ISO 639-1 code of the question's language; "" when unknown.
    :param language: likewise for the sentence.
    """
    proposition, tokens = _proposition(question, asked_in), read(text, language)
    found = [[at for at, token in enumerate(tokens) if _is(token, item, language)] for item in proposition.items]
    words = [at for item, at in zip(proposition.items, found, strict=True) if not _is_name(item[0], asked_in)]
    names = [at for item, at in zip(proposition.items, found, strict=True) if _is_name(item[0], asked_in)]
    places = frozenset[int]().union(*words)
    if proposition.negated or asks(text) or not places or (names and not any(names)):
        return "bears"

    def reaches(turns: Callable[[Sequence[Token], int], bool]) -> bool:
        return any(turns(tokens, at) and places & _reached(tokens, at, language) for at in range(len(tokens)))

    missing = sum(not at for at in words)
    if missing <= max(0, len(words) - 2) and reaches(_negates):
        return "denies"
    sure = all(found) and (proposition.may or not reaches(_doubts))
    return "says" if sure and (language != "en" or _in_order(tokens, found)) else "bears"


def _in_order(tokens: Sequence[Token], found: Sequence[Sequence[int]]) -> bool:
    """Whether an English sentence has the items asked about in the question's order, close together.

    :param found: for each item, the places of its occurrences.
    """
    ends = [at for at in found[0] if tokens[at].kind != "name" or _is_subject(tokens, at)]
    room = _BEFORE_VERB
    for places in found[1:]:
        reached: list[int] = []
        for at in places:
            beside = bool(reached) and reached[-1] == at - 1  # the next word of a name
            if beside or any(end < at and _close(tokens[end + 1 : at], room) for end in ends):
                reached.append(at)
        ends, room = reached, _BEHIND_VERB
    return bool(ends)


def _is_subject(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name can be the subject: not "Holm's", nor "for Holm"."""
    if POSSESSIVE.search(tokens[at].text):
        return False
    before = next((token for token in reversed(tokens[:at]) if token.kind != "name"), None)
    return before is None or before.word not in clauses("en").prepositions


def _close(between: Sequence[Token], most: int) -> bool:
    """Whether two items are close enough to belong together: no other name or clause between them."""
    if any(token.kind == "name" or token.word in _elsewhere() for token in between):
        return False
    return sum(token.content for token in between) <= most


def _is(token: Token, item: Sequence[Token], language: str) -> bool:
    return any(_same(token, one, language) for one in item)


def _same(token: Token, other: Token, language: str) -> bool:
    """Whether two words are forms of one: in English, inflections only, so "resignation" is not "resign"."""
    if other.kind in ("number", "name") or language != "en":
        return alike(token, other)
    return token.kind != "number" and _base(token.word) == _base(other.word)


@cache
def _elsewhere() -> frozenset[str]:
    """Words that switch to another subject."""
    return clauses("en").boundaries | reporting().verbs | frozenset("i you he she it we they that who".split())


@cache
def _bases() -> dict[str, str]:
    """Irregular forms of English verbs, with the base form of each."""
    return {form: forms[0] for forms in map(str.split, verbs("en").irregular) for form in forms[1:]}


@lru_cache(maxsize=10_000)
def _base(word: str) -> str:
    """The common stem of an English word's inflections: "rais" for "raise", "raised" and "raising"."""
    word = _bases().get(word, word)
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
    return token.word in negation().denials or (token.kind == "negation" and not _is_doubt(token.word))


def _is_doubt(word: str) -> bool:
    return word in hedging().modals or word in _DOUBTS


def _doubts(tokens: Sequence[Token], place: int) -> bool:
    token = tokens[place]
    if (
        token.word in ("will", "may")
        and token.text[0].isupper()
        and place + 1 < len(tokens)
        and tokens[place + 1].kind == "name"
    ):
        return False  # Will Smith, May Holm
    return token.kind == "hedge" or _is_doubt(token.word)


def _reached(tokens: Sequence[Token], place: int, language: str) -> set[int]:
    """Return the places of the words in the scope of a negation, denial or hedge.

    In languages whose negation may follow the verb, the scope is the whole clause.
    """
    token = tokens[place]
    if token.word == "to":
        return {place + 1}
    behind = range(place + 1, len(tokens))
    if language != "en" and token.kind == "negation":
        behind = range(len(tokens))
    whole = token.word in negation().denials or language != "en"
    reached: set[int] = set()
    for at in behind:
        if tokens[at].word in clauses().boundaries:
            break
        if tokens[at].content:
            reached.add(at)
            if len(reached) == _REACH and not whole:
                break
    return reached
