"""Evidence: printable pieces of the articles found, with how likely each answers and what it has of the question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log

from assistant.answering.segments import printable
from assistant.attributions import Attribution
from assistant.retrieval.analysis import Term, coverage
from assistant.retrieval.boilerplate import is_boilerplate
from assistant.retrieval.diversification import SOFTENS
from assistant.retrieval.sentence_ranking import RankedSentence
from assistant.retrieval.stems import roots
from assistant.retrieval.understanding.counting import asks_how_often, says_how_often
from assistant.retrieval.understanding.query import Query
from assistant.sentences import asks, sentences
from assistant.text import Span
from assistant.types import AnswerKind, Hit, StoredArticle

_KINDS = {"name": 1.5, "number": 1.5, "word": 1.0}
"""What a kind of word weighs beside its rarity."""

_CONTEXT = 0.5
"""What a word counts that stands in the headline or beside the piece, not in it."""

_FRAGMENT, _ELSEWHERE = -1.5, -3.0
"""Log-odds that a piece loses if it does not end like a sentence, as a subheading, a caption or a row of a table does
not; and if it is not of the time or from the outlets that the question names."""

_NEAREST = 12
"""Passages that tell whether a word is a name."""

_LONGEST = 120
"""Most words in a piece; what runs on is a list."""

_LEAD = 1_500
"""Characters of an article in which its first sentence is looked for."""

ARTICLES: Mapping[AnswerKind, int] = {
    "fact": 4, "speech": 4, "timeline": 12, "summary": 12, "comparison": 12, "yesno": 12,
}  # fmt: skip
"""Articles, the best, whose sentences an answer of each kind is made from."""

_CONSIDERED: Mapping[AnswerKind, int] = {
    "fact": 30, "speech": 30, "timeline": 60, "summary": 60, "comparison": 60, "yesno": 60,
}  # fmt: skip
"""Sentences, the best of these articles, that an answer is chosen from."""

_LATER = 0.05
"""What each further article of a digest is worth less."""

_FULL_STOPS = frozenset(".!?…\"”“»’')]。！？؟۔।")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of an article that may answer.

    :ivar covered: weighted share of the question's words that it has, in [0, 1]; words of its headline and of the
        sentences beside it count half.
    :ivar score: what pieces are ordered by, in [0, 1].
    :ivar said: the words that it was chosen for, where somebody's were asked for; ``speaker`` says whose.
    :ivar around: its characters with those of the sentences beside it; None where these do not matter.
    :ivar own: the share of the question's words that it has itself, in [0, 1].
    :ivar cosine: of the passage that it stands in and the question, in [0, 1].
    :ivar answers: the probability that it answers the question, by a model that reads both; None if none read it.
    """

    article: StoredArticle
    span: Span
    covered: float
    score: float
    speaker: str | None = None
    said: Attribution | None = None
    around: Span | None = None
    own: float = 0.0
    cosine: float = 0.0
    answers: float | None = None

    @property
    def text(self) -> str:
        """Its characters."""
        return self.article.text[self.span[0] : self.span[1]]

    @property
    def context(self) -> str:
        """Its characters with what a reader takes them with: its headline and the sentences beside it."""
        start, end = self.around or self.span
        return f"{self.article.headline}\n{self.article.text[start:end]}"

    @property
    def words(self) -> str:
        """What it is compared with others by: the words said, else its characters."""
        start, end = self.said.content if self.said else self.span
        return self.article.text[start:end]


@dataclass(frozen=True, slots=True)
class WantedWords:
    """The words of a question that an answer should have.

    :ivar weights: rarity of each, as many as ``terms``; ``frequencies``: passages of the archive that have it.
    :ivar capitalised: those of the words that are names, or parts of one.
    :ivar language: of the question; stems the words of articles whose language is not known.
    """

    terms: Sequence[Term]
    weights: Sequence[float]
    frequencies: Sequence[int]
    capitalised: frozenset[str]
    language: str

    def coverage(self, text: str, article: StoredArticle) -> float:
        """Return the weighted share, in [0, 1], of the words that ``text``, from ``article``, has."""
        return coverage(self.terms, self.weights, frozenset(roots(text, article.language or self.language)))


