"""Which printable pieces of the passages found answer a question, and how well."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from assistant.answering.units import units
from assistant.quotes.model import Attribution
from assistant.retrieval.terms import Term, coverage, roots
from assistant.text import Span, fold
from assistant.types import Hit, StoredArticle

Vector = NDArray[np.float32]
"""float32 [dim], unit length."""

Vectors = NDArray[np.float32]
"""float32 [n, dim], unit length."""

Embed = Callable[[Sequence[str]], Vectors]

_KINDS = {"name": 1.5, "number": 1.5, "word": 1.0}
"""What a kind of word weighs beside its rarity."""

_CONTEXT = 0.5
"""What a word counts that stands in the headline or beside the piece, not in it."""


_FRAGMENT = 0.7
"""What a piece is worth that does not end like a sentence: a subheading, a caption, a row of a table."""

_FULL_STOPS = frozenset(".!?…\"”“»’')]。！？؟۔।")

_TIME = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:january|february|march|april|may|june"
    r"|july|august|september|october|november|december|yesterday|today|tomorrow|week|month|montag|dienstag|mittwoch|donnerstag|freitag"
    r"|samstag|sonntag|pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar)\b|\b\d{1,2}\.? [^\W\d_]{3,}",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|billion|half|third|zwei|drei"
    r"|vier|fünf|sechs|sieben|acht|neun|zehn|iki|üç|dört|beş|altı|yedi|sekiz|dokuz|два|три|четыре|пять|шесть|семь|восемь|девять)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[^\s.!?“\"«„])\s+([^\W\d_]\w+)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of an article that may answer.

    :ivar covered: weighted share of the question's words that it has, in [0, 1]; words of its headline and of its
        neighbours in the passage count half.
    :ivar cosine: of the piece and the question, in [-1, 1]; None where it was not compared.
    :ivar score: what pieces are ordered by, in [0, 1].
    :ivar said: the words that it was chosen for, where somebody's were asked for; ``speaker`` says whose.
    :ivar near: cosine of its passage and the question; 0 where dense search did not see it.
    """

    article: StoredArticle
    span: Span
    covered: float
    cosine: float | None
    score: float
    near: float = 0.0
    speaker: str | None = None
    said: Attribution | None = None

    @property
    def text(self) -> str:
        """Its characters."""
        return self.article.text[self.span[0] : self.span[1]]

    @property
    def words(self) -> str:
        """What it is compared with others by: the words said, else its characters."""
        start, end = self.said.content if self.said else self.span
        return self.article.text[start:end]


def rarity(frequencies: Sequence[int], passages: int, wanted: Sequence[Term]) -> list[float]:
    """Return the weight of each word asked for: its inverse document frequency (BM25's), by its kind.

    :param frequencies: passages that hold each word, as many as ``wanted``.
    """
    return [
        _KINDS[term.kind] * log(1 + (passages - min(seen, passages) + 0.5) / (seen + 0.5))
        for term, seen in zip(wanted, frequencies, strict=True)
    ]


def gather(
    hits: Sequence[Hit], wanted: Sequence[Term], weights: Sequence[float], kind: str, language: str
) -> list[Evidence]:
    """Return the pieces of ``hits``, scored by their words, by their passage and by what they hold; best first.

    A piece that two passages share is given once, for the better of the two.

    :param kind: what is asked for, as ``retrieval.terms.sought`` tells it.
    :param language: of the question; stems the words of articles whose language is not known.
    """
    best = max((hit.score for hit in hits), default=1.0) or 1.0
    asked = frozenset(term.word for term in wanted)
    found: dict[tuple[int, int], Evidence] = {}
    for hit in hits:
        article = hit.passage.article
        spans = units(hit.passage)
        present = [frozenset(roots(article.text[s:e], article.language or language)) for s, e in spans]
        headline = frozenset(roots(article.headline, article.language or language))
        for position, span in enumerate(spans):
            near = headline.union(*present[max(0, position - 1) : position + 2])
            own = coverage(wanted, weights, present[position])
            covered = own + _CONTEXT * (coverage(wanted, weights, near) - own)
            text = article.text[span[0] : span[1]]
            score = 0.55 * covered + 0.3 * hit.score / best + 0.15 * holds(kind, text, asked)
            score *= 1.0 if text[-1] in _FULL_STOPS else _FRAGMENT
            key = (article.key, span[0])
            if key not in found or found[key].score < score:
                found[key] = Evidence(article, span, covered, None, score, hit.dense or 0.0)
    return sorted(found.values(), key=_order)


def holds(kind: str, text: str, asked: frozenset[str]) -> float:
    """Return 1 when ``text`` holds what could answer a question of this kind, else 0; for other questions, 1."""
    if kind == "number":
        return float(bool(_NUMBER.search(text)))
    if kind == "time":
        return float(bool(_TIME.search(text)))
    if kind == "person":
        return float(any(name[0].isupper() and fold(name) not in asked for name in _NAME.findall(text)))
    return 1.0


def compare(evidence: Sequence[Evidence], count: int, vector: Vector, embed: Embed) -> list[Evidence]:
    """Return ``evidence`` ordered by meaning as well: the cosine of a piece and the question makes a half.

    Only the first ``count`` pieces are embedded; those behind are taken to be as near as their passage, less a fifth.
    """
    first, rest = evidence[:count], evidence[count:]
    cosines = (embed([piece.text for piece in first]) @ vector).tolist() if first else []
    ranked = [replace(piece, cosine=c, score=_meant(piece.score, c)) for piece, c in zip(first, cosines, strict=True)]
    ranked += [replace(piece, score=_meant(piece.score, 0.8 * piece.near)) for piece in rest]
    return sorted(ranked, key=_order)


def _meant(score: float, cosine: float) -> float:
    return 0.5 * score + 0.5 * max(0.0, cosine)


def _order(piece: Evidence) -> tuple[float, int, int]:
    return -piece.score, piece.article.key, piece.span[0]
