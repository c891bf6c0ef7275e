"""German cue verbs by their forms, and the forms of the subjunctive: inflected from ``de.toml`` by rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.languages.lexicon import german_speech
from assistant.languages.speech import Cues

VerbForm = Literal["finite", "fused", "participle"]


@dataclass(frozen=True, slots=True)
class CueVerb:
    """A verb that attributes words.

    :ivar lemma: the infinitive without its separable prefix.
    :ivar particle: the separable prefix ("mit" of "mitteilen"); "" when there is none.
    :ivar words: lower-case words that must stand in the same clause ("davon", "aus").
    :ivar say: takes any complement, also a plain main clause.
    :ivar clause: takes a marked clause: in the subjunctive, with "dass", or an infinitive.
    :ivar report: reports an act of speech without a clause ("fordert den Rücktritt").
    """

    lemma: str
    particle: str
    words: tuple[str, ...]
    say: bool
    clause: bool
    report: bool


@dataclass(frozen=True, slots=True)
class Inflected:
    """What a form in the text may be.

    :ivar kind: "finite" (the particle stands apart), "fused" (verb-final, with its particle) or "participle".
    """

    cue: CueVerb
    kind: VerbForm


def stem(infinitive: str) -> str:
    """Return the stem of a German infinitive: "äußer" of "äußern", "sag" of "sagen"."""
    return infinitive[:-2] if infinitive.endswith("en") else infinitive[:-1]


def subjunctive_form(infinitive: str) -> str:
    """Return the third person singular of the present subjunctive: "sage", "äußere", "handele"."""
    return stem(infinitive) + "e"


def principal_parts(infinitive: str, strong: dict[str, tuple[str, str, str]], inseparable: frozenset[str]) -> list[str]:
    """Return third person present, past, and participle of a German verb."""
    if infinitive in strong:
        return list(strong[infinitive])
    base = stem(infinitive)
    link = "e" if base[-1:] in "td" or _needs_link(base) else ""
    without_ge = infinitive.endswith("ieren") or any(
        infinitive.startswith(prefix) and len(infinitive) > len(prefix) + 3 for prefix in inseparable
    )
    return [f"{base}{link}t", f"{base}{link}te", f"{'' if without_ge else 'ge'}{base}{link}t"]


def _needs_link(base: str) -> bool:
    """Whether a stem in m or n takes an "e" before "t": "rechnet", "widmet", but "wohnt", "warnt"."""
    if base[-1:] not in "mn" or base[-2:-1] in "aeiouäöülrmn":
        return False
    return not (base[-2:-1] == "h" and base[-3:-2] in "aeiouäöü")


def _finite(infinitive: str, present: str, past: str) -> Iterator[str]:
    yield from (present, infinitive, past, subjunctive_form(infinitive))
    yield past + ("n" if past.endswith("e") else "en")


@dataclass(frozen=True, slots=True)
class GermanVerbs:
    """German cue verbs by their forms, and the subjunctive forms of common verbs.

    :ivar forms: lower-case form -> what it may be.
    :ivar subjunctive: forms that are a present subjunctive in the third person; strong evidence of reported speech.
    :ivar past_plural: past subjunctives that stand in for it in the plural.
    :ivar past: other past subjunctives: evidence only next to speech.
    """

    forms: dict[str, tuple[Inflected, ...]]
    subjunctive: frozenset[str]
    past_plural: frozenset[str]
    past: frozenset[str]


@lru_cache(maxsize=1)
def german_verbs() -> GermanVerbs:
    """Return the German cue verbs, inflected."""
    speech = german_speech()
    strong = {row[0]: (row[1], row[2], row[3]) for row in map(str.split, speech.verbs.strong)}
    forms: dict[str, list[Inflected]] = {}
    for cue in _cues(speech.cues):
        present, past, participle = principal_parts(cue.lemma, strong, speech.verbs.inseparable)
        for form in _finite(cue.lemma, present, past):
            forms.setdefault(form, []).append(Inflected(cue, "finite"))
            if cue.particle:
                forms.setdefault(cue.particle + form, []).append(Inflected(cue, "fused"))
        forms.setdefault(cue.particle + participle, []).append(Inflected(cue, "participle"))
    moods = speech.subjunctive
    listed = {subjunctive_form(verb) for verb in moods.verbs} - moods.not_verbs
    listed |= {verb[:-3] + "le" for verb in moods.verbs if verb.endswith("eln")}
    return GermanVerbs(
        forms={form: tuple(found) for form, found in forms.items()},
        subjunctive=frozenset(listed) | moods.auxiliaries,
        past_plural=moods.past_plural,
        past=moods.past,
    )


def _cues(listed: Cues) -> list[CueVerb]:
    """The cue verbs of the three groups, one entry for each verb with its particle and words."""
    members = {"say": set(listed.say), "clause": set(listed.clause), "report": set(listed.report)}
    cues = []
    for entry in sorted(members["say"] | members["clause"] | members["report"]):
        verb, _, words = entry.partition("|")
        particle, plus, lemma = verb.rpartition("+")
        if plus and "_" in particle:
            words, particle, verb = f"{words}_{particle}".strip("_").lower(), "", lemma
        in_report = entry in members["report"] or verb in members["report"]
        cues.append(
            CueVerb(
                lemma=lemma or verb,
                particle=particle,
                words=tuple(word.lower() for word in words.split("_") if word),
                say=entry in members["say"],
                clause=entry in members["clause"],
                report=in_report,
            )
        )
    return cues
