"""English words that identify people: pronouns, titles, first names, roles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from assistant.languages.lexicon import english_speech


@dataclass(frozen=True, slots=True)
class People:
    """Words that identify people.

    :ivar pronouns: word -> "m", "f", or "group".
    :ivar titles: word before a name, without its full stop -> "m", "f" or "".
    :ivar given: folded first name -> "m" or "f".
    :ivar roles: role as used with a name -> words that may refer back to it ("the senator").
    :ivar starters: words that begin a sentence, and days and months: not part of a name that follows them.
    :ivar organisations: folded words found in names that are not a person's.
    :ivar voices: things of somebody's that speak for them ("his statement").
    """

    pronouns: dict[str, str]
    titles: dict[str, str]
    given: dict[str, str]
    roles: dict[str, tuple[str, ...]]
    starters: frozenset[str]
    organisations: frozenset[str]
    voices: frozenset[str]


@cache
def people() -> People:
    """Return the English words that identify people; cached."""
    listed = english_speech().people

    def marked(**groups: tuple[str, ...]) -> dict[str, str]:
        return {word: mark for mark, words in groups.items() for word in words}

    roles: dict[str, tuple[str, ...]] = {role: (role,) for role in listed.roles}
    roles |= {short: (full,) for short, full in listed.role_forms.items()}
    return People(
        pronouns=marked(m=listed.pronouns_m, f=listed.pronouns_f, group=listed.pronouns_group),
        titles=dict.fromkeys(listed.titles, "") | marked(m=listed.titles_m, f=listed.titles_f),
        given=marked(m=listed.given_m, f=listed.given_f),
        roles=roles,
        starters=listed.starters,
        organisations=listed.organisations,
        voices=listed.voices,
    )
