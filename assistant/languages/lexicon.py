"""Reads the word lists: ``<language>.toml`` for each language, ``names.toml`` for names in all of them."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any


def speech_words(language: str) -> dict[str, Any] | None:
    """Return the words that carry speech in a language: its cues, pronouns, roles. None when it has no word list.

    :param language: ISO 639-1 code, lower case.
    """
    return _tables(language, "speech")


def question_words(language: str) -> dict[str, Any] | None:
    """Return how questions are put in a language, as fragments of regular expressions. None when it has no word list.

    :param language: ISO 639-1 code, lower case.
    """
    return _tables(language, "questions")


@lru_cache(maxsize=1)
def name_lists() -> dict[str, Any]:
    """Return what tells people's names from other words, whatever the language."""
    return _read("names")


def word_set(value: str | list[str]) -> frozenset[str]:
    """Return the white-space separated words of a data field, "_" read as a blank."""
    joined = value if isinstance(value, str) else " ".join(value)
    return frozenset(word.replace("_", " ") for word in joined.split())


def _tables(language: str, name: str) -> dict[str, Any] | None:
    if not (language.isascii() and language.isalpha() and language.islower() and len(language) <= 3):
        return None
    return _language(language).get(name)


@lru_cache(maxsize=32)
def _language(language: str) -> dict[str, Any]:
    return _read(language) if files(__package__).joinpath(f"{language}.toml").is_file() else {}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
