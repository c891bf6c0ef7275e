"""Stem the words of texts, with a cache of the space-separated forms seen in this process."""

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
"""Most cached forms per language; beyond that, the cache is cleared."""


def stable(found: str) -> int:
    """Return a root's number, the same in every process: its CRC-32, in [0, 2**32).

    In 11,342 articles with 400 roots on average, three have a collision; the two roots are then counted as one.
    """
    return crc32(found.encode(errors="replace"))


class Forms:
    """A cache of a language's forms: 'said', 'said,' and '“said' are three, with one word each.

    A text is split at white space, at a tenth of the cost of finding its words; each form is tokenised once. The result
    is the same, since no word contains a space. Thread-safe.
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
        self._stable: list[int] = []  # number of each in every process

    def roots(self, text: str) -> list[str]:
        """Return the roots of a text's words, in order."""
        written = text.split()
        with self._mutex:
            found = chain.from_iterable(self._met(written))
            return list(map(self._roots.__getitem__, found))

    def held(self, texts: Sequence[str], wanted: Iterable[str]) -> list[list[str]]:
        """Return which of the wanted roots each text contains.

        :param wanted: roots.
        """
        written = [text.split() for text in texts]
        with self._mutex:
            self._met(list(chain.from_iterable(written)))  # all at once: the cache must not be cleared in between
            met = [self._met(one) for one in written]
            numbers = {self._numbers[one]: one for one in wanted if one in self._numbers}
        return [[numbers[one] for one in numbers.keys() & chain.from_iterable(found)] for found in met]

    def counts(self, text: str) -> Counts:
        """Return the count of each root in a text of fewer than 65,536 words."""
        written = text.split()
        forms = Counter(written)
        with self._mutex:
            found = self._met(forms)
            held = np.fromiter(map(self._stable.__getitem__, chain.from_iterable(found)), np.uint32)
        times = np.repeat(np.fromiter(forms.values(), np.int32), np.fromiter(map(len, found), np.int32))
        numbers, places = np.unique(held, return_inverse=True)
        return Counts(len(written), numbers, np.bincount(places, times, len(numbers)).astype(np.uint16))

    def _met(self, written: Sequence[str] | Counter[str]) -> list[tuple[int, ...]]:
        """Return the numbers of the roots of each form; they are valid until the cache is cleared."""
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
    """Return this process's cache of forms for a language."""
    return Forms(language)


def roots(text: str, language: str) -> list[str]:
    """Return the folded stems of a text's words, in order."""
    return forms(language).roots(text)