def capitalised(wanted: Sequence[Term], hits: Sequence[Hit]) -> frozenset[str]:
    """Return the words of a question that are names, or parts of one.

    The first word has its capital for being the first: where a passage found writes it small, it is no name.
    """
    texts = [hit.passage.text for hit in hits[:_NEAREST]]
    ordinary = {one.word for one in wanted if one.opens and any(re.search(rf"\b{one.word}\b", text) for text in texts)}
    return frozenset(one.word for one in wanted if one.kind == "name") - ordinary


def ends_like_a_sentence(text: str) -> bool:
    """Tell whether a piece ends like a sentence: subheadings, captions and rows of tables do not."""
    return text[-1:] in _FULL_STOPS


def rarity(frequencies: Sequence[int], passages: int, wanted: Sequence[Term]) -> list[float]:
    """Return the weight of each word asked for: its inverse document frequency (BM25's), by its kind.

    :param frequencies: passages that hold each word, as many as ``wanted``.
    """
    return [
        _KINDS[term.kind] * log(1 + (passages - min(seen, passages) + 0.5) / (seen + 0.5))
        for term, seen in zip(wanted, frequencies, strict=True)
    ]


def answering(ranked: Sequence[RankedSentence], query: Query) -> list[RankedSentence]:
    """Return the sentences that can be printed in an answer, those that most likely answer first.

    Asked how often, only those that say how often can answer.

    :param ranked: best first; as many of them are considered as the kind of answer asks for.
    """
    out = []
    how_often = asks_how_often(query.text)
    for one in ranked[: _CONSIDERED[query.kind]]:
        if len(one.text.split()) > _LONGEST or (how_often and not says_how_often(one.text)):
            continue
        loss = 0.0 if ends_like_a_sentence(one.text) else _FRAGMENT
        loss += 0.0 if query.prefers(one.article) else _ELSEWHERE
        out.append(replace(one, score=one.score + loss))
    return sorted(out, key=lambda one: -one.score)


def as_printed(ranked: RankedSentence, score: float, wanted: WantedWords) -> Evidence:
    """Return a sentence as it is printed: with the others of a quotation that it would cut.

    :param score: what pieces are ordered by, in [0, 1].
    """
    sentence, article = ranked.sentence, ranked.article
    span = printable(article, *sentence.span)
    around = (min(span[0], sentence.around[0]), max(span[1], sentence.around[1]))
    piece = Evidence(article, span, 0.0, score, around=around, cosine=sentence.cosine)
    own = wanted.coverage(piece.text, article)
    return replace(piece, own=own, covered=own + _CONTEXT * (wanted.coverage(piece.context, article) - own))


def overview(ranked: Sequence[RankedSentence], wanted: WantedWords) -> list[Evidence]:
    """Return the pieces that a timeline, a summary, a comparison or two sides are made from, best first, each once.

    :param ranked: best first.
    """
    best = ranked[0].score if ranked else 0.0
    found: dict[tuple[int, Span], Evidence] = {}
    for one in ranked:
        piece = as_printed(one, exp((one.score - best) / SOFTENS), wanted)
        found.setdefault((piece.article.key, piece.span), piece)
    return list(found.values())


def leads(hits: Sequence[Hit], query: Query) -> list[Evidence]:
    """Return the first sentence of each article of the time and outlets asked about: stories of most outlets first.

    :param hits: with their stories.
    """
    first: dict[int, Hit] = {}
    for hit in hits:
        if query.prefers(hit.passage.article):
            first.setdefault(hit.passage.article.key, hit)
    told = sorted(first.values(), key=lambda hit: -len({one.outlet for one in hit.story}))
    found = []
    for place, hit in enumerate(told):
        article = hit.passage.article
        for start, end in sentences(article.text[:_LEAD], article.language or query.language):
            text = article.text[start:end]
            if ends_like_a_sentence(text) and not is_boilerplate(text) and not asks(text):
                found.append(Evidence(article, (start, end), 1.0, 1 / (1 + _LATER * place)))
                break
    return found
