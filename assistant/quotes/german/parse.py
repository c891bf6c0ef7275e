"""German text cut into sentences, tokens and clauses."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate

from assistant.quotes.common.opaque import opaque
from assistant.quotes.common.quotation_marks import Quotation, outermost
from assistant.quotes.german.clauses import clauses
from assistant.quotes.german.tokens import GermanSentence, GermanToken
from assistant.sentences import sentences
from assistant.text import Span

_TOKEN = re.compile(r"\d+(?:[.,:/–-]\d+)*\.?(?:-\w+)?|\w+(?:[-/’'.&]\w+)*-?|[^\w\s]")
MAX_SENTENCE = 3000
"""Characters; a longer run without an end is cut, so that the work stays linear."""


def parse(text: str) -> list[GermanSentence]:
    """Return the sentences of a German text, cut into clauses."""
    quotes = outermost(text)
    masked = opaque(text, quotes)
    breaks = [match.start() for match in re.finditer(r"\n\s*\n", text)]
    found: list[GermanSentence] = []
    place = 0
    for start, end in _short(sentences(masked, "de"), masked, quotes):
        inside: list[Quotation] = []
        while place < len(quotes) and quotes[place].span[0] < end:
            if quotes[place].span[0] >= start:
                inside.append(quotes[place])
            place += 1
        tokens = _tokens(text, start, end, inside)
        if tokens:
            sentence = GermanSentence(start, end, bisect_right(breaks, start), tokens, quotes=inside)
            sentence.clauses = clauses(sentence)
            found.append(sentence)
    return found


def _short(spans: list[Span], text: str, quotes: list[Quotation]) -> list[Span]:
    """The spans, those longer than MAX_SENTENCE (quotations apart) cut: between words, never in a quotation."""
    starts = [quote.span[0] for quote in quotes]
    lengths = [0, *accumulate(quote.span[1] - quote.span[0] for quote in quotes)]
    result: list[Span] = []
    for start, end in spans:
        while end - start > MAX_SENTENCE:
            held = lengths[bisect_left(starts, end)] - lengths[bisect_left(starts, start)]
            if end - start - held <= MAX_SENTENCE:
                break
            cut = text.rfind(" ", start + 1, start + MAX_SENTENCE)
            if cut <= start:
                cut = start + MAX_SENTENCE
                place = bisect_right(starts, cut) - 1
                if place >= 0:
                    cut = min(end, max(cut, quotes[place].span[1]))
            if text[start:cut].strip("x"):
                result.append((start, cut))
            start = cut
            while start < end and text[start].isspace():
                start += 1
        if start < end:
            result.append((start, end))
    return result


def _tokens(text: str, start: int, end: int, quotes: list[Quotation]) -> list[GermanToken]:
    tokens: list[GermanToken] = []
    place = depth = 0
    for match in _TOKEN.finditer(text, start, end):
        while place < len(quotes) and quotes[place].span[1] <= match.start():
            place += 1
        quoted = place < len(quotes) and quotes[place].span[0] <= match.start()
        word = match[0]
        if word in "([" and not quoted:
            depth = min(depth + 1, 3)
        tokens.append(GermanToken(match.start(), match.end(), word, word.lower(), quoted, depth > 0))
        if word in ")]" and not quoted:
            depth = max(depth - 1, 0)
    return tokens
