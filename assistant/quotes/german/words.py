"""The closed word classes of German."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assistant.languages.lexicon import speech_words, word_set
from assistant.quotes.german.verbs import GermanVerbs, german_verbs

AUXILIARIES = frozenset(
    """ist sind war waren hat haben hatte hatten wird werden wurde wurden kann können konnte konnten muss müssen musste
    mussten soll sollen sollte sollten will wollen wollte wollten darf dürfen durfte durften mag mögen mochte möchte
    möchten sei seien habe werde könne müsse dürfe solle wolle würde würden hätte hätten wäre wären könnte könnten
    müsste müssten dürfte dürften gibt gab gebe gäbe geht ging gehe kommt kam komme steht stand stehe liegt lag liege
    bleibt blieb bleibe lässt ließ macht machte""".split()
)
HAVE = frozenset("hat haben habe hatte hatten hätte hätten".split())
BE = frozenset("ist sind war waren sei seien".split())
BECOME = frozenset("wird werden wurde wurden worden werde würde".split())


@dataclass(frozen=True, slots=True)
class Words:
    """The closed word classes of German, lower case."""

    determiners: frozenset[str]
    nominative: frozenset[str]
    prepositions: frozenset[str]
    pronouns: frozenset[str]
    adverbs: frozenset[str]
    subordinators: frozenset[str]
    complementizers: frozenset[str]
    interrogatives: frozenset[str]
    relatives: frozenset[str]
    particles: frozenset[str]
    verbs: GermanVerbs


@lru_cache(maxsize=1)
def words() -> Words:
    """Return the closed word classes, from the data file."""
    table = (speech_words("de") or {})["words"]
    nominative = word_set(table["determiners_nominative"])
    verbs = german_verbs()
    return Words(
        determiners=nominative | word_set(table["determiners_other"]),
        nominative=nominative,
        prepositions=word_set(table["prepositions"]),
        pronouns=word_set(table["pronouns_male"] + " " + table["pronouns_female"] + " " + table["pronouns_other"]),
        adverbs=word_set(table["adverbs"]),
        subordinators=word_set(table["subordinators"]),
        complementizers=word_set(table["complementizers"]),
        interrogatives=word_set(table["interrogatives"]),
        relatives=word_set(table["relatives"]),
        particles=frozenset(item.cue.particle for found in verbs.forms.values() for item in found) - {""},
        verbs=verbs,
    )
