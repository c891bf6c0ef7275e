"""The last thing before an answer leaves: words in quotation marks stand where they are said to stand, or stay out.

However an answer was made, by rules or by a model: what stands in quotation marks in one of its sentences stands,
character for character, in every article that is cited for it, and is the words of whom it is given to. White space
and the shapes of marks, dashes and points of omission do not count; everything else does. Whatever cannot be
shown to hold counts as not holding.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.quotes.marks import trim
from assistant.text import Span
from assistant.types import Answer, Citation, Sentence, StoredArticle

Lookup = Callable[[str, int], StoredArticle | None]
"""The article of an id and version; None when there is none."""

Spoken = Callable[[StoredArticle, str], tuple[Sequence[Span], Sequence[Span]]]
"""What an article gives to a speaker, and what it gives to others: spans of its text."""

TERM = 2
"""Words; quotation marks around more than these hold somebody's words, around fewer perhaps a borrowed term."""

WHOLE = 0.9
"""Share of quoted words that must stand in what is given to their speaker: all of it, but for a mark at its end."""

_PAIRS = {
    "“": "”“", "„": "“”‟", "‟": "”“", "«": "»", "»": "«", "‹": "›", "›": "‹", "「": "」", "『": "』", "《": "》",
    "〈": "〉", "〝": "〞〟", "❝": "❞", "❮": "❯", "＂": "＂", "″": "″", "˝": "˝", '"': '"',
}  # fmt: skip
"""Opening marks, and what may close each."""
_ONLY_CLOSING = frozenset("”」』》〉〞〟❞❯")
_SINGLE = {"‘": "’", "‛": "’", "‚": "‘’", "'": "'’", "❛": "❜", "`": "'’`", "´": "´", "＇": "＇"}
_MARKS = frozenset("".join([*_PAIRS, *_PAIRS.values(), *_SINGLE, *_SINGLE.values(), "’"]))
_APOSTROPHES = frozenset("'’‘‛`´＇ʼ")
_DASHES = frozenset("-‐‑‒–—―−﹘﹣－")
_EDGE = " .,;:-"


@dataclass(frozen=True, slots=True)
class Withheld:
    """A sentence that does not go out, and why."""

    sentence: Sentence
    reason: str


def verified(answer: Answer, article: Lookup, spoken: Spoken) -> tuple[Answer, tuple[Withheld, ...]]:
    """Return the answer without the sentences, and citations of sentences, that do not hold.

    An answer that loses all its sentences becomes one that the archive does not say.

    :param article: looks an article up by its id and version.
    :param spoken: tells what an article gives to a speaker, and to others; asked only for sentences with a speaker.
    """
    known = {citation.marker: citation for citation in answer.citations}
    kept: list[Sentence] = []
    withheld: list[Withheld] = []
    for sentence in answer.sentences:
        faults = faults_of(sentence, known, article, spoken)
        holding = tuple(marker for marker, fault in faults.items() if not fault)
        if not sentence.supported:
            kept.append(replace(sentence, citations=()))  # shown struck: nothing is claimed by it
            continue
        if holding:
            kept.append(replace(sentence, citations=holding))
        else:
            reason = next(iter(faults.values()), "") or "no article is cited for it"
            withheld.append(Withheld(sentence, reason))
    if not withheld and all(a.citations == b.citations for a, b in zip(kept, answer.sentences, strict=True)):
        return answer, ()
    return _rebuilt(answer, kept), tuple(withheld)


def faults_of(sentence: Sentence, known: Mapping[int, Citation], article: Lookup, spoken: Spoken) -> dict[int, str]:
    """Return, for each marker of a sentence, why it must not go out with that citation; "" where it may."""
    return {marker: _fault(sentence, known.get(marker), article, spoken) for marker in sentence.citations}


def _rebuilt(answer: Answer, kept: Sequence[Sentence]) -> Answer:
    """The answer with these sentences only, its citations numbered anew."""
    from assistant.answering.extractive import NOT_FOUND, written

    if not any(sentence.supported for sentence in kept):
        reason = "What was found could not be shown to stand word for word in the articles it came from."
        return replace(
            answer, answer=f"{NOT_FOUND} {reason}", status="not_found", reason=reason, sentences=(), citations=()
        )
    used = sorted({marker for sentence in kept for marker in sentence.citations})
    number = {marker: place for place, marker in enumerate(used, start=1)}
    known = {citation.marker: citation for citation in answer.citations}
    citations = tuple(replace(known[marker], marker=number[marker]) for marker in used)
    sentences = tuple(replace(s, citations=tuple(number[marker] for marker in s.citations)) for s in kept)
    return replace(answer, answer=written(sentences), sentences=sentences, citations=citations)


def _fault(sentence: Sentence, citation: Citation | None, article: Lookup, spoken: Spoken) -> str:
    """Say why a sentence must not go out with this citation; "" when it may."""
    if citation is None:
        return "it cites what is not there"
    stored = article(citation.article_id, citation.version)
    if stored is None or stored.text[citation.start : citation.end] != citation.text or not citation.text:
        return f"the words cited from {citation.article_id!r} do not stand there"
    quoted = quotations(sentence.text)
    if not quoted:
        return ""
    verbatim = sentence.text == citation.text
    given = spoken(stored, sentence.speaker) if sentence.speaker else None
    for start, end in quoted:
        places = (
            [(citation.start + start, citation.start + end)]
            if verbatim
            else list(occurrences(sentence.text[start:end], stored.text))
        )
        words = sentence.text[start:end]
        if not places:
            return f"“{words.strip()}” does not stand in {citation.article_id!r}"
        if given is not None and not _belongs(words, places, *given):
            return f"“{words.strip()}” is not given to {sentence.speaker} in {citation.article_id!r}"
    return ""


