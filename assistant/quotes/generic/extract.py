"""Who said what in the languages that one set of rules serves, each with the words of its file.

``[speech]`` of ``assistant/languages/<language>.toml`` lists a language's cues, its prepositions of attribution
("selon", "göre"), pronouns, roles and the words that end a mention. A language without it keeps its direct quotations.
"""

from __future__ import annotations

from assistant.attributions import Attribution
from assistant.quotes.common.coreference import AttributionDraft, resolve_speakers
from assistant.quotes.common.quotation_marks import Quotation
from assistant.quotes.generic.sources import after, source
from assistant.quotes.generic.tokens import (
    RuleSentence,
    SpeechRules,
    VerbMatch,
    parse,
    speech_rules,
    verb_matches,
    words_between,
)
from assistant.text import Span
from assistant.types import QuotationKind

_ENDS = tuple(".!?…؟。！？")
_LOOSE = 5
"""Words from which a quotation without a cue counts as somebody's."""


def extract_generic(text: str, language: str) -> list[Attribution]:
    """Return the attributions of a text, by start of content.

    Direct quotations with their sources, reported speech after "that", and "according to". Linear in the length of the
    text.

    :param language: ISO 639-1 code, lower case; any other string keeps the direct quotations alone.
    """
    return resolve_speakers(text, _drafts(text, language), language)


def _drafts(text: str, code: str) -> list[AttributionDraft]:
    rules = speech_rules(code)
    found: list[AttributionDraft] = []
    last: Span | None = None
    last_end = -1
    for sentence in parse(text, rules, code):
        cues = verb_matches(sentence, rules) if rules else []
        made = _reported(text, sentence, rules, cues) if rules else []
        near = last if text.count("\n", max(0, last_end), sentence.start) <= 2 else None
        made += _direct(text, sentence, rules, cues, made, near)
        made = [draft for draft in made if draft.kind != "mixed" or not _repeated(draft, made)]
        found += made
        for draft in made:
            last = draft.source or last
            last_end = sentence.end
    return found


def _repeated(draft: AttributionDraft, made: list[AttributionDraft]) -> bool:
    """Whether an attribution is all of a quotation that stands as one of its own."""
    return any(other.kind == "direct" and other.content == draft.content for other in made)


def _direct(
    text: str,
    sentence: RuleSentence,
    rules: SpeechRules | None,
    cues: list[VerbMatch],
    made: list[AttributionDraft],
    last: Span | None,
) -> list[AttributionDraft]:
    """The direct speech of a sentence; a quotation that its cue breaks is one attribution."""
    found: list[AttributionDraft] = []
    for quote in sentence.quotes:
        holder = next((d for d in made if d.content[0] <= quote.span[0] and quote.span[1] <= d.content[1]), None)
        cue = _nearest(sentence, cues, quote)
        if not _uttered(text, sentence, rules, quote, cue, holder):
            continue
        if found and cue and _broken(text, sentence, found[-1], quote, cue):
            found[-1].content = (found[-1].content[0], quote.span[1])
            continue
        if holder and holder.how == "that":
            continue
        mention, verb = _whose(text, sentence, rules, quote, cue, last)
        if holder and mention is None:
            mention, verb = holder.source, holder.cue
        found.append(AttributionDraft(quote.span, mention, verb, "direct", "quote"))
    return found


def _nearest(sentence: RuleSentence, cues: list[VerbMatch], quote: Quotation) -> VerbMatch | None:
    """The cue verb closest to a quotation; one behind it wins a tie."""

    def distance(verb: VerbMatch) -> tuple[int, int]:
        start, end = sentence.words[verb.first].start, sentence.words[verb.last].end
        return (start - quote.span[1], 0) if start >= quote.span[1] else (quote.span[0] - end, 1)

    return min(cues, key=distance, default=None)


def _adjacent(text: str, sentence: RuleSentence, rules: SpeechRules, verb: VerbMatch, quote: Quotation) -> bool:
    """Whether only marks and small words stand between a quotation and its cue, or a comma sets it off."""
    start, end = sentence.words[verb.first].start, sentence.words[verb.last].end
    first, last = (quote.span[1], start) if start >= quote.span[1] else (end, quote.span[0])
    if text[first : first + 1] in (",", "،"):
        return True
    between = [word for word in sentence.words if first <= word.start and word.end <= last and not word.mark]
    return all(word.low in rules.adverbs for word in between)


