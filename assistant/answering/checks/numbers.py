"""Check that a claim's numbers and times are those of what it cites."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from assistant.answering.checks.alignment import Aligned
from assistant.answering.checks.claims import Check
from assistant.languages.lexicon import calendar, questions
from assistant.retrieval.understanding.spans import FoldedText
from assistant.retrieval.understanding.time_names import named_times
from assistant.text import Span


def check_numbers(aligned: Aligned, dates: Sequence[Span]) -> Check:
    """Check that each number of a claim is in its evidence, for the same thing and in the same unit.

    :param dates: spans of the claim that name times which the evidence supports in other words.
    """
    for place, token in enumerate(aligned.claim):
        if token.kind != "number" or aligned.at[place] >= 0 or token.within(dates):
            continue
        if any(other.kind == "number" for other in aligned.instead(place)):
            return Check("number", False, f"“{token.text}”: the cited sentence has another number in that place")
        if not aligned.carried(place):
            return Check("number", False, f"“{token.text}” is said of something else in the cited sentences")
    for token, at in zip(aligned.claim, aligned.at, strict=True):
        if at >= 0 and _other_number(token.word) == aligned.beside[at].word:
            detail = f"“{token.text}”: the cited sentence has “{aligned.beside[at].text}” in that place"
            return Check("number", False, detail)
    return Check("number", True)


def check_dates(aligned: Aligned, dates: Sequence[Span]) -> Check:
    """Check that each day, month or "yesterday" of a claim is in its evidence, or is the same day as one there."""
    for place, token in enumerate(aligned.claim):
        if token.kind == "date" and aligned.at[place] < 0 and not token.within(dates):
            there = aligned.instead(place)
            if any(other.kind in ("date", "number") or (other.kind == "name" and not other.first) for other in there):
                return Check("date", False, f"“{token.text}”: the cited sentence has another time in that place")
            if not aligned.carried(place):
                return Check("date", False, f"“{token.text}” is said of something else in the cited sentences")
    return Check("date", True)


def borne_out(claim: str, aligned: Aligned) -> list[Span]:
    """Return the spans of a claim that name a day which the aligned sentence names in other words.

    Both are resolved against the article's publication date: "on 3 May" is "on Wednesday" there.
    """
    article = aligned.cited[aligned.home].article
    if article.published is None:
        return []
    published = datetime.fromtimestamp(article.published.timestamp, UTC)
    known = {day for day, _ in _days(aligned.homes[aligned.home].text, article.language, published)}
    found = [span for day, span in _days(claim, article.language, published) if day in known] if known else []
    return [span for span in found if not any(aligned.stands(one) for one in aligned.claim if one.within([span]))]


def _other_number(word: str) -> str | None:
    """The plural of a unit of time, or the singular of a plural: "weeks" for "week"; None for other words."""
    singular = word.removesuffix("s")
    if singular not in calendar().units:
        return None
    return singular if singular != word else f"{word}s"


def _days(text: str, language: str, published: datetime) -> Iterator[tuple[tuple[datetime, datetime], Span]]:
    asking = questions(language) or questions("en")
    if asking is None:
        return
    folded = FoldedText.of(text)
    for one in named_times(folded, asking.time, published):
        if not one.year:
            yield (one.step.since, one.step.until), folded.span(one.start, one.end)
