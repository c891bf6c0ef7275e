"""Judge whether an archive answers a question: by the confidence first, then by the sentences that are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.answerability.confidence import Signals, calibrated, outside, shipped, signals
from assistant.answering.answerability.verdict import (
    Verdict,
    judge,
    no_frequency,
    not_counted,
    not_covered,
    refused,
    weighed,
)
from assistant.answering.evidence import Evidence, WantedWords, capitalised, rarity
from assistant.archive import Archive
from assistant.index import Indexes
from assistant.retrieval.analysis import Term, terms
from assistant.retrieval.understanding.counting import asks_how_often, counts_coverage
from assistant.retrieval.understanding.query import Query
from assistant.types import Hit


@dataclass(frozen=True, slots=True)
class Assessment:
    """How likely the archive is to answer a question.

    :ivar wanted: the words that an answer should have.
    :ivar confidence: that it answers, in [0, 1].
    :ivar refused: whether no answer is looked for: the confidence is too low, or the question asks for a count of
        articles.
    """

    wanted: WantedWords
    confidence: float
    refused: bool


class Answerability:
    """Judges whether an archive answers questions.

    :param fingerprint: of the embedding model in use.
    """

    def __init__(self, archive: Archive, indexes: Indexes, fingerprint: str) -> None:
        self._archive = archive
        self._indexes = indexes
        self._fingerprint = fingerprint

    def assess(self, query: Query, hits: Sequence[Hit]) -> Assessment:
        """Return how likely the archive is to answer a question, before any sentence is examined.

        :param hits: what was found, best first.
        """
        wanted = self._wanted(query, hits)
        confidence = shipped().confidence(self._signals(query, wanted, hits))
        unlikely = confidence < self.threshold() or counts_coverage(query.question)
        return Assessment(wanted, confidence, not query.digest and unlikely)

    def verdict(self, query: Query, assessed: Assessment, hits: Sequence[Hit], printed: Sequence[Evidence]) -> Verdict:
        """Return the verdict on an answer.

        :param hits: what was found, best first; a refusal says what these lack.
        :param printed: the evidence that the answer prints; may be empty.
        """
        if query.digest:
            if printed:
                return Verdict("supported", "This is what the archive has from that time.", 1.0)
            return self._weighed(query, Verdict("not_found", "The archive has nothing from that time."), 0.0)
        return self._weighed(query, self._judged(query, assessed, hits, printed), assessed.confidence)

    def _judged(self, query: Query, assessed: Assessment, hits: Sequence[Hit], printed: Sequence[Evidence]) -> Verdict:
        if counts_coverage(query.question):
            return not_counted()
        if printed and not assessed.refused:
            return judge(assessed.wanted, printed)
        if asks_how_often(query.text) and not assessed.refused:
            return no_frequency()
        return refused(assessed.wanted, hits)

    def speech(self, query: Query, assessed: Assessment, verdict: Verdict) -> Verdict:
        """Return a verdict on a speaker's words, with its confidence."""
        return self._weighed(query, verdict, assessed.confidence)

    def signals(self, query: Query, hits: Sequence[Hit]) -> Signals:
        """Return the signals that the archive answers a question."""
        return self._signals(query, self._wanted(query, hits), hits)

    def threshold(self) -> float:
        """Return the confidence below which the archive does not say: calibrated for it, or else the default."""
        kept = calibrated(self._archive.calibration(), self._fingerprint)
        return kept if kept is not None else shipped().threshold

    def weights(self, words: Sequence[Term]) -> list[float]:
        """Return the rarity of each word."""
        return rarity(self._frequencies(words), len(self._indexes.lexical), words)

    def _wanted(self, query: Query, hits: Sequence[Hit]) -> WantedWords:
        words = terms(query.text, query.language)
        frequencies = self._frequencies(words)
        weights = rarity(frequencies, len(self._indexes.lexical), words)
        return WantedWords(words, weights, frequencies, capitalised(words, hits), query.language)

    def _weighed(self, query: Query, verdict: Verdict, confidence: float) -> Verdict:
        freshness = self._archive.freshness()
        beyond = not_covered(outside(query, freshness), freshness)
        return weighed(verdict, confidence, self.threshold(), beyond)

    def _signals(self, query: Query, wanted: WantedWords, hits: Sequence[Hit]) -> Signals:
        return signals(query, wanted.terms, wanted.weights, hits, self._archive.freshness())

    def _frequencies(self, words: Sequence[Term]) -> list[int]:
        return self._indexes.lexical.frequencies([word.word for word in words])