def _uttered(
    text: str,
    sentence: RuleSentence,
    rules: SpeechRules | None,
    quote: Quotation,
    cue: VerbMatch | None,
    holder: AttributionDraft | None,
) -> bool:
    """Whether words in quotation marks are somebody's, not a title or a name."""
    inner = text[quote.inner[0] : quote.inner[1]]
    count, final = len(inner.split()), inner.endswith((*_ENDS, ","))
    lead = text[max(sentence.start, quote.span[0] - 3) : quote.span[0]].rstrip()[-1:]
    whole = quote.span[0] - sentence.start <= 1 and sentence.end - quote.span[1] <= 1
    if lead == ":" or whole:
        return count >= 2 or final
    if rules is None:
        return count >= _LOOSE
    if _inner_cue(text, rules, quote) is not None:
        return True
    if cue is not None:
        title = inner[:1].isupper() and not final and count < _LOOSE
        return not title or _adjacent(text, sentence, rules, cue, quote)
    return (holder is not None and count >= 2) or (count >= _LOOSE and final)


def _broken(text: str, sentence: RuleSentence, first: AttributionDraft, quote: Quotation, cue: VerbMatch) -> bool:
    """Whether a quotation goes on behind its cue: "We will", he said, "not go"."""
    between = sentence.words[cue.first].start
    inner = text[first.content[0] : first.content[1]].rstrip("\"'”“»« \u00a0’")
    return first.kind == "direct" and first.content[1] <= between < quote.span[0] and not inner.endswith(_ENDS)


def _whose(
    text: str,
    sentence: RuleSentence,
    rules: SpeechRules | None,
    quote: Quotation,
    cue: VerbMatch | None,
    last: Span | None,
) -> tuple[Span | None, Span | None]:
    """The source and the cue of a quotation."""
    if rules is None:
        return None, None
    if cue is None or not _adjacent(text, sentence, rules, cue, quote):
        inner = _inner_cue(text, rules, quote)
        if inner is not None:
            return inner
    if cue is not None:
        span = (sentence.words[cue.first].start, sentence.words[cue.last].end)
        return source(sentence, rules, cue, quote.span) or last, span
    accords = _according(text, sentence, rules)
    if accords:
        return accords[0].source, accords[0].cue
    if sentence.words and sentence.words[0].end <= quote.span[0]:
        colon = next((w for w in reversed(sentence.words) if w.end <= quote.span[0]), None)
        if colon is not None and colon.text == ":":
            return after(sentence, rules, 0), None
    return last, None


def _inner_cue(text: str, rules: SpeechRules, quote: Quotation) -> tuple[Span, Span] | None:
    """A cue set off inside the marks: «Nous irons, dit-il, jusqu'au bout», «Мы пойдём, — сказал он, — до конца»."""
    inside = RuleSentence(*quote.inner, words_between(text, *quote.inner), ())
    for verb in verb_matches(inside, rules):
        before = inside.words[verb.first - 1] if verb.first else None
        behind = [word.text for word in inside.words[verb.last + 1 : verb.last + 10]]
        if before is None or before.text not in ",—–-" or not any(mark in behind for mark in ",—–"):
            continue
        mention = verb.pronoun or after(inside, rules, verb.last + 1)
        if mention:
            return mention, (inside.words[verb.first].start, inside.words[verb.last].end)
    return None


def _reported(text: str, sentence: RuleSentence, rules: SpeechRules, cues: list[VerbMatch]) -> list[AttributionDraft]:
    """Reported speech: after "that", before a Turkish verb, and what "according to" attributes."""
    found: list[AttributionDraft] = []
    for verb in cues:
        if any(word.low in rules.like for word in sentence.words[max(0, verb.first - 2) : verb.first]):
            found += _as_said(text, sentence, rules, verb)
            continue
        content = _that(text, sentence, rules, verb) or _nominal(sentence, rules, verb)
        if content and not any(draft.content[0] <= content[0] < draft.content[1] for draft in found):
            cue = (sentence.words[verb.first].start, sentence.words[verb.last].end)
            mention = source(sentence, rules, verb, None)
            if mention and rules.nominal and content[0] < mention[1] <= content[1]:
                content = (_skip(text, mention[1], content[1]), content[1])
            found.append(AttributionDraft(content, mention, cue, _kind(text, sentence, content), "that"))
    return found or _according(text, sentence, rules)


