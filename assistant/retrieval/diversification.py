"""Which sentences, read one after another, soonest hold the answer: each is worth what it adds to those before it.

What the answer is, nobody knows; but it is likely among what the likeliest sentences hold and the question does not:
names, numbers, titles in quotation marks. Each article votes for what its sentences hold, with the trust that its best
such sentence has. A sentence is worth its own share of the trust and the votes for what it holds, divided by its words;
what a sentence before it held already counts half. So wire copies and repetitions fall behind, though no two sentences
are compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.retrieval.analysis import is_function_word
from assistant.text import words

SOFTENS = 2.5
"""What log-odds are divided by before they become trust: votes of many sentences tell more than those of the best."""

_AGAIN = 0.5
"""What a candidate still counts, each time that a sentence chosen before has it."""

_FITTING = 4.0
"""What a number counts where a number or a time is asked for, and a name where a person is; others count 1."""

_WORD = 0.3
"""What a word counts that is neither a name nor a number: few answers are such words."""

_SHORTEST = 4
"""Words that a shorter sentence counts as."""

_CAPITAL = re.compile(r"[^\W\d_][\w’'.-]*")
_NUMBER = re.compile(r"\d[\d.,]*%?(?:\s+(?:million|billion|trillion|percent|Millionen|Milliarden|Prozent)\b)?")
_TITLE = re.compile(r"[“\"‘«„]([^“”\"’‘«»„\n]{2,60})[”\"’»“]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence to choose from.

    :ivar logit: log-odds that it holds the answer, as far as its words and its article tell.
    :ivar article: key of its article.
    """

    text: str
    logit: float
    article: int


def candidates(text: str, own: frozenset[str], kind: str) -> dict[str, float]:
    """Return what of ``text`` might be an answer, each with its weight.

    :param own: folded words of the question, which are none.
    :param kind: what is asked for; see ``analysis.answer_type``.
    """
    found = {word: _WORD for word in words(text) if word not in own and len(word) > 1 and not _function_word(word)}
    for written in _CAPITAL.findall(text):
        if written[0].isupper():
            found.update((word, _FITTING if kind == "person" else 1.0) for word in _folded(written) if word in found)
    for match in _NUMBER.finditer(text):
        number = match[0].rstrip(".,")
        if number not in own:
            found[number] = _FITTING if kind in ("number", "time") else 1.0
    for match in _TITLE.finditer(text):
        found["“" + " ".join(words(match[1]))] = 1.0
    return found


def choose(
    pieces: Sequence[Piece], own: frozenset[str], kind: str, most: int, first: int | None = None
) -> list[tuple[int, float]]:
    """Return places of the pieces worth reading, in the order to read them, each with its trust in (0, 1].

    :param own: folded words of the question.
    :param kind: what is asked for; see ``analysis.answer_type``.
    :param most: pieces at most.
    :param first: key of the article that the first piece is taken from; None for any.
    """
    if not pieces:
        return []
    logits = np.array([piece.logit for piece in pieces])
    trust = np.exp((logits - logits.max()) / SOFTENS)
    found = [candidates(piece.text, own, kind) for piece in pieces]
    votes = _votes(pieces, found, trust.tolist())
    places = {one: place for place, one in enumerate(votes)}
    held = np.zeros((len(pieces), len(votes)))
    for piece, has in enumerate(found):
        held[piece, [places[one] for one in has]] = 1.0
    standing = np.array(list(votes.values()))
    lengths = np.array([max(_SHORTEST, len(piece.text.split())) for piece in pieces])
    shares = trust / trust.sum()
    left = np.ones(len(pieces), bool)
    opening = np.array([piece.article == first for piece in pieces])
    chosen: list[tuple[int, float]] = []
    while left.any() and len(chosen) < most:
        worth = (shares + trust * (held @ standing)) / lengths
        open_to = opening if not chosen and opening.any() else left
        best = int(np.argmax(np.where(open_to, worth, -1.0)))
        left[best] = False
        chosen.append((best, float(trust[best])))
        standing[held[best] > 0] *= _AGAIN
    return chosen


@lru_cache(maxsize=100_000)
def _folded(written: str) -> tuple[str, ...]:
    return tuple(words(written))


@lru_cache(maxsize=100_000)
def _function_word(word: str) -> bool:
    return is_function_word(word)


def _votes(pieces: Sequence[Piece], held: Sequence[Mapping[str, float]], trust: Sequence[float]) -> dict[str, float]:
    """Return the share of the votes that each candidate has; an article has one vote for each."""
    best: dict[tuple[str, int], float] = {}
    for piece, has, trusted in zip(pieces, held, trust, strict=True):
        for one, weight in has.items():
            key = (one, piece.article)
            best[key] = max(best.get(key, 0.0), trusted * weight)
    votes: dict[str, float] = {}
    for (one, _), vote in best.items():
        votes[one] = votes.get(one, 0.0) + vote
    total = sum(votes.values()) or 1.0
    return {one: vote / total for one, vote in votes.items()}
