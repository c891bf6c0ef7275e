"""Who said what in any language but English: German by its own rules, others by one set and a data file each.

``assistant/languages/<language>.toml`` lists a language's cue verbs, its prepositions of attribution ("selon",
"göre"), pronouns, roles and the words that end a mention; adding a language is adding a file. A language without
one keeps its direct quotations.
"""

from __future__ import annotations

from assistant.attributions import Attribution
from assistant.quotes.common.article_names import Draft, named
from assistant.quotes.common.quotation_marks import Quotation
from assistant.quotes.generic.sources import after, source
from assistant.quotes.generic.tokens import Language, Sentence, Verb, language, parse, verbs, words_between
from assistant.quotes.german.extract import extract_german
from assistant.text import Span
from assistant.types import QuotationKind

_ENDS = tuple(".!?…؟。！？")
_LOOSE = 5
"""Words from which a quotation without a cue counts as somebody's."""


def extract_rules(text: str, language: str) -> list[Attribution]:
    """Return the attributions of a text that is not English, by start of content.

    Direct quotations with their sources, reported speech after "that", and "according to"; in German also
    free indirect speech. Linear in the length of the text.

    :param language: ISO 639-1 code, lower case; any other string keeps the direct quotations alone.
    """
    if language == "de":
        return extract_german(text)
    return named(text, _drafts(text, language), language)


def _drafts(text: str, code: str) -> list[Draft]:
    spoken = language(code)
    found: list[Draft] = []
    last: Span | None = None
    last_end = -1
    for sentence in parse(text, spoken, code):
        cues = verbs(sentence, spoken) if spoken else []
        made = _reported(text, sentence, spoken, cues) if spoken else []
        near = last if text.count("\n", max(0, last_end), sentence.start) <= 2 else None
        made += _direct(text, sentence, spoken, cues, made, near)
        made = [draft for draft in made if draft.kind != "mixed" or not _repeated(draft, made)]
        found += made
        for draft in made:
            last = draft.source or last
            last_end = sentence.end
    return found


def _repeated(draft: Draft, made: list[Draft]) -> bool:
    """Whether an attribution is all of a quotation that stands as one of its own."""
    return any(other.kind == "direct" and other.content == draft.content for other in made)


def _direct(
    text: str, sentence: Sentence, spoken: Language | None, cues: list[Verb], made: list[Draft], last: Span | None
) -> list[Draft]:
    """The direct speech of a sentence; a quotation that its cue breaks is one attribution."""
    found: list[Draft] = []
    for quote in sentence.quotes:
        holder = next((d for d in made if d.content[0] <= quote.span[0] and quote.span[1] <= d.content[1]), None)
        cue = _nearest(sentence, cues, quote)
        if not _uttered(text, sentence, spoken, quote, cue, holder):
            continue
        if found and cue and _broken(text, sentence, found[-1], quote, cue):
            found[-1].content = (found[-1].content[0], quote.span[1])
            continue
        if holder and holder.how == "that":
            continue
        mention, verb = _whose(text, sentence, spoken, quote, cue, last)
        if holder and mention is None:
            mention, verb = holder.source, holder.cue
        found.append(Draft(quote.span, mention, verb, "direct", "quote"))
    return found


def _nearest(sentence: Sentence, cues: list[Verb], quote: Quotation) -> Verb | None:
    """The cue verb closest to a quotation; one behind it wins a tie."""

    def distance(verb: Verb) -> tuple[int, int]:
        start, end = sentence.words[verb.first].start, sentence.words[verb.last].end
        return (start - quote.span[1], 0) if start >= quote.span[1] else (quote.span[0] - end, 1)

    return min(cues, key=distance, default=None)


def _adjacent(text: str, sentence: Sentence, spoken: Language, verb: Verb, quote: Quotation) -> bool:
    """Whether only marks and small words stand between a quotation and its cue, or a comma sets it off."""
    start, end = sentence.words[verb.first].start, sentence.words[verb.last].end
    first, last = (quote.span[1], start) if start >= quote.span[1] else (end, quote.span[0])
    if text[first : first + 1] in (",", "،"):
        return True
    between = [word for word in sentence.words if first <= word.start and word.end <= last and not word.mark]
    return all(word.low in spoken.adverbs for word in between)


def _uttered(
    text: str, sentence: Sentence, spoken: Language | None, quote: Quotation, cue: Verb | None, holder: Draft | None
) -> bool:
    """Whether words in quotation marks are somebody's, not a title or a name."""
    inner = text[quote.inner[0] : quote.inner[1]]
    count, final = len(inner.split()), inner.endswith((*_ENDS, ","))
    lead = text[max(sentence.start, quote.span[0] - 3) : quote.span[0]].rstrip()[-1:]
    whole = quote.span[0] - sentence.start <= 1 and sentence.end - quote.span[1] <= 1
    if lead == ":" or whole:
        return count >= 2 or final
    if spoken is None:
        return count >= _LOOSE
    if _inner_cue(text, spoken, quote) is not None:
        return True
    if cue is not None:
        title = inner[:1].isupper() and not final and count < _LOOSE
        return not title or _adjacent(text, sentence, spoken, cue, quote)
    return (holder is not None and count >= 2) or (count >= _LOOSE and final)


def _broken(text: str, sentence: Sentence, first: Draft, quote: Quotation, cue: Verb) -> bool:
    """Whether a quotation goes on behind its cue: "We will", he said, "not go"."""
    between = sentence.words[cue.first].start
    inner = text[first.content[0] : first.content[1]].rstrip("\"'”“»« \u00a0’")
    return first.kind == "direct" and first.content[1] <= between < quote.span[0] and not inner.endswith(_ENDS)


