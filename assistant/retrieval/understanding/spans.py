"""Folded text with offsets into the original, and text with spans removed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from assistant.text import fold


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A text folded to no case and no accents.

    :ivar source: the text as written; ``text``: folded.
    :ivar origin: for each character of ``text``, its offset in ``source``.
    """

    source: str
    text: str
    origin: tuple[int, ...]

    @classmethod
    def of(cls, source: str) -> Self:
        """Fold ``source`` character by character."""
        pieces = [fold(character) for character in source]
        origin = tuple(place for place, piece in enumerate(pieces) for _ in piece)
        return cls(source, "".join(pieces), origin)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of ``source`` that ``text[start:end]`` comes from; it must not be empty."""
        last = self.origin[end - 1] + 1
        while last < len(self.source) and not fold(self.source[last]):
            last += 1  # an accent as a separate character
        return self.origin[start], last


def without_spans(question: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return ``question`` without some spans, with single spaces; "" if no words are left."""
    if not spans:
        return question
    kept, reached = [], 0
    for start, end in sorted(spans):
        kept.append(question[reached : max(reached, start)])
        reached = max(reached, end)
    text = " ".join(" ".join([*kept, question[reached:]]).split())
    text = re.sub(r"\s+([?.!,;:؟،])", r"\1", text)
    return re.sub(r"^[,;:،\s]+|[,;:،\s]+(?=[?.!؟]*$)", "", text) if re.search(r"\w", text) else ""
