"""Choose the sentences that answer a question about a fact, so that the answer comes early, and their copies."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.evidence import Evidence, WantedWords, as_printed
from assistant.answering.extractive.compose import PrintedSentence
from assistant.answering.near_duplicate_sentences import groups
from assistant.answering.reading import reading_model
from assistant.retrieval.diversification import Piece, choose
from assistant.retrieval.query_terms import QueryTerms
from assistant.retrieval.sentence_ranking import RankedSentence
from assistant.text import Span

_CHOSEN = 4
"""Sentences chosen for each that an answer may have: some turn out to be copies, some are trusted too little."""

_ENOUGH = 0.2
"""Least trust, as a share of the highest, with which a sentence becomes part of an answer."""

_ALONE = 0.4
"""The same for a sentence that has no word of the question."""

_ANSWER = 3
"""Sentences that an answer has; what else was found is given beside it."""

_WORDS = 100
"""Words of an answer: the first sentence is taken however long it is, and further ones as long as they fit."""


def fact(ranked: Sequence[RankedSentence], query_terms: QueryTerms, wanted: WantedWords, most: int) -> list[Evidence]:
    """Return the evidence for an answer, in the order in which it is shown, followed by its copies in other articles.

    :param ranked: the sentences that can be printed, best first.
    :param most: maximum number of sentences, not counting copies.
    """
    worthy: dict[tuple[int, Span], Evidence] = {}
    pieces = [Piece(one.text, one.score, one.article.key) for one in ranked]
    for place, trust in choose(pieces, query_terms.own, query_terms.answer_type, _CHOSEN * most):
        one = as_printed(ranked[place], trust, wanted)
        if trust >= (_ENOUGH if one.own else _ALONE):
            worthy.setdefault((one.article.key, one.span), one)
    return _short(list(worthy.values()), most)


def parted(printed: Sequence[PrintedSentence]) -> tuple[list[PrintedSentence], list[PrintedSentence]]:
    """Return the sentences that are the answer to a question about a fact, and those that are given beside it.

    The answer is the first one with at most two others: if they were read, those that most likely answer, and, beside
    one that is likely to, none that is far less likely.
    """
    likely = {place: one.lead.answers or 0.0 for place, one in enumerate(printed)}
    best = max(likely.values(), default=0.0)
    least = reading_model().share * best if best >= reading_model().supported else 0.0
    others = sorted((place for place in likely if place and likely[place] >= least), key=lambda place: -likely[place])
    fitting = {0, *others[: _ANSWER - 1]}
    answer = [one for place, one in enumerate(printed) if place in fitting]
    return answer, [one for place, one in enumerate(printed) if place not in fitting]


def _short(worthy: Sequence[Evidence], most: int) -> list[Evidence]:
    """The first sentences that an answer has room for, each once, then their copies."""
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
