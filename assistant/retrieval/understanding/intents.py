"""Classify the kind of answer wanted: a fact, somebody's words, a timeline, a summary, a comparison, yes or no."""

from __future__ import annotations

import re
from functools import cache

from assistant.languages.entries import NOTHING, any_of, union
from assistant.languages.lexicon import all_questions, questions
from assistant.retrieval.analysis import is_function_word
from assistant.retrieval.understanding.spans import FoldedText, without_spans
from assistant.text import fold
from assistant.types import AnswerKind

_BY_PATTERN: tuple[tuple[str, AnswerKind], ...] = (
    ("timeline", "timeline"),
    ("comparison", "comparison"),
    ("press", "comparison"),
    ("summary", "summary"),
)
"""Kinds recognised by a phrase, in any language, by the phrases' name; the first that matches wins."""

_AROUND = " ¿¡?!.؟\"'"
"""Characters that may surround a question."""


def kind_of(question: str, language: str) -> AnswerKind:
    """Return the kind of answer that a question asks for; "speech" is not decided here.

    :param language: ISO 639-1; decides the grammar by which a yes-or-no question is recognised, English if unknown.
    """
    text = fold(question).strip(_AROUND)
    for phrase, kind in _BY_PATTERN:
        if _pattern(phrase).search(text):
            return kind
    yes = _yes(language) or _yes("en")
    if yes and yes.search(text) and not _choice().match(text) and not _open(language).match(text):
        return "yesno"
    return "fact"


def asks_what(question: str) -> bool:
    """Tell whether a question asks what: "What did the Courier report?"."""
    return re.match(rf"(?:{_pattern('what').pattern})(?!\w)", fold(question).strip(" ¿¡\"'")) is not None


def names_no_topic(text: str, overview: bool) -> bool:
    """Tell whether a question, without its time and outlets, has no topic: "What happened?".

    :param overview: whether an overview was asked for; if not, a word for news is required.
    """
    said = [fold(word) for word in re.findall(r"[\w’']+", text)]
    news = _news() | _overview()
    return (overview or not news.isdisjoint(said)) and all(word in news or is_function_word(word) for word in said)


def topic_of(text: str) -> str:
    """Return a question for a timeline, a summary or a comparison without the words that ask for one.

    If no other word is left, it is returned whole.
    """
    folded = FoldedText.of(text)
    asked = _pattern("press").search(folded.text.rstrip(_AROUND))
    whole, text = text, without_spans(text, [folded.span(*asked.span())]) if asked else text
    kept = [word for word in text.split() if fold(word).strip(".,;:?!¿¡؟\"'") not in _overview()]
    return " ".join(kept) if any(re.search(r"\w", word) for word in kept) else whole


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{getattr(asking.asks, kind)})" for asking in all_questions()))


@cache
def _yes(language: str) -> re.Pattern[str] | None:
    asking = questions(language)
    return re.compile(asking.asks.yes) if asking else None


@cache
def _open(language: str) -> re.Pattern[str]:
    """How questions begin that look like yes-or-no questions but ask for more."""
    asking = questions(language)
    return re.compile(rf"(?:{asking.asks.open if asking else NOTHING})(?!\w)")


@cache
def _choice() -> re.Pattern[str]:
    """An alternative offered, in any language, before the first comma."""
    return re.compile(rf"[^,]*\b(?:{any_of(asking.asks.choice for asking in all_questions())})\b")


@cache
def _overview() -> frozenset[str]:
    """Words that ask for a timeline, a summary or a comparison, in any language."""
    return union(asking.asks.overview for asking in all_questions())


@cache
def _news() -> frozenset[str]:
    """Words for whatever happened, in any language."""
    return union(asking.asks.news for asking in all_questions())
