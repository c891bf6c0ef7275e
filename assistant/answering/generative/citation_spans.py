"""Narrow a marker's passage to the exact sentences that support the claim."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.checks.claims import CitedSpan
from assistant.answering.generative.prompting import PromptSource
from assistant.answering.quoted_spans import occurrences, quotations
from assistant.answering.segments import is_open
from assistant.retrieval.analysis import Term, terms
from assistant.retrieval.stems import roots
from assistant.sentences import sentences
from assistant.text import Span

MOST = 3
"""Most sentences that one marker is narrowed to."""

_WEIGHTS = {"name": 1.5, "number": 2.0, "word": 1.0}
"""Weights of the kinds of words in a claim; each word counts once, for the first sentence chosen that has it."""

_ADDS = 1.5
"""Least weight of new words for choosing a further sentence: a name, a number, or two words."""


def narrowed(claim: str, source: PromptSource) -> list[CitedSpan]:
    """Return the spans of the source's sentences that support ``claim``, in order, merging neighbours.

    Sentences with the claim's quotations are chosen first, then greedily those with most of its words not yet covered.
    If no sentence shares a word with it, the one that the source was chosen for is returned, and left to the checks.
    """
    article = source.article
    spans = _sentences(source)
    present = [frozenset(roots(article.text[start:end], article.language)) for start, end in spans]
    chosen = _quoting(claim, source, spans)
    missing = {one.root: one for one in terms(claim, article.language)}
    for place in chosen:
        missing = _without(missing, present[place], article.language)
    while len(chosen) < MOST:
        gains = [_gain(missing, words, article.language) for words in present]
        best = max(range(len(spans)), key=lambda place: (gains[place], -place))
        if gains[best] < (_ADDS if chosen else 1e-9):
            break
        chosen.append(best)
        missing = _without(missing, present[best], article.language)
    if not chosen:
        return [CitedSpan(article, *_holding(spans, source.piece))]
    return [CitedSpan(article, start, end) for start, end in _runs(spans, sorted(set(chosen)))]


def _sentences(source: PromptSource) -> list[Span]:
    """The sentences of a source; those that share a quotation count as one."""
    text, begin = source.article.text, source.span[0]
    joined: list[Span] = []
    for start, end in sentences(source.text, source.article.language):
        start, end = start + begin, end + begin
        if joined and "\n" not in text[joined[-1][1] : start] and is_open(text[joined[-1][0] : joined[-1][1]]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined or [source.span]


def _quoting(claim: str, source: PromptSource, spans: Sequence[Span]) -> list[int]:
    """Indices of the sentences that contain the claim's quotations."""
    found: list[int] = []
    for start, end in quotations(claim):
        for first, last in occurrences(claim[start:end], source.text):
            at = (first + source.span[0], last + source.span[0])
            found += [place for place, (s, e) in enumerate(spans) if s < at[1] and at[0] < e]
            break
    return list(dict.fromkeys(found))


def _gain(missing: dict[str, Term], words: frozenset[str], language: str) -> float:
    return sum(_WEIGHTS[one.kind] for one in missing.values() if one.among(words, language))


def _without(missing: dict[str, Term], words: frozenset[str], language: str) -> dict[str, Term]:
    return {key: one for key, one in missing.items() if not one.among(words, language)}


def _holding(spans: Sequence[Span], piece: Span) -> Span:
    return next((span for span in spans if span[0] < piece[1] and piece[0] < span[1]), spans[0])


def _runs(spans: Sequence[Span], places: Sequence[int]) -> list[Span]:
    """The spans of these sentences, with each run of neighbours merged."""
    runs: list[Span] = []
    last = -2
    for place in places:
        if place == last + 1:
            runs[-1] = (runs[-1][0], spans[place][1])
        else:
            runs.append(spans[place])
        last = place
    return runs
