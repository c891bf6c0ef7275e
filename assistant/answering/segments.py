"""Printable pieces of an article: a sentence, or the sentences that share a quotation."""

from __future__ import annotations

import re

from assistant.sentences import sentences
from assistant.text import Span
from assistant.types import Passage, StoredArticle

_REACH = 1500
"""Characters around a passage in which to look for a quotation that it cuts."""

_LONGEST = 900
"""Most characters in a piece; a longer quotation is cut at a sentence."""

_PAIRS = {"“": "”", "„": "“”", "«": "»", "»": "«", "「": "」", '"': '"'}
_MARKS = re.compile("[" + "".join({*_PAIRS, *"".join(_PAIRS.values())}) + "]")


def units(passage: Passage) -> list[Span]:
    """Return the printable pieces that begin in a passage, as spans of its article's text.

    A sentence that leaves a quotation open is joined with the next ones of its paragraph, up to the one that closes it,
    so that no answer ends inside somebody's words.
    """
    text = passage.article.text
    begin = text.rfind("\n", max(0, passage.start - _REACH), passage.start) + 1
    begin = begin or (0 if passage.start < _REACH else passage.start)
    window = text[begin : _paragraph_end(text, passage.end)]
    pieces = [(s + begin, e + begin) for s, e in sentences(window, passage.article.language)]
    return [span for span in _whole_quotations(text, pieces) if passage.start <= span[0] < passage.end]


def _paragraph_end(text: str, position: int) -> int:
    """Return the end of the paragraph around ``position``; a hard-wrapped line continues in lower case."""
    limit = min(len(text), position + _REACH)
    while (position := text.find("\n", position, limit)) >= 0:
        position += 1
        if not text[position : position + 1].islower():
            return position
    return limit


def surrounding(article: StoredArticle, start: int, end: int) -> Span:
    """Return the span of the whole sentences of ``article`` that contain ``start`` to ``end``."""
    text = article.text
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    first, last = start, end
    for s, e in sentences(text[begin:stop], article.language):
        if s + begin < end and e + begin > start:
            first, last = min(first, s + begin), max(last, e + begin)
    return first, last


def printable(article: StoredArticle, start: int, end: int) -> Span:
    """Return the printable span around ``start`` to ``end``: the sentence, or those that share its quotation."""
    text = article.text
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    pieces = [
        (s + begin, e + begin) for s, e in sentences(text[begin : stop if stop >= 0 else len(text)], article.language)
    ]
    return next(((s, e) for s, e in _whole_quotations(text, pieces) if s <= start < e), (start, end))


def _whole_quotations(text: str, pieces: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in pieces:
        if joined:
            before = joined[-1]
            apart = text[before[1] : start]
            if "\n" not in apart and end - before[0] <= _LONGEST and is_open(text[before[0] : before[1]]):
                joined[-1] = (before[0], end)
                continue
        joined.append((start, end))
    return joined


def is_open(text: str) -> bool:
    """Tell whether ``text`` ends inside an open quotation."""
    closing = ""
    for character in _MARKS.findall(text):
        if closing and character in closing:
            closing = ""
        elif not closing:
            closing = _PAIRS.get(character, "")
    return bool(closing)
