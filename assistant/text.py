"""Clean text for storage, fold it for comparison, and split it into words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

Span = tuple[int, int]
"""A span of a text: start inclusive, end exclusive."""

# Invisible characters without meaning in news text, and the bidirectional overrides that can make a quote
# read differently. Joiners (U+200C, U+200D) and direction marks stay: Persian and Arabic need them.
_JUNK = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK = re.compile(r"[^\S\n]+")
_EDGE = re.compile(r" ?\n ?")
_GAP = re.compile(r"\n{2,}")


def well_formed(text: str) -> str:
    """Return ``text`` as well-formed Unicode: surrogate pairs joined, lone surrogates replaced by U+FFFD."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def visible(text: str) -> str:
    """Return ``text`` with control characters, bidirectional overrides and lone surrogates written as escapes.

    Whatever of an article, a file or a client goes to a terminal or a log passes through here, so that it is shown and
    not obeyed. Line feeds and tabs stay, and so do the direction marks that Arabic and Persian are written with.
    """
    return _STEERING.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def clean(text: str) -> str:
    """Return ``text`` as the archive stores it: in NFC, without junk characters, with normalised white space.

    Runs of white space become one space, blank lines become one empty line, and ends are stripped. Idempotent:
    ``clean(clean(text)) == clean(text)``.
    """
    text = _normalized("NFC", _JUNK.sub("", _SURROGATE.sub("\ufffd", text)))
    text = _BLANK.sub(" ", _BREAK.sub("\n", text))
    return _GAP.sub("\n\n", _EDGE.sub("\n", text)).strip()


def clean_line(text: str) -> str:
    """Return ``text`` cleaned and on one line, for headlines, bylines and outlets."""
    return clean(text).replace("\n\n", " ").replace("\n", " ")


_FOLD = str.maketrans(
    {
        "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ё": "е", "й": "й",
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "‛": "'",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "…": "...",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """Return ``text`` for comparison: no case, no diacritics, ASCII quotation marks and dashes.

    Its length may differ from that of ``text``: never use offsets into it.
    """
    plain = text.casefold()
    if plain.isascii() or (plain := plain.translate(_FOLD)).isascii():  # most of what is not ASCII is quotation marks
        return plain
    return _combining().sub("", _normalized("NFKD", text.casefold())).translate(_FOLD)


@cache
def _combining(times: str = "") -> re.Pattern[str]:
    return re.compile(f"[{''.join(filter(unicodedata.combining, map(chr, range(0x300, 0x20000))))}]{times}")


def _normalized(form: Literal["NFC", "NFKD"], text: str) -> str:
    """Return ``text`` in a normalization form, in linear time.

    Putting n combining characters in their canonical order takes n² steps. So runs of more than 30 are broken up by
    U+034F, as in the Stream-Safe Text Format (UAX #15, section 13); no language has that many.
    """
    if len(text) > _SHORT and not unicodedata.is_normalized(form, text):
        text = _combining("{30}").sub("\\g<0>\u034f", text)
    return unicodedata.normalize(form, text)


_SHORT = 1000
"""Most characters in a text that is normalized quickly whatever it contains."""


WORD = re.compile(r"\d+(?:[.,:]\d+)*|\w+")
"""A word or a number; "1.5" and "10:30" are one each."""


def words(text: str) -> list[str]:
    """Return the folded words and numbers of ``text``, in order; "1.5" and "10:30" are one word each."""
    return WORD.findall(fold(text))
