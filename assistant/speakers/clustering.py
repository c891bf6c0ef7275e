"""Cluster names that belong to one person, by words, sound and, across alphabets, consonants.

Every step joins a name to the only candidate, or to one who speaks in far more articles than any other; an ambiguous
name is left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.names.parse import NameKind, ParsedName, name_words
from assistant.names.phonetics import consonants

CLEAR = 4
"""How many times as many articles a candidate must speak in as the next one to be the one meant."""

_ALONE = 2
"""Most articles that a single word may speak in, relative to a person's full name, to be that person: a company is
quoted far more often than people of the same name."""

_SPELLED_ALIKE = 5
"""Least letters of a single word to be matched to a last name in another spelling."""

_WRITTEN_OUT = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"})
"""Alphabets that write vowels."""

_CONSONANTS = 4
"""Least consonants of a full name to be compared across alphabets; for a single word, three."""

_AS_SPELLED = 0.5
"""Least similarity in sound, in [0, 1], of two names in different alphabets that write vowels."""


@dataclass(frozen=True, slots=True)
class NameUse:
    """A name and the keys of the articles that it speaks in."""

    name: ParsedName
    articles: frozenset[int]


@dataclass(slots=True, eq=False)
class Cluster:
    """Names found so far to be one person's."""

    names: list[ParsedName]
    articles: set[int]

    @property
    def fullest(self) -> ParsedName:
        """The name with the most words."""
        return max(self.names, key=lambda name: len(name.words))


