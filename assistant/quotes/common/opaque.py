"""Quotations made opaque, so that a sentence splitter does not end a sentence within one."""

from __future__ import annotations

from assistant.quotes.common.quotation_marks import Quotation


def opaque(text: str, quotes: list[Quotation]) -> str:
    """Return the text with its quotations made opaque, so that no sentence ends within one; as long as the text.

    Their first character and a closing terminator stay: they tell where the sentence around them ends.
    """
    pieces: list[str] = []
    at = 0
    for quote in quotes:
        start, end = quote.inner
        if end - start < 2 or not quote.closed:
            continue
        keep = 1 if text[end - 1] in ".!?…؟" else 0
        pieces += [text[at : start + 1], "x" * (end - start - 1 - keep), text[end - keep : end]]
        at = end
    pieces.append(text[at:])
    return "".join(pieces)
