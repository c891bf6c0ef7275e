"""Answer matching: whether a text contains an answer, ignoring case, articles, possessives and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_POSSESSIVE = re.compile(r"[’']s\b")
_PUNCTUATION = re.compile(r"[^\w\s%$.]")
_ARTICLE = re.compile(r"\b(the|a|an)\b")
_FULL_STOP = re.compile(r"\.(?!\d)")

SHORTEST = 3
"""Minimum number of characters in an answer that can be matched."""

TRIVIAL = frozenset({"true", "false", "yes", "no", "none of above", "all of above"})
"""Answers that occur in almost any text."""


def folded(text: str) -> str:
    """Normalise text for comparison: NFKC, case-folded, no articles, possessives or punctuation, single spaces."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _PUNCTUATION.sub(" ", _POSSESSIVE.sub("", text))
    return " ".join(_FULL_STOP.sub(" ", _ARTICLE.sub(" ", text)).split())


def pattern_of(answers: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern that finds any of the answers, as whole words, in folded text; None if none can be matched.

    Answers in ``TRIVIAL`` and answers shorter than ``SHORTEST`` characters cannot: they occur almost everywhere.
    """
    kept = [answer for answer in map(folded, answers) if len(answer) >= SHORTEST and answer not in TRIVIAL]
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, kept)) + r")(?!\w)") if kept else None
