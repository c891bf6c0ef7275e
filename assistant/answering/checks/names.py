"""Check that a claim's names, and the words around them, are used as in what it cites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.answering.checks.alignment import Aligned, name_at, neighbour, same, untitled
from assistant.answering.checks.claims import Check, CitedSpan
from assistant.answering.tokens import Token, read
from assistant.languages.lexicon import clauses, pronouns, reporting
from assistant.text import Span
from assistant.types import StoredArticle

_PREFIX = 6
_LONG = 5
"""Least length of a word whose ending "est" marks a superlative, plus one."""

_OPENS, _CLOSES = frozenset(",(–—-"), frozenset(",)–—-")

_SHARE = 0.8
"""Common prefix of two forms of one word: least letters, and least share of the shorter: "announcement"."""
_PERSON = re.compile("e?rs?|ors?")
"""Suffixes that change what a word refers to: "office", "officers"."""


def check_names(aligned: Aligned, cited: Sequence[CitedSpan], known: Sequence[Span]) -> Check:
    """Check that each name of a claim is in its evidence, and in the same role.

    :param known: spans of the claim that the evidence supports in other ways.
    """
    for place, token in enumerate(aligned.claim):
        if token.kind != "name" or aligned.at[place] >= 0 or token.within(known):
            continue
        if fault := _fault(aligned, place, cited):
            return Check("name", False, f"“{token.text}” {fault}")
    if swallowed := _swallowed(aligned):
        return Check("name", False, f"the cited sentence has “{swallowed}” between words that are adjacent here")
    return Check("name", True)


def check_words(aligned: Aligned, cited: Sequence[CitedSpan]) -> Check:
    """Check that the claim uses no content words that its evidence lacks."""
    lacking = [
        token.text
        for place, token in enumerate(aligned.claim)
        if token.kind == "word" and aligned.at[place] < 0 and not _said(aligned, place, cited)
    ]
    if lacking:
        detail = f"not in the cited sentences, or in another place there: {', '.join(lacking[:5])}"
        return Check("similarity", False, detail)
    return Check("similarity", True)


def _fault(aligned: Aligned, place: int, cited: Sequence[CitedSpan]) -> str:
    """Say why a misplaced name is wrong; "" if it is not."""
    token = aligned.claim[place]
    if _outlet(aligned, token, cited):
        return ""
    instead = aligned.instead(place)
    if any(other.kind == "name" and not other.first for other in untitled(instead)):
        return "is not the name in that place in the cited sentence"
    if _expands(aligned, place, cited) or aligned.carried(place):
        return ""
    somewhere = any(same(token, other) for home in aligned.homes for other in home.tokens)
    headed = any(same(token, other) for one in cited for other in _named(one.article.headline, one.article.language))
    if (somewhere or headed) and aligned.for_pronoun(place):
        return ""
    return "is said of something else in the cited sentences" if somewhere else "is not in the cited sentences"


def _swallowed(aligned: Aligned) -> str:
    """Return what the claim leaves out between two words, so that they wrongly read as belonging together.

    "Horn lost 3 million" from "The firm, founded by Horn and owned by Lang, lost 3 million": a name, a speaker, or a
    "but". A parenthesis between commas may be left out, and so may "of Bonn"; not what says which record was broken, or
    first of what somebody is: "the first woman" from "the first Swedish woman".
    """
    for token, between, after, characters in aligned.left_out():
        if characters.strip()[:1] in _OPENS and characters.strip()[-1:] in _CLOSES:
            continue
        if between[0].word in clauses().locatives and all(one.kind in ("name", "light") for one in between):
            continue
        lost = next((one for one in between if one.content), None)
        if lost and characters.strip()[:1] not in _OPENS and _narrowed(token, between, after):
            return lost.text
        for one in between:
            named = token.kind == "name" and (one.kind == "name" or one.word in pronouns().subjects)
            if named or one.word in reporting().verbs or one.word in clauses().contrasts:
                return one.text
    return ""


def _narrowed(token: Token, between: Sequence[Token], after: Token) -> bool:
    """Whether what is left out restricts the word after it."""
    word = token.text.lower()
    if word in clauses().ranks or (len(word) > _LONG and word.endswith("est")):
        return between[0].content and after.content
    return {token.kind, after.kind} == {"word"} and all(one.kind == "name" for one in between)


def _outlet(aligned: Aligned, token: Token, cited: Sequence[CitedSpan]) -> bool:
    """Whether a token is part of the cited article's outlet name, which the claim has in full."""
    for one in cited:
        outlet = _named(one.article.outlet, one.article.language)
        if any(same(token, other) for other in outlet) and all(
            any(same(mine, other) for mine in aligned.claim) for other in outlet
        ):
            return True
    return False


