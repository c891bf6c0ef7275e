"""Detect boilerplate: what a scraper picked up around an article, such as links, captions and newsletter offers.

Boilerplate repeats the words of headlines without saying anything: "Sign up here for text updates on the storm" answers
no question.
"""

from __future__ import annotations

import re
from functools import cache

from assistant.languages.lexicon import boilerplate

_LABEL = re.compile(r"[^.:!?(\n]{1,59}[^\W\d_]['’]?:(?=[^\W_]|[\"“‘'][^\W_])")
"""A label followed, without a space, by the headline it links to: "More:Senate passes the bill"."""

_SIGN_UP = re.compile(r"\bsign up (?:here|now|below|to (?:get|receive)|for (?:our|the|text|free))\b", re.IGNORECASE)


@cache
def _first() -> re.Pattern[str]:
    """What a boilerplate sentence begins with."""
    words = boilerplate()
    offers, links, captions = map("|".join, (words.offers, words.links, words.captions))
    return re.compile(rf"(?:{offers})\b|(?:{captions})\b|(?:{links})\s*(?::|\Z)", re.IGNORECASE)


@cache
def _labelled() -> re.Pattern[str]:
    """An offer after a label."""
    return re.compile(rf"[^.:!?]{{2,40}}[:–—]\s*(?:{'|'.join(boilerplate().offers)})\b", re.IGNORECASE)


def is_boilerplate(text: str) -> bool:
    """Tell whether a sentence is boilerplate rather than part of the article."""
    if _first().match(text) or (("ign up" in text or "IGN UP" in text) and _SIGN_UP.search(text)):
        return True
    head = text[:64]
    if ":" not in head and "–" not in head and "—" not in head:
        return False
    label = _LABEL.match(text)
    return (label is not None and not text[label.end()].islower()) or _labelled().match(text) is not None
