"""Check that a claim keeps attributions ("he said", "told to") and who does what to whom."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from itertools import pairwise

from assistant.answering.checks.alignment import Aligned, Home, same
from assistant.answering.checks.claims import Check
from assistant.answering.tokens import Token
from assistant.languages.lexicon import clauses, pronouns, reporting
from assistant.quotes.english.lexicon import lexicon

_CUES = frozenset({"say", "tell", "ask"})
"""Lists of English cues whose verbs report what follows as somebody's words, or tell somebody to say it."""

_ACRONYM = re.compile(r"(?:[^\W\d_]\.){2,}")

_PART = 2
"""Number of words, names apart, from which a claim draws on a further sentence."""

_REACH = 10
"""Most tokens between two words of a claim that are checked for having swapped places."""


def check_voice(aligned: Aligned) -> Check:
    """Check that the claim keeps the attribution of its evidence, and does not speak in its own voice.

    What follows a colon counts as somebody's words, too.
    """
    claim, home = aligned.claim, aligned.homes[aligned.home]
    for token in claim:
        if token.word in pronouns().dialogue and not any(token.word == other.word for other in home.tokens):
            return Check("speaker", False, f"“{token.text}” speaks for the model, not for its evidence")
    if any(_speaks(token) and token.word not in reporting().nouns for token in claim):
        return Check("speaker", True)
    kept = {at for at in aligned.at if at >= 0}
    fault = _attribution(home, kept, [token for place, token in enumerate(home.tokens) if place not in kept])
    rest = [token for token, at in zip(claim, aligned.at, strict=True) if at < 0 and token.kind == "word"]
    for other in aligned.homes:
        held = {place for place, token in enumerate(other.tokens) if any(same(one, token) for one in rest)}
        if not fault and other is not home and len(held) >= _PART:
            fault = _attribution(other, held, other.tokens[: min(held)])
    return Check("speaker", not fault, fault)


def check_whole(aligned: Aligned) -> Check:
    """Check that the claim is a whole statement: not a name alone, nor a fragment such as "in the U.S."."""
    claim, last = aligned.claim, aligned.at[-1]
    if all(token.kind in ("name", "light") and token.word not in clauses().predicates for token in claim):
        return Check("citation", False, "it names something, but says nothing about it")
    if _ACRONYM.fullmatch(claim[-1].text) and 0 <= last < len(aligned.beside) - 1:
        return Check("citation", False, f"it ends at “{claim[-1].text}”, but the cited sentence goes on")
    before = aligned.beside[aligned.at[0] - 1] if aligned.at[0] > 0 else None
    if before and before.word in clauses().governors and all(after == at + 1 for at, after in pairwise(aligned.at)):
        return Check("citation", False, f"it is only the part of the cited sentence after “{before.text}”")
    return Check("citation", True)


def check_joints(aligned: Aligned) -> Check:
    """Check that no "and" or "or" replaces a preposition of the evidence: "and salt" for "with salt"."""
    for place, token in enumerate(aligned.claim[:-1]):
        after = aligned.at[place + 1]
        if token.word not in clauses().coordinators or not aligned.at[place] < 0 < after:
            continue
        if aligned.beside[after - 1].word in clauses().governors:
            there = aligned.beside[after - 1].text
            return Check("similarity", False, f"the cited sentence has “{there}” in place of “{token.text}”")
    return Check("similarity", True)


def _attribution(home: Home, held: Collection[int], left_out: Iterable[Token]) -> str:
    """Say how a sentence attributes what a claim takes from it to somebody; "" if it does not.

    :param held: places of its tokens that the claim keeps; ``left_out``: tokens that it drops.
    """
    last = home.tokens[max(held)].end if held else 0
    for token in left_out:
        if _speaks(token) and not _is_noun(home, token) and ";" not in home.text[last : token.start]:
            return f"the cited sentence attributes this to somebody (“{token.text}”)"
    before = home.text[: home.tokens[min(held)].start] if held and min(held) else ""
    behind_colon = before.rstrip(' "“‘«„').endswith(":")
    return "the cited sentence attributes this to somebody, with a colon" if behind_colon else ""


def _is_noun(home: Home, token: Token) -> bool:
    """Whether a word that may be a noun is used as one: after an article, or with a capital."""
    before = next((one for one in reversed(home.tokens) if one.end <= token.start), None)
    nominal = token.text[0].isupper() or (before is not None and before.kind == "light")
    return nominal and token.word in reporting().things


def _speaks(token: Token) -> bool:
    return token.word in reporting().verbs or token.word in reporting().requests or token.word in _verbs()


@cache
def _verbs() -> frozenset[str]:
    return frozenset(form for form, classes in lexicon().verbs.items() if classes & _CUES)


def check_places(aligned: Aligned) -> Check:
    """Check that no two words of the claim have swapped places around a third: "the mayor sued the captain".

    They have if the cited sentence has them the other way round with the same third word between. A "by" before one of
    them in only one of the two sentences is a passive, which does not change the meaning.
    """
    placed = [(at, places[0]) for at, token in enumerate(aligned.claim) if len(places := _places(token, aligned)) == 1]
    for first, (one, left) in enumerate(placed):
        for last in range(first + 2, len(placed)):
            other, right = placed[last]
            if other - one > _REACH:
                break
            if right >= left:
                continue
            pivots = [at for at, there in placed[first + 1 : last] if right < there < left]
            if pivots and not _turned(aligned, pivots[0], other, right, left):
                pair = f"“{aligned.claim[one].text}” and “{aligned.claim[other].text}”"
                return Check("name", False, f"{pair} have swapped places")
    return Check("name", True)


def _places(token: Token, aligned: Aligned) -> list[int]:
    if token.kind not in ("name", "word", "number"):
        return []
    return [place for place, other in enumerate(aligned.beside) if other.kind == token.kind and same(token, other)]


def _turned(aligned: Aligned, pivot: int, last: int, right: int, left: int) -> bool:
    """Whether one of the two sentences is in the passive, and the other is not."""
    here = any(token.word in clauses().agents for token in aligned.claim[pivot:last])
    there = any(token.word in clauses().agents for token in aligned.beside[right:left])
    return here != there
