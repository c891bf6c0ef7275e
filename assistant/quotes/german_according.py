"""German prepositional attributions: "laut X", "nach Angaben von X", "X zufolge", "demnach"."""

from __future__ import annotations

from functools import lru_cache

from assistant.quotes.german_phrases import Phrase, phrase
from assistant.quotes.german_text import Sentence, words
from assistant.quotes.lexicon import data, word_set

Where = tuple[Phrase | None, int, Phrase]
"""The source, the cue's token, and the tokens of the whole attribution."""


@lru_cache(maxsize=1)
def _nouns() -> tuple[frozenset[str], tuple[str, ...]]:
    table = (data("de") or {})["nouns"]
    return word_set(table["according"]), tuple(table["according_suffix"].split())


def speaks(noun: str) -> bool:
    """Whether a noun can stand in "nach ...": Angaben, Ansicht, Polizeiangaben."""
    listed, suffixes = _nouns()
    return noun in listed or noun.lower().endswith(suffixes)


def according_phrases(sentence: Sentence) -> list[Where]:
    """Return the attributions by preposition of a sentence."""
    tokens = sentence.tokens
    found: list[Where] = []
    for clause in sentence.clauses:
        for index in range(clause.start, clause.end):
            token = tokens[index]
            if token.quoted or (token.capital and index > clause.start and tokens[index - 1].word):
                continue
            got: Where | None = None
            if token.low in ("laut", "gemäß"):
                got = _before(sentence, index, clause.end)
            elif token.low == "nach":
                got = _nach(sentence, index, clause.start, clause.end)
            elif token.low == "zufolge" or (token.low == "folge" and tokens[index - 1].low == "zu"):
                got = _after(sentence, index, clause.start)
            elif token.low in ("demnach", "danach", "demzufolge") and token.capital and index == clause.start:
                got = ((index, index + 1), index, (index, index + 1)) if token.low != "danach" else None
            elif token.low in ("wonach", "demnach") and index == clause.start:
                got = ((index, index + 1), index, (index, index + 1))
            if got:
                found.append(got)
    return found


def _before(sentence: Sentence, index: int, end: int) -> Where | None:
    got = phrase(sentence, index + 1, end)
    return (got, index, (index, got[1])) if got else None


def _nach(sentence: Sentence, index: int, start: int, end: int) -> Where | None:
    """"nach Angaben der Polizei", or "ihrer Meinung nach" when the noun stands before it."""
    tokens = sentence.tokens
    got = phrase(sentence, index + 1, end)
    if got and any(tokens[at].capital and speaks(tokens[at].text) for at in range(got[0], min(got[1], got[0] + 5))):
        return got, index, (index, got[1])
    if index > start and speaks(tokens[index - 1].text):
        return _after(sentence, index, start)
    return None


def _after(sentence: Sentence, index: int, start: int) -> Where | None:
    """The noun phrase that ends right before a token."""
    tokens, lexicon = sentence.tokens, words()
    at = index
    while at > start:
        token = tokens[at - 1]
        if token.quoted or token.aside or token.capital or token.low in lexicon.determiners:
            at -= 1
        elif token.text[0].isdigit() or token.low in ("von", "vom", "und", "im", "für"):
            at -= 1
        elif token.low.endswith(("en", "er", "es", "em")) and at < index and token.low not in lexicon.verbs.forms:
            at -= 1
        else:
            break
    while at < index and tokens[at].low in ("und", "von", "im", "für", "vom"):
        at += 1
    return ((at, index), index, (at, index + 1)) if at < index else None
