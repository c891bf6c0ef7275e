"""Quotations and clauses brought together: each quotation finds its cue, broken ones are joined."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.quotes.english_clauses import Claim
from assistant.quotes.marks import Quotation
from assistant.quotes.model import Kind, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

EDGE = " \t\r\n\u00a0,;:.—–-!?"
_SPOKEN = 25
"""Characters; a longer quotation is speech: what it says of others' speech is not attributed by the article."""
_CLOSING = re.compile(r"[,.?!;…—–-][\"”’'»]*$")
_SIGNED = re.compile(
    r"\s*[-‒–—―]{1,2}[ \u00a0]*([A-Z][\w.’'-]{0,30}(?:[ \u00a0][A-Z][\w.’'-]{0,30}){0,4})[ \u00a0]*(?=[,.\n]|$)"
)
"""The name that a quotation is signed with."""
_LED = re.compile(r"(?:\b[Aa]ccording to|^|\n|[.;!?…–—-]\s)\s*([^:,\n“”\".;!?]{2,80})[:,]\s*$")
"""The name that a quotation is led by: Ann Lee: “..."; According to Ann Lee, “..."."""
_CAP = r"[A-Z][\w.’'-]*"
_LED_NAME = re.compile(
    r"(?:^|[\n.!?…”\"]\s*|\s[-‒–—―]\s?(?:More from )?)"
    rf"({_CAP}(?: (?:{_CAP}|\([^)\n]{{1,20}}\)|and|of|the|for)){{0,7}}):\s*$"
)
"""A name and nothing else before a colon."""
_TITLE = re.compile(r"(?:^|[\n.\]]\s*)((?:[A-Z0-9’'‘,:$%&-]+ ){3,})$")
"""A headline in capitals, with an excerpt of its article behind it."""
_REACH = 90
"""Characters between a quotation and a cue that belongs to it."""
_NEAR = 8
"""Findings on either side that another one is compared with."""


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
    kind: Kind = "indirect"


@dataclass(slots=True)
class Unit:
    """A parsed sentence with what its cues claim.

    :ivar verbs: the verbs that can introduce a quotation; ``content`` is the verb.
    :ivar actors: where each verb stands, and who does what it says.
    """

    span: Span
    claims: list[Finding]
    verbs: list[Finding]
    actors: list[tuple[int, Span]]

    @classmethod
    def of(
        cls, span: Span, doc: Doc, claims: Iterable[Claim], verbs: Iterable[Claim], actors: Iterable[tuple[int, Span]]
    ) -> Unit:
        """Return the unit with the claims' tokens turned into characters."""
        offset = span[0]

        def chars(tokens: Span) -> Span:
            last = doc[tokens[1] - 1]
            return offset + doc[tokens[0]].idx, offset + last.idx + len(last)

        def finding(claim: Claim) -> Finding:
            source = chars(claim.source) if claim.source else None
            nearby = chars(claim.nearby) if claim.nearby else None
            return Finding(chars(claim.content), source, chars(claim.cue), claim.shape, span, nearby)

        found = [finding(v) for v in verbs]
        acting = [(offset + doc[verb].idx, chars(who)) for verb, who in actors]
        for verb in found:
            if verb.source is None:
                verb.source = next((who for at, who in reversed(acting) if at < verb.content[0]), None)
        return cls(span, [finding(c) for c in claims], found, acting)


def combine(text: str, quotes: Sequence[Quotation], units: Sequence[Unit]) -> list[Finding]:
    """Return the findings of a text, by start of content."""
    return _Combination(text, quotes, units).findings()


