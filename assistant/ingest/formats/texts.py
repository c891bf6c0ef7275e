"""Plain text and Markdown: one article per file, with the metadata at its head and foot."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from assistant.errors import BadRecord
from assistant.ingest import isolation
from assistant.ingest.fields import article_of, is_blank, moment_of
from assistant.ingest.formats.frontmatter import front_matter
from assistant.ingest.formats.markup import html_to_text
from assistant.ingest.inputs import Input, Items, Made
from assistant.ingest.model import RAW_LIMIT, ReadOptions, ReadStopped
from assistant.ingest.names import plain
from assistant.text import clean, clean_line
from assistant.types import Article

_HEADLINE = 120
_STAMP = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?\Z"
)
_TAGS = re.compile(r"(?:#[^\s#]+\s*)+\Z")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NO_HEADLINE = (".", ",", ";", ":", "…", "。", "،", "؛")

_NESTED = 32
"""Depth of square brackets beyond which a text has no links: looking for them takes quadratic time."""

_BRACKETS = re.compile(r"[\[\]]|\n\s*\n")


def read_text(source: Input) -> Items:
    """Yield the article of a plain text file, or a reject."""
    yield from _read(source, markdown=False)


def read_markdown(source: Input) -> Items:
    """Yield the article of a Markdown file, or a reject."""
    yield from _read(source, markdown=True)


def _read(source: Input, markdown: bool) -> Items:
    text, warnings, fault = source.document()
    if fault:
        reason = fault.reason.replace("Everything before that was ingested", "The article was not ingested")
        raise ReadStopped(reason, text[:RAW_LIMIT])
    yield source.whole(lambda: isolation.call(text_article, text, source.options, markdown), text, warnings)


def text_article(text: str, options: ReadOptions, markdown: bool) -> Made:
    """Return the article of a text file.

    :param markdown: whether its body is Markdown.
    :raises BadRecord: if there is none.
    """
    head, body = front_matter(text.replace("\r\n", "\n").replace("\r", "\n"), options.mapping)
    body, published, tags = _foot(body)
    headline, body = _markdown(body) if markdown else _plain(body)
    if not body.strip():
        headline, body = "", headline
    if is_blank(body):
        raise BadRecord("no text: this file contains only front matter, tags or a date")
    raw: dict[str, Any] = {**{name: value for name, value in head.items() if plain(name) != "text"}, "text": body}
    options = replace(options, mapping={k: v for k, v in options.mapping.items() if k != "text"})
    article, warnings = article_of(raw, options)
    return _completed(article, clean_line(headline or tags), published, options.zone), warnings


def _completed(article: Article, headline: str, published: str, zone: tzinfo) -> Article:
    moment = article.published
    if moment is None and published:
        moment, _ = moment_of(published, "published", zone)
    return replace(article, headline=article.headline or headline, published=moment)


def _foot(body: str) -> tuple[str, str, str]:
    """Split off the time stamp and line of hashtags at the end; return the body, the stamp and the tags' words."""
    lines = body.rstrip().split("\n")
    stamp = tags = ""
    if len(lines) > 1 and _STAMP.match(lines[-1].strip()):
        stamp = lines.pop().strip()
        while lines and not lines[-1].strip():
            lines.pop()
    if len(lines) > 1 and _TAGS.match(lines[-1].strip()):
        words = (tag.strip().replace("_", " ") for tag in lines.pop().split("#"))
        tags = " ".join(word for word in words if word)
    return "\n".join(lines), stamp, tags


def _plain(body: str) -> tuple[str, str]:
    """Return the headline, if the first line is one, and the body with blank lines between paragraphs."""
    first, _, rest = body.lstrip().partition("\n")
    first = first.strip()
    follows = rest.lstrip("\n").split("\n")[0] if rest.strip() else ""
    apart = rest.startswith("\n") or rest[: rest.find("\n") + 1].isspace()
    short = len(first) < _HEADLINE and not first.endswith(_NO_HEADLINE)
    if rest.strip() and short and (apart or len(follows) > len(first)):
        return first, _paragraphs(rest)
    return "", _paragraphs(body)


def _paragraphs(body: str) -> str:
    """Put blank lines between paragraphs if each is a single line; leave hard-wrapped text as it is."""
    body = clean(body)
    if "\n\n" in body:
        return body
    lines = body.split("\n")
    ended = sum(line.endswith((".", "!", "?", "”", '"', "»", "’", "'", ":", "。", "؟", "।")) for line in lines)
    wrapped = len(lines) > 2 and max(map(len, lines)) < 100 and ended < 0.5 * len(lines)
    return body if wrapped else "\n\n".join(lines)


def _markdown(body: str) -> tuple[str, str]:
    """Return the headline, if the text begins with a first-level heading, and the rest as plain text."""
    from markdown_it import MarkdownIt

    headline, body = _heading(_COMMENT.sub("", body).lstrip())
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    if _depth(body) > _NESTED or _depth(headline) > _NESTED:
        parser.disable(["link", "image"])
    return html_to_text(parser.render(headline)) if headline else "", html_to_text(parser.render(body))


def _depth(body: str) -> int:
    """Return the greatest depth of square brackets in a text; an unclosed one is open until its paragraph ends."""
    depth = deepest = 0
    for match in _BRACKETS.finditer(body):
        depth = depth + 1 if match[0] == "[" else max(0, depth - 1) if match[0] == "]" else 0
        deepest = max(deepest, depth)
    return deepest


def _heading(body: str) -> tuple[str, str]:
    """Return the first-level heading at the very start, or "", and what follows it."""
    first, _, rest = body.partition("\n")
    if first.startswith("#") and first[1:2].isspace():
        return first[1:].rstrip().rstrip("#").strip(), rest
    second, _, after = rest.partition("\n")
    if first and second.startswith("=") and not second.rstrip().strip("="):
        return first, after
    return "", body
