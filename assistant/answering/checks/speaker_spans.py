"""Check whose words a quotation is, against the attributions found in an article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from assistant.text import Span
from assistant.types import StoredArticle

Spoken = Callable[[StoredArticle, str], tuple[Sequence[Span], Sequence[Span]]]
"""The spans that an article attributes to a speaker, and those it attributes to others."""

TERM = 2
"""Most words in quotation marks that may be a borrowed term; longer quotations are somebody's words."""

WHOLE = 0.9
"""Share of a quotation that must lie in the speaker's spans: all of it, except a closing mark."""


def belongs(words: str, places: Iterable[Span], own: Sequence[Span], others: Sequence[Span]) -> bool:
    """Tell whether quoted words are the speaker's in some place; a quoted term need only not be somebody else's."""
    term = len(words.split()) <= TERM
    for place in places:
        mine, foreign = covered(place, own), covered(place, others)
        if (mine >= WHOLE and mine >= foreign) or (term and foreign < 1 - WHOLE):
            return True
    return False


def covered(place: Span, spans: Sequence[Span]) -> float:
    """Return the largest share of a span that any one of ``spans`` covers."""
    length = place[1] - place[0]
    return max((min(end, place[1]) - max(start, place[0]) for start, end in spans), default=0) / max(1, length)