class _Combination:
    """One text's quotations and claims, while they are being brought together."""

    def __init__(self, text: str, quotes: Sequence[Quotation], units: Sequence[Unit]) -> None:
        self.text = text
        self.quotes = quotes
        self.units = units
        self.starts = [quote.span[0] for quote in quotes]
        self.unit_starts = [unit.span[0] for unit in units]
        kept = [claim for unit in units for claim in outer([claim for claim in unit.claims if self._usable(claim)])]
        self.by_cue: dict[Span, Finding] = {claim.cue: claim for claim in kept if claim.cue}
        self.loose: list[Finding] = []
        self.last: Finding | None = None

    def findings(self) -> list[Finding]:
        for quote in self.quotes:
            self._place(quote.span)
        found = [*self.by_cue.values(), *self.loose]
        for finding in found:
            if finding.quotes:
                settle(self.text, finding)
            self._check_source(finding)
        return apart(found)

    def _check_source(self, finding: Finding) -> None:
        """Replace a source that is part of what is said by the words next to the cue."""
        source = finding.source
        if source is None or not finding.quotes or not self._quoted(source[0]):
            return
        nearby = finding.nearby
        finding.source = nearby if nearby and not self._quoted(nearby[0]) else None

    def _usable(self, claim: Finding) -> bool:
        claim.content = trim_edges(self.text, claim.content)
        return claim.content[0] < claim.content[1] and claim.cue is not None and not self._quoted(claim.cue[0])

    def _quoted(self, position: int) -> bool:
        """Whether the position stands within a quotation that is speech."""
        place = bisect_right(self.starts, position) - 1
        if place < 0:
            return False
        start, end = self.quotes[place].span
        return start < position < end - 1 and end - start > _SPOKEN + 2

    def _place(self, quote: Span) -> None:
        """Give a quotation to the finding that it belongs to, or to a new one."""
        touching = self._touching(quote)
        words = len(self.text[quote[0] : quote[1]].split())
        finding = self._by_content(quote, touching)
        if finding is None and (words >= 3 or self._complete(quote)):
            finding = (
                self._by_verb(quote, touching)
                or self._signed(quote)
                or self._continued(quote)
                or self._introduced(quote)
            )
        if finding is None and words >= 4:
            finding = self._orphan(quote, touching)
        if finding is not None:
            finding.quotes.append(quote)
            self.last = finding

    def _touching(self, quote: Span) -> list[Unit]:
        first = max(0, bisect_right(self.unit_starts, quote[0]) - 1)
        after = bisect_right(self.unit_starts, quote[1] - 1)
        return [unit for unit in self.units[first:after] if unit.span[1] > quote[0]]

    def _by_content(self, quote: Span, touching: list[Unit]) -> Finding | None:
        """The nearest claim whose content the quotation is, or stands in."""
        best, nearest = None, 0
        for unit in touching:
            for claim in unit.claims:
                if claim.cue is None or self.by_cue.get(claim.cue) is not claim or quote[0] <= claim.cue[0] < quote[1]:
                    continue
                shared = min(quote[1], claim.content[1]) - max(quote[0], claim.content[0])
                if shared <= 0 or shared < 0.5 * min(quote[1] - quote[0], claim.content[1] - claim.content[0]):
                    continue
                distance = min(abs(claim.cue[0] - quote[1]), abs(quote[0] - claim.cue[1]))
                if best is None or distance < nearest:
                    best, nearest = claim, distance
        return best

    def _by_verb(self, quote: Span, touching: list[Unit]) -> Finding | None:
        """The nearest verb of speech before or after the quotation, in its sentence."""
        best, nearest = None, _REACH
        for unit in touching:
            for verb in unit.verbs:
                distance = self._distance(quote, verb)
                if distance is not None and distance < nearest:
                    best, nearest = verb, distance
        if best is None or best.cue is None:
            return None
        known = self.by_cue.get(best.cue)
        if known is None:
            known = self.by_cue[best.cue] = Finding(quote, best.source, best.cue, "speech", best.sentence, best.nearby)
        return known

    def _distance(self, quote: Span, verb: Finding) -> int | None:
        assert verb.cue is not None
        if self._quoted(verb.cue[0]):
            return None
        if verb.cue[0] >= quote[1]:
            gap = (quote[1], verb.cue[0])
            if not (self._complete(quote) or self.text[quote[1] : quote[1] + 1] == ","):
                return None
        elif verb.cue[1] <= quote[0]:
            gap = (verb.cue[1], quote[0])
            if self.text[max(0, quote[0] - 6) : quote[0]].rstrip()[-1:] not in (",", ":") and gap[1] - gap[0] > 12:
                return None
        else:
            return None
        return None if re.search(r"[“”\"]|[.?!]\s", self.text[gap[0] : gap[1]]) else gap[1] - gap[0]

    def _complete(self, quote: Span) -> bool:
        return bool(_CLOSING.search(self.text[max(quote[0], quote[1] - 4) : quote[1]]))

    def _continued(self, quote: Span) -> Finding | None:
        """The quotation before, where this one goes on after its cue, or opens the next paragraph."""
        last = self.last
        if last is None:
            return None
        end = max(last.content[1], last.quotes[-1][1])
        if last.cue and last.sentence[1] > end:
            end = last.sentence[1]
        gap = self.text[end : quote[0]]
        if gap.strip(" \n\u00a0.,—–-'’\"”") or gap.count("\n\n") > 1:
            return None
        return last

    def _signed(self, quote: Span) -> Finding | None:
        """A finding for a quotation with a name set under it, behind a dash."""
        match = _SIGNED.match(self.text, quote[1])
        if match is None:
            return None
        finding = Finding(quote, trim_edges(self.text, match.span(1)), None, "signed", quote)
        self.loose.append(finding)
        return finding

    def _introduced(self, quote: Span) -> Finding | None:
        """A finding for a quotation that the sentence before announces, by a colon or by speaking of its speaker."""
        place = bisect_right(self.unit_starts, quote[0]) - 1
        while place >= 0 and self.units[place].span[1] > quote[0]:
            place -= 1
        if place < 0 or self.text[self.units[place].span[1] : quote[0]].strip():
            return None
        unit = self.units[place]
        verbs = [verb for verb in unit.verbs if verb.cue and not self._quoted(verb.cue[0])]
        colon = self.text[unit.span[1] - 1] == ":"
        cue = verbs[-1].cue if verbs and colon else None
        outside = [who for verb, who in unit.actors if not self._quoted(verb) and not self._quoted(who[0])]
        source = verbs[-1].source if verbs and colon else None
        if source is None and outside and (colon or self.last is None or self._personal(outside[0])):
            source = outside[0]
        elif source is None and self.last is not None:
            source = self.last.source
        finding = Finding(quote, source, cue, "colon" if colon else "before", unit.span)
        self.loose.append(finding)
        return finding

    def _personal(self, span: Span) -> bool:
        """Whether a subject may well be somebody who speaks: a pronoun of a person, or a name."""
        words = self.text[span[0] : span[1]].split()
        named = any(word[0].isupper() for word in words[len(words) > 1 :])
        return named or words[0].lower() in ("he", "she", "they", "i", "we")

    def _before(self, quote: Span, verbs: Sequence[tuple[int, Span | None]]) -> Span | None:
        """Who does what the last of the verbs before a quotation says."""
        for at, who in reversed(verbs):
            if at < quote[0] and who is not None and who[1] <= quote[0] and not self._quoted(at):
                return who
        return None

    def _orphan(self, quote: Span, touching: list[Unit]) -> Finding | None:
        """A finding for a quotation without a cue: whoever acts before it in its sentence, else the last speaker."""
        led = _LED.search(self.text, max(0, quote[0] - 120), quote[0])
        if not led and not self._complete(quote):
            return None
        named = _LED_NAME.search(self.text, max(0, quote[0] - 120), quote[0]) or _TITLE.search(
            self.text, max(0, quote[0] - 160), quote[0]
        )
        speaking = self._before(quote, [(v.content[0], v.source) for unit in touching for v in unit.verbs])
        acting = self._before(quote, [actor for unit in touching for actor in unit.actors])
        source = (trim_edges(self.text, named.span(1)) if named else None) or speaking or acting
        if led and source is None:
            source = trim_edges(self.text, led.span(1))
        if source is None and self.last is not None:
            source = self.last.source
        finding = Finding(quote, source, None, "orphan", quote)
        self.loose.append(finding)
        return finding


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
    return inside and not item.content[0] <= other.cue[0] < item.content[1]


def trim_edges(text: str, span: Span) -> Span:
    """Return the span without white space and punctuation at its ends."""
    start, end = span
    while start < end and text[start] in EDGE:
        start += 1
    while end > start and text[end - 1] in EDGE:
        end -= 1
    return start, end


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
    if _CLOSING.search(text[last - 3 : last]):
        end = last
    covered = sum(b - a for a, b in finding.quotes)
    finding.kind = "direct" if start == first and covered >= 0.5 * (end - start) else "mixed"
    finding.content = (start, end)
