"""How text becomes terms: fields, tokenizers, stemming and folding of the lexical index.

Every passage and its headline are indexed in ``plain`` (lower case, no diacritics, so that Kilicdaroglu finds
Kılıçdaroğlu) and in the ``stem_xx`` field of the article's language; the headline also has a field of its own. Scripts
written without spaces are indexed character by character and searched as phrases. The values that a search can be
restricted to are in raw fields, case-folded. No text is stored: the archive has it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import tantivy

from assistant.archive.changes import Entry
from assistant.languages.lexicon import stop_words

STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nb": "norwegian", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish",
}  # fmt: skip
"""The name of Snowball's stemmer by ISO 639-1 code."""

_STOPPED = frozenset(
    "danish dutch english finnish french german hungarian italian norwegian portuguese russian spanish swedish".split()
)
_LONGEST_TERM = 80
"""Greatest length of a term in bytes; longer runs without a break are not words."""

_LONGEST_VALUE = 8_000
"""Number of leading characters of an outlet, section or byline that are compared."""

_SPACELESS = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
SPACELESS = re.compile(f"[{_SPACELESS}]")
"""A character of a script without spaces between words."""

_ACRONYM = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}")
_ACRONYM_INSIDE = re.compile(r"\.[^\W\d_]\.")
"""Matches in every dotted acronym, and is many times faster to search for."""

_ODD = re.compile(f"[İʼʹ{_SPACELESS}]")
_FOREIGN = re.compile("[^\x00-\x7f\u2010-\u2027]")


def prepared(text: str) -> str:
    """Return ``text`` ready for the tokenizers: US for U.S., apostrophes that split words, spaces in Chinese."""
    if _ACRONYM_INSIDE.search(text):
        text = _ACRONYM.sub(lambda match: match[0].replace(".", ""), text)
    return text if text.isascii() else _ODD.sub(_replacement, text)


def _replacement(match: re.Match[str]) -> str:
    found = match[0]
    if found == "İ":
        return "I"
    return "'" if found in "ʼʹ" else f" {found} "


def folded(text: str) -> str:
    """Return ``text`` without diacritics or compatibility forms, in any script; the tokenizer folds case."""
    if not _FOREIGN.search(text):
        return text
    return _marks().sub("", unicodedata.normalize("NFKD", text))


@cache
def _marks() -> re.Pattern[str]:
    marks = filter(unicodedata.combining, map(chr, range(0x300, 0x20000)))
    return re.compile(f"[{''.join(marks)}]")


def value(text: str) -> str:
    """Return a name as it is compared, case-folded; the prefix keeps an empty name from being an empty term."""
    return "=" + text.casefold()[:_LONGEST_VALUE]


def stem_field(language: str) -> str | None:
    """Return the field for stems of a language (ISO 639-1, region optional); None if it has no stemmer."""
    name = STEMMERS.get(re.split("[-_]", language, maxsplit=1)[0].casefold())
    return name and f"stem_{name}"


@cache
def analyzer(name: str) -> tantivy.TextAnalyzer:
    """Return the analyzer registered under ``name``: "plain", or "stem_" and a stemmer's name."""
    filters = [tantivy.Filter.remove_long(_LONGEST_TERM), tantivy.Filter.lowercase()]
    if name != "plain":
        filters.append(tantivy.Filter.stemmer(name.removeprefix("stem_")))
    filters.append(tantivy.Filter.ascii_fold())
    return _analyzer(filters)


@cache
def _stopper(language: str) -> tantivy.TextAnalyzer:
    filters = [tantivy.Filter.lowercase(), tantivy.Filter.stopword(language)]
    if language == "english":  # only the English list has been found incomplete
        filters.append(tantivy.Filter.custom_stopword(sorted(stop_words("en").search)))
    return _analyzer(filters)


def _analyzer(filters: list[tantivy.Filter]) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for each in filters:
        builder = builder.filter(each)
    return builder.build()


def is_stop_word(word: str, field: str) -> bool:
    """Return whether a word is a stop word of a stem field's language; US and WHO, in capitals, are not."""
    language = field.removeprefix("stem_")
    return language in _STOPPED and not (len(word) > 1 and word.isupper()) and not _stopper(language).analyze(word)


@cache
def schema() -> tantivy.Schema:
    """Return the fields of the lexical index."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field("published", indexed=True, fast=True)
    for name in ("outlet", "section", "language", "byline"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("plain", "headline"):
        builder.add_text_field(name, tokenizer_name="plain", index_option="position")
    for language in sorted(set(STEMMERS.values())):
        builder.add_text_field(f"stem_{language}", tokenizer_name=f"stem_{language}", index_option="freq")
    return builder.build()


def register(index: tantivy.Index) -> None:
    """Register the analyzers with an index, whose files store only their names."""
    for name in ("plain", *(f"stem_{language}" for language in sorted(set(STEMMERS.values())))):
        index.register_tokenizer(name, analyzer(name))


def document(entry: Entry) -> tantivy.Document:
    """Return a passage as a Tantivy document."""
    document = tantivy.Document()
    document.add_integer("id", entry.id)
    if entry.published is not None:
        document.add_integer("published", entry.published)
    document.add_text("outlet", value(entry.outlet))
    document.add_text("section", value(entry.section))
    document.add_text("language", value(entry.language))
    document.add_text("byline", value(entry.byline))
    stem = stem_field(entry.language)
    for text in (prepared(entry.text), prepared(entry.headline)):
        document.add_text("plain", folded(text))
        if stem:
            document.add_text(stem, text)
    document.add_text("headline", folded(prepared(entry.headline)))
    return document
