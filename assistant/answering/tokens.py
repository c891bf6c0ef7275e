"""Tokenise a sentence for checking: names, numbers, words and negations, each with its key for comparison."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.answering.quantities import ascii_digits, quantity
from assistant.languages.lexicon import bounds, calendar, hedging, negation, numbers, pronouns, stop_words
from assistant.names.parse import name_words
from assistant.names.phonetics import plain, sound
from assistant.retrieval.analysis import is_function_word, root
from assistant.text import Span, fold

TokenKind = Literal["name", "number", "date", "word", "negation", "hedge", "bound", "pronoun", "light"]

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"
    r"|\d+(?:[.,:’'\u00a0\u202f]\d+)*[^\W\d_]*"
    r"|[^\W_](?:[\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670])*(?:[’'ʼ`][^\W\d_]+)*"
    r"|[%$€£¥₺₽]"
)
POSSESSIVE = re.compile(r"[’'ʼ`](?:s|S)?\Z")
_DOES = re.compile(r"[eo]rs?\Z")
"""Suffixes that turn a thing into its doer: "officers" and "offices" have the same stem, but differ."""
_ENDS_SENTENCE = re.compile(
    r"(?:(?<![A-Z\d])(?<!Mr)(?<!Mrs)(?<!Ms)(?<!Dr)(?<!St)(?<!Gen)(?<!Sen)(?<!Rep)(?<!Gov)\.|[!?…:])\W*\Z"
    r"|\A\W*\Z|[“\"«„:—–-]\s*\Z"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a sentence.

    :ivar text: as written; ``word``: folded; ``key``: compared first.
    :ivar sounds: phonetic form of a name, in ASCII letters; "" if it is not a name.
    :ivar start: offset in its sentence; ``end`` is exclusive.
    :ivar first: whether it begins a sentence or a quotation, where a capital means nothing.
    """

    text: str
    word: str
    key: str
    kind: TokenKind
    sounds: str
    start: int
    end: int
    first: bool = False

    @property
    def cased(self) -> bool:
        """Whether its script has capitals, so that names can be told from other words."""
        return self.text[0].lower() != self.text[0].upper()

    def within(self, spans: Sequence[Span]) -> bool:
        """Tell whether it begins within one of these spans of its sentence."""
        return any(start <= self.start < end for start, end in spans)

    @property
    def content(self) -> bool:
        """Whether it is a content word, which the evidence must have."""
        return self.kind in ("name", "number", "date", "word")


@lru_cache(maxsize=2048)
def read(text: str, language: str) -> tuple[Token, ...]:
    """Tokenise a sentence."""
    pieces = list(_TOKEN.finditer(text))
    folded = [_folded(match[0]) for match in pieces]
    found: list[Token] = []
    at = 0
    while at < len(pieces):
        start = pieces[at].start()
        number = quantity(folded, at, language)
        if number and not _is_article(folded[at], number.used):
            end = pieces[at + number.used - 1].end()
            written = text[start:end]
            key = f"#{number.value}{number.unit}"
            found.append(Token(written, key, key, "number", "", start, end))
            at += number.used
            continue
        found += _word(text, pieces[at], folded[at], language)
        at += 1
    return tuple(found)


def _folded(written: str) -> str:
    return ascii_digits(fold(POSSESSIVE.sub("", written)))


def _is_article(word: str, used: int) -> bool:
    """Whether a number word is an article or pronoun: "one of them", "a", "ein"."""
    return used == 1 and word in numbers().uncounted


def _word(text: str, match: re.Match[str], word: str, language: str) -> list[Token]:
    """The tokens of a word: two for a contracted negation."""
    start, end = match.span()
    written = text[start:end]
    word = word.replace(".", "") if re.fullmatch(r"(?:[^\W\d_]\.){2,}", written) else word
    if word.endswith("n't"):
        stem = {"ca": "can", "wo": "will", "sha": "shall"}.get(word[:-3], word[:-3])
        said = Token(written[:-3], stem, root(stem, language) if stem else "", "light", "", start, end - 3)
        return [said, Token(written[-3:], "not", "not", "negation", "", end - 3, end)]
    word = word.partition("'")[0] if word.rpartition("'")[2] in ("ll", "re", "ve", "d", "m", "s") else word
    if not word or not word[0].isalnum():
        return []
    first = bool(_ENDS_SENTENCE.search(text[:start][-6:] if start > 6 else text[:start]))
    kind = _kind(written, word, first, language)
    key = {"cannot": "not", "n't": "not"}.get(word, root(word, language))
    key = f"{key}+er" if _DOES.search(word) and not _DOES.search(key) else key
    sounds = sound(written) if kind == "name" and len(word) > 3 else ""
    return [Token(written, word, key or word, kind, sounds, start, end, first)]


def _kind(written: str, word: str, first: bool, language: str) -> TokenKind:
    capital = written[0].isupper()
    inner = capital and not first
    if word in calendar(language).words and (word not in calendar().ambiguous or inner):
        return "date"
    if word in negation(language).words and not inner:
        return "negation"
    if word in hedging(language).words and not inner:
        return "hedge"
    if word in bounds(language).words and not inner:
        return "bound"
    if word in pronouns(language).words and not written.isupper() and not (inner and language != "de"):
        return "pronoun"
    if len(word) == 1 and word.isascii():
        return "light"
    if (word in stop_words(language).light and not inner) or word in stop_words().nameless:
        return "light"
    if inner:
        return "name"
    if (
        is_function_word(word, language)
        and word not in stop_words().informative
        and not (written.isupper() and len(written) > 1)
    ):
        return "light"
    return "name" if capital else "word"


def alike(one: Token, other: Token) -> bool:
    """Tell whether two tokens are the same word, in any form, spelling or alphabet."""
    if one.key == other.key or one.word == other.word:
        return True
    if "number" in (one.kind, other.kind):
        return False
    if one.sounds and other.sounds:
        return one.sounds == other.sounds or (not other.word.isascii() and plain(one.text) == plain(other.text))
    return False


def is_title(token: Token) -> bool:
    """Tell whether a token is a title: "Mayor", "President"."""
    return token.word in name_words().titles
