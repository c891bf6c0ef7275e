"""How the entries of a language file are read, and a table of them built as the dataclass that declares its shape.

A field's type says how its entry is written and read. A field without a default is required; one with a default is
empty if the file leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cache
from itertools import chain
from typing import Annotated, Any, TypeVar, get_origin, get_type_hints

from assistant.text import fold


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """A table of a language file. Its fields are the entries."""


T = TypeVar("T", bound=Table)


@dataclass(frozen=True, slots=True)
class _Entry:
    """How an entry is read, and how the entries of several languages are merged.

    :ivar read: TOML value -> field value; raises TypeError or ValueError for a value of another shape.
    :ivar join: field values, one per language -> one value; None if entries of this type are never merged.
    """

    read: Callable[[Any], Any]
    join: Callable[[Sequence[Any]], Any] | None = None


def split(raw: object) -> list[str]:
    """Return the words of an entry: separated by white space, with "_" for a space within one.

    :raises TypeError: if it is not a string.
    """
    if not isinstance(raw, str):
        raise TypeError("must be a text of words")
    return [word.replace("_", " ") for word in raw.split()]


def union(values: Iterable[frozenset[str]]) -> frozenset[str]:
    """Return the words of several sets."""
    return frozenset[str]().union(*values)


def _lines(raw: object) -> tuple[str, ...]:
    if isinstance(raw, str):
        return (raw,)
    if isinstance(raw, list) and all(isinstance(one, str) for one in raw):
        return tuple(raw)
    raise TypeError("must be a text or a list of texts")


def _folded_lines(raw: object) -> tuple[str, ...]:
    return tuple(map(fold, _lines(raw)))


def _chained(values: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(chain(*values))


def _by_word(raw: object) -> dict[str, str]:
    if not isinstance(raw, Mapping):
        raise TypeError("must be a table of words")
    return {fold(word): key for key, words in raw.items() for word in split(words)}


def _first(values: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {key: value for one in reversed(values) for key, value in one.items()}


def _either(raw: object) -> str:
    return fold("|".join(_lines(raw))) or NOTHING


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError("must be a text")
    return raw


def _flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise TypeError("must be true or false")
    return raw


def _named(read: Callable[[Any], Any]) -> Callable[[Any], dict[str, Any]]:
    def entries(raw: object) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            raise TypeError("must be a table")
        return {name: read(value) for name, value in raw.items()}

    return entries


NOTHING = r"(?!)"
"""A pattern that never matches, for a language that has no such words."""

NONE: frozenset[str] = frozenset()
"""No words."""

Words = Annotated[frozenset[str], _Entry(lambda raw: frozenset(split(raw)), union)]
"""Words separated by white space; "_" stands for a space within a phrase."""

Folded = Annotated[frozenset[str], _Entry(lambda raw: frozenset(map(fold, split(raw))), union)]
"""Likewise, folded when read (``assistant.text.fold``): for comparing with folded text."""

InOrder = Annotated[tuple[str, ...], _Entry(lambda raw: tuple(split(raw)), _chained)]
"""Likewise, in an order that matters, or for joining into a regular expression."""

Unjoined = Annotated[tuple[str, ...], _Entry(lambda raw: tuple(_text(raw).split()))]
"""Words separated by white space that have a notation of their own, in which "_" means something else."""

WordLists = Annotated[Mapping[str, tuple[str, ...]], _Entry(_named(lambda raw: tuple(split(raw))))]
"""A table of word lists, by name, in an order that matters."""

Lines = Annotated[tuple[str, ...], _Entry(_lines, _chained)]
"""A text or a list of texts: regular expressions over text as it is written, or lines of words."""

PatternList = Annotated[tuple[str, ...], _Entry(_folded_lines)]
"""Regular expressions over folded text, in an order that has a meaning: "january|jan", "february|feb", ..."""

Pattern = Annotated[str, _Entry(_either)]
"""A regular expression over folded text, or a list of them, any of which may match."""

Patterns = Annotated[Mapping[str, str], _Entry(_named(_either))]
"""A table of these, by name."""

PatternPairs = Annotated[tuple[tuple[str, ...], ...], _Entry(lambda raw: tuple(map(_folded_lines, raw)))]
"""Triples of regular expressions over folded text: before, between and behind two things."""

Text = Annotated[str, _Entry(_text)]
"""A text, as it is written."""

Texts = Annotated[Mapping[str, str], _Entry(_named(_text))]
"""A table of texts, by name."""

Flag = Annotated[bool, _Entry(_flag)]
"""True or false."""

ByMeaning = Annotated[Mapping[str, str], _Entry(_by_word, _first)]
"""A table from a meaning to the words for it; read as folded word -> meaning."""

ByNumber = Annotated[
    Mapping[str, float],
    _Entry(lambda raw: {word: float(number) for word, number in _by_word(raw).items()}, _first),
]
"""A table from a number to the words for it (``1_000 = 'thousand'``); read as folded word -> number."""


def any_of(patterns: Iterable[str]) -> str:
    """Return a regular expression that matches whatever any of ``patterns`` matches; ``NOTHING`` if there are none."""
    return "|".join(one for one in patterns if one != NOTHING) or NOTHING


def build(kind: type[T], raw: object, where: str) -> T:
    """Return a table of a language file as the dataclass that declares its shape.

    :param where: the file and the table, for messages: ``de.toml, negation``.
    :raises ValueError: naming the entries that are unknown, missing or of another shape.
    """
    if not isinstance(raw, Mapping):
        raise ValueError(f"{where} must be a table")
    entries = _entries(kind)  # type: ignore[arg-type]  # mypy takes a class for its instances here
    if unknown := sorted(raw.keys() - entries.keys()):
        raise ValueError(f"{where} has unknown entries: {', '.join(unknown)}; it may have: {', '.join(entries)}")
    required = {one.name for one in fields(kind) if one.default is one.default_factory is MISSING}
    if missing := sorted(required - raw.keys()):
        raise ValueError(f"{where} lacks: {', '.join(missing)}")
    return kind(**{name: _value(entries[name], value, f"{where}.{name}") for name, value in raw.items()})


def _value(entry: _Entry | type[Table], raw: object, where: str) -> Any:
    if isinstance(entry, type):
        return build(entry, raw, where)
    try:
        return entry.read(raw)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{where} {error}") from error


def join(kind: type[T], tables: Sequence[T]) -> T:
    """Return the tables of several languages merged into one."""
    entries = _entries(kind)  # type: ignore[arg-type]
    values = {}
    for name, entry in entries.items():
        assert isinstance(entry, _Entry)
        assert entry.join, f"{kind.__name__}.{name} cannot be joined"
        values[name] = entry.join([getattr(table, name) for table in tables])
    return kind(**values)


@cache
def _entries(kind: type[Table]) -> dict[str, _Entry | type[Table]]:
    """The entries of a table by name, from the types of its fields; a nested table is given by its dataclass."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: hint.__metadata__[0] if get_origin(hint) is Annotated else hint for name, hint in hints.items()}
