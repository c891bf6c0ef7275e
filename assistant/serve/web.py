"""The page, laid out with Gradio: ask, read the answer, open its sources, search.

A conversation belongs to one browser session and is forgotten with it. Nothing is loaded from or sent to any other
machine, no function can be called by name, and nothing from an article is interpreted as markup.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from assistant.serve.page_cache import page_cache

# Gradio reads these when it is imported: its files go to a private folder, and it neither reports nor counts anything.
os.environ |= {
    "GRADIO_TEMP_DIR": str(page_cache()),
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(2**31),
}

import gradio as gr

from assistant.assistant import Assistant
from assistant.serve import render
from assistant.serve.page import FIRST_HITS, NO_SOURCE, SORTS, Fields, Page, ShownHits, Turn
from assistant.serve.page_gate import Event, Kind, PageGate
from assistant.serve.quotes_view import QuotesPage, Shown, quotes_tab
from assistant.serve.requests import MAX_LIMIT, MAX_QUESTION

_ASSETS = Path(__file__).parent / "assets"
_MAX_SUGGESTED = 8
_SESSIONS = 500
"""Sessions whose conversations and unfetched events are kept at a time."""
_IDLE = 8 * 3600
"""Seconds after which an unused conversation is forgotten."""
_LOOK_SECONDS = 0.02
"""Seconds between an idle server's looks for work. Gradio's default, a millisecond, takes a tenth of a core."""
CHIPS = ("drop", "restore", "dates")
"""The kinds of clicks on a chip."""
_EVENT: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "preprocess": False}
"""Options of every event. The gate has parsed the fields' values already, and the page validates them itself."""


def mount_web(app: FastAPI, assistant: Assistant, suggested: Sequence[str]) -> None:
    """Put the page at ``/`` of ``app``.

    :param suggested: questions offered as buttons; only the first few are used.
    """

    async def mount() -> None:
        _mount(app, assistant, suggested[:_MAX_SUGGESTED])

    # Without a running event loop, Gradio creates its own and never closes them.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, mount()).result()


