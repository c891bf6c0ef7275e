"""German quotations: which are somebody's words, and whose."""

from __future__ import annotations

from assistant.languages.lexicon import german_speech
from assistant.quotes.common.coreference import AttributionDraft
from assistant.quotes.common.quotation_marks import Quotation
from assistant.quotes.german.cues import CueMatch, cue_matches, source_of
from assistant.quotes.german.noun_phrases import nominative, phrases
from assistant.quotes.german.tokens import GermanSentence
from assistant.text import Span

MAX_QUOTES = 24
"""Quotations read in one sentence: more of them are a list of titles."""
_ARTICLES = frozenset("als ein eine einen einem einer von vom vor den dem".split())
_SO_CALLED = frozenset("sogenannte sogenannten sogenannter genannte genannten genannter wie".split())


def direct_speech(
    text: str, sentence: GermanSentence, made: list[AttributionDraft], last: Span | None
) -> list[AttributionDraft]:
    """Return the direct speech of a sentence.

    :param made: what the sentence attributes besides: a quotation within it belongs to the same speaker.
    :param last: whose words came last before: they own a quotation that stands alone.
    """
    found: list[AttributionDraft] = []
    cues = cue_matches(sentence)
    for quote in sentence.quotes[:MAX_QUOTES]:
        holder = _holder(quote, made)
        if _uttered(text, sentence, quote, holder, made, cues):
            source, cue = _whose(sentence, quote, made, cues, last)
            found.append(AttributionDraft(quote.span, source, cue, "direct", "quote"))
    return found


def _holder(quote: Quotation, made: list[AttributionDraft]) -> AttributionDraft | None:
    """The shortest attribution that the quotation stands in."""
    around = [
        draft
        for draft in made
        if draft.how != "report" and draft.content[0] <= quote.span[0] and quote.span[1] <= draft.content[1]
    ]
    return min(around, key=lambda draft: draft.content[1] - draft.content[0], default=None)


def _whole(sentence: GermanSentence, quote: Quotation) -> bool:
    return quote.span[0] - sentence.start <= 1 and sentence.end - quote.span[1] <= 1


def _lead(text: str, sentence: GermanSentence, quote: Quotation) -> str:
    """The mark or letter before a quotation."""
    return text[max(sentence.start, quote.span[0] - 3) : quote.span[0]].rstrip()[-1:]


def _uttered(
    text: str,
    sentence: GermanSentence,
    quote: Quotation,
    holder: AttributionDraft | None,
    made: list[AttributionDraft],
    cues: list[CueMatch],
) -> bool:
    """Whether words in quotation marks are somebody's, not a title, a name or a manner of speaking."""
    inner = text[quote.inner[0] : quote.inner[1]]
    count, final, low = len(inner.split()), inner[-1:] in tuple(".!?…"), inner[:1].islower()
    cued = bool(made or cues)
    if any(draft.source and draft.source[0] <= quote.span[0] < draft.source[1] for draft in made):
        return False
    lead = _lead(text, sentence, quote)
    if lead == ":" or _whole(sentence, quote):
        return count >= 2 and (final or count >= 5)
    if lead == "(":
        return count >= 4 and final
    if (final and count >= 2 and cued) or _labelled(sentence, quote, low, cues):
        return True
    if low:
        return count >= 5 or holder is not None or (count >= 2 and bool(cues))
    if _apposed(sentence, quote):
        return count >= 7 and cued
    return (count >= 5 and cued) or (count >= 3 and holder is not None)


def _labelled(sentence: GermanSentence, quote: Quotation, low: bool, cues: list[CueMatch]) -> bool:
    """Whether a cue of naming governs the quotation: "bezeichnete das als „Wortbruch“"."""
    labels = german_speech().cues.label
    for match in cues:
        clause = sentence.clauses[match.clause]
        if match.cue.particle + match.cue.lemma not in labels or not _inside(sentence, match.clause, quote):
            continue
        lows = {token.low for token in sentence.tokens[clause.start : clause.end] if not token.quoted}
        if "sich" in lows or "wie" in lows or (match.kind == "finite" and quote.span[0] < match.span(sentence)[0]):
            continue
        before = _word_before(sentence, quote)
        if low or (before is not None and sentence.tokens[before].low in _ARTICLES):
            return True
    return False


def _inside(sentence: GermanSentence, number: int, quote: Quotation) -> bool:
    clause = sentence.clauses[number]
    return sentence.tokens[clause.start].start <= quote.span[0] < sentence.tokens[clause.end - 1].end


def _word_before(sentence: GermanSentence, quote: Quotation) -> int | None:
    """The last token before a quotation."""
    last = None
    for index, token in enumerate(sentence.tokens):
        if token.end > quote.span[0]:
            break
        last = index
    return last


def _apposed(sentence: GermanSentence, quote: Quotation) -> bool:
    """Whether a noun stands right before the quotation, which then is its name: "die Zeitung „Die Zeit“"."""
    before = _word_before(sentence, quote)
    if before is None:
        return False
    token = sentence.tokens[before]
    return token.word and (token.capital or token.low in _SO_CALLED)


def _whose(
    sentence: GermanSentence, quote: Quotation, made: list[AttributionDraft], cues: list[CueMatch], last: Span | None
) -> tuple[Span | None, Span | None]:
    """The source and the cue of a quotation."""
    holder = _holder(quote, made)
    if holder:
        return holder.source, holder.cue
    place = next((number for number in range(len(sentence.clauses)) if _inside(sentence, number, quote)), None)
    near = [match for match in cues if place is not None and abs(match.clause - place) <= 1] or cues
    for match in near[:1]:
        source = source_of(sentence, match)
        if source:
            return sentence.span(*source), match.span(sentence)
    for draft in made[:1]:
        if draft.source:
            return draft.source, draft.cue
    if _whole(sentence, quote):
        return last, None
    return _named_before(sentence, quote, place) or last, None


def _named_before(sentence: GermanSentence, quote: Quotation, place: int | None) -> Span | None:
    """Who is named before a quotation: "BKA-Präsident Ziercke: „...“"."""
    if place and sentence.clauses[place].mark == ":":
        clause = sentence.clauses[place - 1]
        for got, governed in phrases(sentence, clause.start, clause.end):
            if not governed and nominative(sentence, got):
                return sentence.span(*got)
    for got, governed in phrases(sentence, 0, len(sentence.tokens)):
        if not governed and nominative(sentence, got) and sentence.span(*got)[1] <= quote.span[0]:
            return sentence.span(*got)
    return None
