"""Whose words they are: mentions ("He", "the spokesman", "Peskov") resolved to names of the article."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from assistant.attributions import Attribution
from assistant.languages.lexicon import english_speech
from assistant.names.people import People, people
from assistant.names.phonetics import alike
from assistant.quotes.english.findings import Finding, ParsedSentence, addressee_of
from assistant.quotes.english.lexicon import lexicon
from assistant.sentences import sentences
from assistant.text import Span, fold

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚ"
_LOWER = re.compile(r"\b[a-z]{2,}\b")
_PLACING = re.compile(r"\b(?:[Tt]he|[Ii]n|[Aa]t|[Nn]ear|[Aa]cross) $")
"""What stands before a place, a body or an event, and seldom before a person."""
_POSSESSIVE = re.compile(r"[’']s?$")
_HOLDER = re.compile(r"([a-z]+),? $")
_APPOSITION = re.compile(r", (?:(?:the|a|an|his|her|its|their|who (?:is|was))\b)?([^,.;:\n]{3,80})")
_WORD = re.compile(r"[a-z]+(?:woman|man)?")
_RELATIVE = re.compile(r"(?:^|[,\s]+)(?:that|which)$|^whose .*$", re.DOTALL)
_STATE = re.compile(r" of (?=(?:State|Defen[cs]e|the Treasury) [A-Z])")
"""What goes on a title: Secretary of State Ann Lee."""
_FORWARD = re.compile(r"(?:After|Before|When|While|As|Although|Though|Because|Since|Once|If|Until|Even as|Whenever) ")
"""What begins a clause whose pronoun may point to a name behind it: After she spoke, Ann Lee left."""
_SUBJECTIVE = {"m": re.compile(r"\b[Hh]e\b"), "f": re.compile(r"\b[Ss]he\b")}
_LATER = 300
"""Characters behind a pronoun in which another one may tell the two people apart."""
_ENDED = frozenset(".?!…”\"’'")
_VERB_BEHIND = re.compile(r" (?!(?:and|or|of|in|at|on|for|to|from|with)\b)[a-z]")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Where names stand in a text.

    :ivar name: a run of words that may be one. A full stop belongs to a word only where it shortens it: a name never
        runs over the end of a sentence.
    :ivar head_end: what ends the head of a mention.
    :ivar behind: a name behind what somebody is: "his lawyer, Ann Lee".
    :ivar owner: a name whose something is: "Ann Lee’s".
    """

    name: re.Pattern[str]
    head_end: re.Pattern[str]
    behind: re.Pattern[str]
    owner: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    titles, particles = "|".join(english_speech().people.abbreviated), "|".join(english_speech().people.particles)
    word = rf"(?:(?:{titles})\.|(?:[A-Z]\.)+(?:-[A-Z]\.)?|[{_UPPER}][\w-]*(?:[’'](?!s\b)[\w-]+)*)"
    name = rf"(?<!\w){word}(?: (?:(?:{particles}) ){{0,3}}(?:(?:al|el|ad|an|as|ash|at)-)?{word})*"
    return _Patterns(
        re.compile(name),
        re.compile(rf"[,(—–:;\n]| (?:{'|'.join(english_speech().words.heads)}|—|-) "),
        re.compile(rf"(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er) [^,A-Z]{{2,60}}, ({name})(?:, \d+)?(?:,(?: who\b.*)?)?$"),
        re.compile(rf"({name})(?:[’']s|(?<=s)[’']) (?=[a-z])"),
    )


@dataclass(slots=True)
class _KnownName:
    """A full name, or the only form of a name, of the article.

    :ivar person: it has a role, or its last word stands for it elsewhere, as a person's does and "New York" has none.
    :ivar placed: it stands behind what leads to a place, a body or an event ("in", "the").
    """

    text: str
    keys: tuple[str, ...]
    count: int = 0
    first: int = 0
    gender: str = ""
    person: bool = False
    placed: bool = False


@dataclass(slots=True)
class _NameIndex:
    """The names of an article: by their last word, in the order of their mentions, and by role.

    :ivar titled: last names that stand behind a title: President Roe.
    """

    by_last: dict[str, list[_KnownName]] = field(default_factory=dict)
    mentions: list[tuple[int, _KnownName]] = field(default_factory=list)
    holders: dict[str, list[tuple[int, _KnownName]]] = field(default_factory=dict)
    titled: set[str] = field(default_factory=set)


