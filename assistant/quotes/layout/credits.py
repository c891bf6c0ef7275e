"""Writers' names in the text: glued to what follows ("Hans Roth Holt said ...") or set under what they wrote."""

from __future__ import annotations

import re
from collections import Counter

from assistant.quotes.layout.people import full_names

_WORD = r"[^\W\d_a-z][\w’'-]+"
_SIGNED = re.compile(rf"(?<=[.!?”\"’'\s])\s[-–—] ?({_WORD} {_WORD})(?= {_WORD}|\s*\n|\s*$)")
_BY = re.compile(r"^\s*[Bb]y\s")
_RECURS = 2
_CLOSING = "”\"’'»"


def without_credits(text: str, byline: str) -> str:
    """Return the text, as long as it was, with its writers' names blanked where they are no part of a sentence.

    Those are the names of the byline before another capitalised word at the beginning of a sentence, and names that
    recur behind a dash under what they wrote, not only under quotations.
    """
    for name in dict.fromkeys(name for _, name in full_names(_BY.sub("", byline))):
        glued = re.compile(
            rf"(?:^|(?<=[\n.!?”\"’'] )|(?<=\n))(?:By )?{re.escape(name)}(?= (?!(?:Jr|Sr)\b){_WORD} [\w’])"
        )
        text = glued.sub(_blank, text)
    found = list(_SIGNED.finditer(text))
    counts = Counter(match[1] for match in found)
    under_prose = {match[1] for match in found if text[: match.start()].rstrip()[-1:] not in _CLOSING}
    for match in reversed(found):
        if counts[match[1]] >= _RECURS and match[1] in under_prose:
            text = text[: match.start()] + _blank(match) + text[match.end() :]
    return text


def _blank(match: re.Match[str]) -> str:
    """As many characters that part what stands before from what stands behind: white space and a line end."""
    return " " * (len(match[0]) - 1) + "\n"
