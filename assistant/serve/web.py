"""The page: ask, read the answer, open its sources, search. Gradio draws it, ``render`` writes its HTML.

A conversation belongs to one browser session and is forgotten with it. Nothing is loaded from or sent to any
other machine, no function can be called by name, and nothing that comes from an article is read as markup.
"""

from __future__ import annotations

import itertools
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from fastapi import FastAPI

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before the import: it is read there

import gradio as gr

from assistant.dates import Moment, parse
from assistant.errors import BadFilter, NotFound, OnTheRecordError, UsageError
from assistant.pipeline import Assistant
from assistant.serve import render
from assistant.serve.models import MAX_LIMIT, MAX_QUESTION
from assistant.types import Answer, Citation, Filters, Hit, Sort

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_ASSETS = Path(__file__).parent / "assets"

MAX_TURNS = 20
"""Questions of one conversation that are kept; the oldest go first."""
_FIRST_HITS = 20
_MAX_SUGGESTED = 6
_SESSIONS = 500
"""Sessions whose conversation is kept at a time."""
_IDLE = 8 * 3600
"""Seconds after which an unused conversation is forgotten."""
_SORTS: dict[str, Sort] = {"Relevance": "relevance", "Newest first": "newest", "Oldest first": "oldest"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation, and what came back: an answer, a failure, or neither yet."""

    number: int
    question: str
    answer: Answer | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What the search tab shows: the hits, and how many were asked for."""

    hits: tuple[Hit, ...] = ()
    limit: int = _FIRST_HITS


def following(moment: Moment) -> Moment:
    """Return the first instant after the day, month, year or second that ``moment`` names, for an inclusive "to"."""
    at = moment.instant
    if moment.precision == "year":
        return Moment(at.replace(year=at.year + 1), "year")
    if moment.precision == "month":
        return Moment((at.replace(day=28) + timedelta(days=4)).replace(day=1), "month")
    return Moment(at + (timedelta(days=1) if moment.precision == "day" else timedelta(seconds=1)), moment.precision)


def page_filters(since: str | None, until: str | None, outlets: Sequence[str] | None) -> Filters:
    """Return the filters of the page's fields; "to" includes the day, month or year it names.

    :raises BadFilter: when a date is none, or the span is empty.
    """
    first, last = (parse(text) if text and text.strip() else None for text in (since, until))
    end = following(last) if last else None
    if first and last and end and first.instant >= end.instant:
        raise BadFilter(f"nothing lies from {first.iso()} to {last.iso()}: the first date is the later one")
    return Filters(first, end, tuple(outlets or ()))


class Page:
    """What the page's events do. One for all sessions; what belongs to a session comes in and goes out."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._opened = itertools.count(1)

    def ask(
        self, question: str | None, since: str | None, until: str | None, outlets: list[str] | None, turns: tuple[Turn, ...]
    ) -> Iterator[tuple[str, tuple[Turn, ...], str, str]]:
        """Yield the conversation with the question in it, then with its answer.

        Each time: the conversation's HTML, the conversation, the question field's new text, a notice.
        """
        asked = (question or "").strip()
        try:
            filters = self._checked(asked, since, until, outlets)
        except UsageError as error:
            yield conversation_html(turns), turns, question or "", render.notice_html(str(error))
            return
        turn = Turn(turns[-1].number + 1 if turns else 1, asked)
        kept = turns[-(MAX_TURNS - 1) :]
        yield conversation_html((*kept, turn)), turns, "", ""
        answer, failure = attempt(lambda: self._assistant.ask(asked, filters))
        kept = (*kept, replace(turn, answer=answer, failure=failure))
        yield conversation_html(kept), kept, "", ""

    def search(
        self, query: str | None, since: str | None, until: str | None, outlets: list[str] | None, sort: str, limit: int
    ) -> tuple[str, Found, str, Any]:
        """Return the results' HTML, the results, a notice, and whether there may be more."""
        words = (query or "").strip()
        if not words:
            return "", Found(), "", gr.update(visible=False)
        try:
            filters = self._checked(words, since, until, outlets)
        except UsageError as error:
            return "", Found(), render.notice_html(str(error)), gr.update(visible=False)
        order = _SORTS.get(sort, "relevance")
        outcome, failure = attempt(
            lambda: (self._assistant.search(words, filters, order, limit), self._assistant.freshness())
        )
        if outcome is None:
            return "", Found(), render.notice_html(failure), gr.update(visible=False)
        hits, freshness = outcome
        more = limit < MAX_LIMIT and len(hits) == limit
        return render.hits_html(hits, freshness), Found(tuple(hits), limit), "", gr.update(visible=more)

    def more(
        self, query: str | None, since: str | None, until: str | None, outlets: list[str] | None, sort: str, found: Found
    ) -> tuple[str, Found, str, Any]:
        """Return the same search again with more results, up to ``MAX_LIMIT``."""
        return self.search(query, since, until, outlets, sort, min(MAX_LIMIT, found.limit * 2))

    def pick(self, turns: tuple[Turn, ...], found: Found, event: gr.EventData) -> str:
        """Return the source panel for the citation, near miss or hit that was clicked."""
        data = getattr(event, "_data", None)
        kind, turn, number = (data.get(key) for key in ("kind", "turn", "number")) if isinstance(data, dict) else (None,) * 3
        if kind == "close":
            return NO_SOURCE
        citation = picked(turns, found, kind, turn, number)
        if citation is None:
            return render.notice_html("That passage is no longer part of this session; ask or search again.")
        article, failure = attempt(lambda: self._assistant.article(citation.article_id, citation.version))
        if article is None:
            return render.notice_html(failure)
        if article.text[citation.start : citation.end] != citation.text:
            _log.error("%s version %d does not hold its citation", citation.article_id, citation.version)
            return render.notice_html("The archive no longer holds these words at this place. Run the question again.")
        return f'<div data-opened="{next(self._opened)}">{render.source_html(article, citation)}</div>'

    def arrive(self) -> tuple[str, Any]:
        """Return what a fresh page shows: the archive's freshness, and its outlets to choose from."""
        outcome, failure = attempt(lambda: (self._assistant.freshness(), self._assistant.outlets()))
        if outcome is None:
            return header_html(render.notice_html(failure)), gr.update()
        freshness, outlets = outcome
        return header_html(render.freshness_line(freshness)), gr.update(choices=outlets)

    @staticmethod
    def _checked(words: str, since: str | None, until: str | None, outlets: Sequence[str] | None) -> Filters:
        if not words:
            raise UsageError("Type a question first.")
        if len(words) > MAX_QUESTION:
            raise UsageError(f"That is {len(words):,} characters long; a question may have {MAX_QUESTION:,}.")
        return page_filters(since, until, outlets)


def attempt(work: Callable[[], _T]) -> tuple[_T | None, str]:
    """Return what ``work`` returns and "", or None and a sentence for the reader that says what failed."""
    try:
        return work(), ""
    except NotFound:
        return None, "This article, or this version of it, is no longer in the archive."
    except OnTheRecordError as error:
        _log.error("%s", error)
        return None, str(error)
    except Exception:
        _log.exception("the page's request failed")
        return None, "Something failed on the server; its log says how. Nothing was lost: try again."


def picked(turns: Sequence[Turn], found: Found, kind: object, turn: object, number: object) -> Citation | None:
    """Return the citation that a click named, or None when this session shows no such one."""
    if not isinstance(number, int) or number < 1:
        return None
    if kind == "hit":
        return render.hit_citation(found.hits[number - 1], number) if number <= len(found.hits) else None
    answer = next((item.answer for item in turns if item.number == turn), None)
    if answer is None:
        return None
    if kind == "near":
        return answer.near_misses[number - 1] if number <= len(answer.near_misses) else None
    return next((citation for citation in answer.citations if citation.marker == number), None)


def conversation_html(turns: Sequence[Turn]) -> str:
    """Return the conversation, the latest question first."""
    return "".join(_turn_html(turn) for turn in reversed(turns))


def _turn_html(turn: Turn) -> str:
    if turn.answer:
        body = render.filter_chips(turn.answer.filters) + render.answer_html(turn.answer, turn.number)
    elif turn.failure:
        body = render.notice_html(turn.failure)
    else:
        body = render.notice_html("Reading the archive …", "busy")
    return (
        f'<section class="otr-turn" aria-label="Question {turn.number}">'
        f'<h3 class="otr-question" dir="auto">{render.esc(turn.question)}</h3>{body}</section>'
    )


def header_html(line: str) -> str:
    """Return the page's head: its name, what it is for, and ``line``."""
    return (
        '<div class="otr-head"><h1>On the Record</h1>'
        "<p>Answers from the archive, in words that can be quoted.</p></div>" + line
    )


NO_SOURCE = (
    '<div class="otr-empty"><p>Choose a citation to read it in its article, with the passage marked.</p></div>'
)


def mount_web(app: FastAPI, assistant: Assistant, suggested: Sequence[str]) -> None:
    """Put the page at ``/`` of ``app``.

    :param suggested: questions offered as buttons; the first few are taken.
    """
    page = build_page(Page(assistant), assistant.outlets(), suggested[:_MAX_SUGGESTED])
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        allowed_paths=[],
        footer_links=[],
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        enable_monitoring=False,
        run_history=False,
        pwa=False,
        mcp_server=False,
        theme=_theme(),
        css=(_ASSETS / "app.css").read_text(encoding="utf-8"),
    )


