"""Group near-duplicate articles into stories: the same text counts once, however many outlets carry it.

MinHash signatures of four-word shingles (Broder, "On the resemblance and containment of documents", 1997), computed at
ingestion and stored with the article. This is fifty lines of NumPy; a library would add an index that is not needed,
since no more than a few hundred articles are compared at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.text import WORD, fold
from assistant.types import Hit, StoredArticle, Telling

Signature = NDArray[np.uint32]

_RUN = 4
"""Words in a shingle: short enough that an edited copy keeps most, long enough to rule out matches by chance."""

_WORDS = 300
_CHARACTERS = 12 * _WORDS
"""Words and characters of an article that are used: outlets cut wire copy from the end."""

_HASHES = 64
"""Hashes in a signature; the standard error of the estimated similarity is about 0.06."""

_SAME = 0.5
"""Estimated Jaccard similarity from which two articles are one text: about one word in twelve may differ."""

_PRIME = np.uint64((1 << 31) - 1)
_BASE = np.uint64(48271)
"""The base in which the numbers of a shingle's words are combined."""

_DRAWN = np.random.default_rng(1997).integers(1, int(_PRIME), size=(2, _HASHES), dtype=np.uint64)


def with_stories(
    hits: Sequence[Hit], signatures: Callable[[Sequence[StoredArticle]], Sequence[Signature | None]]
) -> list[Hit]:
    """Return ``hits``, each with its story if several of their articles carry it: earliest published first.

    :param signatures: articles -> the signature of each article's text.
    """
    articles = list({hit.passage.article.key: hit.passage.article for hit in hits}.values())
    stories: dict[int, tuple[Telling, ...]] = {}
    for group in _groups(articles, resemblances(signatures(articles)) >= _SAME):
        if len(group) > 1:
            story = tuple(_telling(article) for article in sorted(group, key=_earliest))
            stories.update((article.key, story) for article in group)
    return [replace(hit, story=stories.get(hit.passage.article.key, ())) for hit in hits]


def _groups(articles: Sequence[StoredArticle], same: NDArray[np.bool_]) -> list[list[StoredArticle]]:
    """Group each article with the first one that it is a near-duplicate of.

    :param same: [n, n]: which pairs are near-duplicates.
    """
    groups: list[list[StoredArticle]] = []
    firsts: list[int] = []
    for place, article in enumerate(articles):
        found = next((number for number, first in enumerate(firsts) if same[place, first]), None)
        if found is None:
            groups.append([article])
            firsts.append(place)
        else:
            groups[found].append(article)
    return groups


def signature(text: str) -> Signature | None:
    """Return the MinHash signature of a text's first words, uint32 [64]; None if it is shorter than a shingle."""
    numbers = chain.from_iterable(map(_numbers, text[:_CHARACTERS].split()))  # no word contains a space
    found = np.fromiter(islice(numbers, _WORDS), np.uint64)
    if len(found) < _RUN:
        return None
    runs = np.zeros(len(found) - _RUN + 1, np.uint64)
    for place in range(_RUN):
        runs = (runs * _BASE + found[place : place + len(runs)]) % _PRIME
    least: Signature = ((np.unique(runs)[:, None] * _DRAWN[0] + _DRAWN[1]) % _PRIME).min(axis=0).astype(np.uint32)
    return least


@lru_cache(maxsize=1 << 16)
def _numbers(form: str) -> tuple[int, ...]:
    """Return a number in [0, 2**31 - 1) for each word in a space-separated token, ignoring case and accents."""
    return tuple(crc32(fold(word).encode()) % int(_PRIME) for word in WORD.findall(form))


def resemblances(signatures: Sequence[Signature | None]) -> NDArray[np.float64]:
    """Return the estimated Jaccard similarities of the signed texts, [n, n], each in [0, 1]."""
    known = [place for place, one in enumerate(signatures) if one is not None]
    stacked = np.array([signatures[place] for place in known], np.uint32).reshape(len(known), _HASHES)
    found = np.zeros((len(signatures), len(signatures)))
    found[np.ix_(known, known)] = (stacked[:, None] == stacked).mean(axis=2)
    return found


def _telling(article: StoredArticle) -> Telling:
    return Telling(article.id, article.outlet, article.published.iso() if article.published else None)


def _earliest(article: StoredArticle) -> tuple[bool, int, int]:
    published = article.published
    return published is None, published.timestamp if published else 0, article.key
