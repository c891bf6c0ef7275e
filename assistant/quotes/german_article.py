"""Who said what in a German article: sentences put together."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.quotes.german import Found, find, free, hits, reported
from assistant.quotes.german_phrases import phrases, nominative
from assistant.quotes.german_text import Sentence, parse
from assistant.quotes.marks import Quotation
from assistant.quotes.model import Attribution, Kind, Span


@dataclass(slots=True)
class Draft:
    """An attribution without its speaker."""

    content: Span
    source: Span | None
    cue: Span | None
    kind: Kind
    how: str


def extract_german(text: str) -> list[Attribution]:
    """Return the attributions of a German text, by start of content."""
    return [Attribution(d.content, d.source, d.cue, d.kind, text[d.source[0]:d.source[1]] if d.source else None) for d in drafts(text)]


def drafts(text: str) -> list[Draft]:
    out: list[Draft] = []
    previous: Span | None = None
    last_sentence = -9
    run: Draft | None = None
    run_at = -9
    for number, s in enumerate(parse(text)):
        found = find(s)
        rep = reported(s, found)
        made: list[Draft] = []
        for f in found + rep:
            src = s.span(*f.source) if f.source else None
            made.append(Draft(f.content, src, f.cue, "indirect", f.how))
        quotes = _quotes(text, s, made, previous)
        made = [m for m in made if not any(_same(text, m.content, q.content) for q in quotes)]
        if not found and not rep and free(s):
            if run and run_at == number - 1:
                run.content = (run.content[0], s.end)
            else:
                run = Draft((s.start, s.end), previous, None, "indirect", "free")
                out.append(run)
            run_at = number
        out += made + quotes
        for m in made + quotes:
            if m.source:
                previous = m.source
    return out


def _same(text: str, a: Span, b: Span) -> bool:
    return abs(a[0] - b[0]) + abs(a[1] - b[1]) <= 4


def _quotes(text: str, s: Sentence, made: list[Draft], previous: Span | None) -> list[Draft]:
    out = []
    for q in s.quotes:
        inner = text[q.inner[0]:q.inner[1]]
        n = len(inner.split())
        holder = next((m for m in made if m.content[0] <= q.span[0] and q.span[1] <= m.content[1]), None)
        other = made[0] if made else None
        source = (holder or other).source if (holder or other) else None
        cue = (holder or other).cue if (holder or other) else None
        whole = q.span[0] - s.start <= 1 and s.end - q.span[1] <= 1
        if n < 5 and not (holder and (inner[:1].islower() or n>=3)) :
            hs = [h for h in hits(s)]
            if not (hs and inner[:1].islower() and n >= 2) and not (whole and inner[-1:] in ".!?"):
                continue
        if source is None and made == []:
            hs = hits(s)
            if hs:
                from assistant.quotes.german_phrases import subject
                g = subject(s, s.clauses[hs[0].clause], hs[0].at)
                source = s.span(*g) if g else None
                t = s.tokens[hs[0].at]
                cue = (t.start, t.end)
            else:
                before = [g for g, gov in phrases(s, 0, len(s.tokens)) if not gov and nominative(s, g) and s.span(*g)[1] <= q.span[0]]
                source = s.span(*before[0]) if before and not whole else previous
        out.append(Draft(q.span, source, cue, "direct", "quote"))
    return out
