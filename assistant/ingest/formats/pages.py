"""Reads web pages with trafilatura, which extracts the article without the boilerplate. Nothing is fetched."""

from __future__ import annotations

import re
from datetime import tzinfo
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.dates import Moment
from assistant.errors import BadRecord
from assistant.ingest import isolation
from assistant.ingest.fields import is_blank, moment_of, outlet_name, web_url
from assistant.ingest.formats.markup import drop_hidden, parse
from assistant.ingest.formats.page_metadata import Metadata, metadata
from assistant.ingest.inputs import Input, Items, Made
from assistant.ingest.model import RAW_LIMIT, ReadStopped
from assistant.ingest.names import language_code, outlet_of
from assistant.text import clean_line
from assistant.types import Article

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

_LIMIT = 20_000_000
"""Longest page that trafilatura accepts, in bytes."""

_LONGEST_META = 2_000
"""Characters of a page's ``meta`` element that trafilatura gets: it takes quadratic time for the name of an author."""

_SITE = re.compile(r"\s+[-|–—•·*ㅣ»:]+\s+[^-|–—]{2,60}\Z")


def read_html(source: Input) -> Items:
    """Yield the article of a page, or a reject."""
    text, warnings, fault = source.document(min(source.options.max_record_bytes, _LIMIT))
    if fault:
        reason = fault.reason.replace("Everything before that was ingested", "The page was not ingested")
        raise ReadStopped(reason, text[:RAW_LIMIT])
    yield source.whole(lambda: isolation.call(page_article, text, source.options.zone), text, warnings)


def page_article(text: str, zone: tzinfo) -> Made:
    """Return the article in a page's HTML.

    :param zone: the time zone of times without one.
    :raises BadRecord: if there is none.
    """
    tree = parse(text)
    said = Metadata() if tree is None else metadata(tree)
    document = None if tree is None else _extract(tree)
    body = _body(document, said) if document else ""
    if is_blank(body):
        raise BadRecord(
            "no article text was found on this page; it may be built by a script, be a list of links, or show "
            "only a notice. Save the page as the browser shows it, or ingest its text"
        )
    return _article(body, said, document, zone)


def _extract(tree: HtmlElement) -> Document | None:
    import trafilatura

    drop_hidden(tree)
    for element in tree.iter("meta"):
        if len(content := element.get("content") or "") > _LONGEST_META:
            element.set("content", content[:_LONGEST_META])
    try:
        found = trafilatura.bare_extraction(tree, with_metadata=True, include_comments=False, include_tables=True)
    except Exception:  # it raises all kinds of errors on broken pages, which means that there is no article
        return None
    return None if isinstance(found, dict) else found


def _article(body: str, said: Metadata, document: Document | None, zone: tzinfo) -> Made:
    """Prefer the page's explicit metadata to what trafilatura has guessed from its layout."""
    names = ("title", "author", "date", "sitename", "url", "language")
    guessed = {name: clean_line(str(getattr(document, name, None) or "")) for name in names}
    warnings: list[str] = []
    url = _own_page(said.url) or _own_page(guessed["url"])
    outlet = outlet_name(said.outlet) or outlet_name(guessed["sitename"]) or outlet_of(url)
    published = _moment((*said.published, guessed["date"]), "published", zone, warnings)
    sections = [*said.sections, *(getattr(document, "categories", None) or [])]
    return Article(
        text=body,
        url=url,
        headline=_headline(said.headline, guessed["title"], outlet),
        byline=", ".join(said.authors) or guessed["author"].replace("; ", ", "),
        outlet=outlet,
        section=clean_line(str(sections[0])) if sections else "",
        language=language_code(said.language) or language_code(guessed["language"]),
        published=published,
        updated=_moment(said.updated, "updated", zone, warnings),
    ), tuple(warnings)


def _moment(values: tuple[str, ...], field: str, zone: tzinfo, warnings: list[str]) -> Moment | None:
    """Return the first date among the values; if another has the same day with a time, that one."""
    found: Moment | None = None
    complaint = ""
    for value in values:
        moment, warning = moment_of(value, field, zone)
        complaint = complaint or warning
        finer = moment and found and found.precision != "second" and moment.precision == "second"
        if moment and (found is None or (finer and moment.instant.date() == found.instant.date())):
            found = moment
    if found is None and complaint:
        warnings.append(complaint)
    return found


def _own_page(url: str) -> str:
    """Return a URL unless it is that of a site's front page, which identifies no article; else ""."""
    url = web_url(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.path.strip("/") or parts.query else ""


def _headline(said: str, guessed: str, outlet: str) -> str:
    """Return the headline, without the outlet's name at its end."""
    headline = said or guessed
    tail = _SITE.search(headline)
    if tail and outlet:
        name, end = _letters(outlet), _letters(tail[0])
        if end and (end in name or name in end):
            return headline[: tail.start()]
    return headline


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _body(document: Document, said: Metadata) -> str:
    """Return the text, with blank lines between paragraphs, and without the headline at its start."""
    lines = [line.strip() for line in (document.text or "").split("\n") if line.strip()]
    titles = {_letters(title) for title in (said.headline, document.title or "", *said.titles)}
    if len(lines) > 1 and _letters(lines[0]) in titles:
        lines = lines[1:]
    return "\n\n".join(lines)
