"""What is found in English, on its way to an attribution: parsed sentences, findings, and how these are settled."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.quotes.english.frames import CueFrame
from assistant.text import Span
from assistant.types import QuotationKind

if TYPE_CHECKING:
    from spacy.tokens import Doc

EDGE = " \t\r\n\u00a0,;:.—–-!?"
_TURN = re.compile(r", (?:while|whereas|but) $")
_TRAILING = re.compile(r"(?:,|[”\"’'])\s+(?:(?:while|before|then|also|later|and)\s)?$")
_RELATIVE = re.compile(r", (?:who|whom|which) (?:[\w.’'-]+ ){0,4}$")
_ADDING = re.compile(r", (?:[a-z]+ly |also |then |later |while |before )?$")
_ALSO = re.compile(r",? (?:and|but) (?:[a-z]+ly |also |then |later |has |have )?$")
_MEANWHILE = re.compile(r" (?:until|till|when|while|after|before|as) ")
"""What tells when a quotation was said: they sang “...” until it was dark."""
_NEAR = 8
"""Findings on either side that another one is compared with."""
CLOSING = re.compile(r"[,.?!;…—–-][\"”’'» \u00a0]*$")


@dataclass(slots=True)
class Finding:
    """An attribution in the making; spans in characters of the text."""

    content: Span
    source: Span | None
    cue: Span | None
    shape: str
    sentence: Span
    nearby: Span | None = None
    quotes: list[Span] = field(default_factory=list)
    kind: QuotationKind = "indirect"


@dataclass(slots=True)
class ParsedSentence:
    """A parsed sentence.

    :ivar findings: what its cues attribute.
    :ivar verbs: the verbs that can introduce a quotation; ``content`` is the verb.
    :ivar unsaid: where the cues begin that report that nothing was said.
    :ivar actors: where each verb stands, and who does what it says; ``addressees`` likewise, whom it is said to.
    """

    span: Span
    findings: list[Finding]
    verbs: list[Finding]
    actors: list[tuple[int, Span]]
    addressees: list[tuple[int, Span]]
    unsaid: frozenset[int]

    @classmethod
    def of(
        cls,
        span: Span,
        doc: Doc,
        frames: Iterable[CueFrame],
        verbs: Iterable[CueFrame],
        actors: Iterable[tuple[int, Span]],
        addressees: Iterable[tuple[int, Span]],
        unsaid: Iterable[int],
    ) -> ParsedSentence:
        """Return the sentence with the tokens of its frames turned into characters."""
        offset = span[0]

        def chars(tokens: Span) -> Span:
            last = doc[tokens[1] - 1]
            return offset + doc[tokens[0]].idx, offset + last.idx + len(last)

        def finding(frame: CueFrame) -> Finding:
            source = chars(frame.source) if frame.source else None
            nearby = chars(frame.nearby) if frame.nearby else None
            return Finding(chars(frame.content), source, chars(frame.cue), frame.shape, span, nearby)

        found = [finding(verb) for verb in verbs]
        acting = [(offset + doc[verb].idx, chars(who)) for verb, who in actors]
        for verb in found:
            if verb.source is None:
                verb.source = next((who for at, who in reversed(acting) if at < verb.content[0]), None)
        heard = [(offset + doc[verb].idx, chars(who)) for verb, who in addressees]
        silent = frozenset(offset + doc[verb].idx for verb in unsaid)
        return cls(span, [finding(frame) for frame in frames], found, acting, heard, silent)


def contrast(text: str, found: list[Finding]) -> None:
    """End the words of one who speaks before those of another: Lee warned of a flood, while Roe said that it is dry."""
    for item in found:
        if item.source is None or not item.shape.startswith(("say:", "tell:")) or item.source[1] > item.content[0]:
            continue
        turn = _TURN.search(text, max(0, item.source[0] - 12), item.source[0])
        if turn is None or not text[item.source[0]].isupper():
            continue
        for other in found:
            if other.cue and other.cue[1] <= other.content[0] < turn.start() < item.content[0] < other.content[1]:
                other.content = trim_edges(text, (other.content[0], turn.start()))


def relative(text: str, found: list[Finding]) -> None:
    """End what is said before a relative clause in which somebody says more: Lee praised Roe, who vowed “to go on”."""
    for item in found:
        if item.cue is None or item.source is None or item.shape.startswith(("noun", "adjective", "passive", "appear")):
            continue
        for other in found:
            if other is item or other.cue is None or not other.cue[1] <= other.content[0] < item.cue[0]:
                continue
            turn = _RELATIVE.search(text, other.content[0], item.cue[0])
            if turn is None and text[item.cue[1] - 3 : item.cue[1]] == "ing":
                turn = _ADDING.search(text, other.content[0], item.cue[0])
            elif turn is None and item.source == other.source:
                turn = _ALSO.search(text, other.content[0], item.cue[0])
            if turn and item.cue[0] - 40 < turn.end() and abs(item.content[1] - other.content[1]) <= 1:
                other.content = trim_edges(text, (other.content[0], turn.start()))


def trailing(text: str, found: list[Finding]) -> None:
    """Give what somebody adds to who spoke before: Lee said that Roe “knew it all”, adding that it was late."""
    spoken = sorted((item for item in found if item.cue and item.source), key=lambda item: item.cue or (0, 0))
    starts = [item.cue[0] for item in spoken if item.cue]
    for item in found:
        if item.cue is None or text[item.cue[1] - 3 : item.cue[1]] != "ing":
            continue
        if not _TRAILING.search(text, max(item.sentence[0], item.cue[0] - 12), item.cue[0]):
            continue
        for other in reversed(spoken[: bisect_left(starts, item.cue[0])]):
            if other.sentence != item.sentence or other.source is None or other.cue is None:
                break
            reached = other.cue[1] <= other.content[0] and item.cue[0] - 12 <= other.content[1] <= item.cue[0]
            within = item.source is None or other.content[0] <= item.source[0] < other.content[1]
            if reached and within:
                item.source = other.source
                break


def outer(found: list[Finding]) -> list[Finding]:
    """Return the findings that stand in no other one's content, one for each cue."""
    kept: dict[Span | None, Finding] = {}
    for item in found:
        if item.cue not in kept and not any(_within(item, other) for other in found if other is not item):
            kept[item.cue] = item
    return list(kept.values())


