"""The sentences that answer a question after a fact: those that together soonest hold the answer, and their copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.evidence import Evidence, ends_like_a_sentence
from assistant.answering.folding import groups
from assistant.answering.units import printable
from assistant.retrieval.asked import present
from assistant.retrieval.choosing import Piece, choose
from assistant.retrieval.excerpts import likeliest
from assistant.retrieval.hybrid import Found
from assistant.retrieval.query import Query
from assistant.types import Passage

_ARTICLES = 6
"""Articles whose sentences are looked at."""

_FROM = 60
"""Likeliest sentences that are chosen from."""

_COMPARED = 4.0
"""What the cosine of a sentence and the question counts, as of a logit, beyond that of its passage."""

_FRAGMENT, _ELSE = -1.5, -3.0
"""What it counts that a piece does not end like a sentence; that it is not of the time or the outlets asked about."""

_ENOUGH = 0.2
"""Trust, as a share of the highest, that a sentence needs to be part of an answer."""

_ALONE = 0.4
"""The same of one that has no word of the question."""

_LONGEST = 120
"""Words of a piece at most: what runs on is a list."""

_WORDS = 100
"""Words of an answer; its first piece goes in however long it is, and the next that still fit."""


def answering(query: Query, found: Found, near: Sequence[Evidence], most: int) -> list[Evidence]:
    """Return the pieces of an answer, in the order they are shown, each followed in the end by its copies elsewhere.

    :param near: pieces whose meaning was compared with the question's.
    :param most: pieces at most, copies not counted.
    """
    cosines = {(one.article.key, one.span[0]): one.cosine for one in near if one.cosine is not None}
    pieces: dict[tuple[int, int], tuple[float, Evidence]] = {}
    for logit, passage in likeliest(found.articles[:_ARTICLES], found.about, query.language)[:_FROM]:
        one = _piece(passage, found, query)
        if len(one.text.split()) > _LONGEST:
            continue
        cosine = cosines.get((one.article.key, one.span[0]))
        logit += _COMPARED * ((cosine or one.near) - one.near)
        logit += 0.0 if ends_like_a_sentence(one.text) else _FRAGMENT
        logit += 0.0 if one.asked_about(query) else _ELSE
        key = (one.article.key, one.span[0])
        if key not in pieces or pieces[key][0] < logit:
            pieces[key] = (logit, replace(one, cosine=cosine))
    listed = [Piece(one.text, logit, one.article.key) for logit, one in pieces.values()]
    evidence = [one for _, one in pieces.values()]
    order = choose(listed, found.about.own, found.about.kind, len(listed))
    worthy = [
        replace(evidence[place], score=trust)
        for place, trust in order
        if trust >= (_ENOUGH if evidence[place].covered else _ALONE)
    ]
    leading: list[Evidence] = []
    copies: list[Evidence] = []
    room = _WORDS
    for group in groups([one.text for one in worthy]):
        length = len(worthy[group[0]].text.split())
        if len(leading) < most and (not leading or length <= room):
            leading.append(worthy[group[0]])
            copies += [worthy[place] for place in group[1:]]
            room -= length
    return [*leading, *copies]


def _piece(passage: Passage, found: Found, query: Query) -> Evidence:
    """A sentence as it is printed: with the others of a quotation that it would cut."""
    article = passage.article
    span = printable(article, passage.start, passage.end)
    words = present(article.text[span[0] : span[1]], found.about, article.language or query.language)
    near = next((hit.dense for hit in found.hits if hit.passage.id == passage.id and hit.dense is not None), 0.0)
    return Evidence(article, span, float(words @ found.about.weights), None, 0.0, near)
