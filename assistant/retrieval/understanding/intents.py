"""What kind of answer a question asks for: a fact, somebody's words, a timeline, a summary, a comparison, yes or no."""

from __future__ import annotations

import re
from functools import cache

from assistant.retrieval.analysis import is_function_word
from assistant.retrieval.understanding.phrases import LANGUAGES, phrases
from assistant.retrieval.understanding.query import Kind
from assistant.retrieval.understanding.spans import Folded, without_spans
from assistant.text import fold

_BY_PATTERN: tuple[tuple[str, Kind], ...] = (
    ("timeline", "timeline"),
    ("comparison", "comparison"),
    ("press", "comparison"),
    ("summary", "summary"),
)
"""The kinds that a phrase tells, in any language, by the name of the phrases; the first that fits is meant."""

_AROUND = " ¿¡?!.؟\"'"
"""What may stand around a question."""

_CHOICE = re.compile(r"[^,]*\b(?:or|oder|ou|или|yoksa|veya)\b|\s(?:ام|او)\s")
_ASKING = {
    "fr": re.compile(r"(?:que|qu'|qui|quoi|quand|ou|pourquoi|comment|combien|quel(?:le)?s?)(?!\w)"),
    "de": re.compile(r"was(?!\w)"),
}
"""What a question begins with that asks for more than yes, though a verb stands where yes or no would put it."""


def kind_of(question: str, language: str) -> Kind:
    """Return what kind of answer a question asks for; "speech" is not told here.

    :param language: ISO 639-1; whether a question can be answered with yes is told by its language's grammar, and
        where that is not known by English's.
    """
    text = fold(question).strip(_AROUND)
    for phrase, kind in _BY_PATTERN:
        if _pattern(phrase).search(text):
            return kind
    yes = _yes(language) or _yes("en")
    asking = _ASKING.get(language)
    if yes and yes.search(text) and not _CHOICE.match(text) and not (asking and asking.match(text)):
        return "yesno"
    return "fact"


def asks_what(question: str) -> bool:
    """Tell whether a question asks what there is: "What did the Courier report?"."""
    return re.match(rf"(?:{_pattern('what').pattern})(?!\w)", fold(question).strip(" ¿¡\"'")) is not None


_KIND_WORDS = frozenset(
    """timeline chronology unfold unfolded develop developed evolve evolved sequence events reported published written
    coverage cover covered known summary summarise summarize overview recap compare comparison differ differs
    difference differently reporting reports latest happening happened give chronologie entwickelt entwickelte
    verlief berichtet geschrieben gemeldet unterscheiden unterscheidet vergleiche vergleich berichterstattung
    berichte zusammenfassung fasse zusammen uberblick kronoloji kronolojisi gelisti ozetle ozet ozeti neler
    yazildi yazdi aktardi isledi bildirildi karsilastir farkli haberlerini хронология развивались развивалась
    разворачивались события событий известно сообщают писали пишут сравни сообщения отличаются التسلسل الزمني
    تطورت تطور لخص ملخص كتب نشر قارن مقارنة تغطية تختلف deroule derouler resume resumer rapporte compare differe
    resumen cronologia resume compara publicado informado""".split()
)


_ANY_NEWS = frozenset(
    """news headlines stories events anything happen happens what's nachrichten neues passiert passierte geschah
    geschehen los actualites nouvelles passe arrive noticias paso pasa ocurrio новости новостей произошло случилось было
    haber haberler haberleri oldu gundem اخبار الاخبار حدث حصل جرى""".split()
)


def names_no_topic(text: str, overview: bool) -> bool:
    """Tell whether a question, without its time and outlets, asks for nothing in particular: "What happened?".

    :param overview: one of what was published is asked for; else a word for news must say so.
    """
    told = [fold(word) for word in re.findall(r"[\w’']+", text)]
    news = _ANY_NEWS | _KIND_WORDS
    return (overview or not news.isdisjoint(told)) and all(word in news or is_function_word(word) for word in told)


def topic_of(text: str) -> str:
    """Return a question for a timeline, a summary or a comparison without the words that ask for one.

    Where no other word is left, it is returned whole.
    """
    folded = Folded.of(text)
    asked = _pattern("press").search(folded.text.rstrip(_AROUND))
    whole, text = text, without_spans(text, [folded.span(*asked.span())]) if asked else text
    kept = [word for word in text.split() if fold(word).strip(".,;:?!¿¡؟\"'") not in _KIND_WORDS]
    return " ".join(kept) if any(re.search(r"\w", word) for word in kept) else whole


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    listed = [asking.asks[kind] for asking in map(phrases, LANGUAGES) if asking]
    return re.compile("|".join(f"(?:{source})" for source in listed))


@cache
def _yes(language: str) -> re.Pattern[str] | None:
    asking = phrases(language)
    return re.compile(asking.asks["yes"]) if asking else None