def _theme() -> gr.themes.Base:
    sans = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Arial", "sans-serif")
    mono = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")
    return gr.themes.Base(primary_hue="red", neutral_hue="stone", font=sans, font_mono=mono)


def build_page(page: Page, outlets: Sequence[str], suggested: Sequence[str]) -> gr.Blocks:
    """Return the page's layout with its events."""
    with gr.Blocks(title="On the Record", analytics_enabled=False, fill_width=True) as blocks:
        head = gr.HTML(header_html(""), elem_id="otr-top")
        turns = gr.State((), time_to_live=_IDLE)
        found = gr.State(Found(), time_to_live=_IDLE)
        with gr.Row(elem_id="otr-main"):
            with gr.Column(scale=6, min_width=320, elem_id="otr-left"):
                filters = _filter_fields(outlets)
                notice = gr.HTML("", elem_id="otr-notice")
                with gr.Tabs():
                    with gr.Tab("Ask", id="ask"):
                        thread = _ask_tab(page, filters, turns, notice, suggested)
                    with gr.Tab("Search", id="search"):
                        hits = _search_tab(page, filters, found, notice)
            with gr.Column(scale=5, min_width=320, elem_id="otr-right"):
                source = _list_html(NO_SOURCE, "otr-source-panel")
        for clicked in (thread, hits, source):
            clicked.click(page.pick, [turns, found], [source], **_EVENT)
        blocks.load(page.arrive, None, [head, filters[2]], **_EVENT)
    blocks.queue(default_concurrency_limit=4, max_size=64, api_open=False)
    blocks.state_session_capacity = _SESSIONS
    return blocks


