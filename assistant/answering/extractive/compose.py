"""The extractive answer: the sentences that answer, verbatim, each with all the places where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.citations import cite
from assistant.answering.evidence import Evidence
from assistant.answering.near_duplicate_sentences import groups
from assistant.settings import AnsweringSettings
from assistant.types import Citation, QuoteAttribution, Sentence

_COMPARED = 60
"""Pieces, the best, that are compared with each other."""


@dataclass(frozen=True, slots=True)
class PrintedSentence:
    """A sentence of an answer, with all the places where it stands.

    :ivar pieces: one an article, the earliest published first: that one is printed, all are cited.
    :ivar score: relevance in [0, 1], comparable within one answer only.
    """

    pieces: tuple[Evidence, ...]
    score: float

    @property
    def lead(self) -> Evidence:
        """The piece whose characters are printed."""
        return self.pieces[0]


def select(evidence: Sequence[Evidence], settings: AnsweringSettings) -> list[PrintedSentence]:
    """Choose the sentences of an answer and fold near-identical ones into one.

    :param evidence: in the order it is shown.
    :return: in that order, as many as the settings allow.
    """
    worthy = evidence[:_COMPARED]
    out: list[PrintedSentence] = []
    used = 0
    for group in groups([piece.words for piece in worthy]):
        pieces = [worthy[position] for position in group]
        length = len(pieces[0].text.split())
        if not out or (len(out) < settings.max_sentences and used + length <= settings.max_words):
            carrying = sorted(_one_an_article(pieces), key=_earliest)
            out.append(PrintedSentence(tuple(carrying), round(min(1.0, pieces[0].score), 4)))
            used += length
    return out


def compose(printed: Sequence[PrintedSentence]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Return the sentences of an answer, in order, and the citations that their markers, from 1, point to."""
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    for one in printed:
        first = len(citations) + 1
        citations += [cite(piece.article, *piece.span, first + place) for place, piece in enumerate(one.pieces)]
        markers = tuple(range(first, len(citations) + 1))
        sentences.append(
            Sentence(
                one.lead.text,
                markers,
                one.score,
                one.lead.speaker,
                _attribution(one.lead),
                probability=None if one.lead.answers is None else round(one.lead.answers, 4),
            )
        )
    return tuple(sentences), tuple(citations)


def _attribution(piece: Evidence) -> QuoteAttribution | None:
    said = piece.said
    if said is None or piece.speaker is None:
        return None
    cue, addressee = (piece.article.text[slice(*span)] if span else "" for span in (said.cue, said.addressee))
    return QuoteAttribution(said.kind, piece.speaker, said.speaker or piece.speaker, cue, said.content, addressee)


def _one_an_article(pieces: Sequence[Evidence]) -> list[Evidence]:
    return list({piece.article.key: piece for piece in reversed(pieces)}.values())


def _earliest(piece: Evidence) -> tuple[bool, int, int]:
    published = piece.article.published
    return published is None, published.timestamp if published else 0, piece.article.key
