"""Whose words somebody's quoted words are, as far as an article was read for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from assistant.text import Span
from assistant.types import StoredArticle

Spoken = Callable[[StoredArticle, str], tuple[Sequence[Span], Sequence[Span]]]
"""What an article gives to a speaker, and what it gives to others: spans of its text."""

TERM = 2
"""Words; quotation marks around more than these hold somebody's words, around fewer perhaps a borrowed term."""

WHOLE = 0.9
"""Share of quoted words that must stand in what is given to their speaker: all of it, but for a mark at its end."""


def belongs(words: str, places: Iterable[Span], own: Sequence[Span], others: Sequence[Span]) -> bool:
    """Tell whether quoted words are the speaker's somewhere; a term in quotation marks, at least nobody else's."""
    term = len(words.split()) <= TERM
    for place in places:
        mine, foreign = covered(place, own), covered(place, others)
        if (mine >= WHOLE and mine >= foreign) or (term and foreign < 1 - WHOLE):
            return True
    return False


def covered(place: Span, spans: Sequence[Span]) -> float:
    """Return the largest share of a place that one of the spans covers."""
    length = place[1] - place[0]
    return max((min(end, place[1]) - max(start, place[0]) for start, end in spans), default=0) / max(1, length)
