"""Find what a sentence has in quotation marks, and where those words occur in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from assistant.quotes.common.quotation_marks import trim
from assistant.text import Span

_PAIRS = {
    "“": "”“", "„": "“”‟", "‟": "”“", "«": "»", "»": "«", "‹": "›", "›": "‹", "「": "」", "『": "』", "《": "》",
    "〈": "〉", "〝": "〞〟", "❝": "❞", "❮": "❯", "＂": "＂", "″": "″", "˝": "˝", '"': '"',
}  # fmt: skip
"""Opening marks and the marks that may close each."""
_ONLY_CLOSING = frozenset("”」』》〉〞〟❞❯")
_SINGLE = {"‘": "’", "‛": "’", "‚": "‘’", "'": "'’", "❛": "❜", "`": "'’`", "´": "´", "＇": "＇"}
_MARKS = frozenset("".join([*_PAIRS, *_PAIRS.values(), *_SINGLE, *_SINGLE.values(), "’"]))
_APOSTROPHES = frozenset("'’‘‛`´＇ʼ")
_DASHES = frozenset("-‐‑‒–—―−﹘﹣－")
_EDGE = " .,;:-"


# --- quotation marks -------------------------------------------------------------------------------------------


def quotations(text: str) -> list[Span]:
    """Return the spans in quotation marks in a sentence: the outermost ones, without the marks.

    In case of doubt, words count as quoted: an unclosed mark runs to the end of the sentence, an unopened one from its
    beginning. Single marks count around words, not within them.
    """
    found: list[Span] = []
    start, depth, opening, closing = -1, 0, "", ""
    for place, character in enumerate(text):
        if start >= 0:
            if character == opening and character not in "\"'" and _begins(text, place):
                depth += 1
            elif character in closing and _may_close(text, place, character):
                depth -= 1
                if depth == 0:
                    found.append((start, place))
                    start = -1
        elif character in _ONLY_CLOSING or _closes_only(text, place, character):
            found = [(0, place)]
        elif character in _PAIRS or _opens_single(text, place, character):
            start, depth, opening = place + 1, 1, character
            closing = _PAIRS.get(character, "") or _SINGLE[character]
    if start >= 0:
        found.append((start, len(text)))
    return [span for span in (trim(text, span) for span in found) if span[0] < span[1]]


def _begins(text: str, place: int) -> bool:
    """Whether a mark comes before a word and after a gap."""
    return not text[place - 1].isalnum() and text[place + 1 : place + 2].isalnum()


def _may_close(text: str, place: int, character: str) -> bool:
    if character not in _APOSTROPHES:
        return True
    after = text[place + 1 : place + 2]
    return not after.isalnum() and text[place - 1] not in " \t\n\u00a0"


def _closes_only(text: str, place: int, character: str) -> bool:
    """Whether this is a straight, unopened mark after a word and before a gap."""
    if character not in '"＂':
        return False
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    behind_word = bool(before) and not (before.isspace() or before.isdigit() or before in "([{-–—/")
    return behind_word and not after.isalnum()


def _opens_single(text: str, place: int, character: str) -> bool:
    """Whether a single mark before a word has a closing one further on: not the apostrophe of ’90s or the voters’."""
    if character not in _SINGLE or text[max(0, place - 1) : place].isalnum() or not text[place + 1 : place + 2].strip():
        return False
    rest = ((at, text[at]) for at in range(place + 2, len(text)))
    return any(mark in _SINGLE[character] and _may_close(text, at, mark) for at, mark in rest)


# --- the words themselves ---------------------------------------------------------------------------------------


def occurrences(words: str, text: str) -> Iterable[Span]:
    """Yield the spans where ``words`` occur in ``text`` as whole words, ignoring white space and marks around them.

    A comma or full stop at the end of a quotation may belong to the sentence around it: it does not count.
    """
    needle = _plain(unicodedata.normalize("NFC", words))[0].strip(_EDGE)
    if not needle:
        return
    hay, places = _plain(text)
    at = hay.find(needle)
    while at >= 0:
        end = at + len(needle)
        inside = (at > 0 and hay[at - 1].isalnum() and needle[0].isalnum()) or (
            end < len(hay) and hay[end].isalnum() and needle[-1].isalnum()
        )
        if not inside:
            yield places[at], places[end - 1] + 1
        at = hay.find(needle, at + 1)


def _plain(text: str) -> tuple[str, list[int]]:
    """Normalise a text for comparison, with original offsets: single spaces, no quotation marks, one kind of dash."""
    out: list[str] = []
    places: list[int] = []

    def put(characters: str, place: int) -> None:
        out.extend(characters)
        places.extend([place] * len(characters))

    for place, character in enumerate(text):
        if character.isspace():
            if out and out[-1] not in " -":
                put(" ", place)
        elif character in _DASHES:
            if out and out[-1] == " ":
                out.pop()
                places.pop()
            put("-", place)
        elif character == "…":
            put("...", place)
        elif character in _APOSTROPHES and text[place - 1 : place].isalnum() and text[place + 1 : place + 2].isalnum():
            put("'", place)
        elif character not in _MARKS and not _INVISIBLE.match(character):
            put(character, place)
    return "".join(out), places


_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
