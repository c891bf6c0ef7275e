"""Parse a model's output as it streams: one claim per sentence, with the numbers of the sources it cites.

Reads ``[1]``, ``[1, 2]``, ``[1-3]``, ``[1][2]`` and ``【1】``, before or after a full stop. Characters are read one
by one, so it makes no difference how the stream was split into chunks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.answering.segments import is_open
from assistant.sentences import sentences
from assistant.text import Span, clean_line

LONGEST = 900
"""Most characters in a claim; a quotation that spans sentences is kept whole up to this length."""

_BUFFER = 3_000
"""Number of characters without a sentence end after which they are taken as they are."""

_MARKER = re.compile(
    r"[\[【]\s*\^?(?:sources?\s*)?(\d{1,3}(?:\s*(?:[,;，、&–-]|and)\s*\d{1,3})*)\s*(?:†[^\[\]【】]{0,40})?[\]】](?!\()",
    re.IGNORECASE,
)
_OPEN = re.compile(r"[\[【][^\[\]【】]{0,60}\Z")
_BROKEN = re.compile(r"[\[【]\s*\^?(?:sources?\s*)?[\d\s,;–-]*\Z", re.IGNORECASE)
_ITEM = re.compile(r"(?:\A|(?<=\n))[ \t]*(?:(?:[-*+•‣–—]|\d{1,2}[.)]|#{1,6}|>)[ \t]+)+")
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)")
_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|`+|~~")
_BEFORE_STOP = re.compile(r"\s+(?=[.,;:!?…](?:\s|\Z|[”\"’»]))")
_JOINERS = "\u200c\u200d"
"""Zero-width joiners, which Persian and Indic words are written with."""


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """One drafted sentence.

    :ivar text: the sentence on one line, without markers and Markdown syntax; otherwise as written.
    :ivar markers: the distinct numbers it cites, in order of appearance; they may name no source.
    """

    text: str
    markers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A marker: its position in the text as written, and in the text without markers."""

    start: int
    place: int
    numbers: tuple[int, ...]
    leading: bool
    """Whether it begins a line, so that it belongs to the words after it."""


def read(pieces: Iterable[str], language: str = "en") -> Iterator[DraftSentence]:
    """Yield the claims of a streamed text, each as soon as its end is known.

    :param language: expected language of the text, ISO 639-1; determines its abbreviations.
    """
    reader = ClaimReader(language)
    for piece in pieces:
        yield from reader.feed(piece)
    yield from reader.close()


class ClaimReader:
    """Splits a text into claims as it arrives."""

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._raw = ""

    def feed(self, piece: str) -> list[DraftSentence]:
        """Add some characters; return the claims that are now complete."""
        found: list[DraftSentence] = []
        for character in piece:
            if unicodedata.category(character) in ("Cf", "Cc", "Cs", "Co") and character not in f"{_JOINERS}\n\t":
                continue
            self._raw += character
            if character.isspace() and not _OPEN.search(self._raw):
                found += self._whole()
                if len(self._raw) > _BUFFER:
                    found += self.close()
        return found

    def close(self) -> list[DraftSentence]:
        """Return what is left at the end of the stream."""
        raw, self._raw = _BROKEN.sub("", self._raw), ""
        plain, marks, _ = _taken_apart(raw)
        spans = _pieces(plain, self._language)
        found = []
        for place, span in enumerate(spans):
            following = spans[place + 1][0] if place + 1 < len(spans) else len(plain) + 1
            found += _claim(plain, span, marks, following, first=place == 0)
        return found

    def _whole(self) -> list[DraftSentence]:
        found: list[DraftSentence] = []
        while True:
            plain, marks, origin = _taken_apart(self._raw)
            spans = _pieces(plain, self._language)
            # Where a sentence ends depends on the word after it, which must have arrived in full.
            if len(spans) < 2 or not any(map(str.isalnum, plain[spans[1][0] :])):
                return found
            following = spans[1][0]
            found += _claim(plain, spans[0], marks, following, first=True)
            ahead = [mark.start for mark in marks if mark.leading and spans[0][0] < mark.place <= following]
            self._raw = self._raw[min([origin[following], *ahead]) :]


def _claim(plain: str, span: Span, marks: Iterable[_Mark], following: int, first: bool) -> list[DraftSentence]:
    """The claim of a sentence; none if it has no words."""
    numbers: dict[int, None] = {}
    for mark in marks:
        own = mark.place <= span[0] and (first or mark.leading) and plain[mark.place : span[0]].strip() == ""
        behind = span[0] < mark.place <= following and not (mark.leading and mark.place > span[1])
        if own or behind:
            numbers.update(dict.fromkeys(mark.numbers))
    text = _BEFORE_STOP.sub("", clean_line(_EMPHASIS.sub("", plain[span[0] : span[1]])))
    return [DraftSentence(text, tuple(numbers))] if any(map(str.isalnum, text)) else []


def _taken_apart(raw: str) -> tuple[str, list[_Mark], list[int]]:
    """Return a text without markers and bullets, the markers, and the original offset of each remaining character."""
    gone: list[tuple[int, int, re.Match[str] | None]] = [(*match.span(), match) for match in _MARKER.finditer(raw)]
    gone += [(*match.span(), None) for match in _ITEM.finditer(raw)]
    plain: list[str] = []
    origin: list[int] = []
    marks: list[_Mark] = []
    reached = 0
    for start, end, match in sorted(gone, key=lambda one: one[:2]):
        if start < reached:
            continue
        plain += raw[reached:start]
        origin += range(reached, start)
        if match is not None:
            line = raw.rfind("\n", 0, start) + 1
            rest = _MARKER.sub("", raw[end : (raw + "\n").find("\n", end)])
            leading = not _MARKER.sub("", _ITEM.sub("", raw[line:start])).strip() and any(map(str.isalnum, rest))
            marks.append(_Mark(start, len(plain), _numbers(match[1]), leading))
            plain.append(" ")  # the words on its two sides stay apart
            origin.append(start)
        reached = end
    plain += raw[reached:]
    origin += range(reached, len(raw))
    return "".join(plain), marks, origin


def _numbers(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in re.split(r"\s*(?:[,;，、&]|and)\s*", text, flags=re.IGNORECASE):
        span = _RANGE.fullmatch(part.strip())
        if span:
            first, last = int(span[1]), int(span[2])
            found += range(first, min(last, first + 20) + 1)
        else:
            found.append(int(part))
    return tuple(found)


def _pieces(plain: str, language: str) -> list[Span]:
    """The sentences; those that share a quotation count as one."""
    joined: list[Span] = []
    for start, end in sentences(plain, language):
        if joined:
            before = joined[-1]
            same = "\n" not in plain[before[1] : start] and end - before[0] <= LONGEST
            if same and is_open(plain[before[0] : before[1]]):
                joined[-1] = (before[0], end)
                continue
        joined.append((start, end))
    return joined
