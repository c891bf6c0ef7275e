"""Split text into sentences.

By rules, not a model: linear in the length of the text, and deterministic.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.languages.lexicon import sentence_words
from assistant.text import Span

_END = re.compile(r"""(?:[.!?…؟۔।]+|[。！？]+)[)\]"'”’»›“」』]*""")
_NEXT = re.compile(r"""\s*["'“”„«‹‘’»(\[—–-]*\s*(\S)""")
_TOKEN = re.compile(r"[^\s\"'“”„«»‘’()\[\]]+$")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\Z")
_LINE = re.compile(r"\n+")


@lru_cache(maxsize=64)
def _abbreviations(language: str) -> frozenset[str]:
    """The abbreviations of a language, and the English ones, which occur in texts of all languages."""
    return sentence_words("en").abbreviations | sentence_words(language).abbreviations


@lru_cache(maxsize=64)
def _final(language: str) -> frozenset[str]:
    return sentence_words("en").final | sentence_words(language).final


def sentences(text: str, language: str = "en") -> list[Span]:
    """Split ``text`` into sentences.

    The rules cover terminators with closing quotation marks, abbreviations by language, initials, acronyms,
    decimals, ordinals, paragraphs and hard-wrapped lines.

    :param text: cleaned text.
    :param language: ISO 639-1 code; unknown ones use the English abbreviations.
    :return: spans ``(start, end)``, ascending, non-overlapping, without white space at their ends. Together
        they cover every character that is not white space.
    """
    spans: list[Span] = []
    for start, end in _blocks(text):
        begin = start
        for match in _END.finditer(text, start, end):
            if match.end() > begin and _ends_sentence(text, match, end, language):
                spans.append((begin, match.end()))
                begin = match.end()
                while begin < end and text[begin].isspace():
                    begin += 1
        if begin < end:
            spans.append((begin, end))
    return spans


def _blocks(text: str) -> list[Span]:
    """Paragraphs as trimmed spans, with hard-wrapped lines joined."""
    blocks: list[Span] = []
    begin = 0
    for match in _LINE.finditer(text):
        wrapped = len(match[0]) == 1 and match.end() < len(text) and text[match.end()].islower()
        if wrapped and text[match.start() - 1] not in '.!?:;…”"':
            continue
        _append(blocks, text, begin, match.start())
        begin = match.end()
    _append(blocks, text, begin, len(text))
    return blocks


def _append(blocks: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        blocks.append((start, end))


def _ends_sentence(text: str, match: re.Match[str], end: int, language: str) -> bool:
    mark = match[0]
    if mark[0] in "。！？":
        return True
    if match.end() >= end:
        return True
    if not text[match.end()].isspace():
        return False
    following = _NEXT.match(text, match.end(), end)
    first = following[1] if following else ""
    if first.islower() or first in ",;:":
        return False
    if mark[0] != "." or mark.startswith(".."):
        return True
    return not _is_abbreviation(text, match, end, language, first)


def _is_abbreviation(text: str, match: re.Match[str], end: int, language: str, first: str) -> bool:
    token_match = _TOKEN.search(text, max(0, match.start() - 40), match.start())
    token = token_match[0] if token_match else ""
    if len(match[0]) > 1 and match[0][1] in "\"”»’'":
        return False
    if _ACRONYM.match(token):
        rest = re.match(r"\w+", text[match.end() : match.end() + 30].lstrip(' "“«'))
        return not (rest and rest[0].casefold() in sentence_words("en").starters)
    if len(token) == 1 and token.isalpha() and token.isupper():
        return True
    if token.isdigit():
        # "am 12. Mai", "5. kat": ordinals in languages that write them so; elsewhere, a number may end a sentence.
        return language in {"de", "tr", "nl", "pl", "cs", "fi", "da", "no", "sv", "hu"} and len(token) <= 2
    if token.casefold() not in _abbreviations(language):
        return False
    return not (token.casefold() in _final(language) and first.isupper())


def asks(sentence: str) -> bool:
    """Tell whether a sentence is a question, and so states nothing."""
    return sentence.rstrip("\"”’'») ").endswith(("?", "？", "؟"))
