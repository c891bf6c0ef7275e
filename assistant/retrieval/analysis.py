"""The words of a question that carry it, and when a word of the archive is the same word."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assistant.text import fold, words

_STOP = {
    "en": """a about after again all also am an and any are aren't as at be because been before being between both
        but by can could did do does doing done during each ever few for from further get got had has
        have having he her here hers him his how i if in into is it its just last latest like me more
        most much my no nor not now of off on once one only or other our out over own please really s
        said same say saying says she should so some such tell than that the their them then there these
        they this those through to today too two under until up us use very was we were what whats when
        where which while who whom whose why will with would you your according statement statements
        mention mentioned know about explain describe show find news article articles report reports
        which many much happen happened happens""",
    "de": """aber alle als also am an auch auf aus bei bin bis bist da dann das dass dem den der des die dies diese
        dieser doch dort du durch ein eine einem einen einer eines er es etwas für gab gegen gesagt gibt
        hat hatte hatten haben hier ich ihm ihn ihr ihre im in ist ja kann können kein keine man mehr
        mit nach nicht noch nun nur ob oder sagen sagt sagte sagten schon sehr sein seine sich sie sind
        so über um und uns unter vom von vor wann war waren warum was welche welcher welches wem wen
        wenn wer werden wie wieviel wird wir wo wurde wurden zu zum zur laut""",
    "fr": """à au aux avec ce ces cette comment dans de déclaré des dit du elle en est et eu il ils je la le les leur
        lui mais ne nous on ou où par pas pour pourquoi qu quand que quel quelle qui quoi sa se ses son
        sont sur un une vous""",
    "es": """a al con como cómo cuando cuándo cual cuál de del dijo dice dicho donde dónde el ella en es esta este
        fue ha han la las lo los más no o para pero por porque qué que quien quién se ser si sobre son
        su sus un una y ya""",
    "ru": """а без бы был была были было в вам вас весь во вот все всего вы где да для до его ее если есть еще же за
        и из или им их к как какой какие когда кто ли мне мы на над не нет но о об он она они от по под
        почему при про с сам сказал сказала сказали свой со так также то только том ты у уже что чем
        чего чей эта эти это этот я говорил говорит заявил заявила сколько""",
    "tr": """acaba ama ancak bazı ben bir biri bu bunu çok da daha de defa dedi demiş diye en gibi göre hangi hem hep
        her hiç için ile ise kaç kez ki kim kimdir kimin mı mi mu mü nasıl ne neden nedir nerede niçin
        niye o oldu olarak olan onu sonra söyledi şey şu ve veya ya hakkında""",
    "ar": """في من على إلى عن مع هذا هذه ذلك التي الذي ما ماذا متى أين كيف لماذا هل هو هي كان كانت قال قالت أن إن لا
        لم لن أو و ثم كم من أي بين بعد قبل عند حول""",
}
_ALGORITHMS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip

_STOPS = frozenset(fold(word) for listed in _STOP.values() for word in listed.split())
_STOPS_OF = {code: frozenset(fold(word) for word in listed.split()) for code, listed in _STOP.items()}
_WRITTEN = re.compile(r"\d+(?:[.,:]\d+)*|[\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670]+")
"""Words with the vowel signs and accents that stand on them."""

_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question.

    :ivar word: folded, as written.
    :ivar root: folded stem, what it is compared by.
    :ivar kind: "name" when written with a capital within the question, "number", or "word".
    """

    word: str
    root: str
    kind: str

    def among(self, roots: Collection[str], language: str) -> bool:
        """Tell whether this word is in a text, whose roots were made as ``language`` makes them."""
        return self.root in roots or self.word in roots or root(self.word, language) in roots


def terms(question: str, language: str) -> list[Term]:
    """Return the words of a question that carry it, once each, in order.

    Function words of the seven languages the house speaks are left out, as are the words that ask; when nothing
    else is left, they are what was asked for.
    """
    found: dict[str, Term] = {}
    kept: dict[str, Term] = {}
    for position, written in enumerate(_WRITTEN.findall(question)):
        for word in words(written):
            term = Term(word, root(word, language), _kind(written, position))
            kept.setdefault(term.root, term)
            if word not in _STOPS and (len(word) > 1 or not word.isascii() or word.isdigit()):
                found.setdefault(term.root, term)
    return list((found or kept).values())


def is_function_word(written: str, language: str = "") -> bool:
    """Tell whether a word carries nothing of a question: an article, a preposition, a word that asks.

    :param language: whose function words count; "", and one that none are known of, for those of all.
    """
    stops = _STOPS_OF.get(language, _STOPS)
    return all(word in stops for word in words(written))


def _kind(written: str, position: int) -> str:
    if written[0].isdigit():
        return "number"
    return "name" if written[0].isupper() and (position > 0 or written.casefold() not in _STOPS) else "word"


_SOUGHT = (
    (
        "number",
        r"how\s+(?:many|much|long|far|old|high|large|big)|wie\s*(?:viel|lange|hoch|groß|alt|weit)|сколько|kaç|ne\s+kadar|كم|combien|cuánt",
    ),
    ("time", r"when|what\s+(?:year|day|date|month|time)|wann|когда|ne\s+zaman|متى|quand|cuándo"),
    (
        "person",
        r"who|whom|whose|which\s+(?:man|woman|person|player|actor|singer|minister|politician)|wer|wem|wen|кто|кого|kim|من|qui|quién",
    ),
)
_SOUGHT_PATTERNS = tuple((kind, re.compile(rf"(?:^|\W)(?:{pattern})\b", re.IGNORECASE)) for kind, pattern in _SOUGHT)


def sought(question: str) -> str:
    """Return what kind of thing a question asks for: "number", "time", "person" or ""."""
    return next((kind for kind, pattern in _SOUGHT_PATTERNS if pattern.search(question)), "")


_TIME = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:january|february|march|april|may|june"
    r"|july|august|september|october|november|december|yesterday|today|tomorrow|week|month|montag|dienstag|mittwoch|donnerstag|freitag"
    r"|samstag|sonntag|pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar)\b|\b\d{1,2}\.? [^\W\d_]{3,}",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|billion|half|third|zwei|drei"
    r"|vier|fünf|sechs|sieben|acht|neun|zehn|iki|üç|dört|beş|altı|yedi|sekiz|dokuz|два|три|четыре|пять|шесть|семь|восемь|девять)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[^\s.!?“\"«„])\s+([^\W\d_]\w+)")


def holds(kind: str, text: str, asked: frozenset[str]) -> float:
    """Return 1 when ``text`` holds what could answer a question of this kind, else 0; for other questions, 1."""
    if kind == "number":
        return float(bool(_NUMBER.search(text)))
    if kind == "time":
        return float(bool(_TIME.search(text)))
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
