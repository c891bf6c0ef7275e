"""Text as the archive keeps it, and the two things everyone does with it: cut it and compare it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

Span = tuple[int, int]

# Invisible characters that carry no meaning in news text, and the bidirectional overrides that can make
# a quote read as another. Joiners (U+200C, U+200D) and direction marks stay: Persian and Arabic need them.
_JUNK = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK = re.compile(r"[^\S\n]+")
_EDGE = re.compile(r" ?\n ?")
_GAP = re.compile(r"\n{2,}")


def clean(text: str) -> str:
    """Return ``text`` as the archive stores it: NFC, without junk characters, with plain white space.

    Runs of blanks become one space, blank lines become one empty line, ends are stripped. Idempotent:
    ``clean(clean(text)) == clean(text)``.
    """
    text = unicodedata.normalize("NFC", _JUNK.sub("", _SURROGATE.sub("\ufffd", text)))
    text = _BLANK.sub(" ", _BREAK.sub("\n", text))
    return _GAP.sub("\n\n", _EDGE.sub("\n", text)).strip()


def clean_line(text: str) -> str:
    """Return ``text`` cleaned and on one line, for headlines, bylines and outlets."""
    return clean(text).replace("\n\n", " ").replace("\n", " ")


_FOLD = str.maketrans(
    {
        "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ё": "е", "й": "й",
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "‛": "'",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "…": "...",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """Return ``text`` for comparing: no case, no diacritics, ASCII quotation marks and dashes.

    Its length may differ from that of ``text``: never take offsets in it.
    """
    plain = text.casefold()
    if plain.isascii() or (plain := plain.translate(_FOLD)).isascii():  # most of what is not ASCII is quotation marks
        return plain
    return _combining().sub("", unicodedata.normalize("NFKD", text.casefold())).translate(_FOLD)


@cache
def _combining() -> re.Pattern[str]:
    return re.compile(f"[{''.join(filter(unicodedata.combining, map(chr, range(0x300, 0x20000))))}]")


WORD = re.compile(r"\d+(?:[.,:]\d+)*|\w+")
"""A word or a number of a text; "1.5" and "10:30" are one."""


def words(text: str) -> list[str]:
    """Return the folded words and numbers of ``text`` in order; "1.5" and "10:30" are one word."""
    return WORD.findall(fold(text))


# --- sentences -------------------------------------------------------------------------------------------


def asks(sentence: str) -> bool:
    """Tell whether a sentence is a question, hence says nothing."""
    return sentence.rstrip("\"”’'») ").endswith(("?", "？", "؟"))


_ABBREVIATIONS = {
    "en": """mr mrs ms dr prof st sr jr gen col lt sgt capt cmdr adm maj rep sen gov pres hon rev fr amb supt insp
        det messrs jan feb mar apr jun jul aug sept sep oct nov dec mon tue wed thu fri sat sun no nos
        vs v etc inc ltd co corp bros dept est approx fig vol pp ed eds al cf eg ie e.g i.e p.m a.m ave
        blvd rd mt ft u.s u.k u.n d.c""",
    "de": """hr fr dr prof dipl ing z.b d.h u.a o.ä bzw ca etc evtl ggf inkl mio mrd nr str usw vgl v.a s.o geb gest
        st tel abs art bd jh jhd sog zzgl i.d.r u.u z.t z.zt jan feb mär apr jun jul aug sep sept okt
        nov dez""",
    "fr": """m mm mme mmes mlle dr pr me st ste av apr j.-c cf etc p.ex env art chap éd janv févr avr juil sept oct
        nov déc""",
    "es": """sr sra sres sras srta dr dra d dña lic ing prof ud uds ee.uu etc p.ej pág núm av art ene feb mar abr jun
        jul ago sept oct nov dic""",
    "ru": """г гг в вв им ул д стр рис т.е т.д т.п т.к т.н др пр руб коп тыс млн млрд проф акад ген св см ср н.э чел""",
    "tr": """dr prof doç av sn sy yrd öğr gör vb vs vd örn bkz no cad sok mah apt tel alb gen yb st""",
    "ar": """د أ م ص ه""",
    "it": """sig sigg dott prof ing avv on ecc pag art n gen feb mar apr mag giu lug ago set ott nov dic""",
    "pt": """sr sra srs sras dr dra prof profa eng av etc pág art núm jan fev mar abr mai jun jul ago set out
        nov dez""",
    "nl": """dhr mevr dr prof ir ing drs mr enz bijv o.a d.w.z nl ca nr blz jan feb mrt apr jun jul aug sept okt
        nov dec""",
}

_STARTERS = frozenset(
    """the a an he she it they we i you his her its their our in on at but and this that these those there if as
    when while after before for with by to from since although however according under one some many most both no
    not what who how why""".split()
)

_END = re.compile(r"""(?:[.!?…؟۔।]+|[。！？]+)[)\]"'”’»›“」』]*""")
_NEXT = re.compile(r"""\s*["'“”„«‹‘’»(\[—–-]*\s*(\S)""")
_TOKEN = re.compile(r"[^\s\"'“”„«»‘’()\[\]]+$")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\Z")
_LINE = re.compile(r"\n+")


@lru_cache(maxsize=64)
def _abbreviations(language: str) -> frozenset[str]:
    listed = _ABBREVIATIONS.get(language, "")
    return frozenset(f"{_ABBREVIATIONS['en']} {listed}".split())


def sentences(text: str, language: str = "en") -> list[Span]:
    """Cut ``text`` into sentences.

    Rules, not a model: terminators with their closing quotation marks, abbreviations by language, initials,
    acronyms, decimals, ordinals, paragraphs and hard-wrapped lines. Linear in the length of the text.

    :param text: cleaned text.
    :param language: ISO 639-1 code; unknown ones use the English abbreviations.
    :return: spans ``(start, end)``, ascending, not overlapping, without white space at their ends. Together
        they hold every character that is not white space.
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
    """Paragraphs, with lines that a hard wrap broke joined again; trimmed spans."""
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
        return not (rest and rest[0].casefold() in _STARTERS)
    if len(token) == 1 and token.isalpha() and token.isupper():
        return True
    if token.isdigit():
        # "am 12. Mai", "5. kat": ordinals in languages that write them so; elsewhere a number may end a sentence.
        return language in {"de", "tr", "nl", "pl", "cs", "fi", "da", "no", "sv", "hu"} and len(token) <= 2
    if token.casefold() not in _abbreviations(language):
        return False
    return not (token.casefold() in {"no", "etc", "usw", "inc", "ltd", "co", "corp", "vb"} and first.isupper())