def apart(found: list[Finding]) -> list[Finding]:
    """Return the findings by start of content, without those that share most of another's; quotations come first."""
    ranked = sorted(found, key=lambda f: (not f.quotes, f.content[0] - f.content[1]))
    kept: list[Finding] = []
    for item in ranked:
        start, end = item.content
        place = bisect_left(kept, start, key=lambda other: other.content[0])
        near = kept[max(0, place - _NEAR) : place + _NEAR]
        if not any(2 * (min(end, k.content[1]) - max(start, k.content[0])) > end - start for k in near):
            kept.insert(place, item)
    return kept


def _within(item: Finding, other: Finding) -> bool:
    assert item.cue
    assert other.cue
    inside = other.content[0] <= item.cue[0] < other.content[1]
    heard = other.source is not None or item.source is None or item.shape.startswith(("noun", "adjective"))
    return inside and heard and not item.content[0] <= other.cue[0] < item.content[1]


def trim_edges(text: str, span: Span) -> Span:
    """Return the span without white space and punctuation at its ends."""
    start, end = span
    while start < end and text[start] in EDGE:
        start += 1
    while end > start and text[end - 1] in EDGE:
        end -= 1
    return start, end


def addressee_of(finding: Finding, addressees: Mapping[int, Span]) -> Span | None:
    """Return whom the words of a finding are said to.

    :param addressees: by where the cue begins.
    :return: None where that is no other than the speaker, or part of what is said.
    """
    cue, source = finding.cue, finding.source
    who = addressees.get(cue[0]) if cue else None
    if cue is None or who is None or any(other and meet(who, other) for other in (cue, source)):
        return None
    if any(meet(who, quote) for quote in finding.quotes):
        return None
    start, end = finding.content
    bidden = finding.shape.startswith("urge:") and who[0] == start and who[1] < end
    return who if not meet(who, finding.content) or start <= cue[0] < end or bidden else None


def meet(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


def settle(text: str, finding: Finding) -> None:
    """Fix content and kind of a finding that holds quotations."""
    first, last = finding.quotes[0][0], finding.quotes[-1][1]
    if finding.shape in ("speech", "colon", "before", "orphan", "signed"):
        finding.content = (first, last)
        finding.kind = "direct"
        return
    start, end = min(finding.content[0], first), max(finding.content[1], last)
    if not text[start:first].strip(EDGE):
        start = first
    if CLOSING.search(text[last - 3 : last]) or (start == first and _MEANWHILE.match(text, last, end)):
        end = last
    covered = sum(b - a for a, b in finding.quotes)
    finding.kind = "direct" if start == first and covered >= 0.5 * (end - start) else "mixed"
    finding.content = (start, end)
