"""A sentence read for checking: its names, numbers, words, negations, each with what it is compared by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.answering.quantities import ascii_digits, quantity
from assistant.quotes.names import name_words
from assistant.quotes.spelling import plain, sound
from assistant.retrieval.terms import is_function_word, root
from assistant.text import Span, fold

Kind = Literal["name", "number", "date", "word", "negation", "hedge", "bound", "pronoun", "light"]

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"
    r"|\d+(?:[.,:’'\u00a0\u202f]\d+)*[^\W\d_]*"
    r"|[^\W_](?:[\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670])*(?:[’'ʼ`][^\W\d_]+)*"
    r"|[%$€£¥₺₽]"
)
POSSESSIVE = re.compile(r"[’'ʼ`](?:s|S)?\Z")
_ENDS_SENTENCE = re.compile(
    r"(?:(?<![A-Z\d])(?<!Mr)(?<!Mrs)(?<!Ms)(?<!Dr)(?<!St)(?<!Gen)(?<!Sen)(?<!Rep)(?<!Gov)\.|[!?…:])\W*\Z"
    r"|\A\W*\Z|[“\"«„:—–-]\s*\Z"
)


def _set(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


_NEGATIONS = _set(
    """not no never none nor neither nobody nothing nowhere cannot cant wont dont didnt doesnt isnt wasnt arent werent
    without hardly barely scarcely deny denies denied denying fail fails failed failing refuse refuses refused refusing
    reject rejects rejected rejecting lack lacks lacked unable unlikely halt halts halted prevent prevents prevented
    avoid avoids avoided cancel cancels cancelled canceled
    nicht kein keine keinen keinem keiner keines nie niemals niemand nichts weder ohne kaum bestreitet bestritt
    dementiert dementierte verweigert verweigerte lehnt ablehnt
    ne pas jamais aucun aucune sans ni rien non sin nunca jamas ningun ninguno ninguna nada nadie tampoco
    не нет ни никогда никто ничего без отрицает отрицал опроверг degil yok hic asla hicbir yalanladi reddetti
    لا لم لن ليس ليست دون غير بدون نفى نفت"""
)
_HEDGES = _set(
    """may might could would should perhaps maybe probably possibly likely allegedly reportedly alleged supposedly
    suspected accused if unless almost nearly wants wanted plans planned hopes hoped expected expects considering
    könnte könnten dürfte dürften würde würden soll sollen sollte angeblich mutmaßlich mutmaßliche vielleicht
    wahrscheinlich vermutlich falls fast beinahe pourrait pourraient peut-être si podría podrían quizás
    возможно якобы вероятно если бы почти belki muhtemelen eğer ربما قد إذا"""
)
_BOUNDS = _set(
    """more less fewer over under above below least most up down before after since until till only except
    all every always each entire whole any against despite gegen против karşı ضد
    mehr weniger über unter mindestens höchstens vor nach seit bis nur außer
    alle allen jeder jede jedes immer ganze ganzen
    plus moins avant après depuis más menos antes después desde больше меньше более менее до после с
    fazla az önce sonra أكثر أقل قبل بعد منذ"""
)
_PRONOUNS = _set(
    """he she it they him her them his hers its their theirs who which that this these those i we me us my our you your
    er sie es ihm ihn ihr ihnen sein seine seinen ihre ihren der die das dieser diese dieses
    il elle ils elles lui leur son sa ses él ella ellos su sus он она оно они его ее ей им их o onlar هو هي هم"""
)
SAYING = _set(
    """say says said saying add adds added tell tells told state states stated according write writes wrote
    sagt sagte sagten erklärt erklärte teilte zufolge laut dit déclaré affirmé dijo afirmó
    сказал сказала сказали заявил заявила сообщил сообщила söyledi dedi belirtti قال قالت أعلن"""
)
_LIGHT = _set(
    """mr mrs ms dr sir lord lady herr frau monsieur madame señor señora господин sayın السيد however also meanwhile
    moreover thus therefore then according said stated reported reports noted explained
    including namely been being there here"""
)
_MONTHS = _set(
    """january february march april may june july august september october november december jan feb mar apr jun jul
    aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow
    januar februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonnabend
    sonntag gestern heute morgen ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık pazartesi
    salı çarşamba perşembe cuma cumartesi pazar dün bugün yarın
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря понедельник вторник среду среда
    четверг пятницу пятница субботу суббота воскресенье вчера сегодня завтра janvier février mars avril mai juin
    juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi vendredi samedi dimanche hier
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes miércoles
    jueves viernes sábado domingo ayer hoy mañana أمس اليوم غدا الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد"""
)
_SMALL = _set(
    """the a an and of in on at for to with by mr mrs ms dr sir herr frau der die das dem den und le la les el los las
    il lo"""
)
"""Words that are no names, though they be written with a capital."""

_TELLING = _set(
    """find show use know explain describe report reports news article articles mention mentioned statement statements
    please like latest last get got further happen happens happened own same few once"""
)
"""Function words of questions that say something in an answer."""

_ALSO_WORDS = _set("may march mar mars sun mon sat morgen mart pazar ekim hoy mai с о")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a sentence.

    :ivar text: as written. ``word``: folded, ``key``: what it is compared by first.
    :ivar sounds: what a name sounds like, in ASCII letters; "" for what is no name.
    :ivar start: where it stands in its sentence, ``end`` exclusive.
    :ivar first: it begins a sentence or a quotation, where a capital tells nothing.
    """

    text: str
    word: str
    key: str
    kind: Kind
    sounds: str
    start: int
    end: int
    first: bool = False

    @property
    def cased(self) -> bool:
        """Whether its script has capitals, so that names are told from words."""
        return self.text[0].lower() != self.text[0].upper()

    def within(self, spans: Sequence[Span]) -> bool:
        """Tell whether it begins within one of these characters of its sentence."""
        return any(start <= self.start < end for start, end in spans)

    @property
    def content(self) -> bool:
        """Whether it says something that evidence must have."""
        return self.kind in ("name", "number", "date", "word")


