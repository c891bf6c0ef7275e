"""Quotations without a cue of their own: whose they are by what stands around them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from assistant.quotes.common.quotation_marks import Quotation
from assistant.quotes.english import sources
from assistant.quotes.english.findings import CLOSING, Finding, ParsedSentence, trim_edges
from assistant.quotes.english.lexicon import lexicon
from assistant.text import Span

_SPOKEN = 25
"""Characters; a longer quotation is speech: what it says of others' speech is not attributed by the article."""
_SIGNED = re.compile(
    r"\s*[-‒–—―]{1,2}[ \u00a0]*([A-Z][\w.’'-]{0,30}(?:[ \u00a0][A-Z][\w.’'-]{0,30}){0,4})[ \u00a0]*(?=[,.\n]|$)"
)
"""The name that a quotation is signed with."""
_LED = re.compile(r"(?:\b[Aa]ccording to|^|\n|[.;!?…–—-]\s)\s*([^:,\n“”\".;!?]{2,80})[:,]\s*$")
"""The name that a quotation is led by: Ann Lee: “..."; According to Ann Lee, “..."."""
_CLAUSE_OF_ITS_OWN = re.compile(r"(?:[,;–—-]|\b(?:but|and|then|so))\s+$")
_SMALL = 3
"""Letters of a word that a title may have without a capital."""
_CAP = r"[A-Z][\w.’'-]*"
_LED_NAME = re.compile(
    r"(?:^|[\n.!?…”\"]\s*|\s[-‒–—―]\s?(?:More from )?)"
    rf"({_CAP}(?: (?:{_CAP}|\([^)\n]{{1,20}}\)|and|of|the|for)){{0,7}}):\s*$"
)
"""A name and nothing else before a colon."""
_LED_BY = re.compile(rf"(?:[\n—–]|\s[-‒–—―])\s?({_CAP}(?: (?:{_CAP}|and)){{0,5}}):\s*$")
"""A name that stands by itself, at the beginning of a line or behind a dash, before a colon."""
_TITLE = re.compile(r"(?:^|[\n.\]]\s*)((?:[A-Z0-9’'‘,:$%&-]+ ){3,})$")
"""A headline in capitals, with an excerpt of its article behind it."""
_SAYING = ("say:", "tell:", "place:", "within:")


