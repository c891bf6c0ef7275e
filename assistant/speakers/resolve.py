"""Resolve the names in articles to the speakers of an archive.

A pure function of the names, the articles they speak in and manual corrections. It errs on the side of too many
speakers: an ambiguous name stays on its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.attributions import Correction, Mention
from assistant.names.parse import NameKind, ParsedName, describes, parse_name
from assistant.speakers.clustering import CLEAR, Clustering, NameUse, last_of, readings, sounds_like
from assistant.text import fold

SpeakerKind = NameKind | Literal["name"]
"""``name``: it is unclear whether a person is meant ("Kremlin")."""

Place = tuple[str, int]
"""A name and the key of an article that contains it."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker in the archive, with all their names.

    :ivar name: the fullest of the most frequent names.
    :ivar names: all names as written, each with its number of attributions, most frequent first.
    :ivar quotes: number of attributions; ``articles``: the articles with any.
    :ivar own: the names that are its in every article but those of ``but``, which the keeper took from it;
        ``only``: where the keeper gave it others' names.
    """

    name: str
    kind: SpeakerKind
    names: tuple[tuple[str, int], ...]
    quotes: int
    articles: int
    own: frozenset[str] = frozenset()
    only: frozenset[Place] = frozenset()
    but: frozenset[Place] = frozenset()

    def speaks(self, name: str, article: int) -> bool:
        """Tell whether what an article attributes to ``name`` is this speaker's."""
        place = (name, article)
        return place in self.only or (name in self.own and place not in self.but)


@dataclass(slots=True)
class ResolvedSpeakers:
    """The speakers of an archive, looked up by any of their names.

    :ivar listed: most quoted first.
    """

    listed: tuple[Speaker, ...]
    _by_name: dict[str, Speaker] = field(default_factory=dict)
    _by_place: dict[Place, Speaker] = field(default_factory=dict)
    _by_fold: dict[str, list[Speaker]] = field(default_factory=lambda: defaultdict(list))
    _by_sound: dict[str, list[tuple[ParsedName, Speaker]]] = field(default_factory=lambda: defaultdict(list))
    _by_consonants: dict[str, list[tuple[ParsedName, Speaker]]] | None = None

    def __post_init__(self) -> None:
        for speaker in self.listed:
            self._by_name.update(dict.fromkeys(speaker.own, speaker))
            self._by_place.update(dict.fromkeys(speaker.only, speaker))
            for name in sorted({*speaker.own, speaker.name}):
                self._by_fold[folded(name)].append(speaker)
                parsed = parse_name(name)
                if speaker.kind == "unnamed":
                    continue
                for sound in set(parsed.sounds if speaker.kind == "person" else parsed.sounds[-1:]):
                    self._by_sound[sound].append((parsed, speaker))

    def of(self, name: str, article: int) -> Speaker | None:
        """Return the speaker whom an article calls ``name``; None if nobody in the archive has that name."""
        return self._by_place.get((name, article)) or self._by_name.get(name)

    def find(self, asked: str) -> list[Speaker]:
        """Return the speakers whom ``asked`` may name, most quoted first; empty if nobody has that name.

        Spellings, accents and alphabets do not matter; titles and roles before a name are ignored. A last name alone
        means the speaker with far more articles than any other of that name, else all of them.
        """
        exact = list(dict.fromkeys(self._by_fold.get(folded(asked), ())))
        name = parse_name(asked)
        if name.kind == "unnamed" and not exact:
            if describes(asked):
                return []
            name = parse_name(asked.title())
        if exact and not (name.kind == "person" and name.bare):
            return _ranked(exact)
        found = (
            [speaker for known, speaker in self._by_sound.get(name.sounds[-1], ()) if bears(known, name)]
            if name.sounds
            else []
        )
        return _ranked([*exact, *(found or ([] if exact else self._abroad(name)))])

    def _abroad(self, asked: ParsedName) -> list[Speaker]:
        """Speakers whose name in another spelling or alphabet has the same consonants and similar vowels."""
        if self._by_consonants is None:
            self._by_consonants = defaultdict(list)
            for speaker in self.listed:
                if speaker.kind == "person":
                    known = parse_name(speaker.name)
                    for reading in readings(known) | readings(last_of(known)):
                        self._by_consonants[reading].append((known, speaker))
        found: list[Speaker] = []
        for reading in sorted(readings(asked)):
            for known, speaker in self._by_consonants.get(reading, ()):
                whole = known if not asked.bare and len(known.words) > 1 else last_of(known)
                if any(sounds_like(asked, name) for name in (whole, last_of(known))):
                    found.append(speaker)
        return found


def bears(known: ParsedName, asked: ParsedName) -> bool:
    """Tell whether ``asked`` can name ``known``: its words in order, initials matching, ending in the last name."""
    if asked.suffix and asked.suffix != known.suffix:
        return False
    if len(asked.sounds) == 1:
        return asked.sounds[0] in (known.sounds[-1], known.sounds[0])
    rest = iter(known.sounds)
    return known.sounds[-1:] == asked.sounds[-1:] and all(
        any(word == other or (len(word) == 1 and other.startswith(word)) for other in rest) for word in asked.sounds
    )


def _ranked(found: Sequence[Speaker]) -> list[Speaker]:
    """Sort named speakers before "officials", most articles first; keep only the first if it is far ahead."""
    ranked = sorted(dict.fromkeys(found), key=lambda s: (s.kind == "unnamed", -s.articles, -s.quotes, s.name))
    clearly = len(ranked) > 1 and ranked[0].articles >= CLEAR * ranked[1].articles
    return ranked[:1] if clearly else ranked


