"""The words of a text by their roots: each form that stands between blanks is taken apart once in a process."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from zlib import crc32

import numpy as np

from assistant.archive.counts import Counts
from assistant.retrieval.analysis import root
from assistant.text import words

_FORMS = 500_000
"""Forms of a language that are kept; beyond that all are forgotten and met anew."""


def stable(found: str) -> int:
    """Return the number that a root has in every process: its CRC-32, in [0, 2**32).

    Of 11,342 articles of 400 roots on average, three have two of one number; what is counted is then the sum.
    """
    return crc32(found.encode(errors="replace"))


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
        self._stable: list[int] = []  # what each is called in every process

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

    def counts(self, text: str) -> Counts:
        """Return how often a text, of fewer than 65,536 words, has each root."""
        written = text.split()
        forms = Counter(written)
        with self._mutex:
            found = self._met(forms)
            held = np.fromiter(map(self._stable.__getitem__, chain.from_iterable(found)), np.uint32)
        times = np.repeat(np.fromiter(forms.values(), np.int32), np.fromiter(map(len, found), np.int32))
        numbers, places = np.unique(held, return_inverse=True)
        return Counts(len(written), numbers, np.bincount(places, times, len(numbers)).astype(np.uint16))

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
            self._stable.append(stable(found))
        return number


@cache
def forms(language: str) -> Forms:
    """Return the forms met in a language, in this process."""
    return Forms(language)


def roots(text: str, language: str) -> list[str]:
    """Return the stems of a text's words, folded, in order."""
    return forms(language).roots(text)
