"""Excerpts: the sentences of the best articles that most likely hold the answer, best first.

For a program that reads only so many words. A person gets passages, which read better; see docs/retrieval.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log1p

import numpy as np

from assistant.retrieval.asked import Asked, Weights, present
from assistant.retrieval.ranking import Ranked
from assistant.retrieval.terms import holds
from assistant.text import Span, fold, sentences
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

_FURTHER = 1.0
"""What a further excerpt of an article loses, times ln(1 + those before it)."""

_SHARE = 0.75
"""Share of the excerpts asked for that go to the most likely sentences; the rest shows one of each further article."""

_SHORT = 4
"""Words under which a sentence says nothing by itself: a subheading, a label."""

_READ = 20_000
"""Characters of an article that are looked through."""

_MOST_WORDS = 80
"""Words of an excerpt at most: what runs on without a full stop is a list or a table."""

_NAME = re.compile(r"(?<=[^\s.!?“\"«„])\s+([^\W\d_][\w’'.-]+)")
_NUMBER = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence of an article, as a passage of its own, with its score in [0, 1]."""

    passage: Passage
    score: float


def excerpts(ranked: Sequence[Ranked], asked: Asked, language: str, articles: int, limit: int) -> list[Excerpt]:
    """Return the sentences of the best articles, those first that most likely answer; the first is of the best article.

    Behind them, so that no article found is lost, one sentence of each of the others, in order.

    :param articles: how many articles are looked through.
    :param limit: excerpts at most.
    """
    found = [_scored(one, asked, one.article.language or language) for one in ranked[:articles]]
    order = _chosen(found, max(1, round(_SHARE * limit)))
    top = order[0][0] if order else 0.0
    out = [Excerpt(passage, 1 / (1 + exp(min(60.0, top - score)) / 2)) for score, passage in order]
    chosen = {one.passage.article.key for one in out}
    rest = [one for one in ranked if one.article.key not in chosen]
    behind = out[-1].score if out else 1.0
    for place, one in enumerate(rest[: limit - len(out)], start=1):
        out.append(Excerpt(one.matches[0].passage, behind / (1 + place)))
    return out


def _chosen(found: Sequence[Sequence[tuple[float, Passage]]], limit: int) -> list[tuple[float, Passage]]:
    """Merge the articles' sentences, each list best first; a further one of an article loses by those before it."""
    heads = [0] * len(found)
    order: list[tuple[float, Passage]] = []
    while len(order) < limit:
        left = [
            (pieces[at][0] - _FURTHER * log1p(at), -place)
            for place, (pieces, at) in enumerate(zip(found, heads, strict=True))
            if at < len(pieces)
        ]
        if not left:
            break
        score, place = max(left) if order or not heads or not found[0] else left[0]
        order.append((min(score, order[-1][0]) if order else score, found[-place][heads[-place]][1]))
        heads[-place] += 1
    return order


def _scored(ranked: Ranked, asked: Asked, language: str) -> list[tuple[float, Passage]]:
    article = ranked.article
    spans = _pieces(article.text[:_READ], language)
    has = [present(article.text[s:e], asked, language) for s, e in spans]
    near = min((match.dense for match in ranked.matches), default=0.0)
    out = []
    for place, (start, end) in enumerate(spans):
        text = article.text[start:end]
        count = len(text.split())
        if count < _SHORT:
            continue
        match = next((m for m in ranked.matches if m.passage.start <= start < m.passage.end), None)
        score = _ARTICLE * ranked.score + _NEAR * (match.dense if match else near)
        score += _words(has, place, asked) + _LEAD * exp(-place / _LEAD_SENTENCES) + _held(text, asked)
        passage = match.passage if match else ranked.matches[0].passage
        out.append((score, Passage(passage.id, article, passage.position, start, end)))
    return sorted(out, key=lambda pair: (-pair[0], pair[1].start))


def _words(has: Sequence[Weights], place: int, asked: Asked) -> float:
    own = has[place]
    covered = float(own @ asked.weights)
    score = _COVERED * covered + _FINAL * float(own @ asked.final)
    for beside in (place - 1, place + 1):
        if 0 <= beside < len(has):
            score += _BESIDE * (float(np.maximum(own, has[beside]) @ asked.weights) - covered)
    return score


def _held(text: str, asked: Asked) -> float:
    """What a sentence holds that could be an answer: the kind of thing asked for, a name or a number not asked with."""
    score = _KIND * holds(asked.kind, text, asked.own) if asked.kind else 0.0
    if any(name[0].isupper() and fold(name) not in asked.own for name in _NAME.findall(text)):
        score += _NAMES
    if any(number.rstrip(".,") not in asked.own for number in _NUMBER.findall(text)):
        score += _NUMBERS
    return score


def _pieces(text: str, language: str) -> list[Span]:
    """The sentences of an article; one that runs on is cut at a break between words."""
    out: list[Span] = []
    for start, end in sentences(text, language):
        gaps = [match.end() for match in re.finditer(r"\s+", text[start:end])]
        cuts = [start, *(start + gaps[at] for at in range(_MOST_WORDS - 1, len(gaps), _MOST_WORDS)), end]
        out.extend((s, s + len(text[s:e].rstrip())) for s, e in pairwise(cuts) if s < e)
    return out