def _whose(
    text: str, sentence: Sentence, spoken: Language | None, quote: Quotation, cue: Verb | None, last: Span | None
) -> tuple[Span | None, Span | None]:
    """The source and the cue of a quotation."""
    if spoken is None:
        return None, None
    if cue is None or not _adjacent(text, sentence, spoken, cue, quote):
        inner = _inner_cue(text, spoken, quote)
        if inner is not None:
            return inner
    if cue is not None:
        span = (sentence.words[cue.first].start, sentence.words[cue.last].end)
        return source(sentence, spoken, cue, quote.span) or last, span
    accords = _according(text, sentence, spoken)
    if accords:
        return accords[0].source, accords[0].cue
    if sentence.words and sentence.words[0].end <= quote.span[0]:
        colon = next((w for w in reversed(sentence.words) if w.end <= quote.span[0]), None)
        if colon is not None and colon.text == ":":
            return after(sentence, spoken, 0), None
    return last, None


def _inner_cue(text: str, spoken: Language, quote: Quotation) -> tuple[Span, Span] | None:
    """A cue set off inside the marks: «Nous irons, dit-il, jusqu'au bout», «Мы пойдём, — сказал он, — до конца»."""
    inside = Sentence(*quote.inner, words_between(text, *quote.inner), ())
    for verb in verbs(inside, spoken):
        before = inside.words[verb.first - 1] if verb.first else None
        behind = [word.text for word in inside.words[verb.last + 1 : verb.last + 10]]
        if before is None or before.text not in ",—–-" or not any(mark in behind for mark in ",—–"):
            continue
        mention = verb.pronoun or after(inside, spoken, verb.last + 1)
        if mention:
            return mention, (inside.words[verb.first].start, inside.words[verb.last].end)
    return None


def _reported(text: str, sentence: Sentence, spoken: Language, cues: list[Verb]) -> list[Draft]:
    """Reported speech: after "that", before a Turkish verb, and what "according to" attributes."""
    found: list[Draft] = []
    for verb in cues:
        if any(word.low in spoken.like for word in sentence.words[max(0, verb.first - 2) : verb.first]):
            found += _as_said(text, sentence, spoken, verb)
            continue
        content = _that(text, sentence, spoken, verb) or _nominal(sentence, spoken, verb)
        if content and not any(draft.content[0] <= content[0] < draft.content[1] for draft in found):
            cue = (sentence.words[verb.first].start, sentence.words[verb.last].end)
            mention = source(sentence, spoken, verb, None)
            if mention and spoken.nominal and content[0] < mention[1] <= content[1]:
                content = (_skip(text, mention[1], content[1]), content[1])
            found.append(Draft(content, mention, cue, _kind(text, sentence, content), "that"))
    return found or _according(text, sentence, spoken)


def _as_said(text: str, sentence: Sentence, spoken: Language, verb: Verb) -> list[Draft]:
    """What "as X said" attributes: the rest of the sentence."""
    cue = (sentence.words[verb.first].start, sentence.words[verb.last].end)
    mention = verb.pronoun or after(sentence, spoken, verb.last + 1, anything=True)
    if mention is None:
        return []
    like = next(word.start for word in sentence.words[max(0, verb.first - 2) :] if word.low in spoken.like)
    return _around(text, sentence, mention, cue, (like, mention[1]))


def _kind(text: str, sentence: Sentence, content: Span) -> QuotationKind:
    held = (quote for quote in sentence.quotes if content[0] <= quote.span[0] and quote.span[1] <= content[1])
    return "mixed" if any(len(text[slice(*quote.inner)].split()) >= 2 for quote in held) else "indirect"


def _that(text: str, sentence: Sentence, spoken: Language, verb: Verb) -> Span | None:
    """The clause that a word for "that" opens behind a cue verb."""
    words = sentence.words
    for place in range(verb.last + 1, min(len(words), verb.last + 16)):
        low = words[place].low
        if words[place].text in ".:;":
            return None
        if low in spoken.that or low.startswith(spoken.that_prefixes or ("\0",)):
            return _trimmed(text, words[place].start, sentence.end)
    return None


def _nominal(sentence: Sentence, spoken: Language, verb: Verb) -> Span | None:
    """A reported clause made a noun before its verb: "gideceğini söyledi"."""
    if spoken.nominal is None or verb.first == 0:
        return None
    last = sentence.words[verb.first - 1]
    if not spoken.nominal.search(last.low):
        return None
    return sentence.start, last.end


def _according(text: str, sentence: Sentence, spoken: Language) -> list[Draft]:
    """What "according to X" attributes: the rest of the sentence."""
    words = sentence.words
    for place in range(len(words)):
        for length in (3, 2, 1):
            phrase = " ".join(word.low for word in words[place : place + length])
            if phrase in spoken.before and place + length <= len(words):
                mention = after(sentence, spoken, place + length, anything=True)
                cue = (words[place].start, words[place + length - 1].end)
                if mention:
                    return _around(text, sentence, mention, cue, (cue[0], mention[1]))
        if words[place].low in spoken.after and place:
            start = max(0, place - 6)
            while any(word.mark for word in words[start:place]):
                start += 1
            mention = (words[start].start, words[place - 1].end) if start < place else None
            cue = (words[place].start, words[place].end)
            if mention:
                return _around(text, sentence, mention, cue, (mention[0], cue[1]))
    return []


def _around(text: str, sentence: Sentence, mention: Span, cue: Span, phrase: Span) -> list[Draft]:
    """The longer side of an "according to" phrase, without the marks between."""
    sides = [(sentence.start, phrase[0]), (_skip(text, phrase[1], sentence.end), sentence.end)]
    start, end = max(sides, key=lambda side: side[1] - side[0])
    content = _trimmed(text, start, end)
    if content is None:
        return []
    return [Draft(content, mention, cue, _kind(text, sentence, content), "according")]


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
