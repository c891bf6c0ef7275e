"""Reads all versions of RSS and Atom with feedparser, which is given only bytes, so that it fetches nothing."""

from __future__ import annotations

import calendar
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any

from assistant.dates import Moment
from assistant.errors import BadRecord
from assistant.ingest import isolation
from assistant.ingest.fields import is_blank, moment_of, outlet_name, web_url
from assistant.ingest.formats.feed_split import Batches
from assistant.ingest.formats.markup import html_to_text, is_html, unescaped
from assistant.ingest.inputs import Input, Items, Made, record_of
from assistant.ingest.model import RAW_LIMIT, Item, ReadStopped, Record, Reject
from assistant.ingest.names import language_code, outlet_of
from assistant.text import clean_line
from assistant.types import Article

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_UNPUBLISHED = frozenset("draft private trash pending auto-draft future".split())


@dataclass(frozen=True, slots=True)
class _Feed:
    title: str
    language: str
    zone: tzinfo


def read_feed(source: Input) -> Items:
    """Yield a record or reject for each entry, parsing one batch of entries at a time.

    :raises ReadStopped: if the stream stops early, is not a feed, or declares entities.
    """
    stream, decoder = source.lines()
    batches = Batches(stream, decoder, source.options.max_record_bytes)
    number = 0
    for batch in batches:
        if isinstance(batch, ReadStopped):
            number += 1
            yield Reject(f"{source.name}, entry {number}", batch.reason, batch.raw)
            continue
        try:
            entries = isolation.call(read_entries, batch, source.options.zone)
        except BadRecord as error:
            yield Reject(f"{source.name}, entries after {number}", str(error), batch[:RAW_LIMIT])
            continue
        for item in entries:
            number += 1
            place = f"{source.name}, entry {number}"
            if isinstance(item, Record):
                yield replace(item, source=place, warnings=batches.warnings + item.warnings)
            else:
                yield replace(item, source=place)


def read_entries(text: str, zone: tzinfo) -> list[Item]:
    """Return a record or reject, without its ``source``, for each entry of a feed.

    :param zone: the time zone of times without one.
    :raises ReadStopped: if it is not a feed.
    """
    parsed = _parse(text)
    feed = _Feed(_line(parsed.feed, "title"), _line(parsed.feed, "language"), zone)
    return [record_of(partial(_article, entry, feed), "", partial(_raw, entry)) for entry in parsed.entries]


def _parse(text: str) -> Any:
    import feedparser

    data = _DECLARATION.sub("", text).encode("utf-8", "replace")
    try:
        return feedparser.parse(io.BytesIO(data), resolve_relative_uris=False, sanitize_html=False)
    except Exception as fault:  # it raises all kinds of errors on broken markup
        raise ReadStopped(f"not a readable feed ({type(fault).__name__}: {fault})", text[:RAW_LIMIT]) from fault


def _article(entry: Mapping[str, Any], feed: _Feed) -> Made:
    status = _line(entry, "wp_status").casefold()
    if status in _UNPUBLISHED:
        raise BadRecord(f"its status is {status!r}: it was never published, so it was not ingested")
    if _line(entry, "wp_post_password"):
        raise BadRecord("it is protected by a password, so it was not ingested")
    text, language = _body(entry)
    if is_blank(text):
        raise BadRecord("this entry has no text: neither content nor a summary")
    url = web_url(_line(entry, "link"))
    published, complaint = _moment(entry, "published", feed.zone)
    updated, other = _moment(entry, "updated", feed.zone)
    inner = dict.get(entry, "source") if isinstance(entry, dict) else None
    outlet = _line(inner, "title") if isinstance(inner, dict) else ""
    return Article(
        text=text,
        id=_line(entry, "id") or None,
        url=url,
        headline=_line(entry, "title"),
        byline=_byline(entry),
        outlet=outlet_name(outlet or feed.title) or outlet_of(url),
        section=_section(entry),
        language=language_code(language) or language_code(feed.language),
        published=published or updated,
        updated=updated,
    ), tuple(warning for warning in (complaint, other) if warning)


def _get(values: Any, name: str) -> Any:
    # feedparser's own lookup returns "published" for "updated", and warns.
    return dict.get(values, name) if isinstance(values, dict) else None


def _line(values: Any, name: str) -> str:
    value = _get(values, name)
    return clean_line(unescaped(value)) if isinstance(value, str) else ""


def _body(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Return the entry's text, which is its content or else its summary, and the declared language."""
    contents = [part for part in _get(entry, "content") or [] if isinstance(part, dict)]
    summary = _get(entry, "summary_detail") or {"value": _get(entry, "summary")}
    language = _line(_get(entry, "title_detail"), "language")
    for parts in (contents, [summary]):
        texts = [_text(part) for part in parts]
        if longest := max(texts, key=len, default=""):
            return longest, _line(parts[texts.index(longest)], "language") or language
    return "", language


def _text(part: Mapping[str, Any]) -> str:
    value = _get(part, "value")
    if not isinstance(value, str):
        return ""
    kind = str(_get(part, "type") or "")
    return html_to_text(value) if is_html(value) or (kind != "text/plain" and "&" in value) else value.strip()


def _moment(entry: Mapping[str, Any], name: str, zone: tzinfo) -> tuple[Moment | None, str]:
    value = _get(entry, name)
    moment, warning = moment_of(value, name, zone)
    if moment is None and "-0001" not in str(value) and (parsed := _get(entry, f"{name}_parsed")):
        try:
            moment, _ = moment_of(datetime.fromtimestamp(calendar.timegm(parsed), UTC), name, zone)
        except (ValueError, OverflowError, OSError, TypeError):
            moment = None
    return moment, "" if moment else warning


def _byline(entry: Mapping[str, Any]) -> str:
    people = [_line(person, "name") for person in _get(entry, "authors") or []]
    names = [name for name in dict.fromkeys(people) if name and "@" not in name]
    author = _line(entry, "author")
    return ", ".join(names) or ("" if "@" in author else author)


def _section(entry: Mapping[str, Any]) -> str:
    tags = [_line(tag, "label") or _line(tag, "term") for tag in _get(entry, "tags") or []]
    return next((tag for tag in tags if tag), "")


def _raw(entry: Mapping[str, Any]) -> str:
    names = {"id": "id", "url": "link", "headline": "title", "byline": "author", "published": "published"}
    kept = {ours: _line(entry, theirs) for ours, theirs in names.items()}
    return json.dumps(kept, ensure_ascii=False)[:RAW_LIMIT]
