"""From passages to pieces that answer, and to a verdict with its confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from assistant.answering.answerability.confidence import Signals, calibrated, outside, shipped, signals
from assistant.answering.answerability.verdict import Verdict, judge, not_covered, weighed
from assistant.answering.evidence import Evidence, asked_about, gather, leads, rarity
from assistant.answering.extractive.facts import answering
from assistant.archive import Archive
from assistant.index import Indexes
from assistant.retrieval.analysis import Term, answer_type, terms
from assistant.retrieval.near_duplicates import with_stories
from assistant.retrieval.retriever import SearchResult
from assistant.retrieval.term_counts import signatures_of
from assistant.retrieval.understanding.query import Query
from assistant.types import Hit

_PASSAGES = 12
"""Passages whose sentences are looked at."""

_ELSE = 0.8
"""What a piece counts that is not of the time or the outlets that the question names."""


class Scales:
    """Weighs what was found in an archive.

    :param fingerprint: of the embedding model in use.
    """

    def __init__(self, archive: Archive, indexes: Indexes, fingerprint: str) -> None:
        self._archive = archive
        self._indexes = indexes
        self._fingerprint = fingerprint

    def fact(self, query: Query, found: SearchResult, most: int) -> tuple[Verdict, list[Evidence]]:
        """Return the verdict on a question, and the pieces that answer it, best first.

        :param most: sentences of an answer at most.
        """
        if query.digest:
            return self._digest(query, found.hits)
        wanted = terms(query.text, query.language)
        frequencies = self._frequencies(wanted)
        ranked = self._ranked(query, wanted, found.hits)
        confidence = shipped().confidence(self._signals(query, wanted, found.hits))
        verdict = judge(
            wanted, self.weights(wanted), frequencies, ranked, found.hits, refuse=confidence < self.threshold()
        )
        if query.kind == "fact" and verdict.status != "not_found":
            ranked = answering(query, found, most) or ranked
        return self._with(query, verdict, confidence), ranked

    def _digest(self, query: Query, hits: Sequence[Hit]) -> tuple[Verdict, list[Evidence]]:
        let_go = any(one.relaxed for one in query.inferred)
        pieces = [] if let_go else leads(with_stories(hits, partial(signatures_of, self._archive)), query)
        if pieces:
            return Verdict("supported", "This is what the archive has of that time.", 1.0), pieces
        return self._with(query, Verdict("not_found", "The archive has nothing of that time."), 0.0), []

    def speech(self, query: Query, verdict: Verdict, hits: Sequence[Hit]) -> Verdict:
        """Return a verdict on somebody's words with its confidence."""
        signals = self._signals(query, terms(query.text, query.language), hits)
        return self._with(query, verdict, shipped().confidence(signals))

    def signals(self, query: Query, hits: Sequence[Hit]) -> Signals:
        """Return what speaks for an answer."""
        return self._signals(query, terms(query.text, query.language), hits)

    def threshold(self) -> float:
        """Return the confidence under which the archive does not say: its own, or else the one that ships."""
        kept = calibrated(self._archive.calibration(), self._fingerprint)
        return kept if kept is not None else shipped().threshold

    def weights(self, wanted: Sequence[Term]) -> list[float]:
        """Return the rarity of each word asked for."""
        return rarity(self._frequencies(wanted), len(self._indexes.lexical), wanted)

    def _with(self, query: Query, verdict: Verdict, confidence: float) -> Verdict:
        freshness = self._archive.freshness()
        beyond = not_covered(outside(query, freshness), freshness)
        return weighed(verdict, confidence, self.threshold(), beyond)

    def _signals(self, query: Query, wanted: Sequence[Term], hits: Sequence[Hit]) -> Signals:
        return signals(query, wanted, self.weights(wanted), hits, self._archive.freshness())

    def _ranked(self, query: Query, wanted: Sequence[Term], hits: Sequence[Hit]) -> list[Evidence]:
        found = gather(hits[:_PASSAGES], wanted, self.weights(wanted), answer_type(query.text), query.language)
        ranked = [
            piece if asked_about(piece.article, query) else replace(piece, score=_ELSE * piece.score) for piece in found
        ]
        return sorted(ranked, key=lambda piece: -piece.score)

    def _frequencies(self, wanted: Sequence[Term]) -> list[int]:
        return self._indexes.lexical.frequencies([term.word for term in wanted])