class Clustering:
    """The names of an archive, while they are being clustered."""

    def __init__(self, uses: Sequence[NameUse]) -> None:
        self._parent = list(range(len(uses)))
        self._uses = uses
        self._particles = name_words().particles
        self.unnamed: set[int] = set()

    def roots(self) -> list[int]:
        """Return, for each name, the index of its cluster's representative."""
        self._same_words()
        self._full_names()
        self._short_first_names()
        self._parts()
        self._alphabets()
        self._single_words()
        return [self._root(place) for place in range(len(self._uses))]

    # --- the clusters so far -------------------------------------------------------------------------------

    def _root(self, place: int) -> int:
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place

    def _join(self, one: int, other: int) -> None:
        low, high = sorted((self._root(one), self._root(other)))
        self._parent[high] = low

    def _clusters(self) -> dict[int, Cluster]:
        """The clusters so far, by root."""
        found: dict[int, Cluster] = {}
        for place, use in enumerate(self._uses):
            root = self._root(place)
            if use.name.kind != "person" or root in self.unnamed:
                continue
            cluster = found.setdefault(root, Cluster([], set()))
            cluster.names.append(use.name)
            cluster.articles |= use.articles
        return found

    def _join_clear(self, root: int, candidates: Iterable[int], clusters: dict[int, Cluster]) -> bool:
        """Join ``root`` to the one candidate that can be meant; return whether there is one."""
        chosen = clear([(len(clusters[other].articles), other) for other in set(candidates) if other != root])
        if chosen is None:
            return False
        self._join(root, chosen)
        return True

    # --- the steps -----------------------------------------------------------------------------------------

    def _same_words(self) -> None:
        """Join names with the same words, ignoring case, accents and titles, unless also used in lower case."""
        seen: dict[tuple[NameKind, tuple[str, ...], str], int] = {}
        for place, use in enumerate(self._uses):
            name = use.name
            first = seen.setdefault((name.kind, name.words, name.suffix), place)
            self._join(first, place)
        for (kind, words, _), place in list(seen.items()):
            small = seen.get(("unnamed", words, ""))
            if kind != "unnamed" and len(words) == 1 and small is not None:
                self._join(place, small)
                self.unnamed.add(self._root(place))

    def _full_names(self) -> None:
        """Join names with the same first and last name, unless middle names or a suffix tell them apart."""
        clusters = self._clusters()
        same: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for root, cluster in clusters.items():
            name = cluster.fullest
            if not name.bare and name.words[0] not in self._particles:
                same[(name.sounds[0], name.sounds[-1], name.suffix)].append(root)
        for roots in same.values():
            roots.sort(key=lambda root: (-len(clusters[root].articles), root))
            by_middle: list[tuple[tuple[str, ...], list[int]]] = []
            plain = [root for root in roots if not self._middle(clusters[root].fullest)]
            for root in roots:
                middle = self._middle(clusters[root].fullest)
                if not middle:
                    continue
                fitting = [own for known, own in by_middle if agree(known, middle)]
                fitting[0].append(root) if fitting else by_middle.append((middle, [root]))
            for _, own in by_middle:
                for root in own[1:]:
                    self._join(own[0], root)
            for root in plain[1:]:
                self._join(plain[0], root)
            if plain and by_middle:
                counted = [(len(set().union(*(clusters[r].articles for r in own))), own[0]) for _, own in by_middle]
                chosen = clear(counted)
                if chosen is not None:
                    self._join(plain[0], chosen)

    def _middle(self, name: ParsedName) -> tuple[str, ...]:
        return tuple(word for word in name.sounds[1:-1] if word not in self._particles)

    def _short_first_names(self) -> None:
        """Join J. Smith or Bob Smith to the only John or Robert Smith, unless both speak in one article."""
        clusters = self._clusters()
        by_last: dict[tuple[str, str], list[int]] = defaultdict(list)
        for root, cluster in clusters.items():
            name = cluster.fullest
            if not name.bare and name.words[0] not in self._particles:
                by_last[(name.words[-1], name.suffix)].append(root)
        for roots in by_last.values():
            for root in sorted(roots, key=lambda root: (len(clusters[root].articles), root)) if len(roots) > 1 else ():
                self._join_clear(root, self._longer(root, roots, clusters), clusters)

    def _longer(self, root: int, roots: Sequence[int], clusters: dict[int, Cluster]) -> list[int]:
        """The clusters whose first name a name may abbreviate."""
        mine, articles, nicknames = clusters[root].fullest, clusters[root].articles, name_words().nicknames
        middle = self._middle(mine)
        others = [
            other
            for other in roots
            if other != root
            and not articles & clusters[other].articles
            and agree(middle, self._middle(clusters[other].fullest))
        ]
        if len(mine.words[0]) == 1:
            named = [r for r in others if not middle or self._middle(clusters[r].fullest)]
            return [r for r in named if clusters[r].fullest.words[0][0] == mine.words[0]]
        own = nicknames.get(mine.sounds[0], frozenset())
        if len(roots) > 2:  # a common last name, shared by many people
            return []
        fitting = [r for r in others if own & nicknames.get(clusters[r].fullest.sounds[0], frozenset())]
        return [r for r in fitting if len(clusters[r].articles) >= len(articles)]

    def _parts(self) -> None:
        """Join names of two or more words that end a longer one: López Obrador, von der Leyen."""
        clusters = self._clusters()
        endings: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for root, cluster in clusters.items():
            sounds = cluster.fullest.sounds
            for begin in range(1, len(sounds) - 1):
                endings[sounds[begin:]].append(root)
        for root, cluster in clusters.items():
            if not cluster.fullest.bare and len(cluster.fullest.words[0]) > 1:
                self._join_clear(root, endings.get(cluster.fullest.sounds, ()), clusters)

    def _alphabets(self) -> None:
        """Join full names in different alphabets that share their consonants."""
        clusters = self._clusters()
        known: dict[str, list[int]] = defaultdict(list)
        for root, cluster in clusters.items():
            if not cluster.fullest.bare and cluster.fullest.script == "LATIN":
                for reading in readings(cluster.fullest) | self._long_last(cluster.fullest):
                    known[reading].append(root)
        foreign = [root for root, cluster in clusters.items() if cluster.fullest.script not in ("LATIN", "")]
        for root in sorted(foreign, key=lambda root: (-len(clusters[root].articles), root)):
            mine = clusters[root].fullest
            if mine.bare:
                continue
            found = {other for reading in readings(mine) for other in known.get(reading, ())}
            fitting = {
                other
                for other in found
                if sounds_like(mine, clusters[other].fullest) or sounds_like(mine, last_of(clusters[other].fullest))
            }
            if not self._join_clear(root, fitting, clusters):
                for reading in readings(mine):
                    known[reading].append(root)

    def _long_last(self, name: ParsedName) -> set[str]:
        """The consonants of a last name long enough to be written as two words in another alphabet."""
        return {reading for reading in readings(last_of(name)) if len(reading) > _CONSONANTS}

    def _single_words(self) -> None:
        """Join a last name to the only person it can mean, if the word does not name anything else."""
        clusters, words = self._clusters(), name_words()
        last: dict[str, list[int]] = defaultdict(list)
        abroad: dict[str, list[int]] = defaultdict(list)
        for root, cluster in clusters.items():
            if cluster.fullest.bare:
                continue
            for sound in {name.sounds[-1] for name in cluster.names if not name.bare}:
                last[sound].append(root)
            for name in {name.words[-1]: name for name in cluster.names if not name.bare}.values():
                for reading in consonants(name.words[-1]):
                    if len(reading) >= 3:
                        abroad[reading].append(root)
        for root, cluster in sorted(clusters.items()):
            name = cluster.fullest
            common = name.bare and (name.words[0] in words.ambiguous or words.given_name(name.words[0]))
            if not name.bare or (common and not name.titles):
                continue
            candidates = [r for r in last.get(name.sounds[0], ()) if self._same_last(name, clusters[r])]
            candidates = candidates or self._abroad(name, abroad, clusters)
            most = len(cluster.articles) / _ALONE
            fitting = [r for r in candidates if name.titles or len(clusters[r].articles) >= most]
            self._join_clear(root, fitting, clusters)

    def _same_last(self, name: ParsedName, cluster: Cluster) -> bool:
        full = [other for other in cluster.names if not other.bare]
        word = name.words[0]
        long = len(word) >= _SPELLED_ALIKE
        return any(other.words[-1] == word or (long and other.words[-1][:2] == word[:2]) for other in full)

    def _abroad(self, name: ParsedName, abroad: dict[str, list[int]], clusters: dict[int, Cluster]) -> list[int]:
        found = {root for reading in consonants(name.words[0]) for root in abroad.get(reading, ())}
        return [
            root
            for root in sorted(found)
            if any(
                other.script != name.script and sounds_like(name, last_of(other))
                for other in clusters[root].names
                if not other.bare
            )
        ]


