"""English words that tell who is meant: pronouns, titles, first names, roles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from assistant.languages.lexicon import speech_words


@dataclass(frozen=True, slots=True)
class People:
    """Words that tell who is meant.

    :ivar pronouns: word -> "m", "f", or "group".
    :ivar titles: word before a name, without its point -> "m", "f" or "".
    :ivar given: folded first name -> "m" or "f".
    :ivar roles: role as it stands with a name -> the words it may be taken up by ("the senator").
    :ivar starters: words that begin a sentence, and days and months: no part of a name that follows them.
    :ivar organisations: folded words of names that are not a person's.
    :ivar voices: what is somebody's and speaks for them ("his statement").
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
    """Return what the English word list says of people; read once."""
    raw = (speech_words("en") or {})["people"]

    def marked(**groups: str) -> dict[str, str]:
        return {word: mark for mark, words in groups.items() for word in words.split()}

    titles = dict.fromkeys(raw["titles"].split(), "") | marked(m=raw["titles_m"], f=raw["titles_f"])
    roles: dict[str, tuple[str, ...]] = {role: (role,) for role in raw["roles"].split()}
    for short, full in raw["role_forms"].items():
        roles[short] = (full,)
    return People(
        pronouns=marked(m=raw["pronouns_m"], f=raw["pronouns_f"], group=raw["pronouns_group"]),
        titles=titles,
        given=marked(m=raw["given_m"], f=raw["given_f"]),
        roles=roles,
        starters=frozenset(raw["starters"].split()),
        organisations=frozenset(raw["organisations"].split()),
        voices=frozenset(raw["voices"].split()),
    )
