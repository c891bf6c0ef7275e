"""German prepositional attributions: "laut X", "nach Angaben von X", "X zufolge", "demnach"."""

from __future__ import annotations

from functools import lru_cache

from assistant.languages.lexicon import german_speech
from assistant.quotes.german.noun_phrases import Phrase, phrase
from assistant.quotes.german.tokens import GermanClause, GermanSentence
from assistant.quotes.german.word_classes import classes

Where = tuple[Phrase | None, int, Phrase]
"""The source, the cue's token, and the tokens of the whole attribution."""
MAX_PHRASES = 8
"""Attributions by preposition read in one sentence."""
_LINKS = frozenset(["von", "vom", "und", "im", "für"])


@lru_cache(maxsize=1)
def _speakers() -> tuple[str, ...]:
    nouns = german_speech().nouns
    return (*nouns.roles, *nouns.bodies)


def may_speak(sentence: GermanSentence, got: Phrase) -> bool:
    """Whether a noun phrase names somebody who can speak: a role, a body, a name of two words, a party."""
    first = sentence.tokens[got[0]]
    capitals = [token for token in sentence.tokens[got[0] : got[1]] if token.capital and not token.aside]
    if first.low in ("er", "sie"):
        return True
    if any(token.low.endswith(_speakers()) or (token.text.isupper() and len(token.text) > 1) for token in capitals):
        return True
    return len(capitals) >= 2 and first.capital and first.low not in classes().determiners


def speaks(noun: str) -> bool:
    """Whether a noun can stand in "nach ...": Angaben, Ansicht, Polizeiangaben."""
    nouns = german_speech().nouns
    return noun in nouns.according or noun.lower().endswith(nouns.according_suffixes)


def according_phrases(sentence: GermanSentence) -> list[Where]:
    """Return the attributions by preposition of a sentence; at most MAX_PHRASES."""
    found: list[Where] = []
    for clause in sentence.clauses:
        for index in range(clause.start, clause.end):
            token = sentence.tokens[index]
            inside = index > clause.start and sentence.tokens[index - 1].word
            if token.quoted or (token.capital and inside and token.text != "Folge"):
                continue
            got = _at(sentence, index, clause)
            if got:
                found.append(got)
        if len(found) >= MAX_PHRASES:
            break
    return found[:MAX_PHRASES]


def _at(sentence: GermanSentence, index: int, clause: GermanClause) -> Where | None:
    """The attribution whose preposition or adverb stands at a token."""
    tokens = sentence.tokens
    low = tokens[index].low
    if low in ("laut", "gemäß"):
        return _before(sentence, index, clause.end)
    if low == "nach":
        return _nach(sentence, index, clause)
    if low == "aus" and index + 2 < clause.end:
        sight = tokens[index + 1 + (tokens[index + 1].low == "der")]
        return _before(sentence, index, clause.end) if sight.text == "Sicht" else None
    if low == "zufolge" or (low == "folge" and index > 0 and tokens[index - 1].low == "zu"):
        return _after(sentence, index, clause.start)
    pointing = low in ("demnach", "demzufolge") or (low == "wonach" and index == clause.start)
    if pointing or (low == "danach" and index == 0 and _reported(sentence)):
        return (index, index + 1), index, (index, index + 1)
    return None


def _reported(sentence: GermanSentence) -> bool:
    moods = classes().verbs
    return any(token.low in moods.subjunctive or token.low in moods.past for token in sentence.tokens)


def _before(sentence: GermanSentence, index: int, end: int) -> Where | None:
    got = phrase(sentence, index + 1, end)
    if got is None and index + 1 < end and "." in sentence.tokens[index + 1].text[1:]:
        got = (index + 1, index + 2)  # a site: "laut spiegel.de"
    return (got, index, (index, got[1])) if got else None


def _nach(sentence: GermanSentence, index: int, clause: GermanClause) -> Where | None:
    """What "nach Angaben der Polizei" attributes, or "ihrer Meinung nach", with the noun before."""
    tokens = sentence.tokens
    got = phrase(sentence, index + 1, clause.end)
    noun = next((tokens[at].text for at in range(*got) if tokens[at].capital), "") if got else ""
    if got and (speaks(noun) or (noun.isupper() and len(noun) > 3)):
        return got, index, (index, got[1])
    if index > clause.start and speaks(tokens[index - 1].text):
        return _after(sentence, index, clause.start)
    return None


def _after(sentence: GermanSentence, index: int, start: int) -> Where | None:
    """The noun phrase that ends right before a token."""
    tokens = sentence.tokens
    at = index
    while at > start and _belongs(sentence, at, index):
        at -= 1
    while at < index and tokens[at].low in _LINKS:
        at += 1
    return ((at, index), index, (at, index + 1)) if at < index else None


def _belongs(sentence: GermanSentence, at: int, index: int) -> bool:
    """Whether the token before ``at`` is part of the noun phrase that ends before ``index``."""
    token, known = sentence.tokens[at - 1], classes()
    article = at < index and sentence.tokens[at].low in known.determiners
    if article and not token.capital and token.low not in ("von", "vom", "und"):
        return False
    if token.quoted or token.aside or token.capital or token.text[0].isdigit():
        return True
    if token.low in known.determiners or token.low in _LINKS:
        return True
    return at < index and token.low.endswith(("en", "er", "es", "em")) and token.low not in known.verbs.forms
