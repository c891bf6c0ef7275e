"""Embedded posts: a paragraph with its author's name, handle and date set under it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.quotes.common.quotation_marks import trim
from assistant.quotes.layout.turns import SpokenTurn, lines

_SIGNATURE = re.compile(
    r"(?:^|(?<=\s))[—–-]{1,2} ?(?P<name>[^\W_][^\n()@—–]{0,50}?) ?\(@\w{1,30}\)"
    r",? (?:[A-Z][a-z]{2,8} \d{1,2}, \d{4}|\d{1,2} [A-Z][a-z]{2,8},? \d{4})$"
)
_LINKS = re.compile(r"(?:\s*(?:https?://\S+|pic\.twitter\.com/\S+|t\.co/\S+))+\s*$")


def post_turns(text: str) -> Iterator[SpokenTurn]:
    """Yield the embedded posts: each the words of whoever signed them, without the links behind them."""
    if "(@" not in text:
        return
    spans = lines(text)
    for place, (start, end) in enumerate(spans):
        match = _SIGNATURE.search(text, start, end)
        if match is None:
            continue
        first, stop = start, match.start()
        while (first == stop or first < start) and place and not _SIGNATURE.search(text, *spans[place - 1]):
            if first < start and "\n\n" in text[spans[place - 1][1] : first]:
                break
            place -= 1
            first = spans[place][0]
        links = _LINKS.search(text, first, stop)
        post = trim(text, (first, links.start() if links else stop))
        if post[0] < post[1]:
            yield SpokenTurn(match.span("name"), match["name"].strip(), (post,))
