"""Resolve follow-up questions: "and in June?", "what about Erdogan?", "who else?", "why did he resign?".

By rules, without a model. The result is a full question, which is shown. A self-contained question is never taken for a
follow-up: a pronoun counts only if it refers to nothing in the question itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from assistant.languages.detection import detect
from assistant.languages.entries import any_of, union
from assistant.languages.lexicon import all_questions, questions
from assistant.languages.questions import FollowUps, Questions, TimeExpressions
from assistant.retrieval.analysis import is_function_word
from assistant.retrieval.understanding.outlets import find_outlets
from assistant.retrieval.understanding.query import Query
from assistant.retrieval.understanding.spans import FoldedText
from assistant.retrieval.understanding.speech_questions import speech_question
from assistant.retrieval.understanding.timing import TimeFound, find_time
from assistant.text import fold

_END = " \t?؟!.…"
_EDGE = _END + ",;:،¿¡"
_MOST_WORDS = 6
"""Most words in a name or topic that replaces another; longer ones are questions or statements of their own."""
_LONGEST = 12
"""Most words in a question with a pronoun for something earlier; a longer one is self-contained."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A follow-up in full.

    :ivar question: what was asked, with what it left out filled in.
    :ivar asked: the part of it that shows what kind of answer is wanted.
    :ivar more: whether it asks for others than those in the previous answer.
    :ivar joined: whether it is the previous question and this one, one after the other.
    """

    question: str
    asked: str
    more: bool = False
    joined: bool = False


def follow_up(question: str, before: Query, as_of: datetime, outlets: Sequence[str] = ()) -> Resolved | None:
    """Return ``question`` in full if it is a follow-up; None if it is self-contained."""
    language = before.language or detect(before.question)
    for tongue in dict.fromkeys((language, "en")):
        words = questions(tongue)
        if words and (found := _Reading(question, before, as_of, outlets, words, tongue).resolve()):
            return found
    return None


class _Reading:
    """Reads one question after another, in one language."""

    def __init__(
        self, question: str, before: Query, as_of: datetime, outlets: Sequence[str], words: Questions, language: str
    ) -> None:
        self._question = question.strip(_EDGE)
        self._before = before
        self._as_of = as_of
        self._outlets = outlets
        self._words: FollowUps = words.follow
        self._calendar: TimeExpressions = words.time
        self._language = language
        self._base = before.question.rstrip(_END)
        self._folded = FoldedText.of(self._question)
        self._about, self._rest = self._led()

    def _led(self) -> tuple[str, str]:
        """Return the opening that marks a follow-up ("and", "what about", or "") and the rest."""
        for pattern in (self._words.about_lead, self._words.lead):
            if left := _after(rf"(?:{pattern})(?:\s*,)?", self._question):
                return fold(self._question[: len(self._question) - len(left)]).strip(" ,"), left.strip(_EDGE)
        if self._language == "ar" and re.match("و(?:في|عن|منذ|خلال|حسب|بحسب)\\s", self._question):
            return "و", self._question[1:]  # Arabic writes "and" as a letter of the next word
        return "", self._question

    def resolve(self) -> Resolved | None:
        """Return the question in full, or None."""
        if not self._question:
            return None
        for read in (
            self._bare,
            self._time,
            self._outlet,
            self._silent,
            self._somebody,
            self._place,
            self._thing,
            self._other,
        ):
            if found := read():
                return found
        return None

    # --- fragments -----------------------------------------------------------------------------------------

    def _bare(self) -> Resolved | None:
        """Read "why?" and "who else?"."""
        text = fold(self._rest)
        more = bool(re.fullmatch(self._words.more, fold(self._question)))
        if not more and not re.fullmatch(self._words.bare, text):
            return None
        word = self._rest[:1].lower() + self._rest[1:]
        speech = self._before.speech
        if more and speech and speech.topic and fold(word).split()[0] in _who():
            time = next((one.span for one in self._before.inferred if one.name == "time" and one.span), None)
            when = f" {self._before.question[slice(*time)]}" if time else ""
            question = self._words.others.format(speech.topic + when)
            return Resolved(question, question, more)
        return Resolved(self._words.and_asks.format(self._base, word), f"{word}?", more)

    def _time(self) -> Resolved | None:
        """Read "and in June?": the previous question, for another time."""
        found = self._find_time(self._rest)
        rest = self._rest
        if found is None and re.fullmatch(r"\w+", rest) and self._words.in_time:
            rest = self._words.in_time.format(rest)
            found = self._find_time(rest)
        if found is None or re.search(r"\w", rest[: found.span[0]] + rest[found.span[1] :]):
            return None
        return self._whole(self._at_time(found, rest))

    def _at_time(self, found: TimeFound, text: str) -> str:
        """Return the previous question with the time that ``text`` names in place of its own."""
        said = self._with_year(found, text[found.span[0] : found.span[1]])
        own = next((one.span for one in self._before.inferred if one.name == "time" and one.span), None)
        if own:
            question = self._before.question
            return f"{question[: own[0]]}{said}{question[own[1] :]}"
        return f"{said} {self._base}?" if self._language == "tr" else f"{self._base} {said}?"

    def _with_year(self, found: TimeFound, said: str) -> str:
        """Return a time without a year with the previous question's year, if that is different."""
        within = self._before.within
        if not found.moved or within is None or within.since is None or found.interval.since is None:
            return said
        year = within.since.year
        if year == found.interval.since.year:
            return said
        folded = FoldedText.of(said)
        match = re.search(rf"(?<!\w)(?:{'|'.join(self._calendar.months)})", folded.text)
        if match is None:
            return said
        dated = self._words.in_year.format(said[: folded.span(match.start(), match.end())[1]], year)
        again = self._find_time(dated)
        return dated if again and again.interval.since and again.interval.since.year == year else said

    def _outlet(self) -> Resolved | None:
        """Read "and according to the Gazette?", "what about the Gazette?"."""
        found = find_outlets(self._rest, self._outlets)
        if len(found) != 1 or not (self._about or found[0].source):
            return None
        left = self._rest[: found[0].whole[0]] + self._rest[found[0].whole[1] :]
        if re.search(r"\w", left) and not _articles().fullmatch(fold(left.strip(_EDGE))):
            return None
        own = next((one.span for one in self._before.inferred if one.name == "outlet" and one.span), None)
        if own:
            said = self._words.said_by.format(found[0].outlet)
            question = self._before.question
            return self._whole(f"{question[: own[0]]}{said}{question[own[1] :]}")
        return self._whole(f"{self._base}, {self._words.said_by.format(found[0].outlet)}?")

    # --- references to the previous question ---------------------------------------------------------------

    def _silent(self) -> Resolved | None:
        """Read "¿Y qué dijo en junio?", "haziranda ne dedi?": somebody's words, without naming anybody."""
        if self._before.speech is None:
            return None
        found = self._find_time(self._question)
        rest = self._question if found is None else self._question[: found.span[0]] + self._question[found.span[1] :]
        rest = " ".join(rest.split())
        match = re.match(rf"(?:{self._words.silent})(?!\w)", fold(rest.strip(_EDGE)))
        if match is None:
            return None
        left = rest.strip(_EDGE)[match.end() :].strip()
        topic = _after(self._words.topic, left)
        if left and not topic:
            return None
        question = self._topic_swapped(topic) if topic else self._before.question
        if found and not topic:
            question = self._at_time(found, self._question)
        return self._whole(question)

    def _somebody(self) -> Resolved | None:
        """Read "and what did he say in June?", "why did she resign?": about the previous question's person."""
        place = self._word(self._words.person)
        if place is None:
            return None
        name = self._person()
        if name is None:
            return self._joined()
        start, end = place
        possessive = re.match(rf"(?:{self._words.possessive})(?!\w)", fold(self._question[start:])) is not None
        if possessive and self._language != "en":
            return self._joined()
        named = f"{name}’s" if possessive else name
        question = self._question[:start] + named + self._question[end:]
        if self._about and not re.fullmatch(self._words.about_lead, self._about):
            lead = len(self._question) - len(self._rest)
            question = self._rest[: start - lead] + named + self._rest[end - lead :]
        back = re.search(r"(?<!\w)(?:dazu|darüber|on that|about it|about that)$", question)
        if (self._about or back) and (again := self._same_topic(question[: back.start()] if back else question)):
            return self._whole(again)
        more = re.search(r"(?<!\w)(?:else|noch|sonst|еще|baska)(?!\w)", self._folded.text) is not None
        return replace(self._whole(question + "?"), more=more)

    def _same_topic(self, question: str) -> str | None:
        """Return the previous question at another time, if ``question`` only asks for the speaker's words."""
        before = self._before.speech
        found = self._find_time(question)
        rest = question if found is None else " ".join((question[: found.span[0]] + question[found.span[1] :]).split())
        speech = speech_question(rest)
        if not before or not before.topic or not speech or speech.topic or speech.speaker != before.speaker:
            return None
        return self._at_time(found, question) if found else self._before.question

    def _place(self) -> Resolved | None:
        """Read "how many died there?": in the place that the previous question named."""
        place = self._word(self._words.place, anywhere=True)
        if place is None:
            return None
        own = self._placed()
        if own is None:
            return self._joined()
        return self._whole(f"{self._question[: place[0]]}{own[2]}?")

    def _placed(self, preposition: str = "") -> tuple[int, int, str] | None:
        """Return the last preposition with a name in the previous question: its span and its text."""
        wanted = re.escape(preposition) if preposition else self._words.preposition
        found: tuple[int, int, str] | None = None
        for name in self._before.names:
            at = self._base.rfind(name)
            match = re.search(rf"(?<!\w)(?i:{wanted})\s+(?:(?i:the|der|la|le|el)\s+)?$", self._base[: max(0, at)])
            if match and (found is None or match.start() > found[0]):
                found = match.start(), at + len(name), self._base[match.start() : at + len(name)]
        return found

    def _thing(self) -> Resolved | None:
        """Read "when did it happen?": about the previous question's subject."""
        if self._word(self._words.thing) is None:
            return None
        content = [word for word in re.findall(r"\w+", self._question) if not is_function_word(word)]
        return self._joined() if len(content) <= 2 and not any(word[0].isupper() for word in content[1:]) else None

    def _word(self, pattern: str, anywhere: bool = False) -> tuple[int, int] | None:
        """Return the span of a word that refers back; None if it refers to something in the question itself."""
        text = self._folded.text
        match = re.search(rf"(?<![\w'])(?:{pattern})(?![\w'])", text)
        if match is None or re.search(rf"(?<!\w)(?:{self._words.not_meant})", text):
            return None
        if len(text.split()) > _LONGEST or "," in text[match.end() :]:
            return None  # "In her last speech, what did the queen say?" names the person itself
        start, end = self._folded.span(match.start(), match.end())
        earlier = [one for one in re.findall(r"[\w'’]+", self._question[:start]) if fold(one) not in ("else", "еще")]
        if anywhere:
            return (start, end) if not any(word[0].isupper() for word in earlier[1:]) else None
        if any(word[0].isupper() for word in earlier[1:]):
            return None
        if self._language == "de":
            return (start, end) if len(earlier) <= 3 else None
        if (
            re.match(r"(?:who|qui|quien|quienes|kim|кто)(?!\w)", fold(self._rest))
            and len(earlier) > 1
            and not _copula().fullmatch(fold(earlier[-1]))
        ):
            return None  # "Who said he would resign?" means whoever said it
        return (start, end) if all(map(is_function_word, earlier)) else None

    def _person(self) -> str | None:
        """Return whom the previous question was about: its speaker, or else the last name that is not a place."""
        speech = self._before.speech
        if speech:
            return speech.speaker
        placed = self._placed()
        names = [name for name in self._before.names if not placed or not placed[2].endswith(name)]
        return names[-1] if names else None

    # --- replacing a part -----------------------------------------------------------------------------------

    def _other(self) -> Resolved | None:
        """Read "what about Erdogan?", "and in Syria?", "and about the grain?": replace a part."""
        rest = self._rest
        if not self._about or not rest or len(rest.split()) > _MOST_WORDS or self._asks(rest):
            return None
        led = re.fullmatch(self._words.about_lead, self._about) is not None
        about = _after(self._words.topic, rest)
        placed = _after(self._words.preposition, rest)
        if about and (led or self._before.speech or self._before.kind != "fact"):
            return self._whole(self._topic_swapped(about))
        if placed:
            own = self._placed(rest[: len(rest) - len(placed)].strip())
            if own:
                return self._whole(f"{self._base[: own[0]]}{rest}{self._base[own[1] :]}?")
            return self._whole(f"{self._base} {rest}?") if led or _named(placed) else None
        if not led and not _named(rest) and not _article(rest):
            return None
        return self._whole(self._swapped(rest))

    def _swapped(self, rest: str) -> str:
        speech = self._before.speech
        if speech:
            other = _named(rest) and _article(rest) <= _article(speech.speaker)
            if other or (not speech.topic and _named(rest)):
                return self._base.replace(speech.speaker, rest, 1) + "?"
            return self._topic_swapped(rest)
        if _named(rest) and self._before.names:
            return rest.join(self._base.rsplit(self._before.names[-1], 1)) + "?"
        return self._topic_swapped(rest)

    def _topic_swapped(self, topic: str) -> str:
        """Return the previous question with another topic."""
        speech = self._before.speech
        if speech and speech.topic and speech.topic in self._base:
            return topic.join(self._base.rsplit(speech.topic, 1)) + "?"
        own = "" if speech else _after(rf".*(?<!\w)(?:{self._words.topic})", self._base)
        if own:
            return f"{self._base[: len(self._base) - len(own)]}{topic}?"
        if self._before.kind in ("fact", "yesno") and self._before.names:
            return topic.join(self._base.rsplit(self._before.names[-1], 1)) + "?"
        return f"{self._base}{self._words.on_topic.format(topic) or ' ' + topic}?"

    def _asks(self, text: str) -> bool:
        words = fold(text).split()
        return any(re.fullmatch(self._words.bare, word) for word in words)

    # --- helpers -------------------------------------------------------------------------------------------

    def _find_time(self, text: str) -> TimeFound | None:
        return find_time(text, self._as_of, (self._language,))

    def _joined(self) -> Resolved:
        """Return both questions, one after the other: the first says what the second refers to."""
        asked = self._question[:1].upper() + self._question[1:] + ("؟" if self._language == "ar" else "?")
        return Resolved(f"{self._before.question.rstrip(_END)}? {asked}", asked, joined=True)

    @staticmethod
    def _whole(question: str) -> Resolved:
        question = " ".join(question.split())
        question = question[:1].upper() + question[1:]
        return Resolved(question, question)


