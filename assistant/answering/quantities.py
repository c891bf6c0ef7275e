"""Read numbers in text: digits of any script and number words, with scales and units."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from assistant.languages.lexicon import numbers

_SIGNS = frozenset("$€£¥₺₽")
_DIGITS = re.compile(r"\d+(?:[.,:’'\u00a0\u202f]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:[,.’'\u00a0\u202f]\d{3})+\Z")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number stated in a text.

    :ivar used: number of tokens it consists of, including its unit.
    :ivar value: its value as text, without trailing zeros; times stay as written.
    :ivar unit: "%", a currency sign, or "".
    :ivar ordinal: whether it says which rather than how many.
    """

    used: int
    value: str
    unit: str
    ordinal: bool = False


def quantity(tokens: list[str], place: int, language: str) -> Quantity | None:
    """Read the number that begins at a token; None if there is none.

    :param tokens: folded words and numbers, with currency and percent signs as separate tokens.
    """
    unit, at = "", place
    if tokens[at] in _SIGNS and at + 1 < len(tokens):
        unit, at = tokens[at], at + 1
        if not tokens[at][:1].isdigit():
            return None
    read = _digits(tokens, at, language) or _words(tokens, at, language)
    if read is None:
        return None
    value, at, ordinal = read
    if at < len(tokens) and not ordinal and not unit:
        if tokens[at] == "%" or tokens[at] in numbers().percent:
            unit, at = "%", at + 1
        elif tokens[at] == "per" and tokens[at + 1 : at + 2] == ["cent"]:
            unit, at = "%", at + 2
        elif tokens[at] in _SIGNS:
            unit, at = tokens[at], at + 1
        elif sign := numbers().currencies.get(tokens[at]):
            unit, at = sign, at + 1
    return Quantity(at - place, value, unit, ordinal)


def _digits(tokens: list[str], at: int, language: str) -> tuple[str, int, bool] | None:
    token = ascii_digits(tokens[at])
    written = _DIGITS.match(token)
    if not written:
        return None
    rest = token[written.end() :]
    if rest in ("st", "nd", "rd", "th"):
        return written[0], at + 1, True
    number = _number(written[0], language) if rest in ("", "s") or rest in numbers().scales else None
    if number is None or rest == "s":
        return token, at + 1, False
    number *= numbers().scales.get(rest, 1)
    at += 1
    while at < len(tokens) and (scale := _scale(tokens[at], language)):
        number *= scale
        at += 1
    return _plain(number), at, False


def _words(tokens: list[str], at: int, language: str) -> tuple[str, int, bool] | None:
    """A number in words: "two hundred and fifty thousand", "twenty-five", "fünfundzwanzig"."""
    begin = at
    total, part, known = 0.0, 0.0, False
    while at < len(tokens):
        word = tokens[at]
        small = _small(word)
        if small is not None and (not known or small < 10 <= part % 100 or part % 100 == 0):
            part, known = part + small, True
        elif word in numbers().ordinals and (not known or part % 100 >= 20):
            return _plain(total + part + numbers().ordinals[word]), at + 1, True
        elif known and (scale := _scale(word, language)) and len(word) > 2:
            if scale == 100:
                part *= 100
            else:
                total, part = total + part * scale, 0.0
        elif known and word == "and" and at > begin and tokens[at - 1] in ("hundred", "thousand"):
            if at + 1 >= len(tokens) or _small(tokens[at + 1]) is None:
                break
        else:
            break
        at += 1
    return (_plain(total + part), at, False) if known else None


def _small(word: str) -> float | None:
    small = numbers().small
    if word in small:
        return small[word]
    compound = _german().match(word)
    return small[compound[2]] + (small[compound[1]] if compound[1] else 0) if compound else None


@cache
def _german() -> re.Pattern[str]:
    """German writes units before tens, as one word: "fünfundzwanzig"."""
    german = numbers("de")
    units = "|".join(sorted(german.compound_units))
    tens = "|".join(sorted(word for word, value in german.small.items() if value >= 20))
    return re.compile(rf"(?:({units})?und)?({tens})\Z")


def _scale(word: str, language: str) -> float:
    if language == "de" and word in numbers("de").long_scale:
        return 1e12
    return numbers().scales.get(word, 0)


def ascii_digits(text: str) -> str:
    """Return a text with the digits of every script as ASCII digits."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else {"٫": ".", "٬": ","}.get(c, c) for c in text)


def _number(text: str, language: str) -> float | None:
    """The value of digits with points and commas; None for times and dates."""
    if ":" in text:
        return None
    if _GROUPED.match(text) and not (text.count(".") == 1 and "," not in text and language == "en"):
        if text.count(",") == 1 and language in ("de", "ru", "tr", "fr", "es", "it", "pt") and "." not in text:
            return float(text.replace(",", "."))
        return float(re.sub(r"[,.’'\u00a0\u202f]", "", text))
    text = re.sub(r"[’'\u00a0\u202f]", "", text)
    if text.count(".") > 1:
        return None
    if text.count(",") == 1 and "." not in text:
        return float(text.replace(",", "."))
    if "," in text and "." in text:
        last = max(text.rfind(","), text.rfind("."))
        return float(re.sub(r"[,.]", "", text[:last]) + "." + text[last + 1 :])
    return float(text) if text.count(",") == 0 else float(text.replace(",", ""))


def _plain(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")
