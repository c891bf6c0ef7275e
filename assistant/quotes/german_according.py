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


@lru_cache(maxsize=1)
def speech_nouns() -> frozenset[str]:
    """Return the nouns that take a clause of content: "Forderung", "Verdacht"."""
    return word_set((data("de") or {})["nouns"]["cue"])


@lru_cache(maxsize=1)
def _speakers() -> tuple[str, ...]:
    nouns = (data("de") or {})["nouns"]
    return tuple(nouns["roles"].split() + nouns["bodies"].split())


def may_speak(sentence: Sentence, got: Phrase) -> bool:
    """Whether a noun phrase names somebody who can speak: a role, a body, a name of two words, a party."""
    tokens = [token for token in sentence.tokens[got[0] : got[1]] if token.capital and not token.aside]
    if sentence.tokens[got[0]].low in ("er", "sie"):
        return True
    if any(token.low.endswith(_speakers()) or (token.text.isupper() and len(token.text) > 1) for token in tokens):
        return True
    return len(tokens) >= 2 and sentence.tokens[got[0]].capital and sentence.tokens[got[0]].low not in words().determiners


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
            if token.quoted or (token.capital and token.text != "Folge" and index > clause.start and tokens[index - 1].word):
                continue
            got: Where | None = None
            if token.low in ("laut", "gemäß"):
                got = _before(sentence, index, clause.end)
            elif token.low == "nach":
                got = _nach(sentence, index, clause.start, clause.end)
            elif token.low == "aus" and index + 1 < clause.end and (
                tokens[index + 1].text == "Sicht" or [t.text for t in tokens[index + 1 : index + 3]] == ["der", "Sicht"]
            ):
                got = _before(sentence, index, clause.end)
            elif token.low == "zufolge" or (token.low == "folge" and tokens[index - 1].low == "zu"):
                got = _after(sentence, index, clause.start)
            elif token.low in ("demnach", "demzufolge") or (token.low == "danach" and index == 0 and _reported(sentence)):
                got = ((index, index + 1), index, (index, index + 1))
            elif token.low == "wonach" and index == clause.start:
                got = ((index, index + 1), index, (index, index + 1))
            if got:
                found.append(got)
    return found


def _reported(sentence: Sentence) -> bool:
    moods = words().verbs
    return any(token.low in moods.subjunctive or token.low in moods.past for token in sentence.tokens)


def _before(sentence: Sentence, index: int, end: int) -> Where | None:
    got = phrase(sentence, index + 1, end)
    if got is None and index + 1 < end and "." in sentence.tokens[index + 1].text[1:]:
        got = (index + 1, index + 2)  # a site: "laut spiegel.de"
    return (got, index, (index, got[1])) if got else None


def _nach(sentence: Sentence, index: int, start: int, end: int) -> Where | None:
    """"nach Angaben der Polizei", or "ihrer Meinung nach" when the noun stands before it."""
    tokens = sentence.tokens
    got = phrase(sentence, index + 1, end)
    noun = next((at for at in range(got[0], got[1]) if tokens[at].capital), None) if got else None
    if got and noun is not None and (speaks(tokens[noun].text) or tokens[noun].text.isupper() and len(tokens[noun].text) > 3):
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
        if at < index and tokens[at].low in lexicon.determiners and token.low not in ("von", "vom", "und") and not token.capital:
            break
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
