"""Which printable pieces of the passages found answer a question, and how well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from assistant.answering.segments import units
from assistant.attributions import Attribution
from assistant.retrieval.analysis import Term, coverage, holds
from assistant.retrieval.boilerplate import is_furniture
from assistant.retrieval.stems import roots
from assistant.retrieval.understanding.query import Query
from assistant.sentences import asks, sentences
from assistant.text import Span
from assistant.types import Hit, StoredArticle

_KINDS = {"name": 1.5, "number": 1.5, "word": 1.0}
"""What a kind of word weighs beside its rarity."""

_CONTEXT = 0.5
"""What a word counts that stands in the headline or beside the piece, not in it."""

_MEANT = 0.45
"""Share of a piece's score that is the cosine of its passage and the question."""

_FRAGMENT = 0.7
"""What a piece is worth that does not end like a sentence, or asks: a subheading, a caption, a row of a table."""

_LEAD = 1_500
"""Characters of an article in which its first sentence is looked for."""

_LATER = 0.05
"""What each further article of a digest is worth less."""

_FULL_STOPS = frozenset(".!?…\"”“»’')]。！？؟۔।")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of an article that may answer.

    :ivar covered: weighted share of the question's words that it has, in [0, 1]; words of its headline and of its
        neighbours in the passage count half.
    :ivar score: what pieces are ordered by: at most 1; a cosine below 0 may take it a little below 0.
    :ivar said: the words that it was chosen for, where somebody's were asked for; ``speaker`` says whose.
    """

    article: StoredArticle
    span: Span
    covered: float
    score: float
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

    A piece that two passages share is given once, for the better of the two; what is no sentence of its article, never.

    :param kind: what is asked for; see ``analysis.answer_type``.
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
            if is_furniture(text):
                continue
            score = 0.55 * covered + 0.3 * hit.score / best + 0.15 * holds(kind, text, asked)
            score *= 1.0 if ends_like_a_sentence(text) and not asks(text) else _FRAGMENT
            score += _MEANT * ((hit.dense or 0.0) - score)
            key = (article.key, span[0])
            if key not in found or found[key].score < score:
                found[key] = Evidence(article, span, covered, score)
    return sorted(found.values(), key=_order)


def leads(hits: Sequence[Hit], query: Query) -> list[Evidence]:
    """Return the first sentence of each article of the time and outlets asked about: stories of most outlets first.

    :param hits: with their stories.
    """
    first: dict[int, Hit] = {}
    for hit in hits:
        if asked_about(hit.passage.article, query):
            first.setdefault(hit.passage.article.key, hit)
    told = sorted(first.values(), key=lambda hit: -len({one.outlet for one in hit.story}))
    found = []
    for place, hit in enumerate(told):
        article = hit.passage.article
        for start, end in sentences(article.text[:_LEAD], article.language or query.language):
            text = article.text[start:end]
            if ends_like_a_sentence(text) and not is_furniture(text) and not asks(text):
                found.append(Evidence(article, (start, end), 1.0, 1 / (1 + _LATER * place)))
                break
    return found


def _order(piece: Evidence) -> tuple[float, int, int]:
    return -piece.score, piece.article.key, piece.span[0]
