"""What a page has around an article and a scraper took along: links to others, captions, offers to its readers.

They repeat the words of a headline and say nothing by themselves: no answer begins with "Sign up here for text updates
on the storm".
"""

from __future__ import annotations

import re

_LABEL = re.compile(r"[^.:!?(\n]{1,59}[^\W\d_]['’]?:(?=[^\W_]|[\"“‘'][^\W_])")
"""A label and, without a blank, the headline that it links to: "More:Senate passes the bill"."""

_OFFERS = """sign up|subscribe|click (?:here|on|to)|tap here|follow (?:us|the latest)|enter your e-?mail
    |get (?:text|e-?mail|breaking|our)|download (?:our|the)|abonnieren sie|melden sie sich|klicken sie|inscrivez-vous
    |abonnez-vous|cliquez|suscríbase|suscríbete|haga clic|haz clic|подпишитесь|подписывайтесь|abone olun|اشترك"""
_LINKS = """photos?|in photos|in pictures|gallery|videos?|watch|listen|related|more|read more|read also|see also
    |lesen sie auch|lesen sie mehr|siehe auch|lire aussi|lee también|читайте также|ayrıca okuyun|اقرأ أيضا"""


def _any(listed: str) -> str:
    return "(?:" + "|".join(one.strip() for one in listed.split("|")) + ")"


_FIRST = re.compile(rf"{_any(_OFFERS)}\b|(?:hide|show) caption\b|{_any(_LINKS)}\s*(?::|\Z)", re.IGNORECASE)
_LABELLED = re.compile(rf"[^.:!?]{{2,40}}[:–—]\s*{_any(_OFFERS)}\b", re.IGNORECASE)
_WITHIN = re.compile(r"\bsign up (?:here|now|below|to (?:get|receive)|for (?:our|the|text|free))\b", re.IGNORECASE)


def is_furniture(text: str) -> bool:
    """Tell whether a sentence is no sentence of the article it stands in, but stands around it."""
    if _FIRST.match(text) or (("ign up" in text or "IGN UP" in text) and _WITHIN.search(text)):
        return True
    head = text[:64]
    if ":" not in head and "–" not in head and "—" not in head:
        return False
    label = _LABEL.match(text)
    return (label is not None and not text[label.end()].islower()) or _LABELLED.match(text) is not None