def _mount(app: FastAPI, assistant: Assistant, suggested: Sequence[str]) -> None:
    blocks = build_page(Page(assistant), QuotesPage(assistant), assistant.outlets(), suggested)
    gr.mount_gradio_app(
        app,
        blocks,
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
    blocks._queue.sleep_when_free = _LOOK_SECONDS
    blocks._queue.pending_messages_per_session.max_size = _SESSIONS
    blocks._queue.pending_event_ids_session = Unread(_SESSIONS)
    app.add_middleware(PageGate, events=page_events(blocks), sessions=_Sessions(blocks._queue))


class Unread(dict[str, set[str]]):
    """The events of each session whose outcome has not been fetched yet, for a limited number of sessions.

    Gradio keeps a set for every session there ever was. Here, when there are too many, the empty sets are dropped, or
    the oldest one if none is empty.

    :param most: maximum number of sessions.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, session: str, events: set[str]) -> None:
        """Set a session's events, making room if necessary."""
        if session not in self and len(self) >= self._most:
            for gone in [one for one, unread in self.items() if not unread] or [next(iter(self))]:
                del self[gone]
        super().__setitem__(session, events)


class _Sessions:
    """The sessions known to the framework's queue; see ``page_gate.Sessions``."""

    def __init__(self, queue: Any) -> None:
        self._queue = queue

    def known(self, session: str) -> bool:
        return session in self._queue.pending_messages_per_session

    def unread(self, session: str) -> int:
        return len(self._queue.pending_event_ids_session.get(session, ()))


def page_events(blocks: gr.Blocks) -> dict[int, Event]:
    """Return what may be sent with each event of a page.

    :raises TypeError: if an event takes a field of an unknown type.
    """
    return {
        number: Event(tuple(map(_kind, event.inputs)), frozenset(target for target, _ in event.targets))
        for number, event in blocks.fns.items()
    }


def _kind(field: Any) -> Kind:
    if isinstance(field, gr.State):
        return "nothing"
    if isinstance(field, gr.Dropdown) and field.multiselect:
        return "texts"
    if isinstance(field, gr.Textbox | gr.Radio | gr.Dropdown | gr.Button):
        return "text"
    raise TypeError(f"an event of the page takes a {type(field).__name__}, and no values are defined for that")


def _theme() -> gr.themes.Base:
    sans = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Arial", "sans-serif")
    mono = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")
    return gr.themes.Base(primary_hue="red", neutral_hue="stone", font=sans, font_mono=mono)


def build_page(page: Page, quotes: QuotesPage, outlets: Sequence[str], suggested: Sequence[str]) -> gr.Blocks:
    """Return the page's layout with its events."""
    with gr.Blocks(title="On the Record", analytics_enabled=False, fill_width=True) as blocks:
        head = gr.HTML(render.header_html(), elem_id="otr-top")
        turns = gr.State((), time_to_live=_IDLE)
        found = gr.State(ShownHits(), time_to_live=_IDLE)
        with gr.Row(elem_id="otr-main"):
            with gr.Column(scale=6, min_width=320, elem_id="otr-left"):
                filters = _filter_fields(outlets)
                notice = gr.HTML("", elem_id="otr-notice")
                with gr.Tabs():
                    with gr.Tab("Ask", id="ask"):
                        thread = _ask_tab(page, filters, turns, notice, suggested)
                    with gr.Tab("Search", id="search"):
                        hits = _search_tab(page, filters, found, notice)
                    with gr.Tab("Quotes", id="quotes"):
                        listing, shown, speaker = quotes_tab(quotes, filters, notice, _clickable, _EVENT)
            with gr.Column(scale=5, min_width=320, elem_id="otr-right"):
                source = _clickable("otr-source", NO_SOURCE)
        _open_sources(page, (thread, hits, source), turns, found, source)

        def open_quote(now: Shown, event: gr.EventData) -> str:
            return page.open_citation(quotes.picked(now, getattr(event, "_data", None)))

        listing.click(open_quote, [shown], [source], **_EVENT)

        def arrive() -> tuple[str, Any, Any]:
            line, choices = page.arrive()
            return line, gr.update(choices=choices), gr.update(choices=quotes.speakers())

        blocks.load(arrive, None, [head, filters[2], speaker], **_EVENT)
    blocks.queue(default_concurrency_limit=4, max_size=64, api_open=False)
    blocks.state_session_capacity = _SESSIONS
    return blocks


def _clickable(elem_id: str, value: str = "") -> gr.HTML:
    script = (_ASSETS / "pick.js").read_text(encoding="utf-8")
    return gr.HTML(value, elem_id=elem_id, js_on_load=script, apply_default_css=False)


def _open_sources(page: Page, lists: Sequence[gr.HTML], turns: gr.State, found: gr.State, source: gr.HTML) -> None:
    def pick(kept: tuple[Turn, ...], hits: ShownHits, event: gr.EventData) -> Any:
        clicked = getattr(event, "_data", None)
        if isinstance(clicked, dict) and clicked.get("kind") in CHIPS:
            return gr.skip()
        return page.open_source(kept, hits, clicked)

    for clicked in lists:
        clicked.click(pick, [turns, found], [source], **_EVENT)


def _filter_fields(outlets: Sequence[str]) -> list[Any]:
    with gr.Row(elem_id="otr-filters", equal_height=True):
        since = gr.Textbox(label="From", placeholder="2023-05-12 or 2023", max_lines=1, max_length=40, min_width=130)
        until = gr.Textbox(
            label="To (inclusive)", placeholder="2023-06-30 or 2023", max_lines=1, max_length=40, min_width=130
        )
        chosen = gr.Dropdown(
            list(outlets), label="Outlets", multiselect=True, value=[], min_width=200, elem_id="otr-outlets"
        )
    return [since, until, chosen]


def _ask_tab(page: Page, filters: list[Any], turns: gr.State, notice: gr.HTML, suggested: Sequence[str]) -> gr.HTML:
    with gr.Row(elem_classes="otr-line", equal_height=True):
        question = gr.Textbox(
            label="Your question", placeholder="What did … say about …?", lines=1, max_lines=4,
            max_length=MAX_QUESTION, scale=8, elem_id="otr-question", autofocus=True,
        )  # fmt: skip
        ask = gr.Button("Ask", variant="primary", scale=1, min_width=90, elem_id="otr-ask")
    with gr.Row(elem_id="otr-suggested", visible=bool(suggested)) as offer:
        offered = [gr.Button(text, size="sm", min_width=0) for text in suggested]
    thread = _clickable("otr-thread")
    clear = gr.Button("Start over", size="sm", elem_id="otr-clear", min_width=0, visible=False)

    def answer(
        asked: str | None, since: str | None, until: str | None, outlets: list[str] | None, kept: tuple[Turn, ...]
    ) -> Iterator[tuple[str, tuple[Turn, ...], str, str, Any, Any]]:
        for shown, now, field, said in page.ask(asked, Fields(since, until, outlets), kept):
            begun = bool(shown)
            yield shown, now, field, said, gr.update(visible=begun), gr.update(visible=not begun and bool(suggested))

    outputs = [thread, turns, question, notice, clear, offer]
    asking = [(question.submit, question), (ask.click, question), *((button.click, button) for button in offered)]
    for listen, source in asking:
        listen(answer, [source, *filters, turns], outputs, concurrency_id="ask", **_EVENT)

    def change(kept: tuple[Turn, ...], event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        clicked = getattr(event, "_data", None)
        same = gr.skip()
        if isinstance(clicked, dict) and clicked.get("kind") == "dates":
            yield same, same, *(page.dates(kept, clicked) or (same, same, same))
            return
        yield (same,) * 5  # a generator that yields nothing would empty the page
        for shown, now in page.again(kept, clicked):
            yield shown, now, same, same, same

    changed = [thread, turns, question, filters[0], filters[1]]
    thread.click(change, [turns], changed, concurrency_id="ask", **_EVENT)
    clear.click(
        lambda: ("", (), "", "", gr.update(visible=False), gr.update(visible=bool(suggested))), None, outputs, **_EVENT
    )
    return thread


def _search_tab(page: Page, filters: list[Any], found: gr.State, notice: gr.HTML) -> gr.HTML:
    with gr.Row(elem_classes="otr-line", equal_height=True):
        query = gr.Textbox(
            label="Search for", placeholder='words or a "phrase in quotes"', max_lines=1, max_length=MAX_QUESTION,
            scale=8, elem_id="otr-query",
        )  # fmt: skip
        go = gr.Button("Search", variant="primary", scale=1, min_width=90, elem_id="otr-search")
    sort = gr.Radio(list(SORTS), value="Relevance", label="Order", elem_id="otr-sort")
    hits = _clickable("otr-results")
    more = gr.Button("Show more", size="sm", visible=False, elem_id="otr-more", min_width=0)

    def look(words: str | None, fields: Fields, order: str, limit: int) -> tuple[str, ShownHits, str, Any]:
        shown, now, said, further = page.search(words, fields, order, limit)
        return shown, now, said, gr.update(visible=further)

    def search(
        words: str | None, since: str | None, until: str | None, outlets: list[str] | None, order: str
    ) -> tuple[str, ShownHits, str, Any]:
        return look(words, Fields(since, until, outlets), order, FIRST_HITS)

    def refine(
        words: str | None, since: str | None, until: str | None, outlets: list[str] | None, order: str
    ) -> tuple[str, ShownHits, str, Any]:
        # Changing a filter before the first search does not start one.
        if not (words or "").strip():
            return "", ShownHits(), "", gr.update(visible=False)
        return search(words, since, until, outlets, order)

    def search_more(
        words: str | None, since: str | None, until: str | None, outlets: list[str] | None, order: str, now: ShownHits
    ) -> tuple[str, ShownHits, str, Any]:
        return look(words, Fields(since, until, outlets), order, min(MAX_LIMIT, 2 * now.limit))

    inputs, outputs = [query, *filters, sort], [hits, found, notice, more]
    for listen in (query.submit, go.click):
        listen(search, inputs, outputs, concurrency_id="search", **_EVENT)
    for listen in (sort.change, filters[0].submit, filters[1].submit, filters[2].change):
        listen(refine, inputs, outputs, concurrency_id="search", **_EVENT)
    more.click(search_more, [*inputs, found], outputs, concurrency_id="search", **_EVENT)
    return hits