def resolve_speakers(text: str, findings: Sequence[Finding], parsed: Sequence[ParsedSentence]) -> list[Attribution]:
    """Return the findings as attributions, each with its speaker and whom it is said to.

    A last name gets its full name, a pronoun the last person spoken of as one who does something, a role the
    last named holder of it; anything else stays as it is mentioned.

    :param parsed: the parsed sentences, for who was spoken of before.
    """
    resolver = _Resolver(text, findings, parsed)
    addressees = {verb: who for sentence in parsed for verb, who in sentence.addressees}
    unsaid = frozenset[int]().union(*(sentence.unsaid for sentence in parsed))
    return [
        Attribution(
            f.content,
            f.source,
            f.cue,
            f.kind,
            resolver.speaker(f.source),
            addressee_of(f, addressees),
            f.cue is not None and f.cue[0] in unsaid,
        )
        for f in findings
    ]


class _Resolver:
    """Resolves the mentions of one article, in order."""

    def __init__(self, text: str, findings: Sequence[Finding], parsed: Sequence[ParsedSentence]) -> None:
        self.text = text
        self.people = people()
        self.index = _index_names(text, self.people)
        self.actors = self._openers(parsed)
        self.openers = frozenset(at for at, _ in self.actors)
        self.sentences = [sentence.span for sentence in parsed]
        contents = sorted(span for finding in findings for span in finding.quotes or [finding.content])
        starts = [start for start, _ in contents]
        for who in [who for sentence in parsed for _, who in sentence.actors]:
            place = bisect_right(starts, who[0]) - 1
            said = place >= 0 and who[0] < contents[place][1]
            name = None if said else self._actor(text[who[0] : who[1]], who[0])
            if name is not None:
                self.actors.append((who[0], name))
        self.actors.sort(key=lambda actor: actor[0])
        self.positions = [position for position, _ in self.actors]

    def _openers(self, parsed: Sequence[ParsedSentence]) -> list[tuple[int, _KnownName]]:
        """The names that begin sentences which are not parsed, and are followed by what their bearers do."""
        read = {sentence.span[0] for sentence in parsed}
        found = []
        for start, end in sentences(self.text):
            match = _patterns().name.match(self.text, start, end)
            if start in read or match is None or self.text[end - 1] not in _ENDED:
                continue
            if any(len(word) > 1 and word.isupper() and "." not in word for word in match[0].split()):
                continue
            name = self._named(match[0], start) if _VERB_BEHIND.match(self.text, match.end(), end) else None
            if name is not None and (len(name.keys) > 1 or name.gender or name.person):
                found.append((start, name))
        return found

    def speaker(self, source: Span | None) -> str | None:
        """Return the fullest form of the name that the mention stands for, or the mention.

        :return: None where it is a thing that says something: "placards that read".
        """
        if source is None:
            return None
        mention = self.text[source[0] : source[1]]
        if _RELATIVE.search(mention):
            mention = _RELATIVE.sub("", mention)
            if not self._may_speak(mention):
                return None
        first, *others = mention.lower().split() or [""]
        gender = self.people.pronouns.get(first)
        if others and first in ("his", "her"):
            name = self._belonging(mention, source[0], gender or "")
        elif gender is not None:
            name = self._forward(source[0], gender) or self._last_actor(source[0], gender)
            if name is not None and gender in ("m", "f"):
                name.gender = name.gender or gender
        else:
            name = self._named(mention, source[0]) or self._holder(mention, source[0])
        if name is not None:
            return name.text
        return " ".join(mention.split()).strip(" ,;:") or None

    def _is_role(self, words: Sequence[str]) -> bool:
        """Whether a single word is a title or a role, not a name: Secretary."""
        plain = words[0].strip(".").lower()
        return len(words) == 1 and plain in self.people.roles

    def _may_speak(self, mention: str) -> bool:
        """Whether something that says something is somebody, or speaks for somebody: not a placard."""
        words = mention.lower().split()
        listed = (
            self.people.voices | self.people.organisations | self.people.roles.keys() | english_speech().words.documents
        )
        return bool(words) and (any(word[0].isupper() for word in mention.split()[1:]) or words[-1] in listed)

    def _forward(self, position: int, gender: str) -> _KnownName | None:
        """Whom a pronoun in a leading clause points to: somebody named behind it, for the first time in the article."""
        place = bisect_right(self.sentences, (position, len(self.text))) - 1
        if place < 0 or gender not in ("m", "f"):
            return None
        start, end = self.sentences[place]
        if not start < position < end or not _FORWARD.match(self.text, start, position):
            return None
        for at, name in self.actors[bisect_left(self.positions, position) :]:
            if at >= end:
                return None
            if self._fits(name, gender) and start <= name.first <= at:
                return name
        return None

    def _actor(self, subject: str, position: int) -> _KnownName | None:
        """The name that a subject is, or belongs to: who is spoken of after "Mr Roth’s warning was posted" is Roth."""
        owner = _patterns().owner.match(subject)
        return self._named(owner[1], position) if owner else self._named(subject, position)

    def _named(self, mention: str, position: int) -> _KnownName | None:
        """The name that a noun phrase ends with ("Kremlin spokesman Dmitry Peskov, who ...")."""
        mention = _STATE.sub(" ", mention, count=1)
        end = _patterns().head_end.search(mention)
        apposed = _patterns().behind.match(mention)
        if apposed:
            return self._named(apposed[1], position)
        if " and " in (mention[: end.start()] if end else mention):
            return None
        head = _POSSESSIVE.sub("", mention[: end.start()] if end else mention).rstrip(" ,")
        runs = list(_patterns().name.finditer(head))
        if not runs or runs[-1].end() < len(head):
            return None
        title = runs[-1][0].split()[0].strip(".").lower()
        words = _stripped(runs[-1][0].split(), self.people, frozenset())
        if not words or self._is_role(words):
            return None
        keys = tuple(fold(word).strip(".") for word in words)
        known = [name for name in self.index.by_last.get(keys[-1], ()) if set(keys) <= set(name.keys)]
        known = known or self._otherwise(keys)
        gender = self.people.titles.get(title, "")
        fitting = [name for name in known if not gender or name.gender in ("", gender)] or known
        if fitting:
            return max(fitting, key=lambda name: (len(name.keys) > 1, name.first <= position, name.count))
        titled = len(keys) == 1 and keys[0] in self.index.titled
        name = _KnownName(" ".join(words), keys, 1, position, gender, titled)
        self.index.by_last.setdefault(keys[-1], []).append(name)
        return name

    def _belonging(self, mention: str, position: int, gender: str) -> _KnownName | None:
        """Who speaks in "his lawyer, Ann Lee" (Ann Lee), "his statement" (he), "his lawyer" (nobody named)."""
        end = _patterns().head_end.search(mention)
        head = mention[: end.start()] if end else mention
        words = head.lower().split()
        if self.people.voices.intersection(words) or any(word in lexicon().nouns for word in words[1:2]):
            return self._last_actor(position, gender)
        return self._named(mention, position)

    def _otherwise(self, keys: tuple[str, ...]) -> list[_KnownName]:
        """The one person of the article whose first name, or last name in another spelling, a single word is."""
        if len(keys) > 1 or len(keys[0]) < 3:
            return []
        full = [name for names in self.index.by_last.values() for name in names if len(name.keys) > 1]
        called = [name for name in full if name.keys[0] == keys[0]]
        called = called or [name for name in full if alike(name.keys[-1], keys[0])]
        return called if len({name.keys[-1] for name in called}) == 1 else []

    def _last_actor(self, position: int, gender: str) -> _KnownName | None:
        """The last person before the position who did something, else who was named."""
        place = bisect_left(self.positions, position)
        for at, name in reversed(self.actors[max(0, place - 12) : place]):
            if at in self.openers and "\n" in self.text[at:position]:
                continue
            if self._fits(name, gender) and (len(name.keys) > 1 or name.gender or name.person):
                return name if self._gender(name) else self._other(at, position, gender) or name
        place = bisect_left(self.index.mentions, position, key=lambda mention: mention[0])
        before = [name for _, name in reversed(self.index.mentions[max(0, place - 20) : place])]
        named = [name for name in before if self._fits(name, gender)]
        sure = next((name for name in named if name.gender or name.person), None)
        return sure or next((name for name in named if not name.placed and len(name.keys) <= 3), None)

    def _other(self, at: int, position: int, gender: str) -> _KnownName | None:
        """Whom a pronoun points to where a later one shows that the actor is of the other gender: Alex met Clara Diaz.
        She greeted him. He smiled.
        """
        opposite = "m" if gender == "f" else "f"
        later = _SUBJECTIVE[opposite].search(self.text, position, position + _LATER)
        before = [(where, name) for where, name in self.index.mentions if where < position]
        if later is None or any(self._gender(name) == opposite for _, name in before):
            return None
        return next((name for where, name in reversed(before) if where > at and self._gender(name) == gender), None)

    def _gender(self, name: _KnownName) -> str:
        return name.gender or self.people.given.get(name.keys[0], "")

    def _fits(self, name: _KnownName, gender: str) -> bool:
        if gender == "group":
            return False
        known = self._gender(name)
        if not known and not name.person and (name.placed or name.text.isupper()):
            return False
        return (known == gender or not known) and not set(name.keys) & self.people.organisations

    def _holder(self, mention: str, position: int) -> _KnownName | None:
        """The last named holder of a role ("the spokesman")."""
        words = mention.lower().split()
        if not words or words[0] not in ("the", "that", "this") or len(words) > 4:
            return None
        held = self.index.holders.get(words[-1].strip(",."), [])
        place = bisect_left(held, position, key=lambda item: item[0])
        return held[place - 1][1] if place else None