def readings(name: ParsedName) -> set[str]:
    """Return the consonant keys of a name: of its first and last word, and of all its words together.

    In alphabets other than Latin, also of its last two words: a role may come before them.
    """
    words = [word for word in name.words if word not in name_words().particles] or list(name.words)
    ends = consonants(words[0] + words[-1]) if len(words) > 1 else frozenset()
    least = _CONSONANTS if len(words) > 1 else _CONSONANTS - 1
    tail = consonants("".join(words[-2:])) if len(words) > 2 and name.script != "LATIN" else frozenset()
    return {reading for reading in ends | tail | consonants("".join(words)) if len(reading) >= least}


def sounds_like(one: ParsedName, other: ParsedName) -> bool:
    """Tell whether two names with the same consonants can be one, by their vowels if both alphabets write them."""
    if one.suffix != other.suffix:
        return False
    if not {one.script, other.script} <= _WRITTEN_OUT:
        return True
    return SequenceMatcher(None, "".join(one.sounds), "".join(other.sounds), False).ratio() >= _AS_SPELLED


def last_of(name: ParsedName) -> ParsedName:
    """Return a name reduced to its last word."""
    return ParsedName(name.written, name.kind, name.words[-1:], name.sounds[-1:], "", "", name.script)


def agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two sequences of middle names are compatible, so that they can be one person's."""
    return all(a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) for a, b in zip(one, other, strict=False))


def clear(counted: Iterable[tuple[int, int]]) -> int | None:
    """Return the item with the highest count if it is far ahead of the next and of all others together; else None."""
    ranked = sorted(counted, key=lambda item: (-item[0], item[1]))
    if not ranked or (len(ranked) > 1 and ranked[0][0] < CLEAR * ranked[1][0]):
        return None
    if 2 * ranked[0][0] < sum(count for count, _ in ranked):
        return None
    return ranked[0][1]
