"""What articles write between blanks, by the words in it: taken apart once in a process, looked up ever after."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.retrieval.terms import root
from assistant.text import WORD, fold

_MOST = 500_000
"""Forms of a language that are kept; beyond that all are forgotten and met anew."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a text was asked about.

    :ivar counts: how often it has each root that it has of those asked for.
    :ivar length: its words and numbers.
    """

    counts: dict[str, int]
    length: int


class Forms:
    """The forms of a language that have been met: 'said', 'said,' and '“said' are three, with one word in each.

    A text is cut at its blanks, which costs a tenth of finding its words; those are found in each form once. What comes
    out is the same, since no word holds a blank. Safe to use from several threads.
    """

    def __init__(self, language: str, most: int = _MOST) -> None:
        self._language = language
        self._most = most
        self._mutex = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._known: set[str] = set()
        self._words: dict[str, int] = {}  # words in a form, where they are not one
        self._holding: dict[str, dict[str, int]] = {}  # root -> forms that hold it -> how often

    def tally(self, text: str, roots: Iterable[str]) -> Tally:
        """Count words in a text.

        :param roots: folded stems, and folded words that have none.
        """
        written = Counter(text.split())
        with self._mutex:  # all of it: another text must not make these be forgotten in between
            if new := written.keys() - self._known:
                self._meet(new)
            length = written.total()
            for form in written.keys() & self._words.keys():
                length += written[form] * (self._words[form] - 1)
            counts: dict[str, int] = {}
            for wanted in roots:
                holding = self._holding.get(wanted, {})
                found = sum(written[form] * holding[form] for form in holding.keys() & written.keys())
                if found:
                    counts[wanted] = found
        return Tally(counts, length)

    def _meet(self, new: set[str]) -> None:
        if len(self._known) + len(new) > self._most:
            self._forget()
        for form in new:
            words = WORD.findall(form)
            if len(words) != 1:
                self._words[form] = len(words)
            for word in words:
                holding = self._holding.setdefault(root(fold(word), self._language), {})
                holding[form] = holding.get(form, 0) + 1
        self._known |= new


_FORMS: dict[str, Forms] = {}


def forms(language: str) -> Forms:
    """Return the forms met in a language, in this process."""
    return _FORMS.setdefault(language, Forms(language))
