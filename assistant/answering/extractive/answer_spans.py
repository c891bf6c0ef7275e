"""Highlight the span of a sentence that answers a who, when, where or how many question, if there is exactly one."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache

from assistant.languages.lexicon import answer_types, numbers, questions
from assistant.retrieval.analysis import answer_type, is_function_word, root
from assistant.retrieval.understanding.counting import asks_how_often, says_how_often
from assistant.retrieval.understanding.spans import FoldedText
from assistant.retrieval.understanding.time_names import named_times
from assistant.text import Span, words

_TODAY = datetime(2100, 1, 1, tzinfo=UTC)
"""Any date will do: dates in a sentence are only located, not resolved."""


@cache
def _where() -> re.Pattern[str]:
    """How a question about a place begins."""
    return re.compile(rf"^\W*(?:{'|'.join(answer_types().place)})(?!\w)", re.IGNORECASE)


@cache
def _place() -> re.Pattern[str]:
    """What comes before the name of a place."""
    before, articles = "|".join(answer_types().in_place), "|".join(answer_types().articles)
    return re.compile(rf"(?<!\w)(?i:{before})\s+(?:(?i:{articles})\s+)?(?=[^\W\d_])")


@cache
def _number() -> re.Pattern[str]:
    """A number in digits, with its units, or in words."""
    units, spelled = "|".join(numbers().units), "|".join(numbers().spelled)
    return re.compile(rf"(?:[$€£]\s?)?\d+(?:[.,]\d+)*(?:\s?(?:{units})(?!\w))*|\b(?:{spelled})\b", re.IGNORECASE)


def highlight(question: str, text: str, language: str) -> Span | None:
    """Return the span of ``text`` that answers ``question``; None if that is unclear.

    The question must ask who, when, where or how many, and exactly one span of the sentence must be a possible answer:
    a name, a time, a place or a number that is not in the question itself. A number must count what is asked for:
    "two days" does not say how many people there were.
    """
    kind = "place" if _where().search(question) else answer_type(question)
    asked = frozenset(words(question))
    times = _times(text, language)
    if kind == "time":
        spans = times
    elif kind == "number":
        spans = [one for one in _numbers(text) if not any(start < one[1] and one[0] < end for start, end in times)]
        spans = [one for one in spans if _counts_what_is_asked(question, text, one, language)]
    elif kind == "person":
        spans = _names(text)
    elif kind == "place":
        spans = [one for one in _names(text) if _place().search(text, max(0, one[0] - 12), one[0] + 1)]
    else:
        return None
    spans = [one for one in spans if asked.isdisjoint(_content(text[slice(*one)])) and not _within(one, times, kind)]
    return spans[0] if len(spans) == 1 else None


def _within(span: Span, times: list[Span], kind: str) -> bool:
    return kind in ("person", "place") and any(start <= span[0] < end for start, end in times)


def _content(text: str) -> list[str]:
    return [word for word in words(text) if not is_function_word(word)]


def _times(text: str, language: str) -> list[Span]:
    asking = questions(language) or questions("en")
    assert asking is not None
    folded = FoldedText.of(text)
    return [
        folded.span(one.start, one.end)
        for one in named_times(folded, asking.time, _TODAY)
        if _whole_time(text, folded.span(one.start, one.end))
    ]


def _whole_time(text: str, span: Span) -> bool:
    """Tell whether what looks like a time is one: lower-case "may" and "march" are not."""
    said = text[slice(*span)]
    return any(letter.isdigit() for letter in said) or said[:1].isupper() or " " in said or not said.isascii()


def _numbers(text: str) -> list[Span]:
    return [match.span() for match in _number().finditer(text)]


def _counts_what_is_asked(question: str, text: str, span: Span, language: str) -> bool:
    """Tell whether a number is not plainly of something else than what a question asks to count.

    It is where the word after it is a content word that the question does not have. Asked how often, the number must
    be one of times.
    """
    if asks_how_often(question):
        return says_how_often(text[span[0] :].split(".")[0][:_TIMES])
    noun = _NEXT.match(text, span[1])
    if noun is None or is_function_word(noun[1], language) or noun[1][0].isupper():
        return True
    asked = {root(word, language) for word in words(question)}
    return any(root(word, language) in asked for word in words(noun[1])) or not _many().search(question)


_TIMES = 20
"""Characters from the beginning of a number within which "times" must come."""

_NEXT = re.compile(r"\s+([^\W\d_][\w’'-]*)")


@cache
def _many() -> re.Pattern[str]:
    """How a question asks how many there are of something."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(answer_types().many)})(?!\w)", re.IGNORECASE)


_WORD = re.compile(r"[^\W\d_][\w’'-]*")


def _names(text: str) -> list[Span]:
    """Return the runs of capitalised words; the first word of a sentence counts unless it is a function word."""
    found: list[Span] = []
    for match in _WORD.finditer(text):
        word = match[0]
        if not word[0].isupper() or (is_function_word(word) and not found) or is_function_word(word):
            continue
        if found:
            between = text[found[-1][1] : match.start()]
            if re.fullmatch(r"\s+(?:(?:of|de|del|van|von|der|al|bin)\s+)?", between):
                found[-1] = (found[-1][0], match.end())
                continue
        found.append(match.span())
    return [(start, end - 2 if text[start:end].endswith(("’s", "'s")) else end) for start, end in found]