@cache
def _who() -> frozenset[str]:
    """Words that ask about people, in any language."""
    return union(asking.follow.who for asking in all_questions())


@cache
def _copula() -> re.Pattern[str]:
    return re.compile(any_of(asking.follow.copula for asking in all_questions()))


@cache
def _articles() -> re.Pattern[str]:
    return re.compile(any_of(asking.follow.article for asking in all_questions()))


def _after(pattern: str, text: str) -> str:
    """Return what follows a folded pattern at the beginning of ``text``; "" if it does not match."""
    folded = FoldedText.of(text)
    match = re.match(rf"(?:{pattern})\s+(?=\S)", folded.text)
    return text[folded.span(match.end(), match.end() + 1)[0] :] if match else ""


def _article(text: str) -> bool:
    """Tell whether a phrase begins with an article and so is not a name: "the mayor", but not "Le Pen"."""
    first = text.split()[0]
    return first[:1].islower() and _articles().fullmatch(fold(first)) is not None


def _named(text: str) -> bool:
    """Tell whether a phrase is written like a name, ignoring an article; without capitals, it must have none."""
    words = text.split()[1:] if text.split() and _article(text) else text.split()
    if words and words[0][0].lower() == words[0][0].upper():
        return not words[0].startswith("ال")
    return bool(words) and words[0][:1].isupper() and words[-1][:1].isupper()
