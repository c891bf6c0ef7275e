"""Who said what in English, by a dependency parser and rules over its trees."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from assistant.attributions import Attribution
from assistant.languages.lexicon import english_speech
from assistant.quotes.common.quotation_marks import outermost
from assistant.quotes.english.addressees import addressees
from assistant.quotes.english.clauses import cue_frames, speech_verbs
from assistant.quotes.english.coreference import resolve_speakers
from assistant.quotes.english.findings import Finding, ParsedSentence
from assistant.quotes.english.lexicon import lexicon
from assistant.quotes.english.parser import parser
from assistant.quotes.english.quotations import combine
from assistant.quotes.english.sources import past_dateline
from assistant.quotes.english.subjects import actors
from assistant.quotes.english.unsaid import unsaid_verbs
from assistant.sentences import sentences
from assistant.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

MAX_SENTENCE = 1500
"""Characters; a longer "sentence" is a list or a table, and is left alone."""
_WORD = re.compile(r"[A-Za-z]+(?:-[a-z]+)*")
_ENDS = re.compile(r"[.?!…][\"”’']+\s*$")
_ASKS = re.compile(r"[?!…][\"”’']+\s*$")
_LEADS = re.compile(r"[,:] ?[\"“]")


def extract_english(text: str) -> list[Attribution]:
    """Return the attributions of an English text.

    Sentences without a cue word or a quotation mark are not parsed.

    :param text: an article's text.
    :return: by start of content; contents do not overlap.
    """
    text = text.replace("\u00a0", " ")  # of the same length, and a blank to all rules
    spans = carriers(text)
    docs = parser().pipe((text[start:end] for start, end in spans), batch_size=64) if spans else ()
    parsed = parsed_sentences(zip(spans, docs, strict=True))
    found = [finding for finding in combine(text, outermost(text), parsed) if not _apart(text, finding)]
    return resolve_speakers(text, found, parsed)


def _apart(text: str, finding: Finding) -> bool:
    """Whether unquoted words stand before a semicolon and their speaker behind it: then they are the writer's own."""
    if finding.kind != "indirect" or finding.source is None:
        return False
    return ";" in text[finding.content[1] - 1 : finding.source[0]]


def carriers(text: str) -> list[Span]:
    """Return the sentences that can carry speech and do not stand wholly inside a quotation."""
    words = lexicon().cue_words()
    quotes = [quotation.span for quotation in outermost(text)]
    position = 0
    chosen: list[Span] = []
    for start, end in _joined(text, sentences(text)):
        while position < len(quotes) and quotes[position][1] <= start:
            position += 1
        touching = position < len(quotes) and quotes[position][0] < end
        if touching and quotes[position][0] <= start and end <= quotes[position][1]:
            continue
        start = past_dateline(text, (start, end))
        if end - start > MAX_SENTENCE or (text[start] == "#" and not touching):
            continue
        if touching or text[end - 1] == ":" or any(word.lower() in words for word in _WORD.findall(text, start, end)):
            chosen.append((start, end))
    return chosen


def _joined(text: str, spans: Iterable[Span]) -> list[Span]:
    """Join a sentence that a quotation ends with the one that only says who spoke: “Why?” Ann Lee asked."""
    joined: list[Span] = []
    for span in spans:
        tail = _said().match(text, *span)
        ends = _ENDS if tail and text[tail.end()] in ".,;" and not _LEADS.match(text, tail.end()) else _ASKS
        spoken = (
            tail and (tail[2] or tail[1] in _tails()) and "\n" not in text[joined[-1][1] : span[0]] if joined else False
        )
        if spoken and ends.search(text, *joined[-1]):
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return joined


@cache
def _said() -> re.Pattern[str]:
    """A sentence that only says who spoke: its cue, and what may follow it."""
    behind = "|".join(english_speech().words.steps + english_speech().words.further)
    return re.compile(
        r"(?:[\w.’'-]+ ){0,3}?(?:[\w.’'-]+ |[\w’'-]+, [^,“”\"\n]{1,100}, )(?:([a-z]+ed|says?|said|asks|writes|wrote)"
        rf"(?=[.,;]| (?:{behind}|[a-z]+ly|[A-Z][a-z]+day)\b)|(asked|told|tells) )"
    )


@cache
def _tails() -> frozenset[str]:
    return frozenset(form for form, classes in lexicon().verbs.items() if classes & {"say", "ask"})


def parsed_sentences(parsed: Iterable[tuple[Span, Doc]]) -> list[ParsedSentence]:
    """Return the parsed sentences with what their cues attribute."""
    lex = lexicon()
    return [
        ParsedSentence.of(
            span,
            doc,
            cue_frames(doc, lex),
            speech_verbs(doc, lex),
            actors(doc),
            addressees(doc, lex),
            unsaid_verbs(doc, lex),
        )
        for span, doc in parsed
    ]
