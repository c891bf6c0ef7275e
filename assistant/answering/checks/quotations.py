"""Check that a claim's quotations are in what it cites, and are the words of the speaker it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.answering.checks.alignment import Aligned
from assistant.answering.checks.claims import Check, CitedSpan
from assistant.answering.checks.speaker_spans import TERM, WHOLE, Spoken, covered
from assistant.answering.quoted_spans import occurrences, quotations
from assistant.answering.tokens import Token, read
from assistant.languages.lexicon import reporting
from assistant.text import Span

_SAID = 2
"""Least number of quoted words for which the article's attribution is checked."""


def check_quotations(claim: str, cited: Sequence[CitedSpan]) -> Check:
    """Check that quoted words are in what is cited, character for character."""
    for start, end in quotations(claim):
        if not any(True for one in cited for _ in occurrences(claim[start:end], one.text)):
            return Check("quotation", False, f"“{claim[start:end].strip()}” is not in the cited sentences")
    return Check("quotation", True)


def check_speaker(claim: str, cited: Sequence[CitedSpan], spoken: Spoken, aligned: Aligned) -> Check:
    """Check that quoted words are attributed to the speaker that the claim names.

    A verbatim run of one cited sentence has that sentence's attribution. If none was found in the article, the cited
    sentences must at least name the speaker.
    """
    language = cited[0].article.language
    if aligned.at[0] >= 0 and all(after == before + 1 for before, after in pairwise(aligned.at)):
        return Check("speaker", True)
    quoted = [span for span in quotations(claim) if len(claim[span[0] : span[1]].split()) > TERM]
    speaker = speaker_of(claim, quoted, language) if quoted else None
    if speaker is None:
        return Check("speaker", True)
    name = claim[slice(*speaker)]
    for start, end in quoted:
        if not any(_given(claim[start:end], one, name, spoken) for one in cited):
            return Check("speaker", False, f"“{claim[start:end].strip()}” is not attributed to {name} in what is cited")
    return Check("speaker", True)


def _given(words: str, one: CitedSpan, name: str, spoken: Spoken) -> bool:
    places = [(start + one.start, end + one.start) for start, end in occurrences(words, one.text)]
    if not places:
        return False
    own, others = spoken(one.article, name)
    for place in places:
        mine, foreign = covered(place, own), covered(place, others)
        if mine >= foreign and (mine >= WHOLE or foreign < WHOLE):
            return True
    return False


def given_to(claim: str, aligned: Aligned, spoken: Spoken) -> list[Span]:
    """Return the spans of a claim that name the speaker to whom the article attributes its words.

    The sentence itself may have only a pronoun there, or nothing: "Berg said that ..." for what she goes on to say.
    """
    speaker = speaker_of(claim, quotations(claim), aligned.cited[aligned.home].article.language)
    if speaker is None:
        return []
    content = [place for place, token in enumerate(aligned.claim) if token.content and not token.within([speaker])]
    said = [place for place in content if aligned.at[place] >= 0]
    if len(said) < _SAID or len(said) < WHOLE * len(content):
        return []
    own, others = spoken(aligned.cited[aligned.home].article, claim[slice(*speaker)])
    mine, foreign = covered(aligned.region(said), own), covered(aligned.region(said), others)
    return [speaker] if mine >= WHOLE and mine >= foreign else []


def speaker_of(claim: str, quoted: Sequence[Span], language: str) -> Span | None:
    """Return the name of a sentence's speaker: the one beside a reporting verb, or before a colon."""
    tokens = [token for token in read(claim, language) if not any(s <= token.start < e for s, e in quoted)]
    for place, token in enumerate(tokens):
        if token.word in reporting().verbs:
            for run in (_run_before(tokens, place), _run_after(tokens, place)):
                if run:
                    return run[0].start, run[-1].end
    if match := re.match(r"\W*((?:[^\W\d_][\w’'.-]*\s*){1,5}):", claim):
        run = list(read(match[1], language))
        return match.span(1) if run and all(token.kind == "name" for token in run) else None
    return None


def _run_before(tokens: Sequence[Token], place: int) -> list[Token]:
    run: list[Token] = []
    while place > 0 and tokens[place - 1].kind == "name":
        place -= 1
        run.insert(0, tokens[place])
    return run


def _run_after(tokens: Sequence[Token], place: int) -> list[Token]:
    run: list[Token] = []
    while place + 1 < len(tokens) and tokens[place + 1].kind == "name":
        place += 1
        run.append(tokens[place])
    return run