class Uncued:
    """One text's quotations and parsed sentences.

    :ivar by_cue: what the cues attribute, by cue.
    :ivar loose: findings without a cue of their own.
    :ivar last: the finding of the quotation before.
    """

    def __init__(self, text: str, quotes: Sequence[Quotation], parsed: Sequence[ParsedSentence]) -> None:
        self.text = text
        self.quotes = quotes
        self.parsed = parsed
        self.starts = [quote.span[0] for quote in quotes]
        self.sentence_starts = [sentence.span[0] for sentence in parsed]
        self.by_cue: dict[Span, Finding] = {}
        self.loose: list[Finding] = []
        self.last: Finding | None = None

    def _quoted(self, position: int) -> bool:
        """Whether the position stands within a quotation that is speech."""
        place = bisect_right(self.starts, position) - 1
        if place < 0:
            return False
        start, end = self.quotes[place].span
        spoken = end - start > _SPOKEN + 2 or self.text[max(start, end - 2) : end - 1] in (",", "?", "!")
        return start < position < end - 1 and spoken

    def _touching(self, quote: Span) -> list[ParsedSentence]:
        first = max(0, bisect_right(self.sentence_starts, quote[0]) - 1)
        after = bisect_right(self.sentence_starts, quote[1] - 1)
        return [sentence for sentence in self.parsed[first:after] if sentence.span[1] > quote[0]]

    def _complete(self, quote: Span) -> bool:
        return bool(CLOSING.search(self.text[max(quote[0], quote[1] - 4) : quote[1]]))

    def _in_phrase(self, quote: Span) -> bool:
        """Whether a quotation continues a phrase of the article's own, as borrowed terms do: it is “a sure thing”."""
        before = self.text[max(0, quote[0] - 2) : quote[0]].rstrip(" ")
        return before[-1:].isalnum() and self.text[quote[0] + 1 : quote[0] + 2].islower()

    def _personal(self, span: Span) -> bool:
        """Whether a subject may well be somebody who speaks: a pronoun of a person, or a name."""
        words = self.text[span[0] : span[1]].split()
        named = any(word[0].isupper() for word in words[len(words) > 1 :])
        return named or words[0].lower() in ("he", "she", "they", "i", "we")

    def _unsaid(self, finding: Finding, source: Span | None) -> Span | None:
        """A source without what it is to have said; None when nothing else is left."""
        if source is None or sources.impossible(self.text, source, finding.cue):
            return None
        if not finding.quotes:
            return source
        for start, end in finding.quotes:
            if start <= source[0] < end:
                rest = trim_edges(self.text, (min(end, source[1]), source[1]))
                return rest if rest[0] < rest[1] else None
            if source[0] < start < source[1] <= start + 1:
                return None
        return None if self._quoted(source[0]) else source

    def _before(self, words: Span, verbs: Sequence[tuple[int, Span | None]]) -> Span | None:
        """Who does what the last of the verbs before some words says."""
        for at, who in reversed(verbs):
            if at >= words[0] or who is None or who[1] > words[0] or self._quoted(at):
                continue
            if not sources.nobody(self.text, who):
                return who
        return None

    def _teller(self, who: Span | None, touching: list[ParsedSentence]) -> Span | None:
        """Who reports what somebody does: she is sure that jail will make him worse: “...”."""
        for sentence in touching if who else ():
            for finding in sentence.findings:
                if finding.cue is None or self.by_cue.get(finding.cue) is not finding or finding.quotes:
                    continue
                told = who is not None and finding.content[0] <= who[0] < finding.content[1]
                if told and finding.source and finding.cue[1] <= finding.content[0]:
                    return finding.source
        return who

    def _led(self, quote: Span) -> Finding | None:
        """A finding for a quotation behind a name that stands by itself: Voters agree - Ann Lee: “...”"""
        match = _LED_BY.search(self.text, max(0, quote[0] - 120), quote[0])
        if match is None or len(self.text[quote[0] : quote[1]].split()) < 3:
            return None
        finding = Finding(quote, *self._verb_first(match.span(1)), "orphan", quote)
        self.loose.append(finding)
        return finding

    def _verb_first(self, span: Span) -> tuple[Span, Span | None]:
        """A name before a colon without the verb before it, and the verb: Adds Ann Lee: “...”"""
        verb, blank, name = self.text[slice(*span)].partition(" ")
        if not name or "say" not in lexicon().verbs.get(verb.lower(), ()):
            return span, None
        return (span[0] + len(verb + blank), span[1]), (span[0], span[0] + len(verb))

    def _after_colon(self, quote: Span, touching: list[ParsedSentence]) -> Finding | None:
        """A finding for a quotation behind a colon, where somebody does something after any other cue."""
        if self.text[quote[0] - 2 : quote[0]].strip() != ":" or self.text[quote[1] - 2 : quote[1]].startswith(","):
            return None
        if _LED_NAME.search(self.text, max(0, quote[0] - 120), quote[0]):
            return None
        acting = [
            (at, who)
            for sentence in touching
            for at, who in sentence.actors
            if at < quote[0] and not self._quoted(at) and not self._quoted(who[0]) and self._personal(who)
        ]
        cues = [v.cue[0] for sentence in touching for v in sentence.verbs if v.cue and v.cue[0] < quote[0]]
        if not acting or not touching or acting[-1][0] <= max(cues, default=0):
            return None
        if cues and not _CLAUSE_OF_ITS_OWN.search(self.text, max(0, acting[-1][1][0] - 10), acting[-1][1][0]):
            return None
        finding = Finding(quote, self._teller(acting[-1][1], touching), None, "colon", touching[0].span)
        self.loose.append(finding)
        return finding

    def _signed(self, quote: Span) -> Finding | None:
        """A finding for a quotation with a name set under it, behind a dash."""
        match = _SIGNED.match(self.text, quote[1])
        if match is None:
            return None
        finding = Finding(quote, trim_edges(self.text, match.span(1)), None, "signed", quote)
        self.loose.append(finding)
        return finding

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

    def _introduced(self, quote: Span) -> Finding | None:
        """A finding for a quotation that the sentence before announces, by a colon or by speaking of its speaker."""
        place = bisect_right(self.sentence_starts, quote[0]) - 1
        while place >= 0 and self.parsed[place].span[1] > quote[0]:
            place -= 1
        if place < 0 or self.text[self.parsed[place].span[1] : quote[0]].strip():
            return None
        sentence = self.parsed[place]
        verbs = [verb for verb in sentence.verbs if verb.cue and not self._quoted(verb.cue[0])]
        colon = self.text[sentence.span[1] - 1] == ":"
        cue = verbs[-1].cue if verbs and colon else None
        outside = [who for verb, who in sentence.actors if not self._quoted(verb) and not self._quoted(who[0])]
        source = verbs[-1].source if verbs and colon else None
        spoken = [c for c in sentence.findings if c.cue and self.by_cue.get(c.cue) is c and c.shape.startswith(_SAYING)]
        if source is None and spoken and not colon:
            source = self._unsaid(spoken[-1], spoken[-1].source)
        if source is None and outside and (colon or self.last is None or self._personal(outside[0])):
            source = outside[-1 if colon else 0]
        elif source is None and self.last is not None:
            source = self.last.source
        finding = Finding(quote, source, cue, "colon" if colon else "before", sentence.span)
        self.loose.append(finding)
        return finding

    def _orphan(self, quote: Span, touching: list[ParsedSentence]) -> Finding | None:
        """A finding for a quotation without a cue: whoever acts before it in its sentence, else the last speaker."""
        led = _LED.search(self.text, max(0, quote[0] - 120), quote[0])
        if not led and not self._complete(quote):
            return None
        named = _LED_NAME.search(self.text, max(0, quote[0] - 120), quote[0]) or _TITLE.search(
            self.text, max(0, quote[0] - 160), quote[0]
        )
        speaking = self._before(quote, [(v.content[0], v.source) for sentence in touching for v in sentence.verbs])
        acting = self._before(quote, [actor for sentence in touching for actor in sentence.actors])
        source, cue = self._teller(speaking or acting, touching), None
        if named:
            source, cue = self._verb_first(trim_edges(self.text, named.span(1)))
        if led and source is None:
            source = trim_edges(self.text, led.span(1))
        if source is None and self.last is not None:
            source = self.last.source
        if (not led or (not named and led[0].rstrip().endswith(","))) and self._named_thing(quote):
            return None
        if not led and source is not None and self._embedded(quote, touching) and not self._personal(source):
            return None
        finding = Finding(quote, source, cue, "orphan", quote)
        self.loose.append(finding)
        return finding

    def _named_thing(self, quote: Span) -> bool:
        """Whether quotation marks stand around a title: of a book, a film, a programme."""
        words = self.text[quote[0] : quote[1]].strip("“”\"'‘’ ,").split()
        long = [word for word in words if len(word) > _SMALL]
        return words[-1][-1] not in ".?!…" and all(word[0].isupper() for word in [words[0], *long])

    def _embedded(self, quote: Span, touching: list[ParsedSentence]) -> bool:
        """Whether a quotation is part of a sentence of the article's own."""
        start = max((sentence.span[0] for sentence in touching if sentence.span[0] < quote[0]), default=quote[0])
        return bool(self.text[start : quote[0]].strip()) and self.text[quote[0] + 1 : quote[0] + 2].islower()
