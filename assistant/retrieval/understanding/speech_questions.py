"""Recognise questions about somebody's words: "what did X say about Y?", in every supported language."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from assistant.languages.lexicon import all_questions, pronouns
from assistant.languages.questions import SpeechPatterns
from assistant.text import fold

SpeechForm = Literal["said", "mentioned", "changed", "who"]
"""What is asked about somebody's words: what they are, whether they mention something, whether they changed, whose they
are."""


@dataclass(frozen=True, slots=True)
class SpeechQuestion:
    """Whose words are asked for, and on what.

    :ivar speaker: the name or role as in the question; "" if it asks who.
    :ivar topic: what the words should be about; "" for anything.
    :ivar addressee: whom they should be said to, as in the question; "" for anybody.
    :ivar sure: whether it can only mean words; if not ("What did the mayor announce?"), a fact may answer it too.
    """

    speaker: str
    topic: str
    form: SpeechForm = "said"
    sure: bool = True
    addressee: str = ""

    def readings(self) -> list[SpeechQuestion]:
        """Return this reading and those in which words after the name belong to the topic, longest name first."""
        parts = self.speaker.split()
        return [
            replace(self, speaker=" ".join(parts[:n]).rstrip(","), topic=" ".join([*parts[n:], self.topic]).strip())
            for n in range(len(parts), 0, -1)
        ]


_CAPITALISED = r"(?-i:[A-ZÇĞİÖŞÜ]\w*)(?:\s+(?-i:[A-ZÇĞİÖŞÜ]\w*))*"
_SLOTS = {
    "speaker": r"(?P<speaker>.+?)",
    "Speaker": rf"(?P<speaker>{_CAPITALISED})",
    "Named": r"(?P<speaker>(?-i:[A-ZÀ-ÖØ-ÞĀ-Ž])[^?]*?)",
    "topic": r"(?P<topic>.+?)",
    "addressee": r"(?P<addressee>.+?)",
}
"""Regular expressions for the placeholders in ``[questions.speech]``."""

_LISTS: tuple[tuple[str, SpeechForm, bool], ...] = (
    ("changed", "changed", True), ("who", "who", False), ("told", "said", True), ("said", "said", True),
    ("mentioned", "mentioned", True), ("perhaps", "said", False),
)  # fmt: skip
"""The lists of ``[questions.speech]`` in the order they are tried, each with its form and whether it is sure."""


@cache
def _patterns() -> tuple[tuple[SpeechForm, bool, re.Pattern[str]], ...]:
    """How to ask for somebody's words, in every language."""
    return tuple(
        (form, sure, re.compile(_filled(pattern, asking.speech), re.IGNORECASE))
        for name, form, sure in _LISTS
        for asking in all_questions()
        for pattern in getattr(asking.speech, name)
    )


def _filled(pattern: str, words: SpeechPatterns) -> str:
    """Return a pattern with its parts and placeholders filled in."""
    for name, part in (*words.parts.items(), *_SLOTS.items()):
        pattern = pattern.replace(f"{{{name}}}", part)
    return pattern


@cache
def _listed(name: str) -> re.Pattern[str]:
    """Return a list of ``[questions.speech]``, for all languages, as one pattern."""
    return re.compile(
        "|".join(one for asking in all_questions() for one in getattr(asking.speech, name)), re.IGNORECASE
    )


def speech_question(question: str) -> SpeechQuestion | None:
    """Return whose words a question asks for; None if it asks for something else."""
    asked = _listed("polite").sub("", question.strip().strip(" ?¿؟.!"), count=1).strip()
    nameless = pronouns().nameless
    for form, sure, pattern in _patterns():
        match = pattern.fullmatch(asked)
        if match is None:
            continue
        found = match.groupdict()
        speaker = re.sub(r"\s+(?:dazu|darüber)$", "", (found.get("speaker") or "").strip())
        topic = (found.get("topic") or "").strip()
        if _listed("not_topics").match(topic):  # Merriam-Webster's word of the year
            continue
        named = fold(speaker) not in nameless and len(speaker) <= 80 and not _listed("not_names").match(speaker)
        if (form == "who" and len(topic.split()) > 1) or (form != "who" and named):
            addressee = (found.get("addressee") or "").strip()
            return SpeechQuestion(speaker, topic, form, sure, "" if fold(addressee) in nameless else addressee)
    return None
