"""Parse a question into a ``Query``: its kind, time, outlets and names, and whose words it asks for.

By rules, without a model: the same question to the same archive at the same instant is always understood the same way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.inferences import InferenceName
from assistant.languages.detection import detect
from assistant.retrieval.understanding.event_dates import Dated, find_event, first_instant
from assistant.retrieval.understanding.followups import Resolved, follow_up
from assistant.retrieval.understanding.intents import asks_what, kind_of, names_no_topic, topic_of
from assistant.retrieval.understanding.labels import inferences
from assistant.retrieval.understanding.outlets import OutletFound, find_outlets
from assistant.retrieval.understanding.proper_names import proper_names
from assistant.retrieval.understanding.query import Interval, Query
from assistant.retrieval.understanding.spans import without_spans
from assistant.retrieval.understanding.speech_questions import SpeechQuestion, speech_question
from assistant.retrieval.understanding.timing import TimeFound, find_time
from assistant.types import AnswerKind, Filters, Inference

_OVERVIEWS = ("timeline", "summary", "comparison")
_OPEN_START = ("speech", *_OVERVIEWS)
_QUOTED = re.compile(r'"[^"]+"|“[^”]+”|„[^“”]+[“”]|«[^»]+»')

_NEWS = timedelta(days=7)
"""How long ago a time may have ended for the question still to be about the latest news."""


def understand(
    question: str,
    as_of: datetime,
    filters: Filters = Filters(),
    *,
    language: str = "",
    outlets: Sequence[str] = (),
    without: Sequence[InferenceName] = (),
    history: Sequence[str] = (),
    dated: Dated | None = None,
) -> Query:
    """Return the query that ``question`` stands for.

    :param as_of: the instant it is asked at, with its time zone.
    :param filters: the asker's own filters; kept as they are.
    :param language: of the question, ISO 639-1; "" when unknown.
    :param outlets: of the archive, most articles first.
    :param without: inferences not to make.
    :param history: the earlier questions of the conversation, oldest first, as resolved or as asked.
    :param dated: dates events; None if there is no archive to date them by.
    """
    reader = _QuestionReader(as_of, filters, language, outlets, (), dated)
    before: Query | None = None
    for earlier in history:
        before = reader.read(earlier, before)
    return replace(reader, without=without).read(" ".join(question.split()), before)


@dataclass(frozen=True, slots=True)
class _QuestionReader:
    """Reads the questions of a conversation; its fields are what ``understand`` is given."""

    as_of: datetime
    filters: Filters
    language: str
    outlets: Sequence[str]
    without: Sequence[InferenceName]
    dated: Dated | None

    def read(self, question: str, before: Query | None) -> Query:
        """Return the query for a question.

        :param before: the previous question's query; None for the first question.
        """
        followed = follow_up(question, before, self.as_of, self.outlets) if before and self._may("followup") else None
        asked = question
        if followed:
            asked, question = followed.asked, followed.question
        language = self.language or detect(question)
        kind = kind_of(asked, language) if self._may("kind") else "fact"
        outlets = self._outlets_of(question, kind)
        words_asked = self._may_ask_for_words(kind, followed)
        time = self._time_of(question, kind, language, words_asked)
        text = _without(question, outlets, time)
        if time and _outside(time.interval, self.filters):
            time = None  # the asker's own dates exclude it; the words that name it are not searched for
        speech = self._speech_of(text, time, language) if words_asked else None
        if time and time.event and not speech:  # "how many died since the earthquake?" asks about the earthquake too
            text = _without(question, outlets, None)
        kind = self._kind_with(kind, question, outlets, speech)
        digest = self._is_digest(text, kind, time)
        if digest and kind == "fact":
            kind = "summary"
        inferred = tuple(inferences(kind, outlets, time, speech))
        return Query(
            question=question,
            text=topic_of(text) if kind in _OVERVIEWS and not digest else text,
            as_of=self.as_of,
            kind=kind,
            filters=self.filters,
            within=time.interval if time else None,
            outlets=tuple(dict.fromkeys(one.outlet for one in outlets)),
            names=proper_names(without_spans(question, [time.span] if time else ())),
            language=self.language,
            recent=kind != "timeline" and not (time and self._is_past(time.interval)),
            speech=speech,
            variants=self._may("variants"),
            inferred=(Inference("followup", question, before.question), *inferred) if before and followed else inferred,
            more=followed is not None and followed.more,
            digest=digest,
            event=time.event if time else "",
        )

    def _may(self, name: InferenceName) -> bool:
        """Tell whether an inference is enabled."""
        return name not in self.without

    def _outlets_of(self, question: str, kind: AnswerKind) -> list[OutletFound]:
        """The outlets that a question names as sources."""
        if not self._may("outlet"):
            return []
        return [one for one in find_outlets(_masked(question), self.outlets, kind == "comparison") if one.source]

    def _may_ask_for_words(self, kind: AnswerKind, followed: Resolved | None) -> bool:
        """Tell whether a question may ask for somebody's words: one joined from a follow-up does not."""
        return kind in ("fact", "yesno") and not (followed and followed.joined) and self._may("speaker")

    def _time_of(self, question: str, kind: AnswerKind, language: str, words_asked: bool) -> TimeFound | None:
        """The time of publication that a question names."""
        time = self._named_time(_masked(question), language) if self._may("time") else None
        if time and time.interval.since is None and kind not in _OPEN_START and not time.event:
            # "Who was president until 2019?" asks about the world, "What did she say until 2019?" about the archive.
            return time if words_asked and speech_question(without_spans(question, [time.span])) else None
        return time

    def _named_time(self, question: str, language: str) -> TimeFound | None:
        """The time that a question names by a date, or else by an event that the archive can date."""
        languages = tuple(dict.fromkeys((language, detect(question), "en")))
        if (time := find_time(question, self.as_of, languages)) or self.dated is None:
            return time
        event = find_event(question, languages)
        day = self.dated(event.what, language, self.as_of) if event else None
        if event is None or day is None:
            return None
        return TimeFound(event.interval(first_instant(day, self.as_of)), event.span, event=event.what)

    def _speech_of(self, text: str, time: TimeFound | None, language: str) -> SpeechQuestion | None:
        """Return whose words are asked for, and on what topic."""
        speech = speech_question(text) or (None if time else _speech_on_event(text, language))
        return replace(speech, addressee="") if speech and not self._may("addressee") else speech

    def _kind_with(
        self, kind: AnswerKind, question: str, outlets: Sequence[OutletFound], speech: SpeechQuestion | None
    ) -> AnswerKind:
        """The kind of answer asked for, given the speaker and the outlets."""
        if speech:
            return "speech"
        reports = kind == "fact" and self._may("kind") and any(one.reporting for one in outlets)
        return "summary" if reports and asks_what(question) else kind

    def _is_digest(self, text: str, kind: AnswerKind, time: TimeFound | None) -> bool:
        """Tell whether a question names a time and no topic: "What happened last week?"."""
        dated = bool(time or self.filters.since or self.filters.until)
        fits = dated and kind in ("fact", *_OVERVIEWS) and self._may("kind")
        return fits and names_no_topic(text, kind != "fact")

    def _is_past(self, interval: Interval) -> bool:
        """Tell whether a time ended too long ago for the question to be about the latest news."""
        return interval.until is not None and interval.until <= self.as_of - _NEWS


def _masked(question: str) -> str:
    """Blank out quoted words, keeping the length: times and outlets in them do not count."""
    return _QUOTED.sub(lambda match: "#" * len(match[0]), question)


def _without(question: str, outlets: Sequence[OutletFound], time: TimeFound | None) -> str:
    """Return a question without the words that name these; unchanged if nothing else is left."""
    spans = [one.whole for one in outlets] + ([time.span] if time else [])
    return without_spans(question, spans) or question


def _speech_on_event(question: str, language: str) -> SpeechQuestion | None:
    """Read "what did X say before the coronation?", if the event cannot be dated, as words on the coronation."""
    event = find_event(question, (language, "en"))
    speech = speech_question(without_spans(question, [event.span])) if event else None
    if event is None or speech is None:
        return None
    return replace(speech, topic=" ".join(filter(None, (speech.topic, event.what))))


def _outside(interval: Interval, filters: Filters) -> bool:
    """Tell whether a time does not overlap the asker's own dates."""
    since, until = filters.since, filters.until
    early = since is not None and interval.until is not None and interval.until <= since.instant
    return early or (until is not None and interval.since is not None and interval.since >= until.instant)
