"""A question becomes a ``Query``: its kind, its time, the outlets and names it mentions, whose words it asks for.

Rules, no model: the same question, asked of the same archive at the same instant, is always understood alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from assistant.inferences import InferenceName
from assistant.languages.detection import detect
from assistant.languages.entries import union
from assistant.languages.lexicon import all_questions
from assistant.names.parse import name_words
from assistant.retrieval.analysis import is_function_word
from assistant.retrieval.understanding.event_dates import Dated, find_event, first_instant
from assistant.retrieval.understanding.followups import follow_up
from assistant.retrieval.understanding.intents import asks_what, kind_of, names_no_topic, topic_of
from assistant.retrieval.understanding.outlets import OutletFound, find_outlets
from assistant.retrieval.understanding.query import Interval, Query
from assistant.retrieval.understanding.spans import without_spans
from assistant.retrieval.understanding.speech_questions import SpeechQuestion, speech_question
from assistant.retrieval.understanding.timing import TimeFound, find_time
from assistant.text import fold
from assistant.types import AnswerKind, Filters, Inference

_KINDS: dict[AnswerKind, str] = {
    "speech": "what was said", "timeline": "timeline", "summary": "summary of coverage",
    "comparison": "comparison of outlets", "yesno": "yes or no",
}  # fmt: skip
_OVERVIEWS = ("timeline", "summary", "comparison")
_OPEN_START = ("speech", *_OVERVIEWS)
_MONTHS = "January February March April May June July August September October November December".split()


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
    """Return what ``question`` means.

    :param as_of: the instant it is asked at, with its zone.
    :param filters: what the asker restricts the search to; kept as they are.
    :param language: of the question, ISO 639-1; "" when unknown.
    :param outlets: of the archive, most articles first.
    :param without: inferences not to make.
    :param history: the questions before it in the same conversation, oldest first, as resolved or as asked.
    :param dated: tells when something happened; None where no archive is at hand to tell.
    """
    question = " ".join(question.split())
    before: Query | None = None
    for earlier in history:
        before = _understood(earlier, as_of, filters, language, outlets, (), before, dated)
    return _understood(question, as_of, filters, language, outlets, without, before, dated)


def _understood(
    question: str,
    as_of: datetime,
    filters: Filters,
    language: str,
    outlets: Sequence[str],
    without: Sequence[InferenceName],
    before: Query | None,
    dated: Dated | None,
) -> Query:
    going_on = follow_up(question, before, as_of, outlets) if before and "followup" not in without else None
    asked = going_on.asked if going_on else question
    question = going_on.question if going_on else question
    tongue = language or detect(question)
    plain = _QUOTED.sub(lambda match: "#" * len(match[0]), question)  # what stands in quotation marks is not read
    kind: AnswerKind = "fact" if "kind" in without else kind_of(asked, tongue)
    named = [] if "outlet" in without else _sources(plain, outlets, kind)
    asks_words = not (going_on and going_on.joined) and kind in ("fact", "yesno") and "speaker" not in without
    time = None if "time" in without else _time(plain, as_of, tongue, dated)
    if time and time.interval.since is None and kind not in _OPEN_START and not time.event:
        # "Who was president until 2019?" asks about the world, "What did she say until 2019?" about the archive.
        time = time if asks_words and speech_question(without_spans(question, [time.span])) else None
    outside = time is not None and _outside(time.interval, filters)
    sources = [one.whole for one in named]
    text = without_spans(question, sources + ([time.span] if time else [])) or question
    time = None if outside else time  # the asker's own dates say otherwise; the words are not searched for
    speech = (speech_question(text) or (None if time else _speech_on_event(text, tongue))) if asks_words else None
    if speech and "addressee" in without:
        speech = replace(speech, addressee="")
    if time and time.event and not speech:  # "how many died since the earthquake?" asks about the earthquake too
        text = without_spans(question, sources) or question
    if speech:
        kind = "speech"
    elif kind == "fact" and "kind" not in without and any(one.reporting for one in named) and asks_what(question):
        kind = "summary"
    dated_at_all = bool(time or filters.since or filters.until)
    overviewed = dated_at_all and kind in ("fact", *_OVERVIEWS) and "kind" not in without
    digest = overviewed and names_no_topic(text, kind != "fact")
    kind = "summary" if digest and kind == "fact" else kind
    if kind in _OVERVIEWS and not digest:
        text = topic_of(text)
    return Query(
        question=question,
        text=text,
        as_of=as_of,
        kind=kind,
        filters=filters,
        within=time.interval if time else None,
        outlets=tuple(dict.fromkeys(one.outlet for one in named)),
        names=proper_names(without_spans(question, [time.span] if time else [])),
        language=language,
        recent=kind != "timeline" and not (time and _past(time.interval, as_of)),
        speech=speech,
        variants="variants" not in without,
        inferred=(
            *((Inference("followup", question, before.question),) if before and going_on else ()),
            *_inferences(kind, named, time, speech),
        ),
        more=going_on is not None and going_on.more,
        digest=digest,
        event=time.event if time else "",
    )


def _time(question: str, as_of: datetime, language: str, dated: Dated | None) -> TimeFound | None:
    """The time that a question names by a date, or else by what happened, where it can be told when that was."""
    languages = tuple(dict.fromkeys((language, detect(question), "en")))
    if (time := find_time(question, as_of, languages)) or dated is None:
        return time
    event = find_event(question, languages)
    day = dated(event.what, language, as_of) if event else None
    if event is None or day is None:
        return None
    return TimeFound(event.interval(first_instant(day, as_of)), event.span, event=event.what)


def _speech_on_event(question: str, language: str) -> SpeechQuestion | None:
    """Read "what did X say before the coronation?", where nobody can tell when that was, as words on the coronation."""
    event = find_event(question, (language, "en"))
    speech = speech_question(without_spans(question, [event.span])) if event else None
    if event is None or speech is None:
        return None
    return replace(speech, topic=" ".join(filter(None, (speech.topic, event.what))))


_QUOTED = re.compile(r'"[^"]+"|“[^”]+”|„[^“”]+[“”]|«[^»]+»')


def _sources(question: str, outlets: Sequence[str], kind: AnswerKind) -> list[OutletFound]:
    return [one for one in find_outlets(question, outlets, kind == "comparison") if one.source]


def _outside(interval: Interval, filters: Filters) -> bool:
    """Tell whether a time has no instant in common with the dates that the asker restricts the search to."""
    since, until = filters.since, filters.until
    early = since is not None and interval.until is not None and interval.until <= since.instant
    return early or (until is not None and interval.since is not None and interval.since >= until.instant)


def _past(interval: Interval, as_of: datetime) -> bool:
    """Tell whether a time ended before the day asked: what is newest is then not what is asked for."""
    return interval.until is not None and interval.until <= as_of - timedelta(days=7)


def proper_names(question: str) -> tuple[str, ...]:
    """Return the runs of capitalised words of a question, in its order, each once, as written.

    The first word counts when it is no function word. In German these are its nouns.
    """
    found: dict[str, None] = {}
    run: list[str] = []
    words = [*question.split(), "."]
    for position, word in enumerate(words):
        bare = word.strip("\"'“”„‚‘’«»()[]¿¡,;:?!.؟،…")
        following = words[position + 1][:1] if position + 1 < len(words) else ""
        if bare[:1].isupper() and not (
            (is_function_word(bare) or fold(bare) in _requests()) and (position == 0 or not run)
        ):
            run.append(re.sub(r"['’]s$", "", bare))
        elif not (run and word in name_words().within and following.isupper()):
            found.setdefault(" ".join(run))
            run = []
        else:
            run.append(word)
        if run and word[-1:] in ",;:?!.؟،":
            found.setdefault(" ".join(run))
            run = []
    return tuple(name for name in found if name)


@cache
def _requests() -> frozenset[str]:
    """Verbs that a request begins with, in any language."""
    return union(asking.asks.requests for asking in all_questions())


def time_label(interval: Interval) -> str:
    """Return a time for people: "May 2023", "2023", "12 May 2023", "since March 2023", "1 to 7 May 2023"."""
    since, until = interval.since, interval.until
    if since is None or until is None:
        if since is not None:
            return f"since {_short(since)}"
        return f"before {_short(until)}" if until is not None else "any time"
    last = until - timedelta(days=1)
    whole = since.day == 1 and until.day == 1
    if whole and since.month == 1 and until.month == 1:
        return str(since.year) if until.year == since.year + 1 else f"{since.year} to {last.year}"
    if whole:
        first, final = f"{_MONTHS[since.month - 1]} {since.year}", f"{_MONTHS[last.month - 1]} {last.year}"
        if first == final:
            return final
        return f"{_MONTHS[since.month - 1]} to {final}" if since.year == last.year else f"{first} to {final}"
    if last <= since:
        return _day(since)
    if since.year == last.year:
        return f"{since.day}{'' if since.month == last.month else ' ' + _MONTHS[since.month - 1]} to {_day(last)}"
    return f"{_day(since)} to {_day(last)}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _short(moment: datetime) -> str:
    if moment.day == 1:
        return str(moment.year) if moment.month == 1 else f"{_MONTHS[moment.month - 1]} {moment.year}"
    return _day(moment)


def time_value(interval: Interval) -> str:
    """Return a time for programs, as ISO 8601 writes spans: "2023-05-01/2023-06-01", with ".." for an open end."""
    return "/".join(f"{end:%Y-%m-%d}" if end else ".." for end in (interval.since, interval.until))


def _inferences(
    kind: AnswerKind, named: Sequence[OutletFound], time: TimeFound | None, speech: SpeechQuestion | None
) -> Iterator[Inference]:
    if time:
        label = time_label(time.interval) + (f" ({time.event})" if time.event else "")
        yield Inference("time", label, time_value(time.interval), time.span)
    for one in named:
        yield Inference("outlet", one.outlet, one.outlet, one.whole)
    if speech and not speech.speaker:
        yield Inference("kind", "who said it", kind)
    elif speech:
        yield Inference("speaker", f"words of {speech.speaker}", speech.speaker)
        if speech.addressee:
            yield Inference("addressee", f"said to {speech.addressee}", speech.addressee)
    elif kind != "fact":
        yield Inference("kind", _KINDS[kind], kind)
