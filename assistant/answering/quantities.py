"""Numbers as texts write them: digits of any script, words of English and German, with their scales and units."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_ONES = {
    word: value
    for words, value in (
        ("zero null", 0), ("one eins ein eine einen einem einer", 1), ("two zwei", 2), ("three drei", 3),
        ("four vier", 4), ("five funf", 5), ("six sechs", 6), ("seven sieben", 7), ("eight acht", 8),
        ("nine neun", 9), ("ten zehn", 10), ("eleven elf", 11), ("twelve zwolf dozen dutzend", 12),
        ("thirteen dreizehn", 13), ("fourteen vierzehn", 14), ("fifteen funfzehn", 15), ("sixteen sechzehn", 16),
        ("seventeen siebzehn", 17), ("eighteen achtzehn", 18), ("nineteen neunzehn", 19),
    )
    for word in words.split()
}  # fmt: skip
_TENS = {
    word: value
    for words, value in (
        ("twenty zwanzig", 20), ("thirty dreissig", 30), ("forty vierzig", 40), ("fifty funfzig", 50),
        ("sixty sechzig", 60), ("seventy siebzig", 70), ("eighty achtzig", 80), ("ninety neunzig", 90),
    )
    for word in words.split()
}  # fmt: skip
_SCALES = {
    word: value
    for words, value in (
        ("hundred hundert", 100), ("thousand tausend k bin тысяч тысячи тыс", 10**3),
        ("million millions mln mn m mio million millionen milyon миллион миллиона миллионов млн", 10**6),
        ("billion billions bn b mrd milliarde milliarden milyar миллиард миллиарда миллиардов млрд", 10**9),
        ("trillion trillions tn trn", 10**12),
    )
    for word in words.split()
}  # fmt: skip
_GERMAN_BILLION = {"billion", "billionen"}
_ORDINALS = {
    word: value
    for words, value in (
        ("first erste ersten erster erstes", 1), ("second zweite zweiten zweiter zweites", 2),
        ("third thirds dritte dritten dritter drittes", 3), ("fourth vierte vierten vierter", 4),
        ("fifth funfte funften funfter", 5), ("sixth sechste sechsten", 6), ("seventh siebte siebten", 7),
        ("eighth achte achten", 8), ("ninth neunte neunten", 9), ("tenth zehnte zehnten", 10),
        ("eleventh elfte elften", 11), ("twelfth zwolfte zwolften", 12), ("thirteenth", 13), ("fourteenth", 14),
        ("fifteenth", 15), ("sixteenth", 16), ("seventeenth", 17), ("eighteenth", 18), ("nineteenth", 19),
        ("twentieth zwanzigste zwanzigsten", 20), ("thirtieth", 30),
    )
    for word in words.split()
}  # fmt: skip
_PERCENT = frozenset("% percent pct prozent yuzde процент процента процентов".split())
_MONEY = {
    word: sign
    for words, sign in (
        ("$ dollar dollars usd bucks доллар доллара долларов dolar", "$"), ("€ euro euros eur евро avro", "€"),
        ("£ pound pounds gbp pfund", "£"), ("¥ yen jpy", "¥"), ("₺ lira", "₺"),
        ("₽ ruble rubles рубль рубля рублей", "₽"),
        ("cent cents", "¢"),
    )
    for word in words.split()
}  # fmt: skip
_SIGNS = frozenset("$€£¥₺₽")
_GERMAN = re.compile(
    r"(?:(ein|zwei|drei|vier|funf|sechs|sieben|acht|neun)?und)?"
    r"(zwanzig|dreissig|vierzig|funfzig|sechzig|siebzig|achtzig|neunzig)\Z"
)
_DIGITS = re.compile(r"\d+(?:[.,:’'\u00a0\u202f]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:[,.’'\u00a0\u202f]\d{3})+\Z")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that a text states.

    :ivar used: tokens that it is made of, its unit counted.
    :ivar value: what it amounts to, as text without trailing zeros; times stay as written.
    :ivar unit: "%", a sign of a currency, or "".
    :ivar ordinal: it says which, not how many.
    """

    used: int
    value: str
    unit: str
    ordinal: bool = False


def quantity(tokens: list[str], place: int, language: str) -> Quantity | None:
    """Read the number that begins at a token; None where none does.

    :param tokens: folded words, numbers, and the signs of currencies and percent as tokens of their own.
    """
    unit, at = "", place
    if tokens[at] in _SIGNS and at + 1 < len(tokens):
        unit, at = _MONEY[tokens[at]], at + 1
        if not tokens[at][:1].isdigit():
            return None
    read = _digits(tokens, at, language) or _words(tokens, at, language)
    if read is None:
        return None
    value, at, ordinal = read
    if at < len(tokens) and not ordinal and not unit:
        if tokens[at] in _PERCENT:
            unit, at = "%", at + 1
        elif tokens[at] == "per" and tokens[at + 1 : at + 2] == ["cent"]:
            unit, at = "%", at + 2
        elif tokens[at] in _MONEY:
            unit, at = _MONEY[tokens[at]], at + 1
    return Quantity(at - place, value, unit, ordinal)


def _digits(tokens: list[str], at: int, language: str) -> tuple[str, int, bool] | None:
    token = ascii_digits(tokens[at])
    written = _DIGITS.match(token)
    if not written:
        return None
    rest = token[written.end() :]
    if rest in ("st", "nd", "rd", "th"):
        return written[0], at + 1, True
    number = _number(written[0], language) if rest in ("", "s") or rest in _SCALES else None
    if number is None or rest == "s":
        return token, at + 1, False
    number *= _SCALES.get(rest, 1)
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
        elif word in _ORDINALS and (not known or part % 100 >= 20):
            return _plain(total + part + _ORDINALS[word]), at + 1, True
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
    if word in _ONES:
        return _ONES[word]
    if word in _TENS:
        return _TENS[word]
    if (german := _GERMAN.match(word)) is not None:
        return _TENS[german[2]] + (_ONES[german[1]] if german[1] else 0)
    return 0.5 if word in ("half", "halb", "halbe") else None


def _scale(word: str, language: str) -> float:
    if language == "de" and word in _GERMAN_BILLION:
        return 1e12
    return _SCALES.get(word, 0)


def ascii_digits(text: str) -> str:
    """Return a text with the digits of every script as those of this one."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else {"٫": ".", "٬": ","}.get(c, c) for c in text)


def _number(text: str, language: str) -> float | None:
    """The value of digits with their points and commas; None for times and dates."""
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
