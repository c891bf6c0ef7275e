"""Whether a claim denies what its evidence denies, and is as sure as that: "not", "never", "failed to", "may"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from assistant.answering.aligning import Aligned, same
from assistant.answering.claims import Check
from assistant.answering.reading import Kind, Token

_REACH = 2
"""Words after a negation that it denies."""

_PLAIN = frozenset("not no never nicht kein keine keinen nie ne pas jamais нет не никогда".split())
"""Negations of which one may stand for another."""

_CONDITIONS = frozenset(("if", "unless", "falls", "если", "si"))
"""What holds for its clause only."""

_NOUNS = {"negation": "denies", "hedge": "doubts or conditions", "bound": "bounds"}


def check_negations(aligned: Aligned) -> Check:
    """Look whether negations, doubts and bounds were added to what the evidence says, or taken away."""
    kinds: tuple[Kind, ...] = ("negation", "hedge", "bound")
    for kind in kinds:
        if added := _added(aligned, kind):
            return Check("negation", False, f"“{added.text}” does not stand there in the cited sentences")
        if removed := _removed(aligned, kind):
            return Check("negation", False, f"the cited sentence {_NOUNS[kind]} it: “{removed.text}”")
    return Check("negation", True)


def _added(aligned: Aligned, kind: Kind) -> Token | None:
    for place, token in enumerate(aligned.claim):
        if token.kind == kind and aligned.at[place] < 0 and not _same_reach(aligned, place):
            return token
    return None


def _same_reach(aligned: Aligned, place: int) -> bool:
    """Whether some cited sentence has such a word before the same words, which stands for no other of the claim."""
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
    return token.word in _PLAIN


def _removed(aligned: Aligned, kind: Kind) -> Token | None:
    """The negation of the home whose words the claim has without it."""
    kept = {there: here for here, there in enumerate(aligned.at) if there >= 0}
    beside = aligned.beside
    for place, token in enumerate(beside):
        if token.kind != kind or place in kept:
            continue
        after = range(place + 1, len(beside))
        for at in islice([at for at in after if beside[at].content] or after, _reach(token)):
            if token.word in _CONDITIONS and "," in aligned.homes[aligned.home].text[token.end : beside[at].start]:
                break
            if at in kept:
                if not _still(aligned, kept[at], kind):
                    return token
                break
    return None


def _reach(token: Token) -> int:
    return 1 if token.kind == "bound" else _REACH


def _still(aligned: Aligned, here: int, kind: Kind) -> bool:
    """Whether the claim has another word of that kind right before a word, which stands for no other."""
    near = range(max(0, here - 3), here)
    return any(aligned.claim[place].kind == kind and aligned.at[place] < 0 for place in near)


def _following(tokens: Sequence[Token], place: int) -> list[Token]:
    return list(islice((token for token in tokens[place + 1 :] if token.content), _REACH))
