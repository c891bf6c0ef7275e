"""Match spellings of a name: by sound within an alphabet, by consonants across alphabets."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import islice, product

from anyascii import anyascii

_MOST = 64
"""Most readings of one word."""

_APOSTROPHES = re.compile(r"[’'‘`ʼʹ\"-]")
_VOWELS = re.compile("[aeiou]+")
_DOUBLE = re.compile(r"([a-z])\1+")
_ARTICLE = re.compile(r"^(?:al|el|ad|an|ar|as|ash|at)[-’']|^ال(?=\w{3})")
"""The Arabic article before a name: al-Assad, as-Sisi."""

# Spellings of one sound, as names from other alphabets, or with other accents, are written in Latin letters.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"tsch|tch|tsh", "ch"),
        (r"dzh|dj", "j"),
        (r"sch(?=[aeiouylmnrtvw]|$)", "sh"),
        (r"kh", "h"),
        (r"gh(?=[aeiou])", "g"),
        (r"q", "k"),
        (r"^w|(?<=[aeo])w$|w(?=sk[iy]+$)", "v"),
        (r"x", "ks"),
        (r"(?<=[aou])e(?![aeiouy]|$)", ""),  # Juergen, Goebbels: ü, ö
        (r"oo|ou", "u"),
        (r"(?<=[aeiou])j(?![aeou])", "i"),
        (r"^(?:ye|je|ie)", "e"),
        (r"^(?:iu|ju)", "yu"),
        (r"^(?:ia|ja)(?=[kcnrs])", "ya"),
        (r"(?<=.)(?:[iy][iyj]+|[iyj]+$)|(?<=[aeo])y", "i"),
        (r"ff$", "v"),
        (r"(?<=[oe])f$", "v"),  # Romanoff
        (r"([a-z])\1", r"\1"),
    )
)

# What remains of a word when only its consonants count, for comparing alphabets, some of which have no vowels, no p,
# no g, no v. Each has the letters it may be written with in the other one; "" where it may be left out.
_CONSONANTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("shch", ("S",)), ("tsch", ("C",)), ("tch", ("C",)), ("tsh", ("C",)), ("dzh", ("J",)), ("sch", ("S", "SK")),
    ("sh", ("S",)), ("ch", ("C", "K", "S", "")), ("zh", ("J", "S")), ("kh", ("", "K")), ("gh", ("K", "")),
    ("ph", ("F",)), ("th", ("T", "S")), ("ck", ("K",)), ("dj", ("J",)), ("ts", ("S", "C")), ("tz", ("S",)),
    ("x", ("KS", "S", "")), ("qu", ("K",)),
    ("q", ("K",)), ("k", ("K",)), ("c", ("K", "S", "C", "J")), ("g", ("K", "J")), ("j", ("J", "")),
    ("p", ("P",)), ("b", ("P",)), ("f", ("F",)), ("v", ("F",)), ("w", ("F", "")), ("t", ("T",)), ("d", ("D",)),
    ("s", ("S",)), ("z", ("S",)), ("l", ("L",)), ("r", ("R",)), ("m", ("M",)), ("n", ("N",)),
)  # fmt: skip
_CONSONANT = re.compile("|".join(spelling for spelling, _ in _CONSONANTS))
_READINGS = dict(_CONSONANTS)


def script(text: str) -> str:
    """Return the alphabet of the first letter of ``text``, as Unicode names it ("LATIN", "CYRILLIC"); "" for none."""
    letter = next((character for character in text if character.isalpha()), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""


@lru_cache(maxsize=100_000)
def plain(word: str) -> str:
    """Return a word of a name in lower-case ASCII letters, without accents, apostrophes or the Arabic article."""
    low = _ARTICLE.sub("", unicodedata.normalize("NFC", word.casefold()))
    return _APOSTROPHES.sub("", anyascii(low)).lower()


@lru_cache(maxsize=100_000)
def sound(word: str) -> str:
    """Return a key shared by the spellings of a word in one alphabet: Dmitry and Dmitri, Schroeder and Schröder."""
    text = plain(word)
    for pattern, said in _SOUNDS:
        text = pattern.sub(said, text)
    return text


@lru_cache(maxsize=100_000)
def consonants(word: str) -> frozenset[str]:
    """Return the readings of a word's consonants: two spellings in different alphabets share one.

    A word has several if its letters are ambiguous: the c of Kilicdaroglu may be a k, an s, a ch or a j.
    """
    text = _DOUBLE.sub(r"\1", plain(word))
    readings = [_READINGS[spelling] for spelling in _CONSONANT.findall(text)]
    return frozenset("".join(reading) for reading in islice(product(*readings), _MOST))


def alike(one: str, other: str) -> bool:
    """Tell whether two words of one article spell one name: same sound, or same vowels around similar consonants.

    Looser than the rules for the whole archive: within an article, Ince is Injeh.
    """
    if sound(one) == sound(other):
        return True
    same_vowels = _VOWELS.findall(sound(one)) == _VOWELS.findall(sound(other))
    return same_vowels and any(len(reading) >= 2 for reading in consonants(one) & consonants(other))