def _index_names(text: str, known: People) -> _NameIndex:
    """Collect the names of a text, with their genders and roles."""
    common = frozenset(_LOWER.findall(text))
    counts: Counter[tuple[str, ...]] = Counter()
    seen: dict[tuple[str, ...], _KnownName] = {}
    index = _NameIndex()
    alone: set[str] = set()
    for match in _patterns().name.finditer(text):
        raw = match[0].split()
        words = _stripped(raw, known, common)
        keys = tuple(fold(word).strip(".") for word in words)
        placed = bool(_PLACING.search(text, max(0, match.start() - 8), match.start()))
        if len(keys) == 1 and not placed:
            alone.add(keys[0])
        if len(keys) == 1 and raw[0].strip(".").lower() in known.titles and len(raw) > 1:
            index.titled.add(keys[0])
        if len(keys) < 2 or len(keys) > 5:
            continue
        counts[keys] += 1
        name = seen.get(keys)
        if name is None:
            shown = _POSSESSIVE.sub("", " ".join(words)) if not words[-1].endswith(("Jr.", "Sr.")) else " ".join(words)
            name = seen[keys] = _KnownName(shown, keys, 0, match.start())
            index.by_last.setdefault(keys[-1], []).append(name)
        name.count += 1
        name.placed = name.placed or placed
        name.gender = name.gender or known.titles.get(raw[0].strip(".").lower(), "") or known.given.get(keys[0], "")
        index.mentions.append((match.start(), name))
        _note_roles(text, match.span(), name, known, index)
    for name in seen.values():
        name.person = name.person or name.keys[-1] in alone
    return index


