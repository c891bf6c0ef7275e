"""Parse a speaker's name into words, titles and suffix, and tell people from other speakers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from assistant.languages.lexicon import LANGUAGES, around_names, german_speech, name_lists, speech
from assistant.names.people import people
from assistant.names.phonetics import plain, script, sound
from assistant.text import fold

NameKind = Literal["person", "body", "unnamed"]
"""``body``: an organisation, a place, an office; ``unnamed``: "officials", "a resident", "they"."""

_TOKEN = re.compile(r"(?:\w\.)+(?:-(?:\w\.)+)?|\w+(?:[’'`.&-]\w+)*")
_INITIALS = re.compile(r"(?:\w\.)+\Z|\w\Z")
_PREFIX = re.compile(r"^(?:al|el|ad|an|ar|as|ash|at|el|d|l)[-’'](?=\w)")
"""A lower-case prefix before a capital: al-Assad, d’Estaing."""
_POSSESSIVE = re.compile(r"(?<=\w)[’'](?:s\b)?(?=\s|$)")
_CASED = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"})
_AFTER = frozenset({"elect", "designate", "general", "in-chief", "in"})
_BEFORE = frozenset({"ex", "vice", "co", "then", "acting"})
_MOST_WORDS = 6
"""Most words in a person's name; a longer mention is a description."""


@dataclass(frozen=True, slots=True)
class NameWords:
    """Folded words from ``languages/names.toml`` and the language files."""

    particles: frozenset[str]
    suffixes: frozenset[str]
    behind: frozenset[str]
    bodies: frozenset[str]
    ambiguous: frozenset[str]
    nameless: frozenset[str]
    titles: frozenset[str]
    compounds: tuple[str, ...]
    given: frozenset[str]
    nicknames: dict[str, frozenset[int]]
    spokespeople: frozenset[str]
    articles: frozenset[str]
    within: frozenset[str]

    def given_name(self, word: str) -> bool:
        """Whether a word is a first name, full or short."""
        return word in self.given or word in self.nicknames


@cache
def name_words() -> NameWords:
    """Return the words that tell names apart; cached."""
    lists, around = name_lists(), around_names()
    titles = around.titles.union(map(fold, (*people().titles, *people().roles)))
    for table in filter(None, map(speech, LANGUAGES)):
        titles |= {fold(word).strip(".") for word in table.words.titles | table.nouns.roles}
    compounds = {fold(word) for word in german_speech().nouns.roles if len(word) > 4}
    nicknames: dict[str, set[int]] = {}
    for number, line in enumerate(lists.nicknames):
        for word in line.split():
            nicknames.setdefault(sound(word), set()).add(number)
    return NameWords(
        particles=lists.particles,
        within=lists.within,
        suffixes=lists.suffixes,
        behind=lists.behind,
        bodies=around.bodies | lists.companies,
        ambiguous=lists.ambiguous,
        nameless=around.nameless,
        titles=frozenset(titles),
        compounds=tuple(sorted(compounds)),
        given=frozenset(people().given),
        nicknames={word: frozenset(numbers) for word, numbers in nicknames.items()},
        spokespeople=around.spokespeople,
        articles=around.articles,
    )


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A parsed speaker's name.

    :ivar written: as in the article.
    :ivar words: for a person, the words of the name in ASCII letters, without titles and suffix; else the folded words.
    :ivar sounds: phonetic form of each of ``words``, for comparing spellings.
    :ivar suffix: "jr", "iii", or "".
    :ivar titles: what precedes a person's name, as written: "Kremlin spokesman".
    """

    written: str
    kind: NameKind
    words: tuple[str, ...]
    sounds: tuple[str, ...]
    suffix: str
    titles: str
    script: str

    @property
    def bare(self) -> bool:
        """Whether it is a single word, so that others may have the same name."""
        return len(self.words) == 1


@lru_cache(maxsize=200_000)
def parse_name(written: str) -> ParsedName:
    """Parse a speaker's name."""
    text = _POSSESSIVE.sub("", written.strip(' \t\n,;:.!?"“”„«»()[]–—-'))
    text = re.sub(r"^(?:The|the|An?|Der|Die|Das|der|die|das)\s+", "", text)
    tokens = [(match[0], match.start()) for match in _TOKEN.finditer(text)]
    words = name_words()
    folded = [fold(token).strip(".") for token, _ in tokens]
    first = _behind_titles(folded, words)
    if first > _MOST_WORDS or around_names().describing.intersection(folded[:first]):
        return ParsedName(written, "unnamed", tuple(folded), tuple(folded), "", "", script(text))
    end, suffix = len(tokens), ""
    while end > first + 1 and folded[end - 1] in words.suffixes | words.behind:
        suffix = folded[end - 1] if folded[end - 1] in words.suffixes else suffix
        end -= 1
    kind = _kind([token for token, _ in tokens[first:end]], folded[first:end], words)
    if kind != "person":
        return ParsedName(written, kind, tuple(folded), tuple(folded), "", "", script(text))
    parts = [part for token, _ in tokens[first:end] for part in _PREFIX.sub("", token).split("-") if part]
    kept = _joined_initials(parts)
    plains = tuple(filter(None, (plain(token) for token in kept)))
    titles = text[: tokens[first][1]].strip(" ,") if first else ""
    sounds = tuple(sound(token) for token in kept if plain(token))
    return ParsedName(written, kind if plains else "unnamed", plains, sounds, suffix, titles, script(text))


