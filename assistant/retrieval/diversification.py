"""Order sentences so that a reader meets the answer early: each is worth what it adds to those before it.

The answer is not known, but it is likely to be among the names, numbers and quoted titles that the likeliest sentences
have and the question does not. These are the candidates. Each article votes for the candidates in its sentences, with
the trust of its best sentence that has them. A sentence is worth its own share of the trust plus the votes for its
candidates, divided by its number of words; a candidate counts half each time that an earlier sentence has it. This puts
wire copies and repetitions last without comparing any two sentences.
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
"""Divisor of the log-odds before they become trust: the votes of many sentences say more than those of the best."""

_AGAIN = 0.5
"""Factor on a candidate's votes each time that a chosen sentence has it."""

_FITTING = 4.0
"""Weight of a number if a number or a time is asked for, and of a name if a person is; otherwise they weigh 1."""

_WORD = 0.3
"""Weight of a word that is neither a name nor a number: few answers are such words."""

_SHORTEST = 4
"""Length in words that shorter sentences are treated as having."""

_CAPITAL = re.compile(r"[^\W\d_][\w’'.-]*")
_NUMBER = re.compile(r"\d[\d.,]*%?(?:\s+(?:million|billion|trillion|percent|Millionen|Milliarden|Prozent)\b)?")
_TITLE = re.compile(r"[“\"‘«„]([^“”\"’‘«»„\n]{2,60})[”\"’»“]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence to choose from.

    :ivar logit: log-odds that it has the answer, judged by its words and its article.
    :ivar article: key of its article.
    """

    text: str
    logit: float
    article: int


def candidates(text: str, own: frozenset[str], kind: str) -> dict[str, float]:
    """Return the parts of ``text`` that might be the answer, each with its weight.

    :param own: folded words of the question, which are never candidates.
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
    """Return the positions of the pieces worth reading, in reading order, each with its trust in (0, 1].

    :param own: folded words of the question.
    :param kind: what is asked for; see ``analysis.answer_type``.
    :param most: maximum number of pieces.
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
    """Return each candidate's share of the votes; an article has one vote for each candidate."""
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
