"""The logic behind the page's events: ask, search, open a source. Session state is passed in and returned."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from assistant.assistant import Assistant
from assistant.dates import Moment, parse_date
from assistant.errors import BadFilter, NotFound, OnTheRecordError, UsageError
from assistant.inferences import INFERENCES, InferenceName
from assistant.serve import render
from assistant.serve.errors import public_error
from assistant.serve.requests import MAX_LIMIT, MAX_QUESTION
from assistant.types import Answer, AskOptions, Citation, Filters, Hit, Part, Sort

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

MAX_TURNS = 20
"""Questions kept of one conversation; the oldest are dropped."""
FIRST_HITS = 20
"""Results shown before more are asked for."""
SORTS: dict[str, Sort] = {"Relevance": "relevance", "Newest first": "newest", "Oldest first": "oldest"}
"""The orders of search results, by the name on the page."""
NO_SOURCE = render.empty_html("Choose a citation to read it in its article, with the passage highlighted.")


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation with its outcome: an answer, a failure, or neither yet.

    :ivar number: identifies the turn; unique in this process.
    :ivar filters: what it was restricted to; ``without``: inferences that were removed; ``before``: the questions
        before it, as they were understood.
    :ivar parts: the verified sentences that a language model has written so far.
    """

    number: int
    question: str
    answer: Answer | None = None
    failure: str = ""
    filters: Filters = Filters()
    without: tuple[InferenceName, ...] = ()
    before: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownHits:
    """The contents of the search tab: the search's number, its hits, and how many were requested."""

    number: int = 0
    hits: tuple[Hit, ...] = ()
    limit: int = FIRST_HITS


def following(moment: Moment) -> Moment:
    """Return the first instant after the day, month, year or second that ``moment`` names, for an inclusive "to"."""
    at = moment.instant
    if moment.precision == "year":
        return Moment(at.replace(year=at.year + 1), "year")
    if moment.precision == "month":
        return Moment((at.replace(day=28) + timedelta(days=4)).replace(day=1), "month")
    return Moment(at + (timedelta(days=1) if moment.precision == "day" else timedelta(seconds=1)), moment.precision)


@dataclass(frozen=True, slots=True)
class Fields:
    """The values of the page's filter fields, in layout order."""

    since: str | None = ""
    until: str | None = ""
    outlets: Sequence[str] | None = ()

    def filters(self) -> Filters:
        """Return the filters that the fields describe; "to" includes the day, month or year it names.

        :raises BadFilter: if a date cannot be read, or the period is empty.
        """
        first, last = (parse_date(text) if text and text.strip() else None for text in (self.since, self.until))
        end = following(last) if last else None
        if first and last and end and first.instant >= end.instant:
            raise BadFilter(f"the first date, {first.iso()}, is later than the second, {last.iso()}: swap them")
        return Filters(first, end, tuple(self.outlets or ()))


