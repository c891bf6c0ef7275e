"""Excerpts: the sentences of the best articles that most likely hold the answer, best first.

For a program that reads only so many words. A person gets passages, which read better; see docs/retrieval.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp

import numpy as np

from assistant.retrieval.analysis import holds
from assistant.retrieval.boilerplate import is_furniture
from assistant.retrieval.diversification import Piece, choose
from assistant.retrieval.query_terms import Floats, QueryTerms, present
from assistant.retrieval.ranking import Ranked
from assistant.sentences import asks, sentences
from assistant.text import Span, fold
from assistant.types import Passage

_ARTICLE = 17.0
_COVERED = 1.6
_FINAL = 2.4
_BESIDE = 1.4
_LEAD = 2.1
_NEAR = 4.2
_KIND = 1.9
_NAMES = 0.8
_NUMBERS = 0.3
"""Weights, as of a logit, of what speaks for a sentence; fitted like those of articles, on whether a sentence of a
relevant article holds the answer. Longer sentences hold it more often, but use up more words: the two cancel out."""

_LEAD_SENTENCES = 3.0
"""How many sentences into an article its lead fades to 1/e."""

_MEANT = 5.0
"""What the cosine of the sentence itself counts, where it is known."""

_ASKS = -4.0
"""What it counts that a sentence is a question: what asks does not answer."""

_FURNITURE = -4.0
"""The same of what is no sentence of the article."""

_CHOSEN_FROM = 60
"""Likeliest sentences, of all articles, that excerpts are chosen from."""

_SHARE = 0.75
"""Share of the excerpts asked for that go to the sentences chosen; the rest shows one of each further article."""

_SHORT = 3
"""Words under which a sentence says nothing by itself: a subheading, a label."""

_READ = 20_000
"""Characters of an article that are looked through."""

_MOST_WORDS = 80
"""Words of an excerpt at most: what runs on without a full stop is a list or a table."""

Meant = Callable[[Sequence[str]], Sequence[float]]
"""The cosine of each text and the question."""

_NAME = re.compile(r"(?<=[^\s.!?“\"«„])\s+([^\W\d_][\w’'.-]+)")
_NUMBER = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence of an article, as a passage of its own.

    :ivar score: how likely it holds the answer, compared with the likeliest sentence found, which has 1; above 0.
    """

    passage: Passage
    score: float


def excerpts(
    ranked: Sequence[Ranked],
    query_terms: QueryTerms,
    language: str,
    articles: int,
    limit: int,
    meant: Meant | None = None,
) -> list[Excerpt]:
    """Return the sentences of the best articles that soonest hold the answer; the first is of the best article.

    Behind them, so that no article found is lost, one passage of each of the others, in order.

    :param articles: how many articles are looked through.
    :param limit: excerpts at most.
    :param meant: gives the cosine of each text and the question; without, that of its passage is all there is.
    """
    found = likeliest(ranked[:articles], query_terms, language, meant)
    pieces = [Piece(one.text, logit, one.article.key) for logit, one in found]
    first = ranked[0].article.key if ranked else None
    order = choose(pieces, query_terms.own, query_terms.answer_type, max(1, round(_SHARE * limit)), first)
    out: list[Excerpt] = []
    for place, trust in order:
        out.append(Excerpt(found[place][1], min(trust, out[-1].score) if out else trust))
    chosen = {one.passage.article.key for one in out}
    rest = [one for one in ranked if one.article.key not in chosen]
    behind = out[-1].score if out else 1.0
    for place, one in enumerate(rest[: limit - len(out)], start=1):
        out.append(Excerpt(one.matches[0].passage, behind / (1 + place)))
    return out


def likeliest(
    ranked: Sequence[Ranked],
    query_terms: QueryTerms,
    language: str,
    meant: Meant | None = None,
    most: int = _CHOSEN_FROM,
    read: int = _READ,
) -> list[tuple[float, Passage]]:
    """Return the sentences of articles that likeliest hold the answer, as passages of their own, with their log-odds.

    :param meant: gives the cosine of each text and the question.
    :param most: sentences at most.
    :param read: characters of an article that are looked through.
    """
    found = [pair for one in ranked for pair in _scored(one, query_terms, one.article.language or language, read)]
    found = sorted(found, key=_likely)[:most]
    if meant is None:
        return found
    cosines = meant([passage.text for _, passage in found])
    return sorted(((s + _MEANT * c, p) for (s, p), c in zip(found, cosines, strict=True)), key=_likely)


def _likely(pair: tuple[float, Passage]) -> tuple[float, int, int]:
    return -pair[0], pair[1].article.key, pair[1].start


def _scored(ranked: Ranked, query_terms: QueryTerms, language: str, read: int) -> list[tuple[float, Passage]]:
    article = ranked.article
    spans = _pieces(article.text[:read], language)
    said = _words(present([article.text[s:e] for s, e in spans], query_terms, language), query_terms)
    near = min((match.dense for match in ranked.matches), default=0.0)
    out = []
    for place, (start, end) in enumerate(spans):
        text = article.text[start:end]
        if len(text.split()) < _SHORT:
            continue
        match = next((m for m in ranked.matches if m.passage.start <= start < m.passage.end), None)
        score = _ARTICLE * ranked.score + _NEAR * (match.dense if match else near)
        score += said[place] + _LEAD * exp(-place / _LEAD_SENTENCES) + _held(text, query_terms)
        score += _ASKS * asks(text) + _FURNITURE * is_furniture(text)
        passage = match.passage if match else ranked.matches[0].passage
        out.append((score, Passage(passage.id, article, passage.position, start, end)))
    return out


def _words(own: Floats, query_terms: QueryTerms) -> list[float]:
    """What the words of the question say for each sentence: those it has, and those its neighbours add.

    :param own: float64 [sentences, n]: the words of the question that each sentence has.
    """
    covered = own @ query_terms.weights
    scores = _COVERED * covered + _FINAL * (own @ query_terms.final)
    both = np.maximum(own[1:], own[:-1]) @ query_terms.weights
    scores[1:] += _BESIDE * (both - covered[1:])
    scores[:-1] += _BESIDE * (both - covered[:-1])
    out: list[float] = scores.tolist()
    return out


def _held(text: str, query_terms: QueryTerms) -> float:
    """What a sentence holds that could be an answer: the kind of thing asked for, a name or a number not asked with."""
    score = _KIND * holds(query_terms.answer_type, text, query_terms.own) if query_terms.answer_type else 0.0
    if any(name[1][0].isupper() and fold(name[1]) not in query_terms.own for name in _NAME.finditer(text)):
        score += _NAMES
    if any(number[0].rstrip(".,") not in query_terms.own for number in _NUMBER.finditer(text)):
        score += _NUMBERS
    return score


def _pieces(text: str, language: str) -> list[Span]:
    """The sentences of an article; one that runs on is cut at a break between words."""
    out: list[Span] = []
    for start, end in sentences(text, language):
        if len(text[start:end].split()) <= _MOST_WORDS:
            out.append((start, end))
            continue
        gaps = [match.end() for match in re.finditer(r"\s+", text[start:end])]
        cuts = [start, *(start + gaps[at] for at in range(_MOST_WORDS - 1, len(gaps), _MOST_WORDS)), end]
        out.extend((s, s + len(text[s:e].rstrip())) for s, e in pairwise(cuts) if s < e)
    return out