def _note_roles(text: str, span: Span, name: _KnownName, known: People, index: _NameIndex) -> None:
    """Note the role before a name (spokesman Dmitry Peskov) and the one behind it (Dmitry Peskov, a spokesman)."""
    beside: set[str] = set()
    before = _HOLDER.search(text, max(0, span[0] - 30), span[0])
    if before:
        beside.add(before[1])
    behind = _APPOSITION.match(text, span[1])
    if behind:
        beside.update(_WORD.findall(behind[1].lower()))
    name.person = name.person or not beside.isdisjoint(known.roles)
    within = {word.strip(".").lower() for word in text[span[0] : span[1]].split()}
    for role in beside | within:
        for kind in known.roles.get(role, ()):
            index.holders.setdefault(kind, []).append((span[0], name))


def _stripped(words: list[str], known: People, common: frozenset[str]) -> list[str]:
    """The words of a capitalised run without titles and without a sentence's first word."""
    words = [_POSSESSIVE.sub("", word) or word for word in words[:-1]] + [_POSSESSIVE.sub("", words[-1])]
    plain = [word.strip(".").lower() for word in words]
    last = len(words) - 1 - (plain[-1] in _SUFFIXES)
    ranked = [i for i, word in enumerate(plain[:last]) if word in known.titles or word in known.roles]
    if ranked and (ranked[0] == 0 or plain[0] not in known.given):  # "Martin Luther King Jr." holds no title
        words = words[ranked[-1] + 1 :]
    while len(words) > 1 and words[0].strip(".").lower() in known.starters | common:
        words = words[1:]
    return words if words and words[0].strip(".").lower() not in known.starters else []
