"""Score how likely a sentence is to have the answer to a question: the scorer's interface, and the default scorer.

``SentenceScorer`` is the interface. Any implementation, a trained reader for instance, can rank the excerpts and the
sentences that answers and verdicts are made from.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

import numpy as np

from assistant.retrieval.analysis import holds
from assistant.retrieval.boilerplate import is_boilerplate
from assistant.retrieval.query_terms import Floats, QueryTerms, present
from assistant.retrieval.ranking import Match, Ranked
from assistant.retrieval.understanding.query import Query
from assistant.sentences import asks
from assistant.text import Span, fold
from assistant.types import StoredArticle

_LEAD_SENTENCES = 3.0
"""Sentences into an article after which the signal of its lead has fallen to 1/e."""

_NAME = re.compile(r"(?<=[^\s.!?“\"«„])\s+([^\W\d_][\w’'.-]+)")
_NUMBER = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class SentenceInContext:
    """A sentence of an article that was found, with its context.

    :ivar ranked: its article, as ranked for the question.
    :ivar span: its characters; ``around`` includes the sentences before and after it.
    :ivar position: its position among the sentences of its article, from 0.
    """

    ranked: Ranked
    span: Span
    around: Span
    position: int

    @property
    def article(self) -> StoredArticle:
        """Its article."""
        return self.ranked.article

    @property
    def text(self) -> str:
        """Its characters."""
        return self.article.text[self.span[0] : self.span[1]]

    @property
    def before(self) -> str:
        """The sentence before it; "" if it is the first."""
        return self.article.text[self.around[0] : self.span[0]].rstrip()

    @property
    def after(self) -> str:
        """The sentence after it; "" if it is the last."""
        return self.article.text[self.span[1] : self.around[1]].lstrip()

    @property
    def match(self) -> Match | None:
        """The passage that it begins in, if the search found that passage."""
        start = self.span[0]
        return next((m for m in self.ranked.matches if m.passage.start <= start < m.passage.end), None)

    @property
    def cosine(self) -> float:
        """Cosine similarity of its passage and the question; if that was not found, the lowest in its article."""
        if match := self.match:
            return match.dense
        return min((match.dense for match in self.ranked.matches), default=0.0)


class SentenceScorer(Protocol):
    """Scores how likely sentences are to have the answer to a question."""

    def scores(self, query: Query, query_terms: QueryTerms, sentences: Sequence[SentenceInContext]) -> Floats:
        """Return the log-odds that each sentence holds the answer, float64 [sentences].

        :param query_terms: the content words of ``query``, weighted by their rarity in the archive.
        """
        ...


@dataclass(frozen=True, slots=True)
class SentenceWeights:
    """The weight of each signal in a sentence's log-odds; see ``ranking.toml``."""

    article: float
    passage: float
    covered: float
    asked_last: float
    beside: float
    lead: float
    answer_type: float
    names: float
    numbers: float
    asks: float
    boilerplate: float

    @classmethod
    @cache
    def shipped(cls) -> SentenceWeights:
        """Return the default weights."""
        text = files("assistant.retrieval").joinpath("ranking.toml").read_text("utf-8")
        return cls(**tomllib.loads(text)["sentences"])


class SignalScorer:
    """Scores a sentence by a weighted sum of signals: its article, its words, its position, its names and numbers.

    :param weights: the weight of each signal; None for the defaults.
    """

    def __init__(self, weights: SentenceWeights | None = None) -> None:
        self._weights = weights or SentenceWeights.shipped()

    def scores(self, query: Query, query_terms: QueryTerms, sentences: Sequence[SentenceInContext]) -> Floats:
        """Return the log-odds that each sentence holds the answer, float64 [sentences]."""
        scores = np.zeros(len(sentences))
        if sentences:
            values = _signals(query, query_terms, sentences)
            for name, weight in asdict(self._weights).items():
                scores += weight * values[name]
        return scores


def _signals(query: Query, query_terms: QueryTerms, sentences: Sequence[SentenceInContext]) -> dict[str, Floats]:
    """Return the signals by their name in ``SentenceWeights``, each float64 [sentences]."""
    own, before, after = _held(query, query_terms, sentences)
    covered = own @ query_terms.weights
    with_before, with_after = (np.maximum(own, beside) @ query_terms.weights for beside in (before, after))
    texts = [one.text for one in sentences]
    asked, wanted = query_terms.own, query_terms.answer_type
    by_sentence: dict[str, Sequence[float]] = {
        "article": [one.ranked.score for one in sentences],
        "passage": [one.cosine for one in sentences],
        "answer_type": [holds(wanted, text, asked) if wanted else 0.0 for text in texts],
        "names": [_has_name(text, asked) for text in texts],
        "numbers": [_has_number(text, asked) for text in texts],
        "asks": [asks(text) for text in texts],
        "boilerplate": [is_boilerplate(text) for text in texts],
    }
    signals = {name: np.array(values, np.float64) for name, values in by_sentence.items()}
    signals["covered"] = covered
    signals["asked_last"] = own @ query_terms.final
    signals["beside"] = (with_before - covered) + (with_after - covered)
    signals["lead"] = np.exp(-np.array([one.position for one in sentences]) / _LEAD_SENTENCES)
    return signals


def _held(
    query: Query, query_terms: QueryTerms, sentences: Sequence[SentenceInContext]
) -> tuple[Floats, Floats, Floats]:
    """Return which words of the question are in each sentence, in the one before it, and in the one after it.

    :return: three arrays, each float64 [sentences, words], 1 for a word that is present.
    """
    keys = [
        [(one.article.language or query.language, text) for text in (one.text, one.before, one.after)]
        for one in sentences
    ]
    texts: dict[str, dict[str, int]] = {}
    for language, text in (key for three in keys for key in three):
        places = texts.setdefault(language, {})
        places.setdefault(text, len(places))
    rows = {language: present(list(places), query_terms, language) for language, places in texts.items()}
    own, before, after = (
        np.array([rows[language][texts[language][text]] for language, text in column])
        for column in zip(*keys, strict=True)
    )
    return own, before, after


def _has_name(text: str, asked: frozenset[str]) -> bool:
    """Whether a text has a name that the question does not have."""
    return any(name[1][0].isupper() and fold(name[1]) not in asked for name in _NAME.finditer(text))


def _has_number(text: str, asked: frozenset[str]) -> bool:
    """Whether a text has a number that the question does not have."""
    return any(number[0].rstrip(".,") not in asked for number in _NUMBER.finditer(text))
