"""Quotation marks of the world: found, told from apostrophes, and paired, in linear time."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from assistant.text import Span

_MARK = re.compile(r"``|''|’’|[\"“”„‟«»‹›'‘’‚‛「」『』]")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"\n\s*")
_DOUBLE = frozenset(["“", "”", "„", "‟", '"', "``", "''", "’’"])
_SINGLE = frozenset(["'", "‘", "’", "‚", "‛"])
_FAMILY = {
    **dict.fromkeys(_DOUBLE, "double"),
    **dict.fromkeys(_SINGLE, "single"),
    **dict.fromkeys("«»", "guillemet"),
    **dict.fromkeys("‹›", "small guillemet"),
    **dict.fromkeys("「」", "corner"),
    **dict.fromkeys("『』", "white corner"),
}
_CLOSES = {
    "“": ("”", "“", '"', "''", "’’"),
    "„": ("“", "”", '"', "''", "‟"),
    "‟": ("”", "“", '"'),
    '"': ('"', "”", "’’"),
    "''": ("''", "”"),
    "``": ("''", '"', "”"),
    "”": ("”", '"'),
    "«": ("»",),
    "»": ("«", "»"),
    "‹": ("›",),
    "›": ("‹", "›"),
    "「": ("」",),
    "『": ("』",),
    "'": ("'", "’"),
    "‘": ("’", "'"),
    "‛": ("’", "'"),
    "‚": ("‘", "’", "'"),
    "’": ("’",),
}
_ALWAYS_OPEN = frozenset("„‟‚‛「『") | {"``"}
_ALWAYS_CLOSE = frozenset("」』") | {"’’"}
_BEFORE_OPEN = frozenset("([{<-–—/…:¿¡=*|>#") | _DOUBLE | _SINGLE | frozenset("«‹»›")
MAX_STRAY_PARAGRAPHS = 3
"""How many further paragraphs a quotation may run through without reopening its mark in each."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks.

    :ivar span: with the marks.
    :ivar inner: without the marks, and without white space at either end; equal bounds when nothing is inside.
    :ivar level: 0 for the outermost, 1 for a quotation within it, ...
    :ivar closed: False when no closing mark was found and the paragraph's end was taken.
    """

    span: Span
    inner: Span
    level: int
    closed: bool


@dataclass(slots=True)
class _Mark:
    start: int
    end: int
    char: str
    family: str
    opens: bool
    closes: bool
    paragraph: int
    leads: bool
    """The first thing in its paragraph."""


@dataclass(slots=True)
class _Open:
    mark: _Mark
    last: int
    """The last paragraph that it is known to run through."""


def paragraphs(text: str) -> list[Span]:
    """Return the spans of the paragraphs: set apart by blank lines, or by line ends where there are no blank lines.

    :return: trimmed, not empty, in order.
    """
    breaks = _BLANK_LINE if _BLANK_LINE.search(text) else _LINE
    spans: list[Span] = []
    start = 0
    for match in [*breaks.finditer(text), None]:
        end = match.start() if match else len(text)
        trimmed = trim(text, (start, end))
        if trimmed[0] < trimmed[1]:
            spans.append(trimmed)
        start = match.end() if match else end
    return spans


def trim(text: str, span: Span) -> Span:
    """Return the span without white space at its ends; (start, start) when it holds nothing else."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def quotations(text: str) -> list[Quotation]:
    """Return the quotations of a text, whatever marks it uses.

    Handles nesting, straight and typographic marks, the marks of German („…“, »…«), French, Russian, Swedish and
    Japanese, and quotations over several paragraphs (each reopens, the last closes: one quotation). Apostrophes
    are not marks. A quotation that is never closed ends with its paragraph. Linear in the length of the text.

    :return: by start; nested ones after the one that holds them.
    """
    spans = paragraphs(text)
    marks = _marks(text, spans)
    found: list[Quotation] = []
    stack: list[_Open] = []
    paragraph = 0
    upcoming = _next_double(marks)
    for index, mark in enumerate(marks):
        if mark.paragraph != paragraph:
            _end_paragraph(text, spans, stack, mark, found)
            paragraph = mark.paragraph
        _take(text, spans, stack, mark, upcoming[index], found)
    while stack:
        _give_up(text, spans, stack, found)
    return _levelled(sorted(found, key=lambda quotation: (quotation.span[0], -quotation.span[1])))


def _levelled(found: list[Quotation]) -> list[Quotation]:
    """Number the levels by what stands in what."""
    ends: list[int] = []
    levelled = []
    for quotation in found:
        while ends and ends[-1] <= quotation.span[0]:
            ends.pop()
        levelled.append(replace(quotation, level=len(ends)))
        ends.append(quotation.span[1])
    return levelled


def outermost(text: str) -> list[Quotation]:
    """Return the quotations that stand in no other one, by start; they do not overlap."""
    return [quotation for quotation in quotations(text) if quotation.level == 0]


def _marks(text: str, spans: list[Span]) -> list[_Mark]:
    starts = [start for start, _ in spans]
    marks: list[_Mark] = []
    for match in _MARK.finditer(text):
        start, end, char = match.start(), match.end(), match.group()
        before = text[start - 1] if start else " "
        after = text[end] if end < len(text) else " "
        if char in _SINGLE and (_within_word(before, after) or (char == "'" and _clipped(text, before, end))):
            continue
        number = max(0, bisect_right(starts, start) - 1)
        opens, closes = _roles(char, before, after)
        if not (opens or closes):
            continue
        leads = bool(spans) and start == spans[number][0]
        marks.append(_Mark(start, end, char, _FAMILY[char], opens, closes, number, leads))
    return marks


