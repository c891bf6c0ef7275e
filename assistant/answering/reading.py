"""Read the sentences of an answer: a model says how likely each is to answer the question."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import exp

from assistant.answer_selection import LANGUAGE, AnswerSelector, Candidate
from assistant.answering.evidence import Evidence
from assistant.answering.extractive.compose import PrintedSentence
from assistant.retrieval.understanding.query import Query
from assistant.sentences import asks

_FEW = 3
"""Words that are no question unless they end like one."""


@dataclass(frozen=True, slots=True)
class ReadingModel:
    """What the model's log-odds are worth; see ``reading.toml``.

    :ivar slope: with ``bias``, makes a probability of the model's log-odds.
    :ivar supported: the least probability with which a sentence supports an answer.
    :ivar share: the least share of the best sentence's probability with which another is part of an answer.
    """

    slope: float
    bias: float
    supported: float
    share: float

    def probability(self, read: float) -> float:
        """Return the probability, in (0, 1), that a sentence answers, from the model's log-odds."""
        return 1 / (1 + exp(-max(-60.0, min(60.0, self.bias + self.slope * read))))


@cache
def reading_model() -> ReadingModel:
    """Return the values that ship with the package."""
    return ReadingModel(**tomllib.loads(files("assistant.answering").joinpath("reading.toml").read_text("utf-8")))


def read(query: Query, printed: Sequence[PrintedSentence], selector: AnswerSelector) -> list[PrintedSentence]:
    """Return the sentences of an answer, each with the probability that it answers the question.

    They are read only if the question and all of them are in the model's language, and if it is a question: a few words
    ("barley farmer") are a search.
    """
    if len(query.question.split()) <= _FEW and not asks(query.question):
        return list(printed)
    languages = {query.language or LANGUAGE, *(one.lead.article.language or LANGUAGE for one in printed)}
    if not printed or languages != {LANGUAGE}:
        return list(printed)
    scores = selector.scores(query.question, [_candidate(one.lead) for one in printed]).tolist()
    return [
        replace(one, pieces=(replace(one.lead, answers=reading_model().probability(score)), *one.pieces[1:]))
        for one, score in zip(printed, scores, strict=True)
    ]


def _candidate(piece: Evidence) -> Candidate:
    start = piece.around[0] if piece.around else piece.span[0]
    return Candidate(piece.text, piece.article.headline, piece.article.text[start : piece.span[0]].rstrip())
