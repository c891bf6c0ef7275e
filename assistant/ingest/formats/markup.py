"""Converts HTML to the text that a reader would see: separate paragraphs, nothing hidden."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TAG = re.compile(
    r"</(?:p|div|h[1-6]|li|ul|ol|blockquote|td|figure|section|article|body|html)\s*>|<a\s[^<>]*href"
    r"|<(?:p|br|div|img|hr|li|ul|ol|blockquote|h[1-6]|html|body|!doctype)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_INLINE = re.compile(r"</(?:span|a|b|i|em|strong)\s*>", re.IGNORECASE)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer"
    " h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
_UNSEEN = frozenset(
    "script style noscript template head iframe object embed svg math canvas audio video button select option"
    " textarea input map area".split()
)
_HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|font-size:0+(?:\.0+)?(?![\d.])|opacity:0+(?:\.0+)?(?![\d.])"
    r"|(?:left|top|text-indent):-\d{4,}|clip:rect\(0"
)
_NO_SIZE = re.compile(r"(?<![\w-])(?:max-)?(?:height|width):0+(?:\.0+)?(?![\d.%])")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"[^\S\xa0]+")
_SPACES = re.compile(" {2,}")
_BLANK = re.compile(r"\s+")


def is_html(text: str, inline: bool = True) -> bool:
    """Return whether a text contains HTML tags, rather than a stray "<".

    :param inline: whether a tag such as ``</b>`` is enough; plain text may mention one.
    """
    return "<" in text and bool(_TAG.search(text) or (inline and _INLINE.search(text)))


def parse(markup: str) -> HtmlElement | None:
    """Return the tree of a document or fragment; None if it is empty. Fetches nothing."""
    import lxml.html
    from lxml import etree

    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    data = _ILLEGAL.sub("\ufffd", markup).encode("utf-8")
    try:
        return lxml.html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def is_hidden(element: HtmlElement) -> bool:
    """Return whether an element is not shown, because of its tag or its attributes."""
    style = element.get("style")
    return element.tag in ("template", "noscript") or element.get("hidden") is not None or bool(style and _hides(style))


def _hides(style: str) -> bool:
    """Return whether the declarations of a ``style`` attribute make an element invisible."""
    style = _BLANK.sub("", style.casefold())
    if _HIDING.search(style):
        return True
    # Without height or width nothing is visible, unless it overflows.
    size = _NO_SIZE.search(style)
    return size is not None and "overflow:hidden" in style[size.end() :]


def drop_hidden(tree: HtmlElement) -> None:
    """Remove the hidden elements from a tree; the text after each stays."""
    for element in [e for e in tree.iter() if isinstance(e.tag, str) and is_hidden(e)]:
        if element.getparent() is not None and element.tag not in ("html", "body"):
            element.drop_tree()


def html_to_text(markup: str) -> str:
    """Return all the visible text of an HTML document or fragment, with blank lines between paragraphs."""
    tree = parse(markup)
    return "" if tree is None else _text(tree)


def unescaped(value: str) -> str:
    """Return a title or name without tags, and with character references resolved."""
    if is_html(value):
        value = html_to_text(value).replace("\n\n", " ")
    return html.unescape(value) if "&" in value else value


def _text(tree: HtmlElement) -> str:
    from lxml import etree

    parts: list[str] = []
    skipped = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        unseen = tag in _UNSEEN or not tag or is_hidden(element)
        if event == "start":
            skipped += unseen
            if not skipped:
                parts.append("\n\n" if tag in _BLOCKS else "\n" if tag == "br" else " " if tag in ("td", "th") else "")
                parts.append(_SPACE.sub(" ", element.text or ""))
            continue
        skipped -= unseen
        if not skipped:
            parts.append("\n\n" if tag in _BLOCKS else "")
            parts.append(_SPACE.sub(" ", element.tail or ""))
    return _BLANK.sub(_gap, _SPACES.sub(" ", "".join(parts))).strip()


def _gap(blank: re.Match[str]) -> str:
    return "\n\n" if blank[0].count("\n") > 1 else blank[0]
