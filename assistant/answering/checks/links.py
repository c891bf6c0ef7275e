"""Block what a model must never send out, whatever it cites: addresses, markup, and control codes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.checks.claims import Check, CitedSpan
from assistant.text import fold

_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}\s*:\s*//|\bwww\d?\s*\.|\b(?:javascript|vbscript|data|file|mailto|tel|blob|about|view-source)\s*:\s*\S"
    r"|h(?:tt|xx)ps?\s*[:\[(]",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"<\s*[a-z!/?|]|[a-z\"'/|]\s*>|&#?\w{1,10};|!\[|\]\s*[(\[:]|\[\s*\]|\{\{|\$\{|\{%|^\s*\||```|<\||\|>|\[/?(?:INST|SYS)",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"(?<![\w@])(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}\b(?:[/:]\S*)?|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b\d{1,3}(?:\.\d{1,3}){3}\b"
)
_ENCODED = re.compile(
    r"\b(?=[\w+/=]*\d)(?=[\w+/=]*[a-z])(?=[\w+/=]*[A-Z])[A-Za-z0-9+/]{20,}={0,2}|[0-9a-fA-F]{24,}|(?:%[0-9a-fA-F]{2}){3,}"
)


def check(text: str, cited: Sequence[CitedSpan]) -> Check:
    """Check that a sentence is free of addresses and markup.

    An address with a scheme, a tag or a link never goes out. Something that merely looks like a host ("Post.example")
    may, if the cited characters contain it.
    """
    if found := _ADDRESS.search(text) or _MARKUP.search(text):
        return Check("link", False, f"it contains “{found[0].strip()}”: addresses and markup from a model never go out")
    held = " ".join(fold(one.text) for one in cited)
    for pattern in (_HOST, _ENCODED):
        for match in pattern.finditer(text):
            if fold(match[0]) not in held:
                return Check("link", False, "it contains an address or a code that is not in what it cites")
    return Check("link", True)
