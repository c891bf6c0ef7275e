"""The sentences that answer a question after a fact: those that together soonest hold the answer, and their copies."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.evidence import Evidence, asked_about, ends_like_a_sentence
from assistant.answering.near_duplicates import groups
from assistant.answering.segments import printable
from assistant.retrieval.diversification import Piece, choose
from assistant.retrieval.query_terms import present
from assistant.retrieval.retriever import SearchResult
from assistant.retrieval.sentence_ranking import likeliest
from assistant.retrieval.understanding.query import Query
from assistant.text import Span
from assistant.types import Passage

_ARTICLES, _READ, _LIKELIEST = 4, 5_000, 30
"""Articles whose sentences are looked at, and how many characters of each; sentences that are chosen from."""

_CHOSEN = 4
"""Sentences that are chosen, in their order, for each that an answer may have: some are copies, some come only near."""

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


def answering(query: Query, found: SearchResult, most: int) -> list[Evidence]:
    """Return the pieces of an answer, in the order they are shown, and behind them their copies elsewhere.

    :param most: pieces at most, copies not counted.
    """
    passages: list[Passage] = []
    pieces: list[Piece] = []
    for logit, passage in _likeliest(query, found):
        text, article = passage.text, passage.article
        if len(text.split()) > _LONGEST:
            continue
        logit += 0.0 if ends_like_a_sentence(text) else _FRAGMENT
        logit += 0.0 if asked_about(article, query) else _ELSE
        passages.append(passage)
        pieces.append(Piece(text, logit, article.key))
    order = choose(pieces, found.terms.own, found.terms.answer_type, _CHOSEN * most)
    worthy: dict[tuple[int, Span], Evidence] = {}
    for place, trust in order:
        one = _printed(passages[place], found, query, trust)
        if trust >= (_ENOUGH if one.covered else _ALONE):
            worthy.setdefault((one.article.key, one.span), one)
    return _short(list(worthy.values()), most)


def _likeliest(query: Query, found: SearchResult) -> list[tuple[float, Passage]]:
    return likeliest(found.articles[:_ARTICLES], found.terms, query.language, most=_LIKELIEST, read=_READ)


def _printed(passage: Passage, found: SearchResult, query: Query, trust: float) -> Evidence:
    """A sentence as it is printed: with the others of a quotation that it would cut."""
    article = passage.article
    span = printable(article, passage.start, passage.end)
    words = present([article.text[slice(*span)]], found.terms, article.language or query.language)[0]
    return Evidence(article, span, float(words @ found.terms.weights), trust)


def _short(worthy: Sequence[Evidence], most: int) -> list[Evidence]:
    """The first pieces that an answer has room for, each once, then their copies."""
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
