"""Rank the sentences of the best articles by how likely they are to have the answer, for excerpts and answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.retrieval.diversification import Piece, choose
from assistant.retrieval.query_terms import QueryTerms
from assistant.retrieval.ranking import Ranked
from assistant.retrieval.sentence_scoring import SentenceInContext, SentenceScorer
from assistant.retrieval.understanding.query import Query
from assistant.sentences import sentences
from assistant.text import Span
from assistant.types import Hit, Passage, StoredArticle

_COSINE = 5.0
"""Weight, in the log-odds of an excerpt, of the cosine similarity of the sentence and the question."""

_CHOSEN_FROM = 60
"""Number of best sentences, over all articles, that excerpts are chosen from."""

_SHARE = 0.75
"""Share of the excerpts that are chosen sentences; each of the rest shows one further article."""

_SHORT = 3
"""Least words of a sentence that is ranked; shorter ones are subheadings and labels."""

_READ = 20_000
"""Characters at the beginning of an article that excerpts are taken from."""

_MOST_WORDS = 80
"""Most words in a sentence; a longer run without a full stop is a list or a table, and is cut."""

Cosines = Callable[[Sequence[str]], Sequence[float]]
"""Returns the cosine similarity of each text and the question."""


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence with the log-odds that it has the answer."""

    sentence: SentenceInContext
    score: float

    @property
    def article(self) -> StoredArticle:
        """Its article."""
        return self.sentence.article

    @property
    def text(self) -> str:
        """Its characters."""
        return self.sentence.text


def rank_sentences(
    articles: Sequence[Ranked], query: Query, query_terms: QueryTerms, scorer: SentenceScorer, read: int
) -> list[RankedSentence]:
    """Return the sentences of ``articles``, the likeliest to have the answer first.

    :param read: characters of each article that are read.
    """
    found = [one for article in articles for one in _in_context(article, query.language, read)]
    scores = scorer.scores(query, query_terms, found).tolist()
    return _sorted([RankedSentence(one, score) for one, score in zip(found, scores, strict=True)])


def _sorted(ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    return sorted(ranked, key=lambda one: (-one.score, one.article.key, one.sentence.span))


def _in_context(ranked: Ranked, language: str, read: int) -> Iterator[SentenceInContext]:
    """The sentences of an article that are long enough to say something."""
    text = ranked.article.text[:read]
    spans = _pieces(text, ranked.article.language or language)
    for place, (start, end) in enumerate(spans):
        if len(text[start:end].split()) >= _SHORT:
            around = (spans[max(0, place - 1)][0], spans[min(place + 1, len(spans) - 1)][1])
            yield SentenceInContext(ranked, (start, end), around, place)


def _pieces(text: str, language: str) -> list[Span]:
    """The sentences of an article; overlong ones are cut between words."""
    out: list[Span] = []
    for start, end in sentences(text, language):
        if len(text[start:end].split()) <= _MOST_WORDS:
            out.append((start, end))
            continue
        gaps = [match.end() for match in re.finditer(r"\s+", text[start:end])]
        cuts = [start, *(start + gaps[at] for at in range(_MOST_WORDS - 1, len(gaps), _MOST_WORDS)), end]
        out.extend((s, s + len(text[s:e].rstrip())) for s, e in pairwise(cuts) if s < e)
    return out


# --- excerpts --------------------------------------------------------------------------------------------


def excerpts(
    articles: Sequence[Ranked],
    read: int,
    query: Query,
    query_terms: QueryTerms,
    scorer: SentenceScorer,
    cosines: Cosines,
    limit: int,
) -> list[Hit]:
    """Return the sentences to read first, for a program with a limit on words; the first is from the best article.

    They are followed by one passage from each of the other articles, in order, so that no article found is lost.
    People get whole passages, which read better; see docs/retrieval.md.

    :param read: number of articles whose sentences are ranked; of the others, only the best passage is returned.
    :param limit: maximum number of excerpts.
    """
    ranked = rank_sentences(articles[:read], query, query_terms, scorer, _READ)[:_CHOSEN_FROM]
    near = cosines([one.text for one in ranked])
    ranked = _sorted([replace(one, score=one.score + _COSINE * c) for one, c in zip(ranked, near, strict=True)])
    pieces = [Piece(one.text, one.score, one.article.key) for one in ranked]
    first = articles[0].article.key if articles else None
    order = choose(pieces, query_terms.own, query_terms.answer_type, max(1, round(_SHARE * limit)), first)
    out: list[Hit] = []
    for place, trust in order:
        out.append(Hit(_as_passage(ranked[place].sentence), min(trust, out[-1].score) if out else trust))
    chosen = {one.passage.article.key for one in out}
    rest = [one for one in articles if one.article.key not in chosen]
    behind = out[-1].score if out else 1.0
    for place, one in enumerate(rest[: limit - len(out)], start=1):
        out.append(Hit(one.matches[0].passage, behind / (1 + place)))
    return out


def _as_passage(sentence: SentenceInContext) -> Passage:
    """A sentence as a passage of its own, with the id of the passage it begins in, or else of its article's best."""
    found = (sentence.match or sentence.ranked.matches[0]).passage
    return Passage(found.id, sentence.article, found.position, *sentence.span)
