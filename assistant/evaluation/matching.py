"""When a text holds an answer: compared without case, articles, possessives and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_POSSESSIVE = re.compile(r"[’']s\b")
_PUNCTUATION = re.compile(r"[^\w\s%$.]")
_ARTICLE = re.compile(r"\b(the|a|an)\b")
_FULL_STOP = re.compile(r"\.(?!\d)")

SHORTEST = 3
"""Characters from which an answer says something."""

TRIVIAL = frozenset({"true", "false", "yes", "no", "none of above", "all of above"})
"""Answers that stand in every text."""


def folded(text: str) -> str:
    """Return text as answers are compared: NFKC, no case, articles, possessives or punctuation, single spaces."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _PUNCTUATION.sub(" ", _POSSESSIVE.sub("", text))
    return " ".join(_FULL_STOP.sub(" ", _ARTICLE.sub(" ", text)).split())


def pattern_of(answers: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds one of the answers, as whole words, in folded text; None when none of them can be counted.

    Yes, no, true, false and answers shorter than ``SHORTEST`` characters cannot: they stand everywhere.
    """
    kept = [answer for answer in map(folded, answers) if len(answer) >= SHORTEST and answer not in TRIVIAL]
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, kept)) + r")(?!\w)") if kept else None
