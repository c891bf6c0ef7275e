"""From passages to pieces that answer, and to a verdict with its confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.confidence import Signals, calibrated, outside, shipped, signals
from assistant.answering.evidence import Evidence, Vector, asked_about, compare, gather, rarity
from assistant.answering.facts import answering
from assistant.answering.support import Verdict, judge, not_covered, weighed
from assistant.archive import Archive
from assistant.embedding import Embedder
from assistant.index import Indexes
from assistant.retrieval.hybrid import Found
from assistant.retrieval.query import Query
from assistant.retrieval.terms import Term, sought, terms
from assistant.types import Hit

_COMPARED = 4
"""Pieces whose meaning is compared with the question's; embedding them is most of an answer's time."""

_PASSAGES = 12
"""Passages whose sentences are looked at."""


_ELSE = 0.8
"""What a piece counts that is not of the time or the outlets that the question names."""


class Scales:
    """Weighs what was found in an archive."""

    def __init__(self, archive: Archive, indexes: Indexes, embedder: Embedder) -> None:
        self._archive = archive
        self._indexes = indexes
        self._embedder = embedder

    def fact(self, query: Query, found: Found, most: int) -> tuple[Verdict, list[Evidence]]:
        """Return the verdict on a question, and the pieces that answer it, best first.

        :param most: sentences of an answer at most.
        """
        wanted = terms(query.text, query.language)
        frequencies = self._frequencies(wanted)
        ranked = self._ranked(query, wanted, found.hits, found.vector)
        confidence = shipped().confidence(self._signals(query, wanted, ranked, found.hits))
        verdict = judge(
            wanted, self.weights(wanted), frequencies, ranked, found.hits, refuse=confidence < self.threshold()
        )
        if query.kind == "fact" and verdict.status != "not_found":
            ranked = answering(query, found, ranked, most) or ranked
        return self._with(query, verdict, confidence), ranked

    def heard(self, query: Query, verdict: Verdict, hits: Sequence[Hit]) -> Verdict:
        """Return a verdict on somebody's words with its confidence."""
        told = self._signals(query, terms(query.text, query.language), (), hits)
        return self._with(query, verdict, shipped().confidence(told))

    def signals(self, query: Query, hits: Sequence[Hit], vector: Vector) -> Signals:
        """Return what speaks for an answer."""
        wanted = terms(query.text, query.language)
        return self._signals(query, wanted, self._ranked(query, wanted, hits, vector), hits)

    def threshold(self) -> float:
        """Return the confidence under which the archive does not say: its own, or else the one that ships."""
        kept = calibrated(self._archive.calibration(), self._embedder.fingerprint)
        return kept if kept is not None else shipped().threshold

    def weights(self, wanted: Sequence[Term]) -> list[float]:
        """Return the rarity of each word asked for."""
        return rarity(self._frequencies(wanted), len(self._indexes.lexical), wanted)

    def _with(self, query: Query, verdict: Verdict, confidence: float) -> Verdict:
        freshness = self._archive.freshness()
        beyond = not_covered(outside(query, freshness), freshness)
        return weighed(verdict, confidence, self.threshold(), beyond)

    def _signals(
        self, query: Query, wanted: Sequence[Term], ranked: Sequence[Evidence], hits: Sequence[Hit]
    ) -> Signals:
        return signals(query, wanted, self.weights(wanted), ranked, hits, self._archive.freshness())

    def _ranked(self, query: Query, wanted: Sequence[Term], hits: Sequence[Hit], vector: Vector) -> list[Evidence]:
        found = gather(hits[:_PASSAGES], wanted, self.weights(wanted), sought(query.text), query.language)
        ranked = compare(found, _COMPARED, vector, self._embedder.passages)
        ranked = [
            piece if asked_about(piece.article, query) else replace(piece, score=_ELSE * piece.score)
            for piece in ranked
        ]
        return sorted(ranked, key=lambda piece: -piece.score)

    def _frequencies(self, wanted: Sequence[Term]) -> list[int]:
        return self._indexes.lexical.frequencies([term.word for term in wanted])
