"""The Quotes tab: pick a speaker, read the quotes along a timeline, filter, copy a quote, open its article."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.answering.speech.listing import Listing, Wanted
from assistant.assistant import Assistant
from assistant.errors import UsageError
from assistant.serve import render
from assistant.serve.page import Fields, attempt
from assistant.serve.requests import MAX_LIMIT
from assistant.types import Citation, Quote

FIRST_QUOTES = 50
"""Quotes shown before more are asked for."""
NO_QUOTES = render.empty_html("Pick a speaker, or enter words, to see quotes along a timeline.")
_SPEAKERS = 100
"""Speakers offered in the list; any other name can be typed."""
_MAX_NAME = 200
KINDS: dict[str, Wanted | None] = {"All": None, "In quotation marks": "direct", "Reported": "indirect"}
"""Which quotes are shown, by the name on the page."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The contents of the tab: the listing's number, the locations of its quotes, and how many were requested."""

    number: int = 0
    places: tuple[Citation, ...] = ()
    limit: int = FIRST_QUOTES


class QuotesPage:
    """Handles the tab's events. One instance serves all sessions."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._numbers = itertools.count(1)

    def speakers(self) -> list[str]:
        """Return the names to pick from, the most quoted first."""
        found, _ = attempt(lambda: self._assistant.speakers(limit=_SPEAKERS))
        return [speaker.name for speaker in found or []]

    def look(
        self, speaker: str | None, words: str | None, kind: str, fields: Fields, limit: int = FIRST_QUOTES
    ) -> tuple[str, Shown, str, bool]:
        """Return the quotes' HTML, their locations, a notice, and whether there are more."""
        name, text = (speaker or "").strip()[:_MAX_NAME], (words or "").strip()[:_MAX_NAME]
        if not name and not text:
            return NO_QUOTES, Shown(), render.notice_html("Pick a speaker, or enter some words."), False
        try:
            filters = fields.filters()
        except UsageError as error:
            return "", Shown(), render.notice_html(str(error)), False
        listing, failure = attempt(
            lambda: self._assistant.quotes(
                text, speaker=name, filters=filters, kind=KINDS.get(kind), limit=min(limit, MAX_LIMIT)
            )
        )
        if listing is None:
            return "", Shown(), render.notice_html(failure), False
        ordered = sorted(listing.quotes, key=_day, reverse=True)
        number = next(self._numbers)
        places = tuple(place(quote, marker) for marker, quote in enumerate(ordered, start=1))
        more = listing.total > len(ordered) and limit < MAX_LIMIT
        return timeline_html(listing, ordered, name, number), Shown(number, places, limit), "", more

    def picked(self, shown: Shown, clicked: object) -> Citation | None:
        """Return the location of the quote that was clicked; None if this session does not show it."""
        data = clicked if isinstance(clicked, Mapping) else {}
        number = data.get("number")
        if data.get("kind") != "quote" or data.get("turn") != shown.number or not isinstance(number, int):
            return None
        return shown.places[number - 1] if 1 <= number <= len(shown.places) else None


def _day(quote: Quote) -> tuple[str, int]:
    return quote.published or "", -quote.start


def place(quote: Quote, marker: int) -> Citation:
    """Return the location of a quote as a citation numbered ``marker``."""
    return Citation(
        marker, quote.article_id, quote.version, quote.headline, quote.outlet, quote.url, quote.published,
        quote.byline, quote.language, quote.start, quote.end, quote.text,
    )  # fmt: skip


def attribution(quote: Quote) -> str:
    """Return a quote with its speaker and source as plain text, ready to paste."""
    addressee = quote.addressee.text if quote.addressee else ""
    return render.attribution(place(quote, 1), quote.speaker or "", addressee, quote.kind)


