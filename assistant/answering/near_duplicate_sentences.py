"""Group near-duplicate sentences, so that text carried by several outlets is printed once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.languages.lexicon import negation
from assistant.text import fold, words

SAME = 0.8
"""Jaccard similarity of words from which two sentences count as near-duplicates."""

_NAME = re.compile(r"(?<=[^\s.!?“\"«„])\s+([^\W\d_]\w*)")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The words by which a sentence is compared.

    :ivar words: folded words, with repeats numbered.
    :ivar names: those that are capitalised within the sentence.
    """

    words: frozenset[str]
    names: frozenset[str]


def fingerprint(text: str) -> Fingerprint:
    """Return the fingerprint of a sentence."""
    seen: dict[str, int] = {}
    out = []
    for word in words(text):
        seen[word] = seen.get(word, 0) + 1
        out.append(word if seen[word] == 1 else f"{word}#{seen[word]}")
    names = (match[1] for match in _NAME.finditer(text))
    return Fingerprint(frozenset(out), frozenset(fold(name) for name in names if name[0].isupper()))


def same(one: Fingerprint, other: Fingerprint) -> bool:
    """Tell whether two sentences are near-duplicates.

    Their Jaccard similarity is at least ``SAME``, and they do not differ in a number, a negation, or a name: those make
    different statements, however alike they look.
    """
    union = len(one.words | other.words)
    if not union or len(one.words & other.words) / union < SAME:
        return False
    differ = {word.partition("#")[0] for word in one.words ^ other.words}
    if differ & negation().particles or any(word[0].isdigit() for word in differ):
        return False
    return not (one.names - other.words and other.names - one.words)


def groups(texts: Sequence[str]) -> list[list[int]]:
    """Group near-duplicate texts: lists of ascending positions, ordered by their first."""
    prints = [fingerprint(text) for text in texts]
    gathered: list[list[int]] = []
    for position, mine in enumerate(prints):
        for group in gathered:
            if same(prints[group[0]], mine):
                group.append(position)
                break
        else:
            gathered.append([position])
    return gathered