def _belongs(words: str, places: Iterable[Span], own: Sequence[Span], others: Sequence[Span]) -> bool:
    """Whether quoted words are the speaker's somewhere; a term in quotation marks, at least nobody else's."""
    term = len(words.split()) <= TERM
    for place in places:
        mine, foreign = _covered(place, own), _covered(place, others)
        if (mine >= WHOLE and mine >= foreign) or (term and foreign < 1 - WHOLE):
            return True
    return False


def _covered(place: Span, spans: Sequence[Span]) -> float:
    """The largest share of a place that one of the spans covers."""
    length = place[1] - place[0]
    return max((min(end, place[1]) - max(start, place[0]) for start, end in spans), default=0) / max(1, length)


# --- quotation marks -------------------------------------------------------------------------------------------


def quotations(text: str) -> list[Span]:
    """Return what stands in quotation marks in a sentence: the outermost ones, without the marks.

    Open to doubt is taken as quoted: a mark that is never closed runs to the end of the sentence, one that was never
    opened from its beginning. Single marks count where they stand around words, not within them.
    """
    found: list[Span] = []
    start, depth, opening, closing = -1, 0, "", ""
    for place, character in enumerate(text):
        if start >= 0:
            if character == opening and character not in "\"'" and _begins(text, place):
                depth += 1
            elif character in closing and _may_close(text, place, character):
                depth -= 1
                if depth == 0:
                    found.append((start, place))
                    start = -1
        elif character in _ONLY_CLOSING or _closes_only(text, place, character):
            found = [(0, place)]
        elif character in _PAIRS or _opens_single(text, place, character):
            start, depth, opening = place + 1, 1, character
            closing = _PAIRS.get(character, "") or _SINGLE[character]
    if start >= 0:
        found.append((start, len(text)))
    return [span for span in (trim(text, span) for span in found) if span[0] < span[1]]


def _begins(text: str, place: int) -> bool:
    """Whether a mark stands before a word and behind a gap."""
    return not text[place - 1].isalnum() and text[place + 1 : place + 2].isalnum()


def _may_close(text: str, place: int, character: str) -> bool:
    if character not in _APOSTROPHES:
        return True
    after = text[place + 1 : place + 2]
    return not after.isalnum() and text[place - 1] not in " \t\n\u00a0"


def _closes_only(text: str, place: int, character: str) -> bool:
    """An upright mark that nothing opened, behind a word and before a gap."""
    if character not in '"＂':
        return False
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    behind_word = bool(before) and not (before.isspace() or before.isdigit() or before in "([{-–—/")
    return behind_word and not after.isalnum()


def _opens_single(text: str, place: int, character: str) -> bool:
    """A single mark before a word, with one behind a word further on: not the apostrophe of ’90s or of the voters’."""
    if character not in _SINGLE or text[max(0, place - 1) : place].isalnum() or not text[place + 1 : place + 2].strip():
        return False
    rest = ((at, text[at]) for at in range(place + 2, len(text)))
    return any(mark in _SINGLE[character] and _may_close(text, at, mark) for at, mark in rest)


# --- the words themselves ---------------------------------------------------------------------------------------


def occurrences(words: str, text: str) -> Iterable[Span]:
    """Yield where ``words`` stand in ``text``, whole words only, whatever the white space and the marks around them.

    A comma or full stop at the end of a quotation may be its setting's: it does not count.
    """
    needle = _plain(unicodedata.normalize("NFC", words))[0].strip(_EDGE)
    if not needle:
        return
    hay, places = _plain(text)
    at = hay.find(needle)
    while at >= 0:
        end = at + len(needle)
        inside = (at > 0 and hay[at - 1].isalnum() and needle[0].isalnum()) or (
            end < len(hay) and hay[end].isalnum() and needle[-1].isalnum()
        )
        if not inside:
            yield places[at], places[end - 1] + 1
        at = hay.find(needle, at + 1)


def _plain(text: str) -> tuple[str, list[int]]:
    """A text for comparing, and where each of its characters stood: one blank for any gap, no marks, one dash."""
    out: list[str] = []
    places: list[int] = []

    def put(characters: str, place: int) -> None:
        out.extend(characters)
        places.extend([place] * len(characters))

    for place, character in enumerate(text):
        if character.isspace():
            if out and out[-1] not in " -":
                put(" ", place)
        elif character in _DASHES:
            if out and out[-1] == " ":
                out.pop()
                places.pop()
            put("-", place)
        elif character == "…":
            put("...", place)
        elif character in _APOSTROPHES and text[place - 1 : place].isalnum() and text[place + 1 : place + 2].isalnum():
            put("'", place)
        elif character not in _MARKS and not _INVISIBLE.match(character):
            put(character, place)
    return "".join(out), places


_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
