"""The words of each language: ``<language>.toml``, read when one of its tables is first needed, and ``names.toml``.

Each function returns one table as the frozen dataclass that declares its shape. Tables and entries that are not
declared are refused. A language is given by its ISO 639-1 code in lower case. Unless a function says otherwise, "" and
languages without the table get the words of all languages together.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from assistant.languages import tables
from assistant.languages.entries import T, Table, build, join
from assistant.languages.questions import Questions
from assistant.languages.speech import EnglishSpeech, Speech

LANGUAGES = ("en", "de", "fr", "es", "ru", "tr", "ar")
"""Languages that have every table, in the order in which their words are merged."""

_NAMES: dict[type[Table], str] = {Speech: "speech", Questions: "questions", **tables.TABLES}

_KEPT = 64
"""Languages whose tables are cached: articles may be in any."""


@lru_cache(_KEPT)
def sentence_words(language: str) -> tables.Sentences:
    """Return the abbreviations of a language; none for a language without the table."""
    return _own(tables.Sentences, language) or tables.Sentences()


@lru_cache(_KEPT)
def stop_words(language: str = "") -> tables.StopWords:
    """Return the words of a language that carry no content."""
    return _own_or_all(tables.StopWords, language)


@lru_cache(_KEPT)
def negation(language: str = "") -> tables.Negation:
    """Return the words of a language that deny a statement."""
    return _own_or_all(tables.Negation, language)


@lru_cache(_KEPT)
def hedging(language: str = "") -> tables.Hedging:
    """Return the words of a language that qualify a statement."""
    return _own_or_all(tables.Hedging, language)


@lru_cache(_KEPT)
def bounds(language: str = "") -> tables.Bounds:
    """Return the words of a language that limit a statement."""
    return _own_or_all(tables.Bounds, language)


@lru_cache(_KEPT)
def pronouns(language: str = "") -> tables.Pronouns:
    """Return the words of a language that stand for a name."""
    return _own_or_all(tables.Pronouns, language)


@lru_cache(_KEPT)
def reporting(language: str = "") -> tables.Reporting:
    """Return the words of a language that mark what is said as somebody's words."""
    return _own_or_all(tables.Reporting, language)


@lru_cache(_KEPT)
def clauses(language: str = "") -> tables.Clauses:
    """Return the function words of a language by what they do in a clause."""
    return _own_or_all(tables.Clauses, language)


@lru_cache(_KEPT)
def numbers(language: str = "") -> tables.Numbers:
    """Return the numbers of a language in words, and their units."""
    return _own_or_all(tables.Numbers, language)


@lru_cache(_KEPT)
def calendar(language: str = "") -> tables.Calendar:
    """Return the words of a language that name a day."""
    return _own_or_all(tables.Calendar, language)


@lru_cache(_KEPT)
def answer_types(language: str = "") -> tables.AnswerTypes:
    """Return how a language asks for a number, a time, a person or a place."""
    return _own_or_all(tables.AnswerTypes, language)


@lru_cache(_KEPT)
def around_names(language: str = "") -> tables.Names:
    """Return the words around people's names in a language."""
    return _own_or_all(tables.Names, language)


@lru_cache(_KEPT)
def boilerplate(language: str = "") -> tables.Boilerplate:
    """Return what pages in a language have around an article."""
    return _own_or_all(tables.Boilerplate, language)


@lru_cache(_KEPT)
def verbs(language: str = "") -> tables.Verbs:
    """Return the irregular verbs of a language."""
    return _own_or_all(tables.Verbs, language)


@lru_cache(_KEPT)
def questions(language: str) -> Questions | None:
    """Return how questions are put in a language; None without the table."""
    return _own(Questions, language)


@lru_cache(maxsize=1)
def all_questions() -> tuple[Questions, ...]:
    """Return how questions are put in each language, in the order of ``LANGUAGES``."""
    return tuple(filter(None, map(questions, LANGUAGES)))


@lru_cache(_KEPT)
def speech(language: str) -> Speech | None:
    """Return the words that attribute speech in a language read by rules; None without the table, and for English."""
    return None if language == "en" else _own(Speech, language)


@lru_cache(maxsize=1)
def english_speech() -> EnglishSpeech:
    """Return the words that attribute speech in English."""
    return build(EnglishSpeech, _file("en")["speech"], "en.toml, speech")


@lru_cache(maxsize=1)
def german_speech() -> Speech:
    """Return the words that attribute speech in German."""
    return build(Speech, _file("de")["speech"], "de.toml, speech")


@lru_cache(maxsize=1)
def name_lists() -> tables.NameLists:
    """Return what tells people's names from other words in any language."""
    return build(tables.NameLists, _read("names"), "names.toml")


def _own(kind: type[T], language: str) -> T | None:
    """Return a table of a language; None if it has no such table, or no file."""
    name = _NAMES[kind]
    raw = _file(language).get(name)
    return None if raw is None else build(kind, raw, f"{language}.toml, {name}")


def _own_or_all(kind: type[T], language: str) -> T:
    """Return a table of a language, or that of all languages merged if it has none."""
    own = _own(kind, language)
    return own if own is not None else join(kind, list(filter(None, (_own(kind, code) for code in LANGUAGES))))


@lru_cache(_KEPT)
def _file(language: str) -> dict[str, Any]:
    """Return all tables of a language as they are in its file; none without a file.

    :raises ValueError: if the file has a table that is not declared.
    """
    if not (language.isascii() and language.isalpha() and language.islower() and len(language) <= 3):
        return {}
    if not files(__package__).joinpath(f"{language}.toml").is_file():
        return {}
    found = _read(language)
    known = list(_NAMES.values())
    if unknown := sorted(found.keys() - set(known)):
        raise ValueError(f"{language}.toml has unknown tables: {', '.join(unknown)}; it may have: {', '.join(known)}")
    return found


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
