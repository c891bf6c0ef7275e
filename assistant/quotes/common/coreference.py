"""Speakers within an article, for the languages that rules read: a mention's fullest name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.attributions import Attribution
from assistant.languages.entries import union
from assistant.languages.lexicon import speech
from assistant.languages.speech import ClosedClasses, Nouns
from assistant.quotes.common.addressees import addressee
from assistant.text import Span
from assistant.types import QuotationKind

_WORD = re.compile(r"\w+(?:[-’'´.&]\w+)*")
_APPOSED = re.compile(r",\s+")
_COMMON = re.compile(r"(?:ung|heit|keit|schaft|ion|tät|nis|wurf|ruf|ungen|ionen)$")
_MAX_NAME = 8
"""Words of a name, its titles and roles included."""


@dataclass(slots=True)
class AttributionDraft:
    """An attribution whose speaker is not named yet. ``how``: which rule found it."""

    content: Span
    source: Span | None
    cue: Span | None
    kind: QuotationKind
    how: str


@dataclass(frozen=True, slots=True)
class _FullName:
    """A name as it stands in the text: two words or more, without titles and roles.

    :ivar roles: the roles and titles before it, lower case.
    """

    start: int
    end: int
    text: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _NameRules:
    """What tells names from other words in a language; all lower case."""

    titles: frozenset[str]
    roles: frozenset[str]
    suffixes: tuple[str, ...]
    particles: frozenset[str]
    male: frozenset[str]
    female: frozenset[str]
    skipped: frozenset[str]
    shells: frozenset[str]
    bodies: tuple[str, ...]
    pointers: frozenset[str]
    endings: re.Pattern[str] | None
    feminine: tuple[str, ...]

    def role(self, low: str) -> bool:
        """Whether a word is a role or a title; a compound of one, or inflected, where the language makes such."""
        return _is_role(low, self)

    def key(self, word: str) -> str:
        """The form under which a name's last word is looked up: without case and, where listed, without endings."""
        low = word.lower()
        stripped = self.endings.sub("", low) if self.endings else low
        return stripped if len(stripped) > 2 else low


@lru_cache(maxsize=8192)
def _is_role(low: str, rules: _NameRules) -> bool:
    if low in rules.roles or low in rules.titles:
        return True
    return bool(rules.suffixes) and any(
        low.removesuffix(ending).endswith(rules.suffixes) for ending in ("", "s", "n", "en", "es")
    )


@lru_cache(maxsize=32)
def _rules(code: str) -> _NameRules:
    table = speech(code)
    words, nouns = (table.words, table.nouns) if table else (ClosedClasses(), Nouns())
    roles = _lower(nouns.roles)
    small = (
        words.determiners, words.determiners_nominative, words.determiners_other, words.prepositions, words.adverbs,
        words.subordinators, words.complementizers, words.interrogatives, words.conjunctions,
    )  # fmt: skip
    return _NameRules(
        titles=_lower(words.titles),
        roles=roles,
        suffixes=tuple(sorted(roles)) if nouns.role_suffixes else (),
        particles=_lower(words.name_particles),
        male=_lower(words.pronouns_male),
        female=_lower(words.pronouns_female),
        skipped=_lower(union(small)),
        shells=_lower(nouns.according),
        bodies=tuple(sorted(_lower(nouns.bodies))),
        pointers=_lower(words.pointers),
        endings=re.compile(words.name_endings) if words.name_endings else None,
        feminine=words.feminine_roles,
    )


def _lower(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in words)


def resolve_speakers(text: str, drafts: list[AttributionDraft], code: str) -> list[Attribution]:
    """Return the drafts as attributions, each with its speaker and whom it is said to, by start of content.

    A name is given its fullest form in the article ("Merkel": "Angela Merkel"); a pronoun and a bare role
    ("der Minister") the last person named before who fits it; any other mention stands for itself.
    """
    if not drafts:
        return []
    article = _ArticleNames(text, _rules(code))
    speakers: dict[Span, str] = {}
    for source in sorted({draft.source for draft in drafts if draft.source}):
        speakers[source] = article.plain(article.speaker(source))
    found = [
        Attribution(
            item.content,
            item.source,
            item.cue,
            item.kind,
            speakers[item.source] if item.source else None,
            addressee(text, item.content, item.source, item.cue, code),
        )
        for item in drafts
    ]
    return sorted(found, key=lambda item: (item.content, item.cue or (0, 0)))


