"""Tell whether a mention in an article refers to whom a question names: a name, a role, the press."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.languages.lexicon import around_names
from assistant.names.parse import describes, name_words
from assistant.text import words

_SMALL = frozenset({"the", "of", "for", "a", "an"})
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\s+(?=\w)|(?<=s)['’]\s+(?=\w)")
_BELONGING = re.compile(r"\s(?:of|for)\s")
_UMLAUT = re.compile("(?<![aeq])([aou])e")


def names(speaker: str, text: str, mention: bool = False) -> bool:
    """Tell whether ``text`` names ``speaker``: it has every word of the name except titles.

    :param mention: ``text`` is itself a name, and may be the shorter one ("Peskov" for "Dmitry Peskov").
    """
    wanted = [word for word in _name_words(speaker) if word not in around_names().addresses] or _name_words(speaker)
    present = _name_words(text)
    if not wanted:
        return False
    if set(wanted) <= set(present):
        return not mention or bool(set(_name_words(speaker)) - _SMALL & set(_name_words(_head(text))))
    shorter = [word for word in present if word not in around_names().addresses]
    return mention and bool(shorter) and set(shorter) <= set(wanted) and shorter[-1] == wanted[-1]


def called(asked: str, mention: str) -> bool:
    """Tell whether a mention refers to whom was asked for; a role must match in full."""
    role = set(_name_words(asked)) - _SMALL if describes(asked) else set()
    return role <= set(_name_words(mention)) and names(asked, mention, mention=True)


def is_press(mention: str) -> bool:
    """Tell whether a mention refers to reporters, journalists, the press or the media."""
    return bool(around_names().press & set(_name_words(mention)))


def spoken_to(asked: str, mention: str) -> bool:
    """Tell whether a mention of an addressee refers to whom was asked for; reporters and the press are the same."""
    if is_press(asked):
        return is_press(_head(mention))
    return bool(mention) and names(asked, mention, mention=True)


def ends_a_name(speaker: str) -> bool:
    """Tell whether a name can end like this: not "the mayor of", a fragment of a longer reading."""
    last = _name_words(speaker)[-1:]
    known = name_words()
    return bool(last) and last[0] not in _SMALL | known.articles and last[0] not in known.titles


def _head(mention: str) -> str:
    """Return the head of a mention that also names somebody else: "Erdogan’s rival", "critics of Erdogan"."""
    after = _POSSESSIVE.split(mention)[-1]
    return _BELONGING.split(after, maxsplit=1)[0]


@lru_cache(maxsize=2048)
def _name_words(text: str) -> tuple[str, ...]:
    """Folded words, with German umlaut spellings unified: Juergen is Jürgen."""
    return tuple(_UMLAUT.sub(r"\1", word) for word in words(text))
