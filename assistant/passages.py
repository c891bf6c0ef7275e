"""Passages: runs of whole sentences that the embedding model can read to their end.

A sentence-transformers model reads so many tokens and silently drops the rest (all-MiniLM-L6-v2: 256). A passage is
therefore measured with the model's own tokenizer, together with the headline that is embedded in front of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.sentences import sentences
from assistant.text import Span

TokenCounter = Callable[[Sequence[str]], list[int]]
"""Texts -> how many tokens the model makes of each, special tokens not counted."""

_BOUNDARY = re.compile(r"(?<=\s)(?=\S)")


def split(text: str, language: str, budget: int, count: TokenCounter) -> list[Span]:
    """Cut ``text`` into passages of at most ``budget`` tokens.

    Sentences stay whole unless one alone is over the budget; that one is cut between words, and a word over the
    budget between characters. Passages are evened out, so that an article does not end in a stub.

    :param text: cleaned text.
    :param budget: tokens a passage may have, at least 1.
    :return: spans, ascending, not overlapping; together they hold every character that is not white space.
    """
    whole = sentences(text, language)
    units: list[tuple[Span, int]] = []
    for span, tokens in zip(whole, count([text[s:e] for s, e in whole]), strict=True):
        units.extend([(span, tokens)] if tokens <= budget else _halve(text, span, budget, count))
    target = _even(sum(tokens for _, tokens in units), budget)
    passages: list[Span] = []
    used = 0
    for (start, end), tokens in units:
        full = used + tokens > budget or (used >= target)
        if passages and not full:
            passages[-1] = (passages[-1][0], end)
            used += tokens
        else:
            passages.append((start, end))
            used = tokens
    return passages


def _even(total: int, budget: int) -> float:
    """The length at which a passage is long enough, so that all come out about alike."""
    parts = -(-total // budget)
    return min(budget, 1.02 * total / parts) if parts else budget


def _halve(text: str, span: Span, budget: int, count: TokenCounter) -> list[tuple[Span, int]]:
    """Cut one over-long sentence in two near its middle, again and again until the parts fit."""
    start, end = span
    tokens = count([text[start:end]])[0]
    if tokens <= budget or end - start < 2:
        return [(span, tokens)]
    middle = (start + end) // 2
    cuts = [m.start() for m in _BOUNDARY.finditer(text, max(start + 1, middle - 200), min(end, middle + 200))]
    cut = min(cuts, key=lambda position: abs(position - middle)) if cuts else middle
    parts = [(start, cut), (cut, end)]
    return [
        piece for s, e in parts for piece in _halve(text, _trim(text, s, e), budget, count) if piece[0][0] < piece[0][1]
    ]


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
