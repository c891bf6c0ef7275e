"""The closed word classes of German."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assistant.languages.lexicon import german_speech
from assistant.quotes.german.verbs import GermanVerbs, german_verbs


@dataclass(frozen=True, slots=True)
class WordClasses:
    """The closed word classes of German, lower case."""

    determiners: frozenset[str]
    nominative: frozenset[str]
    genitives: frozenset[str]
    attached: frozenset[str]
    prepositions: frozenset[str]
    pronouns: frozenset[str]
    adverbs: frozenset[str]
    not_adjectives: frozenset[str]
    subordinators: frozenset[str]
    complementizers: frozenset[str]
    interrogatives: frozenset[str]
    relatives: frozenset[str]
    times: frozenset[str]
    auxiliaries: frozenset[str]
    have: frozenset[str]
    be: frozenset[str]
    become: frozenset[str]
    particles: frozenset[str]
    verbs: GermanVerbs


@lru_cache(maxsize=1)
def classes() -> WordClasses:
    """Return the closed word classes of German; read once."""
    listed = german_speech().words
    verbs = german_verbs()
    return WordClasses(
        determiners=listed.determiners_nominative | listed.determiners_other,
        nominative=listed.determiners_nominative,
        genitives=listed.genitives,
        attached=listed.attached,
        prepositions=listed.prepositions,
        pronouns=listed.pronouns_male | listed.pronouns_female | listed.pronouns_other,
        adverbs=listed.adverbs,
        not_adjectives=listed.not_adjectives,
        subordinators=listed.subordinators,
        complementizers=listed.complementizers,
        interrogatives=listed.interrogatives,
        relatives=listed.relatives,
        times=listed.times,
        auxiliaries=listed.auxiliaries,
        have=listed.have,
        be=listed.be,
        become=listed.become,
        particles=frozenset(item.cue.particle for found in verbs.forms.values() for item in found) - {""},
        verbs=verbs,
    )