def folded(name: str) -> str:
    """Return a name for comparing: without case, accents and redundant white space."""
    return " ".join(fold(name).split())


def cluster_speakers(mentions: Iterable[Mention], corrections: Sequence[Correction] = ()) -> ResolvedSpeakers:
    """Return the speakers that these names belong to.

    :param corrections: oldest first; of two for one name in one article, the later wins.
    """
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for mention in mentions:
        counts[mention.name][mention.article] += mention.count
    names = sorted(counts)
    clustering = Clustering([NameUse(parse_name(name), frozenset(counts[name])) for name in names])
    gathered: dict[int, list[str]] = defaultdict(list)
    for name, root in zip(names, clustering.roots(), strict=True):
        gathered[root].append(name)
    groups, labels = _corrected([*gathered.values()], [c for c in corrections if c.article is None], counts)
    moved = _reassigned(groups, labels, counts, [c for c in corrections if c.article is not None])
    speakers = [_speaker(own, label, counts, moved) for own, label in zip(groups, labels, strict=True)]
    speakers += _new(moved, {speaker.name for speaker in speakers}, counts)
    return ResolvedSpeakers(tuple(sorted(speakers, key=lambda s: (-s.quotes, s.name))))


def _corrected(
    groups: list[list[str]], corrections: Sequence[Correction], counts: Mapping[str, Counter[int]]
) -> tuple[list[list[str]], list[str]]:
    """The groups as the keeper wants them, each with the name that the keeper gave it, or ""."""
    place = {name: number for number, own in enumerate(groups) for name in own}
    labels = [""] * len(groups)
    alike: dict[str, list[str]] = defaultdict(list)
    for name in place:
        alike[folded(name)].append(name)
    for correction in corrections:
        moving = alike.get(folded(correction.name), [])
        if not moving:
            continue
        if correction.kind == "split":
            _move(groups, place, moving, len(groups))
            labels.append("")
            continue
        target = next((place[name] for name in alike.get(folded(correction.other), ())), None)
        target = labels.index(correction.other) if target is None and correction.other in labels else target
        together = list(groups[place[moving[0]]])
        if target is None:
            target = len(groups)
            labels.append(correction.other)
        elif groups[target] and target != place[moving[0]]:
            labels[target] = labels[target] or shown_name(groups[target], counts)
        _move(groups, place, together, target)
    kept = [(own, label) for own, label in zip(groups, labels, strict=True) if own]
    return [own for own, _ in kept], [label for _, label in kept]


def _move(groups: list[list[str]], place: dict[str, int], names: Sequence[str], target: int) -> None:
    if target == len(groups):
        groups.append([])
    for name in names:
        groups[place[name]].remove(name)
        groups[target].append(name)
        place[name] = target


Reassigned = dict[Place, str]
"""The speaker to whom a correction gave a name's words in an article."""


def _reassigned(
    groups: Sequence[Sequence[str]],
    labels: Sequence[str],
    counts: Mapping[str, Counter[int]],
    corrections: Sequence[Correction],
) -> Reassigned:
    alike: dict[str, list[str]] = defaultdict(list)
    whose: dict[str, str] = {}
    for own, label in zip(groups, labels, strict=True):
        shown = label or shown_name(own, counts)
        for name in own:
            alike[folded(name)].append(name)
            whose[folded(name)] = shown
        whose[folded(shown)] = shown
    moved: Reassigned = {}
    for correction in corrections:
        assert correction.article is not None
        for name in alike.get(folded(correction.name), ()):
            if correction.article not in counts[name]:
                continue
            if correction.kind == "split":
                moved[(name, correction.article)] = f"{name} (article {correction.article})"
            else:
                moved[(name, correction.article)] = whose.get(folded(correction.other), correction.other)
    return moved


def _speaker(own: Sequence[str], label: str, counts: Mapping[str, Counter[int]], moved: Reassigned) -> Speaker:
    shown = label or shown_name(own, counts)
    only = frozenset(place for place, whose in moved.items() if whose == shown)
    but = frozenset(place for place, whose in moved.items() if whose != shown and place[0] in own)
    spoken = {(name, article): n for name in own for article, n in counts[name].items() if (name, article) not in but}
    spoken.update({(name, article): counts[name][article] for name, article in only})
    names: Counter[str] = Counter()
    for (name, _), count in spoken.items():
        names[name] += count
    ordered = tuple(sorted(names.items(), key=lambda item: (-item[1], item[0])))
    articles = {article for _, article in spoken}
    return Speaker(shown, _kind(own), ordered, sum(spoken.values()), len(articles), frozenset(own), only, but)


def _new(moved: Reassigned, known: set[str], counts: Mapping[str, Counter[int]]) -> list[Speaker]:
    """The speakers that are there because the keeper gave them some articles' words."""
    return [_speaker((), label, counts, moved) for label in sorted(set(moved.values()) - known)]


def shown_name(names: Sequence[str], counts: Mapping[str, Counter[int]]) -> str:
    """Return a speaker's display name: a full name rather than a part, then the one in most articles."""

    def worth(name: str) -> tuple[bool, bool, int, int, int, str]:
        parsed, seen = parse_name(name), counts[name]
        part = parsed.kind == "unnamed" or parsed.bare or bool(parsed.titles)
        return part, name.isupper(), -len(seen), -seen.total(), len(parsed.words), name

    return min(names, key=worth)


def _kind(names: Sequence[str]) -> SpeakerKind:
    parsed = [parse_name(name) for name in names]
    if any(name.kind == "unnamed" for name in parsed):
        return "unnamed"
    if any(name.kind == "person" and (not name.bare or name.titles) for name in parsed):
        return "person"
    return "body" if any(name.kind == "body" for name in parsed) else "name"