@lru_cache(maxsize=2048)
def read(text: str, language: str) -> tuple[Token, ...]:
    """Read a sentence."""
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
    """A word that counts one, or none at all: "one of them", "a", "ein"."""
    return used == 1 and (word in ("one", "ein", "eine", "einen", "einem", "einer", "second", "seconds", "o"))


def _word(text: str, match: re.Match[str], word: str, language: str) -> list[Token]:
    """The tokens of a word: two for what is contracted with a negation."""
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
    sounds = sound(written) if kind == "name" and len(word) > 3 else ""
    return [Token(written, word, key or word, kind, sounds, start, end, first)]


def _kind(written: str, word: str, first: bool, language: str) -> Kind:
    capital = written[0].isupper()
    inner = capital and not first
    if word in _MONTHS and (word not in _ALSO_WORDS or inner):
        return "date"
    if word in _NEGATIONS:
        return "negation"
    if word in _HEDGES:
        return "hedge"
    if word in _BOUNDS and not inner:
        return "bound"
    if word in _PRONOUNS and not written.isupper() and not (inner and language != "de"):
        return "pronoun"
    if (len(word) == 1 and word.isascii()) or (word in _LIGHT and not inner) or word in _SMALL:
        return "light"
    if inner:
        return "name"
    if is_function_word(word, language) and word not in _TELLING and not (written.isupper() and len(written) > 1):
        return "light"
    return "name" if capital else "word"


def alike(one: Token, other: Token) -> bool:
    """Tell whether two tokens are the same word: its forms, its spellings, a name in other letters."""
    if one.key == other.key or one.word == other.word:
        return True
    if "number" in (one.kind, other.kind):
        return False
    if one.sounds and other.sounds:
        return one.sounds == other.sounds or (not other.word.isascii() and plain(one.text) == plain(other.text))
    return False


def is_title(token: Token) -> bool:
    """Tell whether a token is what stands before a name: "Mayor", "President"."""
    return token.word in name_words().titles
