"""The English cues, as ``languages/en.toml`` lists them, with the inflected forms derived."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.languages.lexicon import english_speech

_VOWELS = "aeiou"

FormClasses = dict[str, frozenset[str]]
"""Lower-case word form -> the classes (lists of ``[speech]``) that it stands in."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Cues by word form.

    :ivar verbs: the classes are "say", "think", ... and "about", "of", ... for the prepositions a verb takes.
    :ivar phrasal: verbs that speak with a particle; the classes are the particles ("shot back").
    :ivar passive: verbs whose subject belongs to what is reported ("is expected to").
    :ivar adjectives: "sure that", "critical of".
    :ivar nouns: singular or plural.
    :ivar lemmas: verb form -> base form.
    """

    verbs: FormClasses
    phrasal: FormClasses
    passive: FormClasses
    adjectives: FormClasses
    nouns: FormClasses
    lemmas: dict[str, str]

    def cue_words(self) -> frozenset[str]:
        """Return every form that can attribute something: what a sentence must hold to be worth parsing."""
        tables = (self.verbs, self.passive, self.adjectives, self.nouns)
        return frozenset(word for table in tables for word in table) | {"according"}


@cache
def lexicon() -> Lexicon:
    """Return the English lexicon; read once."""
    listed = english_speech()
    lemmas: dict[str, str] = {}

    def verb_forms(word: str) -> Iterable[str]:
        forms = {word, *listed.irregular.get(word, _inflect(word))}
        for form in forms:
            lemmas.setdefault(form, word)
        return forms

    return Lexicon(
        verbs=_table([*listed.verbs.items(), *listed.verb_prepositions.items()], verb_forms),
        phrasal=_table(listed.phrasal.items(), verb_forms),
        passive=_table(listed.passive.items(), verb_forms),
        adjectives=_table(listed.adjectives.items(), lambda word: (word,)),
        nouns=_table(listed.nouns.items(), lambda word: (word, _plural(word))),
        lemmas=lemmas,
    )


def _table(lists: Iterable[tuple[str, Sequence[str]]], forms: Callable[[str], Iterable[str]]) -> FormClasses:
    classes: dict[str, set[str]] = {}
    for name, words in lists:
        for word in words:
            for form in forms(word):
                classes.setdefault(form, set()).add(name)
    return {form: frozenset(names) for form, names in classes.items()}


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def _inflect(verb: str) -> tuple[str, str, str]:
    """The third person, the past and the -ing form of a regular verb."""
    if verb.endswith("ee"):
        return verb + "s", verb + "d", verb + "ing"
    if verb.endswith("e"):
        return verb + "s", verb + "d", verb[:-1] + "ing"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    third = verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
    return third, verb + "ed", verb + "ing"