def timeline_html(listing: Listing, ordered: Sequence[Quote], asked: str, number: int) -> str:
    """Return quotes along a timeline, the newest first.

    :param asked: the name that was asked for; "" for none.
    :param number: number of the listing; comes back with a click on a quote.
    """
    placed = itertools.groupby(enumerate(ordered, start=1), key=lambda item: _month(item[1]))
    months = [(month, [(at, quote, attribution(quote)) for at, quote in quotes]) for month, quotes in placed]
    return render.macro("quotes.html", "timeline")(listing, asked, months, _bars(ordered), number)


def _month(quote: Quote) -> str:
    return (quote.published or "")[:7]


def _bars(quotes: Sequence[Quote]) -> list[tuple[str, int, int]]:
    """Return each month with its number of quotes, and that number as a percentage of the highest one."""
    counts = sorted((month, count) for month, count in Counter(map(_month, quotes)).items() if month)
    most = max((count for _, count in counts), default=1)
    return [(month, count, round(100 * count / most)) for month, count in counts]


# --- layout ----------------------------------------------------------------------------------------------------


def _search_row() -> tuple[gr.Dropdown, gr.Textbox, gr.Button]:
    with gr.Row(elem_classes="otr-line", equal_height=True):
        speaker = gr.Dropdown(
            [], label="Speaker", value=None, allow_custom_value=True, scale=5, min_width=180, elem_id="otr-speaker"
        )
        words = gr.Textbox(
            label="Words in the quote", max_lines=1, max_length=_MAX_NAME, scale=4, min_width=140, elem_id="otr-words"
        )
        go = gr.Button("Show", variant="primary", scale=1, min_width=80, elem_id="otr-show")
    return speaker, words, go


def quotes_tab(page: QuotesPage, filters: list[Any], notice: gr.HTML, clickable: Any, event: dict[str, Any]) -> Any:
    """Lay out the tab; return its list, the state that clicks on it refer to, and the speaker field.

    :param filters: the fields that all tabs share. ``clickable`` makes a list; ``event`` has the options of events.
    """
    speaker, words, go = _search_row()
    kind = gr.Radio(list(KINDS), value="All", label="Quotes", elem_id="otr-kind")
    shown = gr.State(Shown(), time_to_live=8 * 3600)
    listing = clickable("otr-quotes", NO_QUOTES)
    more = gr.Button("Show more", size="sm", visible=False, elem_id="otr-more-quotes", min_width=0)

    def look(
        name: str | None, text: str | None, which: str, since: str | None, until: str | None, outlets: list[str] | None,
    ) -> tuple[str, Shown, str, Any]:  # fmt: skip
        html, now, said, further = page.look(name, text, which, Fields(since, until, outlets))
        return html, now, said, gr.update(visible=further)

    def refine(
        name: str | None, text: str | None, which: str, since: str | None, until: str | None, outlets: list[str] | None,
    ) -> tuple[str, Shown, str, Any]:  # fmt: skip
        # Changing a filter before picking a speaker or entering words shows nothing.
        if not (name or "").strip() and not (text or "").strip():
            return NO_QUOTES, Shown(), "", gr.update(visible=False)
        return look(name, text, which, since, until, outlets)

    def look_further(
        name: str | None, text: str | None, which: str, since: str | None, until: str | None, outlets: list[str] | None,
        now: Shown,
    ) -> tuple[str, Shown, str, Any]:  # fmt: skip
        html, after, said, further = page.look(name, text, which, Fields(since, until, outlets), 2 * now.limit)
        return html, after, said, gr.update(visible=further)

    inputs, outputs = [speaker, words, kind, *filters], [listing, shown, notice, more]
    for listen in (go.click, words.submit):
        listen(look, inputs, outputs, concurrency_id="search", **event)
    for listen in (speaker.input, kind.change, filters[0].submit, filters[1].submit, filters[2].change):
        listen(refine, inputs, outputs, concurrency_id="search", **event)
    more.click(look_further, [*inputs, shown], outputs, concurrency_id="search", **event)
    return listing, shown, speaker
