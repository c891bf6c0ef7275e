"""Check that a claim keeps the negations and hedges of its evidence: "not", "never", "failed to", "may"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from assistant.answering.checks.alignment import Aligned, same
from assistant.answering.checks.claims import Check
from assistant.answering.tokens import Token, TokenKind
from assistant.languages.lexicon import clauses, hedging, negation

_REACH = 2
"""Number of words after a negation that it applies to."""

_NOUNS = {"negation": "denies", "hedge": "doubts or conditions", "bound": "bounds"}


def check_negations(aligned: Aligned) -> Check:
    """Check that no negation, hedge or bound was added to the evidence or dropped from it."""
    kinds: tuple[TokenKind, ...] = ("negation", "hedge", "bound")
    for kind in kinds:
        if added := _added(aligned, kind):
            return Check("negation", False, f"“{added.text}” is not in that place in the cited sentences")
        if removed := _removed(aligned, kind):
            return Check("negation", False, f"the cited sentence {_NOUNS[kind]} it: “{removed.text}”")
    return Check("negation", True)


def _added(aligned: Aligned, kind: TokenKind) -> Token | None:
    for place, token in enumerate(aligned.claim):
        if token.kind == kind and aligned.at[place] < 0 and not _same_reach(aligned, place):
            return token
    return None


def _same_reach(aligned: Aligned, place: int) -> bool:
    """Whether a cited sentence has such a word, not matched to another of the claim, before the same words."""
    token = aligned.claim[place]
    after = _following(aligned.claim, place)
    for number, home in enumerate(aligned.homes):
        for at, other in enumerate(home.tokens):
            if number == aligned.home and at in aligned.at:
                continue
            if other.kind == token.kind and (same(token, other) or (_plain(token) and _plain(other))):
                theirs = _following(home.tokens, at)
                if after and theirs and same(after[0], theirs[0]):
                    return True
    return False


def _plain(token: Token) -> bool:
    return token.word in negation().interchangeable


def _removed(aligned: Aligned, kind: TokenKind) -> Token | None:
    """The negation in the home that the claim drops while keeping the words it applies to."""
    kept = {there: here for here, there in enumerate(aligned.at) if there >= 0}
    beside = aligned.beside
    for place, token in enumerate(beside):
        if token.kind != kind or place in kept:
            continue
        if token.word in hedging().conditions:
            moved = any(one.word == token.word for one in aligned.claim)
            asked = place > 0 and beside[place - 1].word in hedging().indirect
            if not moved and not asked and any(beside[at].content for at in kept):
                return token
            continue
        if any(at in kept and not _still(aligned, kept[at], kind) for at in _denied(beside, place)):
            return token
    return None


def _denied(tokens: Sequence[Token], place: int) -> list[int]:
    """The places of the words in a negation's scope: the next content words, up to a preposition after one."""
    found: list[int] = []
    for at in range(place + 1, len(tokens)):
        if tokens[at].content:
            found.append(at)
            if len(found) == _reach(tokens[place]):
                break
        elif found and tokens[at].word in clauses().scope_ends:
            break
    return found or list(range(place + 1, min(len(tokens), place + 1 + _REACH)))


def _reach(token: Token) -> int:
    return 1 if token.kind == "bound" else _REACH


def _still(aligned: Aligned, here: int, kind: TokenKind) -> bool:
    """Whether the claim has another, unmatched word of that kind right before a word."""
    near = range(max(0, here - 3), here)
    return any(aligned.claim[place].kind == kind and aligned.at[place] < 0 for place in near)


def _following(tokens: Sequence[Token], place: int) -> list[Token]:
    return list(islice((token for token in tokens[place + 1 :] if token.content), _REACH))
