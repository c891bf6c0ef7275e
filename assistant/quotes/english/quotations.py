"""Quotations and clauses brought together: each quotation finds its cue, broken ones are joined."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from assistant.quotes.common.quotation_marks import Quotation
from assistant.quotes.english import sources
from assistant.quotes.english.findings import (
    Finding,
    ParsedSentence,
    apart,
    contrast,
    meet,
    outer,
    relative,
    settle,
    trailing,
    trim_edges,
)
from assistant.quotes.english.uncued import Uncued
from assistant.text import Span

_WORD = re.compile(r"\w+")
_BY_BECAUSE = re.compile(r" by [^,.;:“”\"\n]{2,60} (?:because|for|as) ")
"""What stands between a passive verb and the reason that its agent gives: criticised by the board because “...”."""
_REACH = 90
"""Characters between a quotation and a cue that belongs to it."""
_VERBAL = ("say:", "tell:", "think:", "ask:", "judge:", "want:", "urge:", "matter:", "prep:", "place:", "speech")
"""Shapes of findings whose cue is a verb with a subject."""
_REPORTING = ("say:", "tell:", "show:", "according")


def combine(text: str, quotes: Sequence[Quotation], parsed: Sequence[ParsedSentence]) -> list[Finding]:
    """Return the findings of a text, by start of content."""
    return _Combination(text, quotes, parsed).findings()


class _Combination(Uncued):
    """One text's quotations and findings, while they are being brought together."""

    def __init__(self, text: str, quotes: Sequence[Quotation], parsed: Sequence[ParsedSentence]) -> None:
        super().__init__(text, quotes, parsed)
        kept = []
        for sentence in parsed:
            usable = [finding for finding in sentence.findings if self._usable(finding)]
            contrast(text, usable)
            relative(text, usable)
            kept += outer(usable)
        self.by_cue = {finding.cue: finding for finding in kept if finding.cue}

    def findings(self) -> list[Finding]:
        for quote in self.quotes:
            self._place(quote.span)
        found = [*self.by_cue.values(), *self.loose]
        for finding in found:
            if finding.quotes:
                settle(self.text, finding)
            self._check_source(finding)
        trailing(self.text, found)
        return apart(found)

    def _check_source(self, finding: Finding) -> None:
        """Replace a source that is part of what is said by the words next to the cue; find what the parser lacks."""
        finding.source = self._unsaid(finding, finding.source) or self._unsaid(finding, finding.nearby)
        if finding.cue and finding.shape.startswith(_VERBAL):
            finding.source = sources.between(self.text, finding.sentence, finding.cue) or finding.source
            finding.source = self._nearest_name(finding, finding.cue) or finding.source
            if finding.source is None:
                finding.source = self._beside(finding, finding.cue)
        elif finding.cue and finding.source is None:
            finding.source = sources.claiming(self.text, finding.sentence, finding.cue)
        if finding.source is not None:
            finding.source = sources.tidy(self.text, finding.source)

    def _nearest_name(self, finding: Finding, cue: Span) -> Span | None:
        """The name that begins the clause of a cue, where the parser takes something else for its subject."""
        name = sources.clause_subject(self.text, finding.sentence, cue)
        if name is None or finding.source is None or self.text[cue[1] - 3 : cue[1]] == "ing":
            return None
        within = finding.content[0] <= name[0] < finding.content[1] and not finding.quotes
        return None if meet(finding.source, name) or within or self._quoted(name[0]) else name

    def _beside(self, finding: Finding, cue: Span) -> Span | None:
        """The name that stands beside a cue."""
        source = sources.before(self.text, finding.sentence, cue)
        for quote in finding.quotes[:1] if source is None else ():
            source = sources.behind(self.text, quote, cue) or sources.after(self.text, quote, cue)
        open_verb = self.text[cue[1] - 3 : cue[1]] == "ing" or self.text.endswith(" to ", 0, cue[0])
        if source is None and open_verb:
            sentence = self.parsed[bisect_right(self.sentence_starts, cue[0]) - 1]
            source = self._before(cue, sentence.actors)
        return source

    def _usable(self, finding: Finding) -> bool:
        finding.content = trim_edges(self.text, finding.content)
        return finding.content[0] < finding.content[1] and finding.cue is not None and not self._quoted(finding.cue[0])

    def _place(self, quote: Span) -> None:
        """Give a quotation to the finding that it belongs to, or to a new one."""
        touching = self._touching(quote)
        words = len(self.text[quote[0] : quote[1]].split())
        finding = self._led(quote) or self._after_colon(quote, touching) or self._by_content(quote, touching)
        finding = self._nearer(quote, touching, finding) or self._said_behind(quote, touching, finding) or finding
        if finding is None and (words >= 3 or self._complete(quote)):
            finding = (
                self._by_subject(quote, touching)
                or self._by_verb(quote, touching)
                or self._signed(quote)
                or self._continued(quote)
                or self._introduced(quote)
            )
        if finding is None and words >= 4:
            finding = self._orphan(quote, touching)
        if finding is not None:
            finding.quotes.append(quote)
            self.last = finding

    def _by_content(self, quote: Span, touching: list[ParsedSentence]) -> Finding | None:
        """The nearest finding whose content the quotation is, or stands in."""
        best, nearest = None, 0
        for sentence in touching:
            for finding in sentence.findings:
                cue = finding.cue
                if cue is None or self.by_cue.get(cue) is not finding or quote[0] <= cue[0] < quote[1]:
                    continue
                shared = min(quote[1], finding.content[1]) - max(quote[0], finding.content[0])
                begun = quote[0] < finding.content[0] < quote[1] <= finding.content[1] < cue[0]
                shorter = min(quote[1] - quote[0], finding.content[1] - finding.content[0])
                if shared <= 0 or (not begun and shared < 0.5 * shorter):
                    continue
                distance = min(abs(cue[0] - quote[1]), abs(quote[0] - cue[1]))
                if best is None or distance < nearest:
                    best, nearest = finding, distance
        return best

    def _nearer(self, quote: Span, touching: list[ParsedSentence], finding: Finding | None) -> Finding | None:
        """The finding of the verb right before a quotation, where an earlier one has all of it: asked why, she
        replied: “...”
        """
        if finding is None or finding.cue is None or finding.cue[1] > quote[0]:
            return None
        mark = self.text[quote[0] - 2 : quote[0]].strip()
        if mark not in (":", ",") or not self.text[quote[0] : quote[1]].strip("“”\"'‘’ ")[:1].isupper():
            return None
        reach = 12 if mark == "," else 60
        for sentence in touching:
            for verb in reversed(sentence.verbs):
                if verb.cue is None or not finding.cue[1] < verb.cue[0] < quote[0] <= verb.cue[1] + reach:
                    continue
                if verb.source is None or self._same(verb.source, finding):
                    continue
                if verb.source[0] > finding.cue[1] and self._personal(verb.source) and self._distance(quote, verb):
                    return self._of_verb(quote, verb)
        return None

    def _same(self, source: Span, finding: Finding) -> bool:
        """Whether a source is what somebody calls himself in what he says: Roe said he replied: “...”"""
        pronoun = self.text[source[0] : source[1]].lower() in ("he", "she", "they")
        return pronoun and finding.content[0] <= source[0] < finding.content[1]

    def _said_behind(self, quote: Span, touching: list[ParsedSentence], finding: Finding | None) -> Finding | None:
        """The finding of the verb that only a name parts from a quotation before it, where a later one that does not
        report it has it: “...,” Ann Lee said as she accepted it; “...,” Ann Lee said as they cried: “...”
        """
        if finding is None or finding.cue is None or finding.cue[0] < quote[1]:
            return None
        if finding.shape.startswith(_REPORTING) and self.text[finding.cue[1] : finding.cue[1] + 1] != ":":
            return None
        for sentence in touching:
            for verb in sentence.verbs:
                if verb.cue is None or not quote[1] <= verb.cue[0] < finding.cue[0]:
                    continue
                if self._distance(quote, verb) is not None and sources.beside(self.text, quote, verb.cue):
                    return self._of_verb(quote, verb)
        return None

    def _by_subject(self, quote: Span, touching: list[ParsedSentence]) -> Finding | None:
        """A finding for a quotation that a comma ends, and behind which a sentence goes on: “...,” she went on."""
        if self.text[max(quote[0], quote[1] - 3) : quote[1] + 1].strip("”\"’' \u00a0\n")[-1:] != ",":
            return None
        if self._in_phrase(quote):
            return None
        cues = [verb.cue[1] for sentence in touching for verb in sentence.verbs if verb.cue]
        if any(quote[0] - 8 <= end <= quote[0] for end in cues):
            return None
        for sentence in touching:
            for at, who in sentence.actors:
                near = quote[1] <= who[0] <= quote[1] + 2 and who[1] <= at <= quote[1] + _REACH
                if not near or not sources.plainly(self.text[who[0] : who[1]], self.text[who[1] : at]):
                    continue
                if any(verb.cue and who[0] <= verb.cue[0] <= at + _REACH for verb in sentence.verbs):
                    return None
                cue = _WORD.match(self.text, at)
                finding = Finding(quote, who, cue.span() if cue else None, "speech", sentence.span)
                self.loose.append(finding)
                return finding
        return None

    def _by_verb(self, quote: Span, touching: list[ParsedSentence]) -> Finding | None:
        """The nearest verb of speech before or after the quotation, in its sentence."""
        best, nearest = None, _REACH
        for sentence in touching:
            for verb in sentence.verbs:
                distance = self._distance(quote, verb)
                if distance is not None and distance < nearest:
                    best, nearest = verb, distance
        return self._of_verb(quote, best) if best is not None else None

    def _of_verb(self, quote: Span, verb: Finding) -> Finding:
        """The finding that a verb has, or a new one, for a quotation that it introduces."""
        assert verb.cue is not None
        known = self.by_cue.get(verb.cue)
        if known is None:
            source = verb.source
            if verb.cue[0] >= quote[1]:
                source = sources.behind(self.text, quote, verb.cue) or source
            known = self.by_cue[verb.cue] = Finding(quote, source, verb.cue, "speech", verb.sentence, verb.nearby)
        return known

    def _distance(self, quote: Span, verb: Finding) -> int | None:
        assert verb.cue is not None
        programme = self.text[max(0, quote[0] - 2) : quote[0]].strip()[-1:].isalnum() and self._named_thing(quote)
        if self._quoted(verb.cue[0]) or programme:  # On “Harbour Hour,” Ann Lee said that ...
            return None
        if verb.cue[0] >= quote[1]:
            gap = (quote[1], verb.cue[0])
            if not (self._complete(quote) or self.text[quote[1] : quote[1] + 1] == ","):
                return None
        elif verb.cue[1] <= quote[0]:
            gap = (verb.cue[1], quote[0])
            led = self.text[max(0, quote[0] - 6) : quote[0]].rstrip()[-1:] in (",", ":")
            if not led and gap[1] - gap[0] > 12 and not _BY_BECAUSE.fullmatch(self.text, *gap):
                return None
        else:
            return None
        return None if sources.parted(self.text[gap[0] : gap[1]]) else gap[1] - gap[0]
