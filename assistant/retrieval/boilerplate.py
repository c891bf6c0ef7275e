"""What a page has around an article and a scraper took along: links to others, captions, offers to its readers.

They repeat the words of a headline and say nothing by themselves: no answer begins with "Sign up here for text updates
on the storm".
"""

from __future__ import annotations

import re
from functools import cache

from assistant.languages.lexicon import boilerplate

_LABEL = re.compile(r"[^.:!?(\n]{1,59}[^\W\d_]['’]?:(?=[^\W_]|[\"“‘'][^\W_])")
"""A label and, without a blank, the headline that it links to: "More:Senate passes the bill"."""

_SIGN_UP = re.compile(r"\bsign up (?:here|now|below|to (?:get|receive)|for (?:our|the|text|free))\b", re.IGNORECASE)


@cache
def _first() -> re.Pattern[str]:
    """What such a sentence begins with."""
    words = boilerplate()
    offers, links, captions = map("|".join, (words.offers, words.links, words.captions))
    return re.compile(rf"(?:{offers})\b|(?:{captions})\b|(?:{links})\s*(?::|\Z)", re.IGNORECASE)


@cache
def _labelled() -> re.Pattern[str]:
    """An offer behind a label."""
    return re.compile(rf"[^.:!?]{{2,40}}[:–—]\s*(?:{'|'.join(boilerplate().offers)})\b", re.IGNORECASE)


def is_furniture(text: str) -> bool:
    """Tell whether a sentence is no sentence of the article it stands in, but stands around it."""
    if _first().match(text) or (("ign up" in text or "IGN UP" in text) and _SIGN_UP.search(text)):
        return True
    head = text[:64]
    if ":" not in head and "–" not in head and "—" not in head:
        return False
    label = _LABEL.match(text)
    return (label is not None and not text[label.end()].islower()) or _labelled().match(text) is not None
