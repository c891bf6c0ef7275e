"""Look up an archive's speakers by any of their names, without reading every name in it."""

from __future__ import annotations

import re
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import Any

from anyascii import anyascii

from assistant.archive import Archive, speech
from assistant.names.parse import parse_name
from assistant.names.phonetics import plain
from assistant.speakers.resolve import ResolvedSpeakers, Speaker, cluster_speakers, folded
from assistant.text import Span
from assistant.types import StoredArticle

_KEPT = 256
"""Number of look-ups cached until the archive changes."""

# Letters that may replace one another in spellings of a name; anything may come between them.
_SIBILANT = "[td]?[kqcgjszhx]+"
_RUNS = (("p", "[pb]+"), ("t", "[td]+h?"), ("k", _SIBILANT), ("l", "l+"), ("r", "r+"), ("m", "m+"), ("n", "n+"))
_RUN = re.compile(r"(?P<p>[pb]+)|(?P<k>[td]?[kqcgszx]+)|(?P<t>[td]+)|(?P<l>l+)|(?P<r>r+)|(?P<m>m+)|(?P<n>n+)")
_BETWEEN = "[aeiouyfvwhj'’.-]{0,6}"
_LEADING = 2_000
"""Number of most-quoted names from which the leading speakers are chosen."""

_LONGEST = 60
"""Characters of a name that are compared."""


class SpeakerDirectory:
    """An archive's speakers and their words. Thread-safe."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lock = threading.RLock()
        self._state: tuple[int, int, int] | None = None
        self._names: list[str] = []
        self._plain = ""
        self._starts: list[int] = []
        self._all: ResolvedSpeakers | None = None
        self._leaders: dict[int, list[Speaker]] = {}
        self._found: OrderedDict[tuple[str, bool], Any] = OrderedDict()

    def speakers(self) -> ResolvedSpeakers:
        """Return all speakers of the archive; slow if the archive is large and has changed."""
        with self._lock:
            self._refresh()
            if self._all is None:
                self._all = cluster_speakers(speech.mentions(self._archive), speech.corrections(self._archive))
            return self._all

    def find(self, asked: str, variants: bool = True) -> list[Speaker]:
        """Return the speakers whom ``asked`` may name, most likely first; empty if nobody has that name.

        :param variants: whether to match other names and spellings, too.
        """
        with self._lock:
            self._refresh()
            kept = self._found.get((folded(asked), variants))
            if kept is None:
                kept = self._look(asked) if variants else self._exactly(asked)
                self._found[(folded(asked), variants)] = kept
                while len(self._found) > _KEPT:
                    self._found.popitem(last=False)
            return list(kept)

    def leading(self, count: int) -> list[Speaker]:
        """Return the named speakers who are quoted most; nearly always exact.

        Only frequently quoted names are clustered, so that it is fast in a large archive.
        """
        with self._lock:
            self._refresh()
            most = max(_LEADING, 8 * count)
            if most not in self._leaders:
                names = self._names[:most]
                found = cluster_speakers(speech.mentions(self._archive, names), speech.corrections(self._archive))
                self._leaders = {most: [speaker for speaker in found.listed if speaker.kind != "unnamed"]}
            return self._leaders[most][:count]

    def spoken(self, article: StoredArticle, name: str) -> tuple[list[Span], list[Span]]:
        """Return the spans that an article version attributes to the speaker of this name, and to others."""
        wanted = folded(name)
        likeliest = self.find(name)[:1]

        @cache
        def is_meant(speaker: str) -> bool:
            return folded(speaker) == wanted or any(one.speaks(speaker, article.key) for one in likeliest)

        own: list[Span] = []
        others: list[Span] = []
        for said in speech.attributions(self._archive, article.id, article.version):
            (own if said.speaker is not None and is_meant(said.speaker) else others).append(said.content)
        return own, others

    def _refresh(self) -> None:
        state = self._archive.state()
        if state != self._state:
            self._names = list(self._archive.speaker_names())
            lines = [plain_line(name) for name in self._names]
            self._plain = "\n".join(lines)
            self._starts = [0, *accumulate(len(line) + 1 for line in lines)][:-1]
            self._all = None
            self._found.clear()
            self._leaders.clear()
            self._state = state

    def _look(self, asked: str) -> list[Speaker]:
        corrections = speech.corrections(self._archive)
        names = dict.fromkeys(self._candidates(asked))
        for correction in corrections:
            for name in (correction.name, correction.other):
                names.update(dict.fromkeys(self._candidates(name)))
        if not names:
            return []
        return cluster_speakers(speech.mentions(self._archive, list(names)), corrections).find(asked)

    def _exactly(self, asked: str) -> list[Speaker]:
        wanted = folded(asked)
        names = [name for name in self._names if folded(name) == wanted]
        return list(cluster_speakers(speech.mentions(self._archive, names)).listed) if names else []

    def _candidates(self, asked: str) -> list[str]:
        """Candidate names with nearly the consonants of the last word asked for: a superset of those meant."""
        patterns = [pattern for pattern in rough_patterns(asked) if pattern]
        if not patterns:
            wanted = folded(asked)
            return [name for name in self._names if folded(name) == wanted]
        places = (bisect_right(self._starts, m.start()) - 1 for m in re.finditer("|".join(patterns), self._plain))
        return [self._names[place] for place in dict.fromkeys(places)]


def plain_line(name: str) -> str:
    """Return a name on one line, in lower-case ASCII letters."""
    return (name if name.isascii() else anyascii(name)).lower().replace("\n", " ")


def rough_patterns(asked: str) -> Sequence[str]:
    """Return patterns over ASCII names that match every spelling of a name's last word, and some other names."""
    words = parse_name(asked).words
    return [rough_pattern(plain(word)[:_LONGEST]) for word in words[-1:]]


def rough_pattern(word: str) -> str:
    """Return a pattern that matches a word by its consonants; the word itself if it has hardly any."""
    found = [match.lastgroup for match in _RUN.finditer(re.sub("[aeiouyfvwhj' .-]+", " ", word))]
    if len(found) < 2:
        return re.escape(word) if word else ""
    classes = dict(_RUNS)
    inner = (_BETWEEN + " ?").join(classes[run] for run in found if run)
    begun = f"(?:{_SIBILANT})?" if word[0] == "j" else ""  # Johnson is dzhonson in other letters
    return f"(?<![a-z]){begun}{_BETWEEN}{inner}{_BETWEEN}(?![a-z])"