@dataclass(slots=True)
class _ArticleNames:
    """The names of one article; asked for its mentions in the order of the text."""

    text: str
    rules: _NameRules
    names: list[_FullName] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    full: dict[str, str] = field(default_factory=dict)
    last: str = ""
    people: list[tuple[int, str, str]] = field(default_factory=list)
    """Where a person was named, the name, and "m", "f" or "" for its gender."""

    def __post_init__(self) -> None:
        self.names = list(self._scan())
        self.starts = [name.start for name in self.names]
        for name in self.names:
            self.full.setdefault(self.rules.key(name.text.split()[-1]), name.text)
        self.people = [(name.start, name.text, self._gender(name.roles)) for name in self.names if name.roles]

    def speaker(self, source: Span) -> str:
        """Return the fullest name of a mention."""
        mention = self.text[source[0] : source[1]]
        lows = [match[0].lower() for match in _WORD.finditer(mention)]
        if len(lows) == 1 and lows[0] in self.rules.male | self.rules.female:
            return self._pronoun(source[0], lows[0]) or mention
        if len(lows) == 1 and lows[0] in self.rules.pointers:
            return self.last or mention
        inside = self._inside(source) or self._apposed(source)
        if inside:
            self.people.append((source[0], inside.text, self._gender(inside.roles)))
        self.last = inside.text if inside else self._partial(source, mention)
        return self.last

    def plain(self, name: str) -> str:
        """Return a name without an ending that an apostrophe sets off: "Sevda Erkut’a"."""
        ending = self.rules.endings.search(name) if self.rules.endings else None
        return name[: ending.start()] if ending and ending.start() and ending[0][0] in "'’" else name

    def _partial(self, source: Span, mention: str) -> str:
        """A mention without a full name: a surname, a role, or something else."""
        proper = [
            match[0]
            for match in _WORD.finditer(mention)
            if match[0][0].isupper() and match[0].lower() not in self.rules.skipped
        ]
        bare = [word for word in proper if not self.rules.role(word.lower())]
        last = bare[-1] if bare else ""
        alone = len(bare) == 1 or (len(bare) == 2 and mention.startswith(bare[0]))
        surname = alone and mention.endswith(last) and last.lower() not in self.rules.shells
        if surname and (len(proper) > 1 or mention == last):
            full = self.full.get(self.rules.key(last))
            if full:
                self.people.append((source[0], full, ""))
                return full
        if not bare:
            roles = [match[0].lower() for match in _WORD.finditer(mention) if self.rules.role(match[0].lower())]
            known = self._by_role(source[0], roles[-1]) if roles else None
            if known:
                return known
        return self._trimmed(mention)

    def _inside(self, source: Span) -> _FullName | None:
        """The full name that a mention gives: not one that only belongs to it ("Präsident des Hamburger SV")."""
        place = bisect_left(self.starts, source[0])
        if place >= len(self.names) or self.names[place].start >= source[1]:
            return None
        name = self.names[place]
        before = [match[0] for match in _WORD.finditer(self.text, source[0], name.start)]
        while before and (before[0].lower() in self.rules.shells or before[0].lower() in self.rules.skipped):
            before = before[1:]
        last = before[-1].lower() if before else ""
        if not before or self.rules.role(last):
            return name
        linked = any(word.lower() in self.rules.skipped - {"und"} for word in before)
        if linked:  # "ein Sprecher der Polizei Lars Beringer", not "der Präsident des Hamburger SV"
            return name if last not in self.rules.skipped and name.end >= source[1] else None
        if len(before) > 1 and name.end >= source[1]:
            before = before[1:]  # which may begin a sentence: "Emekli öğretmen Nimet Poyraz"
        known = all(self.rules.role(word.lower()) or not word[0].isupper() or word.isupper() for word in before)
        return name if known else None

    def _apposed(self, source: Span) -> _FullName | None:
        """The full name in apposition behind a role: "ein Sprecher der Polizei, Lars Beringer"."""
        match = _APPOSED.match(self.text, source[1])
        head = (word[0].lower() for word in _WORD.finditer(self.text, *source))
        if not match or not any(self.rules.role(low) for low in head):
            return None
        place = bisect_left(self.starts, match.end())
        if place >= len(self.names) or self.names[place].start > match.end() + 60:
            return None
        between = _WORD.finditer(self.text, match.end(), self.names[place].start)
        return self.names[place] if all(self.rules.role(word[0].lower()) for word in between) else None

    def _pronoun(self, at: int, low: str) -> str | None:
        wanted = "m" if low in self.rules.male else "f"
        best: tuple[int, str] | None = None
        for start, name, gender in self.people[-400:]:
            if start < at and gender in ("", wanted) and (best is None or start >= best[0]):
                best = (start, name)
        if best is None:
            place = bisect_left(self.starts, at)
            names = [name.text for name in self.names[max(0, place - 3) : place] if not self._body(name.text)]
            return names[-1] if names else None
        return best[1]

    def _body(self, name: str) -> bool:
        """Whether a name is that of a body, not of a person: "Hamburger Polizei"."""
        return bool(self.rules.bodies) and name.lower().endswith(self.rules.bodies)

    def _by_role(self, at: int, role: str) -> str | None:
        """The last person named before, or else after, whose role ends like this one ("der Minister")."""
        before = [name for name in self.names[:4000] if any(known.endswith(role) for known in name.roles)]
        earlier = [name for name in before if name.start < at]
        chosen = earlier[-1:] or before[:1]
        return chosen[0].text if chosen else None

    def _trimmed(self, mention: str) -> str:
        """The mention without articles, quotation marks and, before a genitive, nouns like "Angaben"."""
        words = list(_WORD.finditer(mention))
        first = 0
        while first + 1 < len(words) and (
            words[first][0].lower() in self.rules.skipped or words[first][0].lower() in self.rules.shells
        ):
            first += 1
        if not words:
            return mention
        shell_only = words[first][0].lower() in self.rules.shells
        return mention[0 if shell_only else words[first].start() :].strip(' "“”„«»') or mention

    def _gender(self, roles: Iterable[str]) -> str:
        roles = list(roles)
        if not roles:
            return ""
        return "f" if any(role.endswith(self.rules.feminine) for role in roles if self.rules.feminine) else "m"

    def _scan(self) -> Iterable[_FullName]:
        """The names of the text: runs of capitalised words, their titles and roles apart; in order."""
        run: list[re.Match[str]] = []
        for match in _WORD.finditer(self.text):
            joined = run and self._adjacent(run[-1].end(), match.start(), run[-1][0])
            low = match[0].lower()
            capital = match[0][0].isupper() and low not in self.rules.skipped and low not in self.rules.shells
            particle = self._particle(run, low)
            if run and joined and (capital or particle) and len(run) < _MAX_NAME:
                run.append(match)
                continue
            yield from self._name(run)
            role = self.rules.role(low)
            run = [match] if capital or role else []
        yield from self._name(run)

    def _particle(self, run: list[re.Match[str]], low: str) -> bool:
        """Whether a small word may go on in a name: "Richard von Weizsäcker", but not "Entwicklung von Waffen"."""
        if not run:
            return False
        if run[-1][0].lower() in ("von", "van"):
            return low in ("der", "den", "dem")
        return low in self.rules.particles and not _COMMON.search(run[-1][0])

    def _adjacent(self, end: int, start: int, word: str) -> bool:
        """Whether two words stand side by side: one blank between them, or an initial's or title's point."""
        gap = self.text[end:start]
        return gap in (" ", "\u00a0", "  ") or (
            gap in (". ", ".") and (len(word) <= 2 or word.lower() in self.rules.titles)
        )

    def _name(self, run: list[re.Match[str]]) -> Iterable[_FullName]:
        roles = [match[0].lower() for match in run if self.rules.role(match[0].lower())]
        places = [place for place, match in enumerate(run[:-1]) if self.rules.role(match[0].lower())]
        run = run[places[-1] + 1 :] if places else run
        while len(run) > 2 and run[0][0].isupper() and len(run[0][0]) > 1:
            run = run[1:]  # "CDU Karla Wendt"
        while run and run[-1][0].lower() in self.rules.particles:
            run = run[:-1]
        while run and self.rules.role(run[-1][0].lower()):
            run = run[:-1]
        if len(run) >= 2 and run[0][0][0].isupper():
            start, end = run[0].start(), run[-1].end()
            yield _FullName(start, end, re.sub(r"\s+", " ", self.text[start:end]), tuple(roles))