_EVENT: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def _list_html(value: str, elem_id: str) -> gr.HTML:
    script = (_ASSETS / "pick.js").read_text(encoding="utf-8")
    return gr.HTML(value, elem_id=elem_id, js_on_load=script, apply_default_css=False)


def _filter_fields(outlets: Sequence[str]) -> list[Any]:
    with gr.Row(elem_id="otr-filters", equal_height=True):
        since = gr.Textbox(label="From", placeholder="2023-05-12 or 2023", max_lines=1, max_length=40, min_width=130)
        until = gr.Textbox(label="To, inclusive", placeholder="2023-06-30 or 2023", max_lines=1, max_length=40, min_width=130)
        chosen = gr.Dropdown(list(outlets), label="Outlets", multiselect=True, value=[], min_width=200, elem_id="otr-outlets")
    return [since, until, chosen]


def _ask_tab(page: Page, filters: list[Any], turns: gr.State, notice: gr.HTML, suggested: Sequence[str]) -> gr.HTML:
    with gr.Row(elem_classes="otr-line", equal_height=True):
        question = gr.Textbox(
            label="Your question", placeholder="What did … say about …?", lines=1, max_lines=4,
            max_length=MAX_QUESTION, scale=8, elem_id="otr-question", autofocus=True,
        )  # fmt: skip
        ask = gr.Button("Ask", variant="primary", scale=1, min_width=90, elem_id="otr-ask")
    offered = []
    if suggested:
        with gr.Row(elem_id="otr-suggested"):
            offered = [gr.Button(text, size="sm", min_width=0) for text in suggested]
    thread = _list_html("", "otr-thread")
    clear = gr.Button("Start over", size="sm", elem_id="otr-clear", min_width=0, visible=False)
    outputs = [thread, turns, question, notice]
    for listen, source in [(question.submit, question), (ask.click, question), *((item.click, item) for item in offered)]:
        done = listen(page.ask, [source, *filters, turns], outputs, concurrency_id="ask", **_EVENT)
        done.then(lambda kept: gr.update(visible=bool(kept)), [turns], [clear], **_EVENT)
    clear.click(lambda: ("", (), gr.update(visible=False)), None, [thread, turns, clear], **_EVENT)
    return thread


def _search_tab(page: Page, filters: list[Any], found: gr.State, notice: gr.HTML) -> gr.HTML:
    with gr.Row(elem_classes="otr-line", equal_height=True):
        query = gr.Textbox(
            label="Search for", placeholder='words, or a "phrase in quotes"', max_lines=1, max_length=MAX_QUESTION,
            scale=8, elem_id="otr-query",
        )  # fmt: skip
        go = gr.Button("Search", variant="primary", scale=1, min_width=90, elem_id="otr-search")
    sort = gr.Radio(list(_SORTS), value="Relevance", label="Order", elem_id="otr-sort")
    hits = _list_html("", "otr-results")
    more = gr.Button("Show more", size="sm", visible=False, elem_id="otr-more", min_width=0)
    outputs = [hits, found, notice, more]
    limit = gr.State(_FIRST_HITS)
    for listen in (query.submit, go.click, sort.change, filters[0].submit, filters[1].submit, filters[2].change):
        listen(page.search, [query, *filters, sort, limit], outputs, concurrency_id="search", **_EVENT)
    more.click(page.more, [query, *filters, sort, found], outputs, concurrency_id="search", **_EVENT)
    return hits
