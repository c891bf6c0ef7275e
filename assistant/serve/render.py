"""Render the page as HTML: ``templates/*.html`` filled with articles, questions and settings, everything escaped.

This module has a function for each piece of the page, and the filters that the templates use: dates in words, addresses
that may become links, quotes with their source as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from assistant.answering.citations import cite
from assistant.inferences import INFERENCES
from assistant.prompts import NOT_FOUND
from assistant.templating import templates
from assistant.types import Answer, Citation, Filters, Freshness, Hit, Sentence, StoredArticle

TEMPLATES = templates("assistant.serve")
_FRAMEWORK = str.maketrans({"$": "&#36;", "{": "&#123;", "}": "&#125;", "`": "&#96;"})
"""Characters with a meaning in Gradio's own templates (``${...}``, ``{{...}}``), as equivalent HTML entities."""

RTL_LANGUAGES = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_UNSAFE_IN_URL = re.compile(r"[\s\x00-\x1f\x7f<>\"'`\\^{|}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d))?)?)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
HOW = {"direct": "", "mixed": "partly reported", "indirect": "reported"}
"""Labels of the kinds of quotes."""
_MONTHS = "January February March April May June July August September October November December".split()


def macro(template: str, name: str) -> Callable[..., str]:
    """Return a function that renders a template's macro as HTML that Gradio's own templates leave alone."""
    made = getattr(TEMPLATES.get_template(template).module, name)

    def html(*arguments: Any) -> str:
        return str(made(*arguments)).translate(_FRAMEWORK)

    return html


# --- pieces of the page ------------------------------------------------------------------------------------------


def answer_html(answer: Answer, turn: int) -> str:
    """Return one answer: its sentences, numbered citations, near misses, status and freshness.

    :param turn: number of the turn in the conversation; comes back with a click on a citation.
    """
    return macro("answer.html", "answer")(answer, turn)


def sentences_html(sentences: Sequence[Sentence], citations: Sequence[Citation], turn: int, kind: str = "fact") -> str:
    """Return sentences under their headings, each with its markers, its speaker, its outlet and its date.

    Unsupported ones are struck out and labelled.
    """
    return macro("answer.html", "sentences")(sentences, citations, turn, kind)


def filter_chips(filters: Filters) -> str:
    """Return a question's filters as small labels; "" if it has none."""
    return macro("chips.html", "restricted")(filters)


def inferred_chips(answer: Answer, turn: int, without: Sequence[str] = ()) -> str:
    """Return what was inferred from a question, as removable chips; "" if nothing was.

    :param turn: number of the turn; comes back with a click, with the position of the inference in ``INFERENCES``.
    :param without: names of inferences that were removed; each can be restored.
    """
    return macro("chips.html", "understood")(answer.inferred, turn, without)


def hits_html(hits: Sequence[Hit], freshness: Freshness, search: int = 0) -> str:
    """Return search results in the order given, each opened by its position in the list (from 1).

    :param search: number of the search; comes back with a click on a result.
    """
    return macro("hits.html", "hits")(hits, freshness, search)


def source_html(article: StoredArticle, citation: Citation) -> str:
    """Return the whole article, with its source and with the cited characters marked."""
    return macro("source.html", "source")(article, citation)


def panel_html(article: StoredArticle, citation: Citation, number: int) -> str:
    """Return the contents of the source panel for an article.

    :param number: number of the opening, so that the browser notices if the same passage is opened again.
    """
    return macro("source.html", "panel")(article, citation, number)


def highlighted(text: str, start: int, end: int) -> str:
    """Return ``text`` with the characters from ``start`` to ``end`` in one ``<mark>``.

    Offsets outside the text are clamped; an empty span marks nothing.
    """
    return macro("source.html", "highlighted")(text, start, end)


def header_html(freshness: Freshness | None = None, failure: str = "") -> str:
    """Return the page's header: its name, its purpose, and the archive's freshness, or why that is unknown."""
    return macro("page.html", "header")(freshness, failure)


def empty_html(advice: str) -> str:
    """Return the placeholder shown before anything is chosen."""
    return macro("page.html", "empty")(advice)


def notice_html(text: str, kind: str = "error") -> str:
    """Return a line that says what went wrong ("error") or what is being done ("busy")."""
    return macro("parts.html", "notice")(text, kind)


# --- filters of the templates ------------------------------------------------------------------------------------


def web_address(url: str) -> str | None:
    """Return ``url`` if it is a plain http(s) address that may become a link, else None.

    Refused are other schemes, credentials, whitespace, control and direction characters, and a missing host.
    """
    if not url or len(url) > 2_048 or _UNSAFE_IN_URL.search(url):
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    plain = parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc
    return url if plain else None


def host(address: str) -> str:
    """Return the host of a web address without "www."."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def readable_date(iso: str | None) -> str:
    """Return ``2023-05-12T15:56:15Z`` as "12 May 2023, 15:56 UTC", coarser dates accordingly; "undated" for None."""
    match = _ISO.match(iso or "")
    if not match:
        return "undated"
    year, month, day, clock = match.groups()
    if not month or not 1 <= int(month) <= 12:
        return year
    name = f"{_MONTHS[int(month) - 1]} {year}"
    if not day:
        return name
    return f"{int(day)} {name}" + (f", {clock} UTC" if clock else "")


def readable_freshness(freshness: Freshness) -> str:
    """Return the number of articles, the dates they cover and the last update, as a sentence."""
    if not freshness.articles:
        return "no articles yet."
    noun = "article" if freshness.articles == 1 else "articles"
    covers = ", none of them dated"
    if freshness.first and freshness.last:
        covers = f", {readable_date(freshness.first[:10])} to {readable_date(freshness.last[:10])}"
    taken = f"; last updated {readable_date(freshness.ingested)}" if freshness.ingested else ""
    return f"{freshness.articles:,} {noun}{covers}{taken}."


def attribution(citation: Citation, speaker: str = "", addressee: str = "", kind: str = "direct") -> str:
    """Return the quote with its source as plain text, ready to paste.

    It has the words, their speaker, and the headline, outlet, date, byline, address and version. Quotation marks are
    added unless the words have some or are only reported.

    :param addressee: whom ``speaker`` said them to; "" if the article does not say.
    :param kind: the kind of quote: "direct", "mixed" or "indirect".
    """
    text = citation.text
    bare = kind == "indirect" or re.search(r'["“”„«»]', text)
    source = [part for part in (citation.headline, citation.outlet, readable_date(citation.published)) if part]
    if citation.byline:
        source.append(by(citation.byline))
    to = f"to {' '.join(addressee.split())}" if addressee else ""
    whose = ", ".join(filter(None, (speaker, to, HOW[kind])))
    place = citation.url or citation.article_id
    return (
        f"{text if bare else f'“{text}”'}\n— {whose + '. ' if whose else ''}{', '.join(source)}\n"
        f"{place} (version {citation.version})"
    )


def attribution_of(citation: Citation, sentence: Sentence | None = None) -> str:
    """Return a citation's words with their source as plain text, ready to paste.

    :param sentence: the sentence of an answer that has these words; its speaker is named.
    """
    said = sentence.quote if sentence else None
    if sentence is None or said is None:
        return attribution(citation)
    return attribution(citation, sentence.speaker or "", said.addressee, said.kind)


def by(byline: str) -> str:
    """Return a byline as "by Jonas Ek", with or without "By" in the original; "" for none."""
    return "by " + re.sub(r"(?i)\Aby\s+", "", byline) if byline else ""


def language_code(language: str) -> str:
    """Return a language's code if it has the form of one (BCP 47), else ""."""
    return language if _LANGUAGE.fullmatch(language) else ""


def direction(code: str) -> str:
    """Return the writing direction of a language: "rtl", or "auto" to let the browser decide by the text."""
    return "rtl" if code.split("-")[0].lower() in RTL_LANGUAGES else "auto"


def cited(sentence: Sentence, citations: Sequence[Citation]) -> list[Citation]:
    """Return the citations of a sentence, in its order; unknown markers are skipped."""
    by_marker = {citation.marker: citation for citation in citations}
    return [by_marker[marker] for marker in sentence.citations if marker in by_marker]


def by_article(citations: Sequence[Citation]) -> list[list[Citation]]:
    """Return citations grouped by version of an article, each group in its original order."""
    articles: dict[tuple[str, int], list[Citation]] = {}
    for citation in citations:
        articles.setdefault((citation.article_id, citation.version), []).append(citation)
    return list(articles.values())


def hit_citation(hit: Hit, marker: int) -> Citation:
    """Return the location of a hit as a citation numbered ``marker``."""
    return cite(hit.passage.article, hit.passage.start, hit.passage.end, marker)


TEMPLATES.globals |= {"HOW": HOW, "INFERENCES": INFERENCES, "NOT_FOUND": NOT_FOUND}
TEMPLATES.filters |= {
    "attribution": attribution_of,
    "by": by,
    "by_article": by_article,
    "cite": hit_citation,
    "cited": cited,
    "direction": direction,
    "host": host,
    "language_code": language_code,
    "readable_date": readable_date,
    "readable_freshness": readable_freshness,
    "web_address": web_address,
}