def _within_word(before: str, after: str) -> bool:
    return before.isalnum() and after.isalnum()


def _clipped(text: str, before: str, end: int) -> bool:
    """A year or a word with its head cut off: '90s, 'em, 'tis."""
    following = text[end : end + 4].lower()
    return not before.isalnum() and bool(re.match(r"\d|em\b|tis\b|til\b", following))


def _roles(char: str, before: str, after: str) -> tuple[bool, bool]:
    if char in _ALWAYS_OPEN:
        return True, False
    if char in _ALWAYS_CLOSE:
        return False, True
    fits_open = not after.isspace() and (before.isspace() or before in _BEFORE_OPEN)
    fits_close = not before.isspace() and not (after.isalnum())
    if char == "“":
        return not (fits_close and after.isspace()), fits_close
    if char == "”":
        return fits_open and before.isspace(), True
    if char in "«‹":
        return True, True
    if char in "»›":
        return fits_open, True
    if char == "‘":
        return not after.isspace(), fits_close
    if char == "’":
        return False, fits_close
    if char in ('"', "''") and not fits_open and not fits_close:
        return not after.isspace(), True  # “..., 'so it is,' " she said
    return fits_open, fits_close


def _next_double(marks: list[_Mark]) -> list[_Mark | None]:
    """For each mark the next one of its own family."""
    following: list[_Mark | None] = [None] * len(marks)
    latest: dict[str, _Mark] = {}
    for index in range(len(marks) - 1, -1, -1):
        following[index] = latest.get(marks[index].family)
        latest[marks[index].family] = marks[index]
    return following


def _take(
    text: str, spans: list[Span], stack: list[_Open], mark: _Mark, upcoming: _Mark | None, found: list[Quotation]
) -> None:
    depth = _closable(stack, mark)
    if depth is not None and not _possessive(text, mark, upcoming):
        while len(stack) > depth + 1:  # what was opened inside and never closed
            inner = stack.pop()
            if inner.mark.family != "single":
                found.append(_quotation(text, inner, mark.start, mark.start, closed=False))
        found.append(_quotation(text, stack.pop(), mark.start, mark.end, closed=True))
        return
    if not mark.opens:
        return
    if mark.family == "single" and not (upcoming and upcoming.closes and upcoming.paragraph == mark.paragraph):
        return
    if stack and mark.family == "double" == stack[-1].mark.family and (stack[-1].mark.char, mark.char) != ('"', "“"):
        _cut(text, stack, mark.start, found)
    if len(stack) < 8:
        stack.append(_Open(mark, mark.paragraph))


def _closable(stack: list[_Open], mark: _Mark) -> int | None:
    """The place in the stack of the quotation that this mark closes."""
    if not mark.closes:
        return None
    for place in range(len(stack) - 1, -1, -1):
        opened = stack[place].mark
        if opened.family == mark.family:
            return place if mark.char in _CLOSES[opened.char] else None
    return None


def _possessive(text: str, mark: _Mark, upcoming: _Mark | None) -> bool:
    """An apostrophe after a plural (the voters’ will), when a better closing mark follows in the paragraph."""
    if mark.family != "single" or upcoming is None or upcoming.opens or upcoming.paragraph != mark.paragraph:
        return False
    return text[mark.start - 1] in "sS" and text[mark.end : mark.end + 1] == " "


def _cut(text: str, stack: list[_Open], at: int, found: list[Quotation]) -> None:
    """End an unclosed quotation where the next one of its kind begins."""
    found.append(_quotation(text, stack.pop(), at, at, closed=False))


def _end_paragraph(text: str, spans: list[Span], stack: list[_Open], mark: _Mark, found: list[Quotation]) -> None:
    """Decide, at the first mark of a new paragraph, which open quotations run on."""
    if not stack:
        return
    top = stack[0]
    reopens = mark.leads and mark.opens and mark.family == top.mark.family
    if reopens and mark.paragraph == top.last + 1:
        del stack[1:]
        top.last = mark.paragraph
        mark.opens = mark.closes = False
        return
    near = mark.paragraph - top.last <= MAX_STRAY_PARAGRAPHS
    if near and top.mark.char not in ('"', "'") and mark.family == top.mark.family and mark.closes and not mark.opens:
        del stack[1:]
        top.last = mark.paragraph
        return
    while stack:
        _give_up(text, spans, stack, found)


def _give_up(text: str, spans: list[Span], stack: list[_Open], found: list[Quotation]) -> None:
    item = stack.pop()
    if item.mark.family == "single":
        return
    end = spans[item.last][1]
    if end > item.mark.end:
        found.append(_quotation(text, item, end, end, closed=False))


def _quotation(text: str, item: _Open, inner_end: int, end: int, *, closed: bool) -> Quotation:
    inner = trim(text, (item.mark.end, inner_end))
    span = (item.mark.start, end) if closed else (item.mark.start, max(inner[1], item.mark.end))
    return Quotation(span, inner, 0, closed)
