"""The extractive answer: the sentences that answer, verbatim, each with all the places where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.citations import cite
from assistant.answering.evidence import Evidence
from assistant.answering.near_duplicates import groups
from assistant.settings import AnsweringSettings
from assistant.types import Citation, QuoteAttribution, Sentence

_KEEP = 0.6
"""A sentence goes in when it scores at least this share of the best one."""


def compose(
    evidence: Sequence[Evidence], settings: AnsweringSettings, keep: float = _KEEP
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Choose and fold the sentences of an answer.

    :param evidence: best first.
    :param keep: share of the best score a sentence needs.
    :return: sentences, most relevant first, and the citations that their markers (from 1) point to. Near-identical
        sentences are one, cited wherever they stand, the earliest published first.
    """
    if not evidence:
        return (), ()
    floor = keep * evidence[0].score
    worthy = [piece for piece in evidence if piece.score >= floor][:60]
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    used = 0
    for group in groups([piece.words for piece in worthy]):
        pieces = [worthy[position] for position in group]
        length = len(pieces[0].text.split())
        if sentences and (len(sentences) >= settings.max_sentences or used + length > settings.max_words):
            continue
        markers = []
        carrying = sorted(_one_an_article(pieces), key=_earliest)
        for piece in carrying:
            citations.append(cite(piece.article, piece.span[0], piece.span[1], len(citations) + 1))
            markers.append(len(citations))
        score = round(min(1.0, max(0.0, pieces[0].score)), 4)
        sentences.append(
            Sentence(citations[markers[0] - 1].text, tuple(markers), score, carrying[0].speaker, _said(carrying[0]))
        )
        used += length
    return tuple(sentences), tuple(citations)


def _said(piece: Evidence) -> QuoteAttribution | None:
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
