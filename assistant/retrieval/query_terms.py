"""Count the words of a question in articles, for ranking."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from assistant.archive.counts import Counts, times
from assistant.languages.lexicon import stop_words
from assistant.retrieval.analysis import Term, answer_type, root, terms
from assistant.retrieval.stems import forms, stable
from assistant.retrieval.understanding.query import Query
from assistant.text import words
from assistant.types import StoredArticle

Floats = NDArray[np.float64]

_SENTENCE = re.compile(r"(?<=[.?!。؟])\s+")


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The content words of a question.

    :ivar terms: the words themselves.
    :ivar weights: float64 [n]: inverse document frequency of each, scaled to a sum of 1.
    :ivar final: float64 [n]: likewise, for the words of its last sentence, which asks; those before only lead up to it.
    :ivar positions: a word's index in ``terms``, by its root in each language of the archive and by the word itself.
    :ivar stable: uint32: the number that ``stems.stable`` gives each key of ``positions``.
    :ivar answer_type: expected type of answer; see ``analysis.answer_type``.
    :ivar own: every folded word of the question.
    """

    terms: tuple[Term, ...]
    weights: Floats
    final: Floats
    positions: dict[str, int]
    stable: NDArray[np.uint32]
    answer_type: str
    own: frozenset[str]

    @classmethod
    def of(
        cls,
        query: Query,
        frequencies: Callable[[Sequence[str]], list[int]],
        passages: int,
        languages: Sequence[str] = (),
    ) -> QueryTerms:
        """Return the words of ``query``.

        :param frequencies: words -> number of passages that contain each.
        :param passages: number of passages.
        :param languages: of the archive: a word is looked up by its root in each of them.
        """
        found = terms(query.text, query.language)
        found = [term for term in found if term.word not in stop_words().incidental] or found
        seen = frequencies([term.word for term in found])
        idf = np.array([log(1 + (passages - min(n, passages) + 0.5) / (n + 0.5)) for n in seen])
        last = frozenset(words(_SENTENCE.split(query.text.strip())[-1]))
        final = idf * np.array([term.word in last for term in found], dtype=np.float64) if found else idf
        positions = {root(term.word, one): place for one in languages for place, term in enumerate(found)}
        positions.update((term.root, place) for place, term in enumerate(found))
        positions.update((term.word, place) for place, term in enumerate(found))
        own = frozenset(words(query.question))
        numbers = np.fromiter(map(stable, positions), np.uint32)
        return cls(tuple(found), _shares(idf), _shares(final), positions, numbers, answer_type(query.text), own)


def _shares(weights: Floats) -> Floats:
    total = float(weights.sum())
    return weights / total if total else weights


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts of a question's words in articles.

    :ivar counts: float64 [articles, n], in headline and text together.
    :ivar headline: float64 [articles, n], 1 if the headline has the word.
    :ivar lengths: float64 [articles], number of space-separated words in each text.
    """

    counts: Floats
    headline: Floats
    lengths: Floats


def counted(
    articles: Sequence[StoredArticle], words: Sequence[Counts], query_terms: QueryTerms, language: str
) -> Counted:
    """Return how often each article has the words of a question.

    :param words: the words of each article's text.
    :param language: of the question; used to stem articles whose language is unknown.
    """
    tongues = [article.language or language for article in articles]
    headline = np.zeros((len(articles), len(query_terms.terms)))
    for tongue in set(tongues):
        places = [place for place, own in enumerate(tongues) if own == tongue]
        headline[places] = present([articles[place].headline for place in places], query_terms, tongue)
    counts = headline.copy()
    for place, often in zip(query_terms.positions.values(), times(words, query_terms.stable).T, strict=True):
        counts[:, place] += often
    return Counted(counts, headline, np.array([one.length for one in words], np.float64))


def present(texts: Sequence[str], query_terms: QueryTerms, language: str) -> Floats:
    """Return float64 [texts, n]: 1 for each word of the question that a text contains, else 0."""
    has = np.zeros((len(texts), len(query_terms.terms)))
    for place, found in enumerate(forms(language).held(texts, query_terms.positions)):
        has[place, [query_terms.positions[one] for one in found]] = 1.0
    return has
