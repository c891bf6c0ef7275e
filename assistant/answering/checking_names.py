"""Whether the names of a claim are those of what it cites, each where it is there, and its words with them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.answering.aligning import Aligned, same, untitled
from assistant.answering.claims import Check, Cited
from assistant.answering.reading import Token, read
from assistant.text import Span
from assistant.types import StoredArticle

_PREFIX = 6
_SHARE = 0.8
"""Letters at their beginning, and share of the shorter's, that forms of one word have in common: "announcement"."""


def check_names(aligned: Aligned, cited: Sequence[Cited], known: Sequence[Span]) -> Check:
    """Look whether each name of a claim stands in its evidence, and for the same as there.

    :param known: characters of the claim that the evidence bears out otherwise.
    """
    for place, token in enumerate(aligned.claim):
        if token.kind != "name" or aligned.at[place] >= 0 or token.within(known):
            continue
        if fault := _fault(aligned, place, cited):
            return Check("name", False, f"“{token.text}” {fault}")
    return Check("name", True)


def check_words(aligned: Aligned, cited: Sequence[Cited]) -> Check:
    """Look whether the claim says anything in words that its evidence lacks."""
    lacking = [
        token.text
        for place, token in enumerate(aligned.claim)
        if token.kind == "word" and aligned.at[place] < 0 and not _said(aligned, place, cited)
    ]
    if lacking:
        return Check("similarity", False, f"the cited sentences lack: {', '.join(lacking[:5])}")
    return Check("similarity", True)


def _fault(aligned: Aligned, place: int, cited: Sequence[Cited]) -> str:
    """Why a name that does not stand where it should may not stand; "" where it may."""
    token = aligned.claim[place]
    if any(same(token, other) for one in cited for other in _named(one.article.outlet, one.article.language)):
        return ""
    instead = aligned.instead(place)
    if any(other.kind == "name" and not other.first for other in untitled(instead)):
        return "is not the name that the cited sentence has there"
    if _expands(aligned, place, cited) or aligned.carried(place):
        return ""
    somewhere = any(same(token, other) for home in aligned.homes for other in home.tokens)
    headed = any(same(token, other) for one in cited for other in _named(one.article.headline, one.article.language))
    if (somewhere or headed) and any(other.kind == "pronoun" for other in instead):
        return ""
    return "is not said of this in the cited sentences" if somewhere else "does not stand in the cited sentences"


def _expands(aligned: Aligned, place: int, cited: Sequence[Cited]) -> bool:
    """Whether a word only completes a name beside it as the article has it elsewhere: "Ana" of "Berg"."""
    for step in (1, -1):
        at = place + step
        while 0 <= at < len(aligned.claim) and aligned.claim[at].kind == "name":
            if aligned.at[at] >= 0:
                low, high = sorted((place, at))
                run = aligned.claim[low : high + 1]
                return any(_runs(run, one.article) for one in cited)
            at += step
    return False


def _runs(run: Sequence[Token], article: StoredArticle) -> bool:
    words = read(article.text, article.language)
    size = len(run)
    return any(
        all(same(mine, other) for mine, other in zip(run, words[at : at + size], strict=True))
        for at in range(len(words) - size + 1)
        if same(run[0], words[at])
    )


def _said(aligned: Aligned, place: int, cited: Sequence[Cited]) -> bool:
    token = aligned.claim[place]
    if not token.cased:  # any word may be a name
        return aligned.enclosed(place)
    if aligned.stands(token) or aligned.carried(place):
        return True
    if any(_derived(token, other) for other in aligned.beside):
        return True
    somewhere = any(same(token, other) for home in aligned.homes for other in home.tokens)
    if somewhere and any(other.kind == "pronoun" for other in aligned.instead(place)):
        return True
    return any(same(token, other) for one in cited for other in _named(one.article.outlet, one.article.language))


def _derived(one: Token, other: Token) -> bool:
    pairs = enumerate(zip(one.word, other.word, strict=False))
    alike = next((at for at, (a, b) in pairs if a != b), min(len(one.word), len(other.word)))
    return other.content and alike >= _PREFIX and alike >= _SHARE * min(len(one.word), len(other.word))


@lru_cache(maxsize=256)
def _named(text: str, language: str) -> tuple[Token, ...]:
    return tuple(token for token in read(text, language) if token.content)
