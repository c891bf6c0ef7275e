"""Which printable pieces of the passages found answer a question, and how well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from assistant.answering.units import units
from assistant.quotes.model import Attribution
from assistant.retrieval.forms import roots
from assistant.retrieval.query import Query
from assistant.retrieval.terms import Term, coverage, holds
from assistant.text import Span
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


def asked_about(article: StoredArticle, query: Query) -> bool:
    """Tell whether an article is of the time and the outlets that a question names; it is, where it names none."""
    published = article.published
    timely = query.within is None or (published is not None and query.within.holds(published.timestamp))
    return timely and (not query.outlets or article.outlet in query.outlets)


def ends_like_a_sentence(text: str) -> bool:
    """Tell whether a piece ends like a sentence: subheadings, captions and rows of tables do not."""
    return text[-1:] in _FULL_STOPS


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
            score *= 1.0 if ends_like_a_sentence(text) else _FRAGMENT
            key = (article.key, span[0])
            if key not in found or found[key].score < score:
                found[key] = Evidence(article, span, covered, None, score, hit.dense or 0.0)
    return sorted(found.values(), key=_order)


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
