"""The words of a question that carry it, and when a word of the archive is the same word."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from assistant.languages.lexicon import answer_types, calendar, numbers, stop_words
from assistant.text import fold, words

_ALGORITHMS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip

_WRITTEN = re.compile(r"\d+(?:[.,:]\d+)*|[\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670]+")
"""Words with the vowel signs and accents that stand on them."""

_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question.

    :ivar word: folded, as written.
    :ivar root: folded stem, what it is compared by.
    :ivar kind: "name" when written with a capital, "number", or "word".
    :ivar opens: it is the first word of the question, where a capital says little.
    """

    word: str
    root: str
    kind: str
    opens: bool = False

    def among(self, roots: Collection[str], language: str) -> bool:
        """Tell whether this word is in a text, whose roots were made as ``language`` makes them."""
        return self.root in roots or self.word in roots or root(self.word, language) in roots


def terms(question: str, language: str) -> list[Term]:
    """Return the words of a question that carry it, once each, in order.

    Function words of the language are left out, as are the words that ask; if nothing else is left, they are what was
    asked for. Those of other languages stay: "die", "war" and "UN" are German and Spanish function words.

    :param language: of the question; "", and one without a list of function words, for those of all.
    """
    stops = stop_words(language).words
    found: dict[str, Term] = {}
    kept: dict[str, Term] = {}
    for position, written in enumerate(_WRITTEN.findall(question)):
        for word in words(written):
            term = Term(word, root(word, language), _kind(written, position), position == 0)
            kept.setdefault(term.root, term)
            if word not in stops and (len(word) > 1 or not word.isascii() or word.isdigit()):
                found.setdefault(term.root, term)
    return list((found or kept).values())


def is_function_word(written: str, language: str = "") -> bool:
    """Tell whether a word carries nothing of a question: an article, a preposition, a word that asks.

    :param language: whose function words count; "", and one that none are known of, for those of all.
    """
    stops = stop_words(language).words
    return all(word in stops for word in words(written))


def _kind(written: str, position: int) -> str:
    if written[0].isdigit():
        return "number"
    return "name" if written[0].isupper() and (position > 0 or fold(written) not in stop_words().words) else "word"


def answer_type(question: str) -> str:
    """Return what kind of thing a question asks for: "number", "time", "person" or ""."""
    return next((kind for kind, pattern in _sought() if pattern.search(question)), "")


@cache
def _sought() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """How questions after a number, a time and a person ask."""
    asking = (("number", answer_types().number), ("time", answer_types().time), ("person", answer_types().person))
    return tuple((kind, re.compile(rf"(?:^|\W)(?:{'|'.join(any_of)})\b", re.IGNORECASE)) for kind, any_of in asking)


@cache
def _time() -> re.Pattern[str]:
    """What shows that a text can answer "when": a year, a time of day, a date, a word for one."""
    listed = "|".join(calendar().times)
    return re.compile(
        rf"\b(?:19|20)\d\d\b|\b\d{{1,2}}[:.]\d\d\b|\b(?:{listed})\b|\b\d{{1,2}}\.? [^\W\d_]{{3,}}", re.IGNORECASE
    )


@cache
def _number() -> re.Pattern[str]:
    """What shows that a text can answer "how many"."""
    return re.compile(rf"\d|\b(?:{'|'.join(numbers().counting)})\b", re.IGNORECASE)


_NAME = re.compile(r"(?<=[^\s.!?“\"«„])\s+([^\W\d_]\w+)")


def holds(kind: str, text: str, asked: frozenset[str]) -> float:
    """Return 1 when ``text`` holds what could answer a question of this kind, else 0; for other questions, 1."""
    if kind == "number":
        return float(bool(_number().search(text)))
    if kind == "time":
        return float(bool(_time().search(text)))
    if kind == "person":
        return float(any(name[1][0].isupper() and fold(name[1]) not in asked for name in _NAME.finditer(text)))
    return 1.0


@lru_cache(maxsize=200_000)
def root(word: str, language: str) -> str:
    """Return the stem of a folded word, folded; words of languages without a stemmer stay as they are."""
    if language not in _ALGORITHMS or word[0].isdigit():
        return word
    return fold(_stemmer(language).stemWord(word)) or word


def _stemmer(language: str) -> Any:
    """This thread's stemmer of a language: one must not be used by two at a time."""
    import Stemmer

    kept: dict[str, Any] = _thread.__dict__
    if language not in kept:
        kept[language] = Stemmer.Stemmer(_ALGORITHMS[language])
    return kept[language]


def coverage(wanted: Sequence[Term], weights: Sequence[float], present: frozenset[str]) -> float:
    """Return the weighted share, in [0, 1], of ``wanted`` whose stem or word is in ``present``."""
    total = sum(weights)
    if not total:
        return 0.0
    return (
        sum(w for term, w in zip(wanted, weights, strict=True) if term.root in present or term.word in present) / total
    )