class Page:
    """Handles the page's events. One instance serves all sessions."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        # Numbers are unique in this process, so that a click on something outdated never opens something else.
        self._numbers = itertools.count(1)

    def ask(
        self, question: str | None, fields: Fields, turns: tuple[Turn, ...]
    ) -> Iterator[tuple[str, tuple[Turn, ...], str, str]]:
        """Yield the conversation with the new question, again with each sentence a model writes, then with the answer.

        Each item is the conversation's HTML, the conversation, the question field's new text, and a notice.
        """
        try:
            asked = _words(question, "Type a question first.")
            filters = fields.filters()
        except UsageError as error:
            yield conversation_html(turns), turns, question or "", render.notice_html(str(error))
            return
        before = tuple(item.answer.query for item in turns if item.answer)
        turn = Turn(next(self._numbers), asked, filters=filters, before=before)
        kept = turns[-(MAX_TURNS - 1) :]
        yield conversation_html((*kept, turn)), turns, "", ""
        for now in self._answering(turn):
            done = now.answer is not None or bool(now.failure)
            yield conversation_html((*kept, now)), ((*kept, now) if done else turns), "", ""

    def _answering(self, turn: Turn) -> Iterator[Turn]:
        """Yield the turn with each sentence that a model writes, then with the answer or the reason for having none.

        Closing the iterator stops the model.
        """
        stream = self._assistant.stream(
            turn.question, AskOptions(filters=turn.filters, without=turn.without, history=turn.before)
        )
        with closing(stream):
            while True:
                one, failure = attempt(lambda: next(stream))
                if isinstance(one, Part):
                    turn = replace(turn, parts=(*turn.parts, one))
                    if one.sentence.checked:  # the archive's own sentences come all at once
                        yield turn
                    continue
                yield replace(turn, parts=(), answer=one, failure=failure)
                return

    def again(self, turns: tuple[Turn, ...], clicked: object) -> Iterator[tuple[str, tuple[Turn, ...]]]:
        """Yield the conversation with a question asked again, with an inference removed or restored.

        :param clicked: as the browser sent it: "kind" ("drop" or "restore"), "turn", and "number", the position of
            the inference in ``INFERENCES``; nothing is yielded for anything else.
        """
        chip = _chip(turns, clicked)
        kind = clicked.get("kind") if isinstance(clicked, Mapping) else None
        if chip is None or kind not in ("drop", "restore"):
            return
        place, name = chip
        turn = turns[place]
        left = tuple(one for one in turn.without if one != name)
        turn = replace(turn, number=next(self._numbers), answer=None, without=(*left, name) if kind == "drop" else left)
        yield conversation_html((*turns[:place], turn, *turns[place + 1 :])), turns
        for now in self._answering(turn):
            kept = (*turns[:place], now, *turns[place + 1 :])
            yield conversation_html(kept), (turns if now.parts else kept)

    def dates(self, turns: Sequence[Turn], clicked: object) -> tuple[str, str, str] | None:
        """Return a question with the first and last date it was understood to mean; None if it names no time."""
        chip = _chip(turns, clicked)
        answer = turns[chip[0]].answer if chip else None
        if chip is None or answer is None or chip[1] != "time":
            return None
        value = next((one.value for one in answer.inferred if one.name == "time"), "../..")
        first, last = ("" if end == ".." else end for end in value.split("/"))
        if last:
            last = f"{parse_date(last).instant - timedelta(days=1):%Y-%m-%d}"
        return turns[chip[0]].question, first, last

    def search(
        self, query: str | None, fields: Fields, sort: str, limit: int = FIRST_HITS
    ) -> tuple[str, ShownHits, str, bool]:
        """Return the results' HTML, the results, a notice, and whether there may be more."""
        try:
            words = _words(query, "Type the words to search for first.")
            filters = fields.filters()
        except UsageError as error:
            return "", ShownHits(), render.notice_html(str(error)), False
        order = SORTS.get(sort, "relevance")
        outcome, failure = attempt(
            lambda: (
                self._assistant.search(words, filters=filters, sort=order, limit=limit),
                self._assistant.freshness(),
            )
        )
        if outcome is None:
            return "", ShownHits(), render.notice_html(failure), False
        hits, freshness = outcome
        more = limit < MAX_LIMIT and len(hits) == limit
        found = ShownHits(next(self._numbers), tuple(hits), limit)
        return render.hits_html(hits, freshness, found.number), found, "", more

    def open_source(self, turns: Sequence[Turn], found: ShownHits, clicked: object) -> str:
        """Return the source panel for what was clicked.

        :param clicked: as the browser sent it; a mapping with "kind" ("cite", "also", "near", "hit" or "close"), "turn"
            and "number"; anything else is tolerated, since a client can send what it likes.
        """
        data = clicked if isinstance(clicked, Mapping) else {}
        if data.get("kind") == "close":
            return NO_SOURCE
        return self.open_citation(picked(turns, found, data.get("kind"), data.get("turn"), data.get("number")))

    def open_citation(self, citation: Citation | None) -> str:
        """Return the source panel for a citation; for None, a notice that this session no longer shows it."""
        if citation is None:
            return render.notice_html("That passage is no longer part of this session; ask or search again.")
        article, failure = attempt(lambda: self._assistant.article(citation.article_id, citation.version))
        if article is None:
            return render.notice_html(failure)
        if article.text[citation.start : citation.end] != citation.text:
            _log.error("%s version %d does not hold its citation", citation.article_id, citation.version)
            return render.notice_html("The archive no longer holds these words at this place. Ask the question again.")
        return render.panel_html(article, citation, next(self._numbers))

    def arrive(self) -> tuple[str, list[str]]:
        """Return the contents of a fresh page: its header with the archive's freshness, and the outlets."""
        outcome, failure = attempt(lambda: (self._assistant.freshness(), self._assistant.outlets()))
        if outcome is None:
            return render.header_html(failure=failure), []
        freshness, outlets = outcome
        return render.header_html(freshness), outlets


def _chip(turns: Sequence[Turn], clicked: object) -> tuple[int, InferenceName] | None:
    """Return the position of the turn that a click on a chip names, and the inference; None if there is none."""
    data = clicked if isinstance(clicked, Mapping) else {}
    number, turn = data.get("number"), data.get("turn")
    place = next((place for place, item in enumerate(turns) if item.number == turn), None)
    if place is None or not isinstance(number, int) or not 1 <= number <= len(INFERENCES):
        return None
    return place, INFERENCES[number - 1]


def _words(text: str | None, missing: str) -> str:
    words = (text or "").strip()
    if not words:
        raise UsageError(missing)
    if len(words) > MAX_QUESTION:
        raise UsageError(f"That is {len(words):,} characters long; the maximum is {MAX_QUESTION:,}.")
    return words


def attempt(work: Callable[[], _T]) -> tuple[_T | None, str]:
    """Return the result of ``work`` and "", or None and a sentence for the reader that says what failed."""
    try:
        return work(), ""
    except NotFound:
        return None, "This article, or this version of it, is no longer in the archive."
    except OnTheRecordError as error:
        _log.error("%s", error)
        return None, public_error(error).message
    except Exception:
        _log.exception("the page's request failed")
        return None, "Something went wrong on the server; its log has the details. Nothing was lost: try again."


def picked(turns: Sequence[Turn], found: ShownHits, kind: object, turn: object, number: object) -> Citation | None:
    """Return the citation that was clicked; None if this session does not show it."""
    if not isinstance(number, int) or number < 1:
        return None
    if kind == "hit":
        known = turn == found.number and number <= len(found.hits)
        return render.hit_citation(found.hits[number - 1], number) if known else None
    answer = next((item.answer for item in turns if item.number == turn), None)
    if answer is None:
        return None
    if kind in ("also", "near"):
        beside = answer.also if kind == "also" else answer.near_misses
        return beside[number - 1] if number <= len(beside) else None
    return next((citation for citation in answer.citations if citation.marker == number), None)


def conversation_html(turns: Sequence[Turn]) -> str:
    """Return the HTML of the conversation, the latest question first."""
    return render.macro("conversation.html", "conversation")(turns)
