"""Converts named values, from JSON, a table or front matter, into an article."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from assistant import dates
from assistant.dates import Moment
from assistant.errors import BadFilter, BadRecord
from assistant.ingest.formats.markup import html_to_text, is_html, unescaped
from assistant.ingest.model import ReadOptions
from assistant.ingest.names import FIELDS, LONGEST_URL, SUMMARIES, WRAPPERS, language_code, outlet_of, plain
from assistant.text import clean, clean_line, well_formed
from assistant.types import Article

_LOOKUP = {field: tuple(plain(name) for name in names) for field, names in FIELDS.items()}
_SUMMARIES = tuple(plain(name) for name in SUMMARIES)
_INNER = ("value", "text", "rendered", "name", "title", "label", "html", "content", "#text", "$t", "$oid", "$date")
_EMPTY = frozenset(("", "none", "null", "nan", "nat", "n/a", "undefined"))
_BY = re.compile(r"\A[Bb][Yy][ :]+(?=\S)")
_MARKUP_NAME = re.compile(r"html|rendered")
_NESTED = frozenset("article story source doc document item post fields attributes".split())
_WITHHELD = frozenset(("withheld", "canceled", "cancelled"))


def article_of(raw: Mapping[str, Any], options: ReadOptions) -> tuple[Article, tuple[str, ...]]:
    """Return the article made from a record of named values, and warnings about what is missing from it.

    :param raw: names as in the source; values are text, numbers, dates, or lists and mappings of them.
    :raises BadRecord: if it has no text, or is marked as not for publication.
    """
    record = {plain(str(name)): value for name, value in raw.items()}
    _refuse_withheld(record, options.zone)
    reader = _Reader(raw, record, options)
    text = reader.text()
    if is_blank(text):
        nested = _nested(raw) if "text" not in options.mapping else None
        if nested is not None:
            return article_of(nested, options)
        raise BadRecord(reader.no_text())
    url = reader.url()
    return Article(
        text=text,
        id=reader.identity(),
        url=url,
        headline=reader.line("headline"),
        byline=_BY.sub("", reader.line("byline")),
        outlet=outlet_name(reader.line("outlet")) or outlet_of(url),
        section=reader.line("section", first=True),
        language=language_code(reader.line("language", first=True)),
        published=reader.moment("published"),
        updated=reader.moment("updated"),
    ), tuple(reader.warnings)


def is_blank(text: str) -> bool:
    """Return whether a text has only characters that cleaning would remove, or none."""
    return not any(c.isalnum() for c in text[:1000]) and not clean(text)


def outlet_name(value: str) -> str:
    """Return an outlet's name; if it is a URL or host, the part of the host that names the outlet."""
    looks = "://" in value or (value.startswith("www.") and " " not in value)
    return outlet_of(value) if looks else value


def web_url(value: str) -> str:
    """Return a web URL, completed with "https:" where that is missing; "" if it is not one."""
    value = value.strip()
    if value.startswith("//"):
        value = f"https:{value}"
    elif value.casefold().startswith("www."):
        value = f"https://{value}"
    return value if re.match(r"https?://[^\s/]", value, re.IGNORECASE) and len(value) <= LONGEST_URL else ""


def moment_of(value: object, field: str, zone: tzinfo) -> tuple[Moment | None, str]:
    """Return the date in a value, and a warning if the value is neither a date nor empty."""
    if value is None or (isinstance(value, str) and value.strip().casefold() in _EMPTY):
        return None, ""
    shown = str(value)
    try:
        if isinstance(value, bool) or "-0001" in shown:  # how WordPress writes that there is no date
            raise BadFilter("no date")
        # As text, 20230512 is a day; as a number it would be seconds since 1970.
        return dates.parse_date(shown if isinstance(value, int) else value, zone), ""
    except (BadFilter, RuntimeWarning):
        return None, f"{field} is not a date: {clean_line(shown[:60])!r}; the article was ingested without it"


