"""Quote extraction for a text in any language: picks the extractor for its language."""

from __future__ import annotations

import logging
import re
from typing import Any

from assistant.attributions import Attribution
from assistant.quotes.generic.extract import extract_generic
from assistant.quotes.german.extract import extract_german
from assistant.quotes.layout.credits import without_credits
from assistant.quotes.layout.extract import combined, extract_layout

_QUOTED = re.compile(r"[\"“„«]([^\"”“»]{1,2000})(?:[\"”“»]|’’)")
_MARK = re.compile(r"[\"“”„«»‘’']")
log = logging.getLogger(__name__)

EXTRACTOR = 10
"""Version of the extractors as a whole, stored with their results; incremented when their output changes."""

LONGEST = 500_000
"""Characters of a text that are searched for quotes. No article is longer; 10 million would keep the parser busy for
minutes."""


def extract(text: str, language: str = "", headline: str = "", byline: str = "") -> list[Attribution]:
    """Return the attributions in a text, ordered by content span.

    English uses a dependency parser, German its own rules, and every other language one generic set of rules with the
    ``[speech]`` section of its file in ``assistant/languages/``; without such a file, only direct quotations are found.

    :param text: an article's text; offsets are in characters of this string. Only the first ``LONGEST`` are read.
    :param language: ISO 639-1 code, in any case, with or without a region ("en", "de-AT"); "" when unknown.
    :param headline: the article's; it may name whom an interview is with. ``byline``: who wrote it, and is
        not quoted where the name is glued to the text.
    :return: the attributions, by start of content; empty when nobody is quoted. Never raises: if an extractor fails
        on a text, the failure is logged and the result is empty.
    """
    code = language.strip().lower().replace("_", "-").partition("-")[0]
    text = without_credits(text[:LONGEST], byline)
    try:
        found = combined(_extracted(text, code), extract_layout(text, code, headline, byline))
    except Exception:  # any text must be ingestible: losing its quotes is logged, never fatal
        log.exception("no quotes extracted from a text of %d characters (language %r)", len(text), language)
        return []
    found = [one for one in found if _speaks(one, text)]
    return sorted(found, key=lambda attribution: (attribution.content, attribution.cue or (0, 0)))


def quotes(text: str, language: str = "", headline: str = "", byline: str = "") -> list[Attribution]:
    """Return the attributions that an archive keeps: those of ``extract`` whose words were said."""
    return [one for one in extract(text, language, headline, byline) if not one.unsaid]


def _speaks(found: Attribution, text: str) -> bool:
    """Whether the source, if any, contains a letter or digit: a parser may take a colon for a subject."""
    return found.source is None or any(character.isalnum() for character in text[slice(*found.source)])


def _extracted(text: str, language: str) -> list[Attribution]:
    if language == "de":
        return extract_german(text)
    if language != "en":
        return extract_generic(text, language)
    from assistant.quotes.english.extract import extract_english  # loads the parser

    return extract_english(text)


def attribution_payload(attribution: Attribution, text: str = "") -> dict[str, Any]:
    """Return an attribution as the JSON object that ``extract-quotes`` writes.

    :param text: the text it comes from. If given, ``direct`` means that the content contains, or is inside, double
        quotation marks or guillemets around at least three words: fewer are a borrowed term rather than a
        quotation. A turn in a transcript has no marks and counts. Without the text, any quotation counts.
    :return: ``{"source": [s, e] | null, "content": [s, e], "cue": [s, e] | null, "direct": bool,
        "speaker": str | null, "addressee": [s, e] | null, "unsaid": bool}``.
    """
    start, end = attribution.content
    direct = attribution.kind != "indirect"
    laid_out = attribution.cue is None and not _MARK.search(text, start, end)  # a turn has no marks
    if direct and text and not laid_out:
        direct = any(len(match[1].split()) >= 3 for match in _QUOTED.finditer(text, max(0, start - 1), end + 1))
    return {
        "source": list(attribution.source) if attribution.source else None,
        "content": [start, end],
        "cue": list(attribution.cue) if attribution.cue else None,
        "direct": direct,
        "speaker": attribution.speaker,
        "addressee": list(attribution.addressee) if attribution.addressee else None,
        "unsaid": attribution.unsaid,
    }
