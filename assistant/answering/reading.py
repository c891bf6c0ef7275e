"""Read the sentences that may answer: a model says how likely each is to answer the question."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import exp

from assistant.answer_selection import LANGUAGE, AnswerSelector, Candidate
from assistant.retrieval.sentence_ranking import RankedSentence
from assistant.retrieval.understanding.query import Query


@dataclass(frozen=True, slots=True)
class ReadingModel:
    """What the model's log-odds are worth; see ``reading.toml``.

    :ivar sentences: how many sentences, the best by the signals, are read.
    :ivar slope: with ``bias``, makes a probability of the model's log-odds.
    :ivar supported: the least probability with which a sentence supports an answer.
    :ivar share: the least share of the best sentence's probability with which another is part of an answer.
    """

    sentences: int
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


def read(query: Query, ranked: Sequence[RankedSentence], selector: AnswerSelector) -> list[RankedSentence]:
    """Return sentences in the same order, the first ones with the log-odds that they answer.

    They are read only if the question and all of them are in the model's language.

    :param ranked: best first.
    """
    count = reading_model().sentences
    first, rest = ranked[:count], ranked[count:]
    if not first or not _readable(query, first):
        return list(ranked)
    scores = selector.scores(query.question, [_candidate(one) for one in first]).tolist()
    return [*(replace(one, read=score) for one, score in zip(first, scores, strict=True)), *rest]


def _readable(query: Query, ranked: Sequence[RankedSentence]) -> bool:
    languages = {one.article.language for one in ranked}
    return (query.language or LANGUAGE) == LANGUAGE and languages <= {LANGUAGE, ""}


def _candidate(one: RankedSentence) -> Candidate:
    return Candidate(one.text, one.article.headline, one.sentence.before)