class _Reader:
    """Looks up the fields of one record, and collects warnings."""

    def __init__(self, raw: Mapping[str, Any], record: Mapping[str, Any], options: ReadOptions) -> None:
        self._raw, self._record, self._options = raw, record, options
        self.warnings: list[str] = []

    def _values(self, field: str) -> Iterable[tuple[str, Any]]:
        if field in self._options.mapping:
            name = self._options.mapping[field]
            yield name, _at(self._raw, name)
            return
        for name in _LOOKUP[field]:
            if name in self._record:
                yield name, self._record[name]

    def text(self) -> str:
        for name, value in self._values("text"):
            if text := _body(name, value):
                return text
        if "text" not in self._options.mapping:
            for name in _SUMMARIES:
                if text := _body(name, self._record.get(name)):
                    self.warnings.append(f"no full text; its {name} was ingested instead")
                    return text
        return ""

    def no_text(self) -> str:
        names = ", ".join(clean_line(str(name)[:40]) for name in list(self._raw)[:20]) or "nothing"
        if mapped := self._options.mapping.get("text"):
            return f"no text: the field {mapped!r} is missing or empty; this record has {names}"
        return f"no text under any of the usual names; this record has {names}. Name the field: --map text=FIELD"

    def line(self, field: str, first: bool = False) -> str:
        for _, value in self._values(field):
            found = [clean_line(unescaped(item)) for item in flat(value)]
            found = list(dict.fromkeys(item for item in found if item.casefold() not in _EMPTY))
            if found:
                return found[0] if first or field in ("headline", "outlet") else ", ".join(found)
        return ""

    def identity(self) -> str | None:
        """Return the id exactly as the source gives it, because users will look it up by that."""
        for _, value in self._values("id"):
            found = next(iter(flat(value)), "")
            if found.strip() and found.strip().casefold() not in _EMPTY:
                return well_formed(found)
        return None

    def url(self) -> str:
        for name, value in self._values("url"):
            found = next(iter(flat(value, ("href", "url", *_INNER))), "")
            if url := web_url(found):
                return url
            if found.strip() and (name == "url" or "url" in self._options.mapping):
                self.warnings.append(f"url is not a web address: {clean_line(found[:60])!r}; left out")
        return ""

    def moment(self, field: str) -> Moment | None:
        complaint = ""
        for _, value in self._values(field):
            if isinstance(value, Mapping | list | tuple):
                value = next(iter(flat(value)), None)
            moment, warning = moment_of(value, field, self._options.zone)
            if moment:
                return moment
            complaint = complaint or warning
        if complaint:
            self.warnings.append(complaint)
        return None


def flat(value: Any, inner: tuple[str, ...] = _INNER) -> list[str]:
    """Return the texts in a value: itself, its items, or a mapping's value under "name", "value", ..."""
    if value is None or isinstance(value, bool):
        return []
    if isinstance(value, str):
        if value.startswith(("['", '["')) and value.endswith("]"):
            return [item for item in _listed(value) if item.strip()]
        return [value] if value.strip() else []
    if isinstance(value, Mapping):
        by_name = {str(name).casefold(): item for name, item in value.items()}
        found = next((by_name[name] for name in inner if isinstance(by_name.get(name), str | int | float)), None)
        return flat(found, inner)
    if isinstance(value, list | tuple):
        return [text for item in value if not isinstance(item, list | tuple) for text in flat(item, inner)]
    return [str(value)]


def _listed(value: str) -> list[str]:
    """Parse a list written as text, as in spreadsheet exports: "['A. Writer', 'B. Editor']"."""
    try:
        items = ast.literal_eval(value) if len(value) < 10_000 else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        items = None
    return [str(item) for item in items] if isinstance(items, list) else [value]


def _body(name: str, value: Any) -> str:
    if isinstance(value, str):
        parts = [value]
    elif isinstance(value, list | Mapping):
        parts = flat(value, ("value", "text", "content", "rendered", "html", "body", "paragraph"))
    else:
        return ""
    markup = _MARKUP_NAME.search(name) is not None or isinstance(value, Mapping)
    texts = [html_to_text(part) if is_html(part, markup) or (markup and "&" in part) else part for part in parts]
    return "\n\n".join(text for text in texts if text.strip())


def _at(raw: Mapping[str, Any], path: str) -> Any:
    """Return the value at a name or dotted path; an exact name wins over one that differs in case or punctuation."""
    if path in raw:
        return raw[path]
    for name, value in raw.items():
        if plain(str(name)) == plain(path):
            return value
    head, _, rest = path.partition(".")
    inner = raw.get(head)
    return _at(inner, rest) if rest and isinstance(inner, Mapping) else None


def _nested(raw: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the record with the fields of an inner object, such as "article", lifted to the top; None without one."""
    for name, value in raw.items():
        if plain(str(name)) in _NESTED and isinstance(value, Mapping) and looks_like_article(value, {}):
            return {**{n: v for n, v in raw.items() if n != name}, **value}
    return None


def _refuse_withheld(record: Mapping[str, Any], zone: tzinfo) -> None:
    status = str(record.get("pubstatus", "")).strip().casefold()
    if status in _WITHHELD:
        raise BadRecord(f"its pubstatus is {status!r}: not for publication, so it was not ingested")
    embargo, _ = moment_of(record.get("embargoed", record.get("embargo")), "embargo", zone)
    if embargo and embargo.instant > datetime.now(UTC):
        raise BadRecord(f"under embargo until {embargo.iso()}; ingest it again after that")


def has_text_field(names: Iterable[str], mapping: Mapping[str, str]) -> bool:
    """Return whether a table with these columns can provide the text of articles."""
    names = [str(name) for name in names]
    if "text" in mapping:
        return plain(mapping["text"]) in {plain(name) for name in names} or "." in mapping["text"]
    usable = {*_LOOKUP["text"], *_SUMMARIES}
    return any(plain(name) in usable for name in names)


def looks_like_article(raw: Mapping[str, Any], mapping: Mapping[str, str]) -> bool:
    """Return whether an object is itself an article, rather than a wrapper around a list of articles."""
    if "text" in mapping and _at(raw, mapping["text"]):
        return True
    usable = set(_LOOKUP["text"]) - {plain(name) for name in WRAPPERS}
    return any(plain(str(name)) in usable and _body(str(name), value) for name, value in raw.items())
