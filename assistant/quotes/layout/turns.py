"""Turns: stretches of a text that are one speaker's words without quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.attributions import Attribution
from assistant.quotes.common.quotation_marks import trim
from assistant.sentences import sentences
from assistant.text import Span

_LONGEST = 400
"""Characters of a turn that are kept as one quote; a longer one becomes several, of whole sentences."""
_PARAGRAPH = re.compile(r"[^\n]+")
_I = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Ww]e|[Oo]ur)\b(?!\.\w)")
_YOU = re.compile(r"\b[Yy]our?\b")


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """Somebody's words.

    :ivar source: the mention that names the speaker, if one does.
    :ivar speaker: None where the text does not say who it is.
    """

    source: Span | None
    speaker: str | None
    paragraphs: tuple[Span, ...]


def lines(text: str) -> list[Span]:
    """Return the lines of a text that are not blank, without white space at their ends."""
    trimmed = (trim(text, match.span()) for match in _PARAGRAPH.finditer(text))
    return [span for span in trimmed if span[0] < span[1]]


def personal(text: str, span: Span) -> bool:
    """Whether words are in the first person."""
    return _I.search(text, *span) is not None


def spoken(text: str, span: Span) -> bool:
    """Whether words are those of a conversation: in the first or second person, or a question."""
    return personal(text, span) or _YOU.search(text, *span) is not None or text[span[1] - 1] == "?"


def attributions(text: str, turns: Sequence[SpokenTurn], language: str) -> Iterator[Attribution]:
    """Yield the words of the turns: whole sentences, of each paragraph as many as one quote holds."""
    for turn in turns:
        for start, end in turn.paragraphs:
            for content in _pieces(text, (start, end), language):
                yield Attribution(content, turn.source, None, "direct", turn.speaker)


def _pieces(text: str, paragraph: Span, language: str) -> Iterator[Span]:
    offset, begin, last = paragraph[0], paragraph[0], paragraph[0]
    for start, end in sentences(text[slice(*paragraph)], language):
        if offset + end - begin > _LONGEST and last > begin:
            yield begin, last
            begin = offset + start
        last = offset + end
    if last > begin:
        yield begin, last
