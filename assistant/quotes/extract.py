"""Who said what in a text: chooses the extractor of its language."""

from __future__ import annotations

import logging
import re
from typing import Any

from assistant.attributions import Attribution
from assistant.quotes.generic.extract import extract_generic
from assistant.quotes.german.extract import extract_german

_QUOTED = re.compile(r"[\"“„«]([^\"”“»]{1,2000})(?:[\"”“»]|’’)")
log = logging.getLogger(__name__)

EXTRACTOR = 6
"""Number of these extractors together, stored with what they found; raised when they find something else."""


def extract(text: str, language: str = "") -> list[Attribution]:
    """Return the attributions of a text, in the order of their contents.

    English goes through a dependency parser, German through rules of its own, every other language through one set of
    rules and ``[speech]`` of its file in ``assistant/languages/``; a language without one keeps its direct quotations.

    :param text: an article's text; offsets speak of exactly these characters.
    :param language: ISO 639-1 code, in any case, with or without a region ("en", "de-AT"); "" when unknown.
    :return: the attributions, by start of content; empty when nobody says anything. Never raises: a text that
        an extractor cannot take is logged and yields none.
    """
    code = language.strip().lower().replace("_", "-").partition("-")[0]
    try:
        found = _extracted(text, code)
    except Exception:  # an archive must take in any text: the loss of its quotes is logged, never fatal
        log.exception("no quotes extracted from a text of %d characters (language %r)", len(text), language)
        return []
    found = [one for one in found if _speaks(one, text)]
    return sorted(found, key=lambda attribution: (attribution.content, attribution.cue or (0, 0)))


def _speaks(found: Attribution, text: str) -> bool:
    """Whether a source, where there is one, is a word: a parser may take a colon for a subject."""
    return found.source is None or any(character.isalnum() for character in text[slice(*found.source)])


def _extracted(text: str, language: str) -> list[Attribution]:
    if language == "de":
        return extract_german(text)
    if language != "en":
        return extract_generic(text, language)
    from assistant.quotes.english.extract import extract_english  # brings the parser

    return extract_english(text)


def attribution_payload(attribution: Attribution, text: str = "") -> dict[str, Any]:
    """Return an attribution as the JSON object of ``extract-quotes``.

    :param text: the text it stands in. With it, ``direct`` means that the content holds, or stands in, double
        quotation marks or guillemets around three words or more: fewer are a borrowed term rather than a
        quotation. Without it, any quotation counts.
    :return: ``{"source": [s, e] | null, "content": [s, e], "cue": [s, e] | null, "direct": bool,
        "speaker": str | null, "addressee": [s, e] | null}``.
    """
    start, end = attribution.content
    direct = attribution.kind != "indirect"
    if direct and text:
        direct = any(len(match[1].split()) >= 3 for match in _QUOTED.finditer(text, max(0, start - 1), end + 1))
    return {
        "source": list(attribution.source) if attribution.source else None,
        "content": [start, end],
        "cue": list(attribution.cue) if attribution.cue else None,
        "direct": direct,
        "speaker": attribution.speaker,
        "addressee": list(attribution.addressee) if attribution.addressee else None,
    }
