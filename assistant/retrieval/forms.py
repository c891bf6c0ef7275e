"""The words of a text by their roots: each form that stands between blanks is taken apart once in a process."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.terms import root
from assistant.text import words

_FORMS = 500_000
"""Forms of a language that are kept; beyond that all are forgotten and met anew."""

_TEXTS = 16_384
"""Texts whose counts are kept likewise, some 3 KB each: those of an archive's news are asked about again and again."""

Numbers = NDArray[np.int32]


class Tally(NamedTuple):
    """What a text was asked about.

    :ivar counts: int32 [n]: how often it has each root that was asked for.
    :ivar length: its forms: what stands between blanks.
    """

    counts: Numbers
    length: int


class _Counts(NamedTuple):
    """Every root of a text, as a number, ascending, with how often it has it."""

    roots: Numbers
    times: Numbers
    length: int


class Forms:
    """The forms of a language that have been met: 'said', 'said,' and '“said' are three, with one word in each.

    A text is cut at its blanks, which costs a tenth of finding its words; those are found in each form once. What comes
    out is the same, since no word holds a blank. Safe to use from several threads.
    """

    def __init__(self, language: str, most: int = _FORMS) -> None:
        self._language = language
        self._most = most
        self._mutex = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._known: dict[str, tuple[int, ...]] = {}  # form -> numbers of the roots of its words
        self._numbers: dict[str, int] = {}  # root -> its number
        self._roots: list[str] = []  # and back
        self._texts: dict[int, _Counts] = {}  # hash of a text -> what was counted in it

    def roots(self, text: str) -> list[str]:
        """Return the roots of a text's words, in order."""
        written = text.split()
        with self._mutex:
            found = chain.from_iterable(self._met(written))
            return list(map(self._roots.__getitem__, found))

    def held(self, texts: Sequence[str], wanted: Iterable[str]) -> list[list[str]]:
        """Return which of the roots asked for each text has.

        :param wanted: roots.
        """
        written = [text.split() for text in texts]
        with self._mutex:
            self._met(list(chain.from_iterable(written)))  # all before any: none must be forgotten in between
            met = [self._met(one) for one in written]
            numbers = {self._numbers[one]: one for one in wanted if one in self._numbers}
        return [[numbers[one] for one in numbers.keys() & chain.from_iterable(found)] for found in met]

    def tally(self, text: str, wanted: Sequence[str]) -> Tally:
        """Count words in a text.

        :param wanted: roots.
        """
        with self._mutex:
            held = self._texts.get(hash(text)) or self._counted(text)
            numbers = np.array([self._numbers.get(one, -1) for one in wanted], np.int32)
        if not len(held.roots):
            return Tally(np.zeros(len(wanted), np.int32), held.length)
        places = np.minimum(np.searchsorted(held.roots, numbers), len(held.roots) - 1)
        return Tally(np.where(held.roots[places] == numbers, held.times[places], 0), held.length)

    def _counted(self, text: str) -> _Counts:
        written = text.split()
        forms = Counter(written)
        found = self._met(forms)
        times = np.repeat(np.fromiter(forms.values(), np.int32), np.fromiter(map(len, found), np.int32))
        numbers, places = np.unique(np.fromiter(chain.from_iterable(found), np.int32), return_inverse=True)
        counts = _Counts(numbers, np.bincount(places, times).astype(np.int32), len(written))
        if len(self._texts) >= _TEXTS:
            self._texts.clear()
        self._texts[hash(text)] = counts
        return counts

    def _met(self, written: Sequence[str] | Counter[str]) -> list[tuple[int, ...]]:
        """Return the numbers of the roots of each form; those of earlier calls hold until some are forgotten."""
        try:
            return list(map(self._known.__getitem__, written))
        except KeyError:
            new = [form for form in dict.fromkeys(written) if form not in self._known]
        if len(self._known) + len(new) > self._most:
            self._forget()
            new = list(dict.fromkeys(written))
        for form in new:
            self._known[form] = tuple(self._number(root(word, self._language)) for word in words(form))
        return list(map(self._known.__getitem__, written))

    def _number(self, found: str) -> int:
        number = self._numbers.setdefault(found, len(self._roots))
        if number == len(self._roots):
            self._roots.append(found)
        return number


@cache
def forms(language: str) -> Forms:
    """Return the forms met in a language, in this process."""
    return Forms(language)


def roots(text: str, language: str) -> list[str]:
    """Return the stems of a text's words, folded, in order."""
    return forms(language).roots(text)