def _expands(aligned: Aligned, place: int, cited: Sequence[CitedSpan]) -> bool:
    """Whether a word only completes the name beside it, as elsewhere in the article: "Ana" for "Berg"."""
    run = name_at(aligned.claim, place)
    known = any(aligned.at[at] >= 0 for at in run)
    return known and any(_runs(aligned.claim[run.start : run.stop], one.article) for one in cited)


def _runs(run: Sequence[Token], article: StoredArticle) -> bool:
    words = read(article.text, article.language)
    size = len(run)
    return any(
        all(same(mine, other) for mine, other in zip(run, words[at : at + size], strict=True))
        for at in range(len(words) - size + 1)
        if same(run[0], words[at])
    )


def _said(aligned: Aligned, place: int, cited: Sequence[CitedSpan]) -> bool:
    token = aligned.claim[place]
    if not token.cased:  # any word may be a name
        return aligned.enclosed(place)
    if aligned.carried(place):
        return not _speaks_instead(aligned, place) and not _for_names(aligned, place)
    if aligned.stands(token):  # moved, but not to another name
        before = neighbour(aligned.claim, place, -1)
        return before < 0 or aligned.claim[before].kind != "name"
    if any(_derived(token, other) for other in aligned.beside):
        return True
    somewhere = any(same(token, other) for home in aligned.homes for other in home.tokens)
    return (somewhere and aligned.for_pronoun(place)) or _outlet(aligned, token, cited)


def _for_names(aligned: Aligned, place: int) -> bool:
    """Whether words from another sentence replace a name in this one: "the office fled" for "Eva Horn fled"."""
    if not any(at >= 0 for at in aligned.at[place:]):
        return False  # what follows the sentence may belong to another
    there = [other for other in untitled(aligned.instead(place)) if other.kind == "name" and not other.first]
    return any(not any(same(other, mine) for mine in aligned.claim) for other in there)


def _speaks_instead(aligned: Aligned, place: int) -> bool:
    """Whether a word from another sentence replaces this one's speaker: "the official said" for "Biden said"."""
    claim, home = aligned.claim, aligned.beside
    for step in (1, -1):
        at = place + step
        while 0 <= at < len(claim) and aligned.at[at] < 0 and claim[at].word not in reporting().verbs:
            at += step
        if not 0 <= at < len(claim) or claim[at].word not in reporting().verbs:
            continue
        sayings = [there for there, other in enumerate(home) if same(claim[at], other)]
        beside = [home[near] for there in sayings for near in (there - 1, there + 1) if 0 <= near < len(home)]
        if any(one.kind in ("name", "word") and not any(same(one, mine) for mine in claim) for one in beside):
            return True
    return False


def _derived(one: Token, other: Token) -> bool:
    pairs = enumerate(zip(one.word, other.word, strict=False))
    alike = next((at for at, (a, b) in pairs if a != b), min(len(one.word), len(other.word)))
    person = any(_PERSON.fullmatch(token.word[alike:]) for token in (one, other))
    return other.content and not person and alike >= _PREFIX and alike >= _SHARE * min(len(one.word), len(other.word))


@lru_cache(maxsize=256)
def _named(text: str, language: str) -> tuple[Token, ...]:
    return tuple(token for token in read(text, language) if token.content)
