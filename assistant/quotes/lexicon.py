"""The words that carry speech in a language: read from ``data/<language>.toml``."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=32)
def data(language: str) -> dict[str, Any] | None:
    """Return the language's data file, or None when there is none.

    :param language: ISO 639-1 code, lower case.
    """
    if not (language.isascii() and language.isalpha() and language.islower() and len(language) <= 3):
        return None
    path = files("assistant.quotes").joinpath("data", f"{language}.toml")
    if not path.is_file():
        return None
    return tomllib.loads(path.read_text(encoding="utf-8"))


def word_set(value: str | list[str]) -> frozenset[str]:
    """Return the white-space separated words of a data field, "_" read as a blank."""
    joined = value if isinstance(value, str) else " ".join(value)
    return frozenset(word.replace("_", " ") for word in joined.split())
