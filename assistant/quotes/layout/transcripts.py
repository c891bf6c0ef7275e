"""Transcripts: paragraphs that open with their speaker's name and a colon."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.languages.lexicon import english_speech
from assistant.names.parse import parse_name
from assistant.quotes.layout.people import FullNames, abbreviated
from assistant.quotes.layout.turns import SpokenTurn, lines, spoken
from assistant.text import Span, fold

_CAPITALS = r"[^\W\d_a-z]\.?(?:[^\W\d_a-z]|[.’'-])*"
_CAPITAL = r"[^\W\d_a-z][\w.’'-]*"
_ASIDE = r"(?: ?\([^()\n]{1,40}\))?"
_LABEL = re.compile(
    rf"(?P<name>{_CAPITALS}(?: {_CAPITALS}){{0,4}}|{_CAPITAL}(?: {_CAPITAL}){{0,3}})"
    rf"(?P<role>{_ASIDE}(?:,[^:\n]{{2,80}}?)?{_ASIDE}):(?=\s)"
)
_NO_TURN = re.compile(r"[\"“”„«»(\[#*|•>–—]")
"""What begins a paragraph that is a quotation, a stage direction, a heading or an item of a list."""
_LONGEST_LABEL = 200
_NO_ROLE = re.compile(r"\d|[–—]| - |^ ?\([A-Z]+\)$")
"""What follows a place in a caption ("DORTMUND, GERMANY - MARCH 26:") or a dateline ("WASHINGTON (AP):")."""
_RECURS = 2
"""Turns of a speaker who takes part in a conversation."""
_CONVERSED = 0.6
"""Least share of the labelled paragraphs that are turns of those who speak more than once."""
_SPOKEN = 0.4
"""Least share of the turns that are spoken: in the first or second person, or questions."""
_ASKS = 0.5
"""Least share of an interviewer's turns that are questions."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph.

    :ivar name: the name that it opens with; ``role`` tells whether something like ", SENATOR" or "(voice-over)"
        follows; ``words``: what stands behind the label.
    :ivar key: what the labels of one speaker share: the last word of the name, folded; "" without a label.
    :ivar ends: whether it ends a turn without beginning another.
    """

    words: Span
    name: Span | None = None
    role: bool = False
    key: str = ""
    ends: bool = False


def transcript_turns(text: str, headline: str = "") -> list[SpokenTurn]:
    """Return the turns of a transcript or an interview with names; none if the text is not one.

    It is one if names in capitals are introduced with their roles, or if two or more speak in turn, one of them asking
    or all of them named in full. Other labels ("NOTE:", "RELATED:", a place in a list) are nobody, and an interviewer
    is somebody only if the text has the full name.
    """
    found = [_line(text, span) for span in lines(text)]
    counts = Counter(line.key for line in found if line.key)
    if not counts or max(counts.values()) < _RECURS:
        return []
    names = FullNames.of(headline, text).with_labels(text[slice(*line.name)] for line in found if line.name)
    return _Transcript(text, found, counts, names).turns()


def _line(text: str, span: Span) -> _Line:
    match = _LABEL.match(text, *span) if ":" in text[span[0] : min(span[1], span[0] + _LONGEST_LABEL)] else None
    if match is None:
        return _Line(span, ends=bool(_NO_TURN.match(text, span[0])))
    start = match.end()
    while start < span[1] and text[start].isspace():
        start += 1
    words = match["name"].lower().split()
    if (
        start == span[1]
        or _NO_TURN.match(text, start)
        or _NO_ROLE.search(match["role"])
        or english_speech().words.labels.intersection(words)
    ):
        return _Line(span, ends=True)
    return _Line((start, span[1]), match.span("name"), bool(match["role"]), fold(words[-1]).strip("."))


class _Transcript:
    """One text's lines, read as a conversation."""

    def __init__(self, text: str, found: list[_Line], counts: Counter[str], names: FullNames) -> None:
        self.text = text
        self.found = found
        self.names = names
        self.labelled = [line for line in found if line.key]
        self.recurring = {key for key, count in counts.items() if count >= _RECURS}

    def turns(self) -> list[SpokenTurn]:
        """The turns, if the text is a conversation."""
        mine = [line for line in self.labelled if line.key in self.recurring]
        capitals = [line for line in self.labelled if self._is_capital(line)]
        introduced = any(line.role for line in capitals if line.key in self.recurring)
        if not introduced:
            talk = sum(spoken(self.text, line.words) for line in self.labelled) >= _SPOKEN * len(self.labelled)
            if not talk or len(self.recurring) < 2 or len(mine) < _CONVERSED * len(self.labelled):
                return []
            known = all(self.names.by_last(key) for key in self.recurring)
            if not known and not any(self._asks(key) for key in self.recurring):
                return []
        return list(self._turns(introduced))

    def _is_capital(self, line: _Line) -> bool:
        name = self.text[slice(*line.name)] if line.name else ""
        return name.isupper() and len(name) > 2 and self._is_name(name)

    def _is_name(self, label: str) -> bool:
        """Whether a label is a person's name: no word of it is a common one, here or in transcripts."""
        words = [word.strip(".") for word in fold(label).split()]
        if english_speech().words.unnamed.intersection(words) or parse_name(label.title()).kind != "person":
            return len(words) > 1 and len(words[0]) == 1 and bool(self.names.by_last(words[-1]))
        if not label.isupper() and abbreviated(label):
            return False
        return not any(len(word) > 1 and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", self.text) for word in words)

    def _asks(self, key: str) -> bool:
        asked = [self.text[line.words[1] - 1] == "?" for line in self.labelled if line.key == key]
        return sum(asked) >= _ASKS * len(asked)

    def _turns(self, introduced: bool) -> Iterator[SpokenTurn]:
        """Each labelled paragraph with those behind it, up to the next label; the last one by itself."""
        last = max(place for place, line in enumerate(self.found) if line.key)
        for place, line in enumerate(self.found):
            if line.name is None or not self._speaks(line, introduced):
                continue
            paragraphs = [line.words]
            for following in self.found[place + 1 : last]:
                if following.key or following.ends:
                    break
                paragraphs.append(following.words)
            yield SpokenTurn(line.name, self.names.fullest(self.text[slice(*line.name)]), tuple(paragraphs))

    def _speaks(self, line: _Line, introduced: bool) -> bool:
        """Whether a label is somebody whose words are kept."""
        if not self._is_name(self.text[slice(*line.name)] if line.name else ""):
            return False
        if self.names.by_last(line.key):
            return True
        return self._is_capital(line) if introduced else line.key in self.recurring and not self._asks(line.key)