def _as_said(text: str, sentence: RuleSentence, rules: SpeechRules, verb: VerbMatch) -> list[AttributionDraft]:
    """What "as X said" attributes: the rest of the sentence."""
    cue = (sentence.words[verb.first].start, sentence.words[verb.last].end)
    mention = verb.pronoun or after(sentence, rules, verb.last + 1, anything=True)
    if mention is None:
        return []
    like = next(word.start for word in sentence.words[max(0, verb.first - 2) :] if word.low in rules.like)
    return _around(text, sentence, mention, cue, (like, mention[1]))


def _kind(text: str, sentence: RuleSentence, content: Span) -> QuotationKind:
    held = (quote for quote in sentence.quotes if content[0] <= quote.span[0] and quote.span[1] <= content[1])
    return "mixed" if any(len(text[slice(*quote.inner)].split()) >= 2 for quote in held) else "indirect"


def _that(text: str, sentence: RuleSentence, rules: SpeechRules, verb: VerbMatch) -> Span | None:
    """The clause that a word for "that" opens behind a cue verb."""
    words = sentence.words
    for place in range(verb.last + 1, min(len(words), verb.last + 16)):
        low = words[place].low
        if words[place].text in ".:;":
            return None
        if low in rules.that or low.startswith(rules.that_prefixes or ("\0",)):
            return _trimmed(text, words[place].start, sentence.end)
    return None


def _nominal(sentence: RuleSentence, rules: SpeechRules, verb: VerbMatch) -> Span | None:
    """A reported clause made a noun before its verb: "gideceğini söyledi"."""
    if rules.nominal is None or verb.first == 0:
        return None
    last = sentence.words[verb.first - 1]
    if not rules.nominal.search(last.low):
        return None
    return sentence.start, last.end


def _according(text: str, sentence: RuleSentence, rules: SpeechRules) -> list[AttributionDraft]:
    """What "according to X" attributes: the rest of the sentence."""
    words = sentence.words
    for place in range(len(words)):
        for length in (3, 2, 1):
            phrase = " ".join(word.low for word in words[place : place + length])
            if phrase in rules.before and place + length <= len(words):
                mention = after(sentence, rules, place + length, anything=True)
                cue = (words[place].start, words[place + length - 1].end)
                if mention:
                    return _around(text, sentence, mention, cue, (cue[0], mention[1]))
        if words[place].low in rules.after and place:
            start = max(0, place - 6)
            while any(word.mark for word in words[start:place]):
                start += 1
            mention = (words[start].start, words[place - 1].end) if start < place else None
            cue = (words[place].start, words[place].end)
            if mention:
                return _around(text, sentence, mention, cue, (mention[0], cue[1]))
    return []


def _around(text: str, sentence: RuleSentence, mention: Span, cue: Span, phrase: Span) -> list[AttributionDraft]:
    """The longer side of an "according to" phrase, without the marks between."""
    sides = [(sentence.start, phrase[0]), (_skip(text, phrase[1], sentence.end), sentence.end)]
    start, end = max(sides, key=lambda side: side[1] - side[0])
    content = _trimmed(text, start, end)
    if content is None:
        return []
    return [AttributionDraft(content, mention, cue, _kind(text, sentence, content), "according")]


def _skip(text: str, start: int, end: int) -> int:
    while start < end and (text[start].isspace() or text[start] in ",:،;—–-"):
        start += 1
    return start


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """The characters between, without white space and without marks at their end."""
    start = _skip(text, start, end)
    while end > start and (text[end - 1].isspace() or text[end - 1] in ".!?…؟,;:،—–-"):
        end -= 1
    return (start, end) if end > start else None