def describes(asked: str) -> bool:
    """Tell whether words describe somebody rather than name them: "the mayor of Bonn"."""
    words = fold(asked).split()
    return len(words) > 4 or bool(around_names().describing.intersection(words[1:]))


def _behind_titles(folded: list[str], words: NameWords) -> int:
    """Return where a name begins: after the last title or role that does not follow a first name."""
    first = 0
    for place, word in enumerate(folded[:-1]):
        title = _is_title(word, words)
        if title and folded[place + 1] not in words.suffixes:
            first = place + 1
        elif word in words.given:
            break
    return first


def _is_title(word: str, words: NameWords) -> bool:
    if word in words.nicknames:  # Don Smith
        return False
    if word in words.titles or (len(word) > 8 and word.endswith(words.compounds)):
        return True
    head, dash, tail = word.partition("-")
    return bool(dash) and ((head in words.titles and tail in _AFTER) or (head in _BEFORE and tail in words.titles))


def _kind(name: list[str], low: list[str], words: NameWords) -> NameKind:
    """Return what the words after the titles name."""
    if not name or (len(low) == 1 and (low[0] in words.nameless or low[0] in words.titles)):
        return "unnamed"
    if words.bodies.intersection(part for word in low for part in word.split("-")) and (
        name[-1][0].isupper() or script(name[-1]) not in _CASED
    ):
        return "body"
    if script("".join(name)) not in _CASED:
        return "person"
    capital = [_PREFIX.sub("", token)[0].isupper() for token in name]
    if not capital[-1] or any(token.isdigit() for token in name):
        return "unnamed"
    if len(name) == 1 and name[0].isupper() and len(name[0]) > 1:
        return "body"
    small = {word for word, upper in zip(low, capital, strict=True) if not upper and word not in words.particles}
    if small:
        return "body" if small <= around_names().linking and capital[0] else "unnamed"
    return "person" if len(name) <= _MOST_WORDS else "unnamed"


def _joined_initials(tokens: list[str]) -> list[str]:
    """Join consecutive initials into one word: J. K. Rowling becomes J.K. Rowling."""
    joined: list[str] = []
    run = False
    for token in tokens:
        initial = bool(_INITIALS.match(token))
        if initial and run:
            joined[-1] += token.replace(".", "")
        else:
            joined.append(token.replace(".", "") if initial else token)
        run = initial
    return joined
