"""A page's own metadata: JSON-LD (schema.org), Open Graph and other ``meta`` elements, ``link`` and ``lang``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.ingest.fields import flat
from assistant.ingest.formats.markup import unescaped
from assistant.text import clean_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONGEST = 2 << 20
_TYPES = ("article", "posting", "report", "review", "analysis", "opinion")
_NOT_TYPES = ("webpage", "list", "product", "itemlist")
_INVISIBLE = frozenset(("null", "none", "undefined"))


@dataclass(frozen=True, slots=True)
class Metadata:
    """A page's own metadata, unparsed. Dates are texts, the most reliable first."""

    headline: str = ""
    authors: tuple[str, ...] = ()
    outlet: str = ""
    url: str = ""
    sections: tuple[str, ...] = ()
    language: str = ""
    published: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    """The first-level headings on the page."""


def metadata(tree: HtmlElement) -> Metadata:
    """Return a page's metadata. Must be called before hidden elements are dropped from its tree."""
    node = _json_ld(tree)
    meta = _meta(tree)
    canonical = [link.get("href", "") for link in tree.iter("link") if link.get("rel", "").casefold() == "canonical"]
    return Metadata(
        headline=_first(*flat(node.get("headline")), *meta.get("og:title", ()), *meta.get("twitter:title", ())),
        authors=_authors(node, meta),
        outlet=_first(*meta.get("og:site_name", ()), *flat(node.get("publisher"), ("name",))),
        url=_first(*canonical, *meta.get("og:url", ()), *flat(node.get("url"), ("@id", "url"))),
        sections=_all(*flat(node.get("articleSection")), *meta.get("article:section", ())),
        language=_first(tree.get("lang", ""), *flat(node.get("inLanguage")), *meta.get("og:locale", ())),
        published=_all(
            *flat(node.get("datePublished")),
            *meta.get("article:published_time", ()),
            *meta.get("datepublished", ()),
            *meta.get("article:published", ()),
            *meta.get("dc.date.issued", ()),
            *meta.get("parsely-pub-date", ()),
            *meta.get("date", ()),
        ),
        updated=_all(
            *flat(node.get("dateModified")), *meta.get("article:modified_time", ()), *meta.get("datemodified", ())
        ),
        titles=_all(*(heading.text_content() for heading in tree.iter("h1"))),
    )


def _authors(node: Mapping[str, Any], meta: Mapping[str, list[str]]) -> tuple[str, ...]:
    names = [*flat(node.get("author"), ("name",))] or [*meta.get("author", ()), *meta.get("article:author", ())]
    return tuple(name for name in _all(*names) if "://" not in name and len(name) < 200)


def _meta(tree: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = element.get("content") or ""
        if name and content.strip():
            found.setdefault(name.strip().casefold(), []).append(content)
    return found


def _json_ld(tree: HtmlElement) -> Mapping[str, Any]:
    """Return the JSON-LD node that describes the page's article, or an empty mapping."""
    best: Mapping[str, Any] = {}
    for element in tree.iter("script"):
        text = element.text or ""
        if "ld+json" not in (element.get("type") or "").casefold() or len(text) > _LONGEST:
            continue
        try:
            value = json.loads(text.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(value):
            if _is_article(node) and len(node) > len(best) and (not best or "headline" in node):
                best = node
    return best


def _nodes(value: Any, deep: int = 3) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for item in value[:100]:
            yield from _nodes(item, deep)
    elif isinstance(value, Mapping):
        yield value
        if deep:
            for name in ("@graph", "mainEntity", "mainEntityOfPage"):
                yield from _nodes(value.get(name), deep - 1)


def _is_article(node: Mapping[str, Any]) -> bool:
    kinds = [kind.casefold() for kind in flat(node.get("@type"))]
    return any(kind.endswith(_TYPES) for kind in kinds) and not any(kind in _NOT_TYPES for kind in kinds)


def _first(*values: str) -> str:
    return next(iter(_all(*values)), "")


def _all(*values: str) -> tuple[str, ...]:
    cleaned = (clean_line(unescaped(value)) for value in values)
    return tuple(dict.fromkeys(value for value in cleaned if value and value.casefold() not in _INVISIBLE))
