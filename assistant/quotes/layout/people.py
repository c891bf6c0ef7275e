"""The full names in a text, its headline and its labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.names.parse import parse_name
from assistant.text import Span, fold

_WORD = r"[^\W\d_a-z][\w’'-]*"
_PARTICLE = r"(?:van|von|de|der|den|la|el|bin)(?= )"
_NAME = re.compile(rf"(?<![\w’'-])(?:{_WORD}|[A-Z]\.)(?: (?:[A-Z]\.|{_WORD}|{_PARTICLE})){{1,5}}")
_POSSESSIVE = re.compile(r"[’']s?$")
_MC = re.compile(r"\bMc([a-z])")
_SHORTEST = 4
"""Letters of a word in capitals that is not taken for an abbreviation."""


@dataclass(frozen=True, slots=True)
class FullNames:
    """People's names of two words and more, as written, in the order of their first mention."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, *texts: str) -> FullNames:
        """Return the full names of some texts."""
        found = (name for text in texts for _, name in full_names(text))
        return cls(tuple(dict.fromkeys(found)))

    def with_labels(self, labels: Iterable[str]) -> FullNames:
        """Return these names and those of labels in capitals: "MARA LINDQVIST" is Mara Lindqvist."""
        held = {fold(name) for name in self.names}
        fuller = []
        for label in dict.fromkeys(labels):
            name = bare_name(label)
            words = fold(name).split()
            if len(words) > 1 and len(words[0].strip(".")) > 1 and " ".join(words) not in held:
                fuller.append(_cased(name))
        return FullNames((*self.names, *fuller))

    def by_last(self, key: str) -> list[str]:
        """Return the names whose last word, folded, is ``key``."""
        return [name for name in self.names if fold(name).split()[-1] == key]

    def fullest(self, label: str) -> str:
        """Return the one full name that a label stands for; the label, in the usual case, if that is not clear."""
        name = bare_name(label)
        words = [word.strip(".") for word in fold(name).split()]
        bearers = self.by_last(words[-1])
        fitting = [one for one in bearers if len(words) == 1 or _first(one).startswith(words[0])]
        exact = [one for one in fitting if fold(one).split() == words]
        if exact or len({_first(one) for one in fitting}) == 1:
            return (exact or fitting)[0]
        return _cased(name)


def full_names(text: str) -> Iterator[tuple[Span, str]]:
    """Yield the people's names of two to four words, with their places and without titles."""
    for match in _NAME.finditer(text):
        written = _POSSESSIVE.sub("", match[0])
        if abbreviated(written):
            continue
        name = bare_name(written)
        if 2 <= len(name.split()) <= 4 and parse_name(name).kind == "person":
            yield match.span(), name


def abbreviated(name: str) -> bool:
    """Whether a name has a word in capitals, as those of bodies do and people's do not."""
    return any(word.isupper() and len(word) > 1 and "." not in word for word in name.split())


def bare_name(written: str) -> str:
    """Return a person's name without the titles before it; another name as it is."""
    titles = parse_name(written.title() if written.isupper() else written).titles
    if len(titles.strip(".")) < 2:  # an initial: M. Lindqvist is no monsieur
        return written
    return written[len(titles) :].strip(" ,") or written


def _first(name: str) -> str:
    return fold(name).split()[0].strip(".")


def _cased(name: str) -> str:
    """A name in capitals in the usual case; an abbreviation as it is."""
    if not name.isupper() or (" " not in name and len(name) < _SHORTEST):
        return name
    return _MC.sub(lambda match: f"Mc{match[1].upper()}", name.title())
