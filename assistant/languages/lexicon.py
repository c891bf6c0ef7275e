"""The words of each language: ``<language>.toml``, read when one of its tables is first asked for, and ``names.toml``.

Each function returns one table, as the frozen dataclass that declares its shape. A file with tables or entries that are
not declared is refused.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from assistant.languages.entries import T, build
from assistant.languages.tables import TABLES, Sentences

_KEPT = 64
"""Languages whose tables are kept; articles may name any."""


@lru_cache(_KEPT)
def sentence_words(language: str) -> Sentences:
    """Return the abbreviations of a language; empty when it has no file.

    :param language: ISO 639-1 code, lower case, as everywhere here.
    """
    return _own(Sentences, language) or Sentences()


def speech_words(language: str) -> dict[str, Any] | None:
    """Return the words that carry speech in a language: its cues, pronouns, roles. None when it has no word list."""
    return _file(language).get("speech")


def question_words(language: str) -> dict[str, Any] | None:
    """Return how questions are put in a language, as fragments of regular expressions; None when it has no file."""
    return _file(language).get("questions")


@lru_cache(maxsize=1)
def name_lists() -> dict[str, Any]:
    """Return what tells people's names from other words, whatever the language."""
    return _read("names")


def word_set(value: str | list[str]) -> frozenset[str]:
    """Return the white-space separated words of a data field, "_" read as a blank."""
    joined = value if isinstance(value, str) else " ".join(value)
    return frozenset(word.replace("_", " ") for word in joined.split())


def _own(kind: type[T], language: str) -> T | None:
    """Return a table of a language; None when its file, if there is one, does not have it."""
    name = TABLES[kind]
    raw = _file(language).get(name)
    return None if raw is None else build(kind, raw, f"{language}.toml [{name}]")


@lru_cache(_KEPT)
def _file(language: str) -> dict[str, Any]:
    """Return all tables of a language; none when it has no file.

    :raises ValueError: when the file has a table that is not declared.
    """
    if not (language.isascii() and language.isalpha() and language.islower() and len(language) <= 3):
        return {}
    if not files(__package__).joinpath(f"{language}.toml").is_file():
        return {}
    tables = _read(language)
    known = {*TABLES.values(), "speech", "questions"}
    if unknown := sorted(tables.keys() - known):
        raise ValueError(f"{language}.toml has unknown tables: {', '.join(unknown)}; it may have: {', '.join(known)}")
    return tables


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
