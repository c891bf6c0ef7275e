"""Outlets that a question names as its source: "according to the BBC", "laut Spiegel", "in the Guardian"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.retrieval.spans import Folded
from assistant.text import fold

_ARTICLES = r"(?:the|der|die|das|dem|den|le|la|les|el|los)\s+"
_SOURCE_BEFORE = fold(
    r"according to|as reported (?:by|in)|reported (?:by|in)|published (?:by|in)|written (?:by|in)|reports? (?:by|in|from|of)|says? in|said in"
    r"|coverage (?:by|in|of)|articles? (?:by|in|from|of)|stories (?:by|in|from)|(?:read|appeared|stand|stood) in|in|on the pages of"
    r"|laut|nach angaben (?:von|des|der)|berichte?n? (?:von|des|der|in)|im|in|bei|gemass|zufolge"
    r"|selon|d['’]apres|dans|par|segun|en|por"
    r"|по данным|по сообщению|согласно|сообщает|сообщил[аои]?|пишет|писал[аои]?|в|на"
    r"|وفقا ل|بحسب|حسب|نقلا عن|في|كتبت|ذكرت"
)
_SOURCE_AFTER = fold(
    r"(?:has |have |had )?(?:reported|report|reports|wrote|write|writes|written|published|publish|say|say|says|said|covered|cover|covers|coverage|reporting)\b"
    r"|berichte[nt]?|schreib(?:t|en)|schrieb(?:en)?|meldete[n]?|meldet|zufolge"
    r"|['’]?[nyae]*\s*gore|['’]?(?:[dt][ae]|in|un|nin|nun)?\s*(?:haberi|haberine|yazd[iu]|bildirdi)"
)
_SIDE_BY_SIDE = re.compile(r"\s*(?:,|and|und|et|y|и|ve|ile|و|vs\.?|versus|with|mit|or|from)\s*(?:the\s+|der\s+|die\s+|le\s+|la\s+|el\s+)?$")
_DOMAIN = re.compile(r"^(?:www\.)?([\w-]+)\.(?:com|org|net|co\.uk|de|fr|es|ru|tr|com\.tr|news|info|tv)$")


@dataclass(frozen=True, slots=True)
class OutletFound:
    """An outlet of the archive that a question names.

    :ivar outlet: as the archive has it.
    :ivar span: characters of the question that name it; ``whole`` with the words that make it a source.
    :ivar source: it is named as where something was published, not only spoken of.
    :ivar reporting: a verb behind it says that it reported.
    """

    outlet: str
    span: tuple[int, int]
    whole: tuple[int, int]
    source: bool
    reporting: bool = False


def find_outlets(question: str, outlets: Sequence[str], comparing: bool = False) -> list[OutletFound]:
    """Return the outlets that ``question`` names, in its order.

    An outlet counts as a source where a word like "according to" or "reported" stands beside it, or beside one that
    it is joined to by "and". "Was the BBC fined?" names one and does not ask for what it published.

    :param outlets: of the archive.
    :param comparing: outlets are compared: naming one is enough.
    """
    if not outlets:
        return []
    folded = Folded.of(question)
    found: list[OutletFound] = []
    reached = 0
    for match in _names(tuple(outlets)).finditer(folded.text):
        start, end = match.span("name")
        place = folded.span(start, end)
        outlet = _spellings(tuple(outlets))[match["name"]]
        if start < reached or not _written_alike(question[place[0] : place[1]], outlet, question):
            continue
        before, after = _sides(folded.text, match.start(), end)
        joined = bool(found) and found[-1].source and _SIDE_BY_SIDE.fullmatch(folded.text[reached : match.start("name")])
        source = comparing or before < match.start() or after > end or bool(joined)
        found.append(OutletFound(outlet, place, folded.span(before, after), source, after > end))
        reached = end
    return found


def _sides(text: str, start: int, end: int) -> tuple[int, int]:
    """Return how far the words reach that make what stands between them a source."""
    before = re.search(rf"(?<!\w)(?:{_SOURCE_BEFORE})\s+$", text[max(0, start - 40) : start])
    after = re.match(rf"\s*(?:{_SOURCE_AFTER})(?!\w)", text[end : end + 30])
    reach = max(0, start - 40) + before.start() if before else start
    return reach, end + after.end() if after else end


def _written_alike(written: str, outlet: str, question: str) -> bool:
    """Tell whether a name is written as one: "Time" is an outlet, "time" is not, unless nothing has a capital."""
    name = outlet.split(" ", 1)[1] if re.match(_ARTICLES, outlet.lower()) and " " in outlet else outlet
    return not name[:1].isupper() or written[:1].isupper() or (question.islower() and len(written.split()) > 1)


@lru_cache(maxsize=16)
def _spellings(outlets: tuple[str, ...]) -> dict[str, str]:
    """Return the outlet that each folded way of naming it means; the outlet with more articles wins."""
    known: dict[str, str] = {}
    for outlet in outlets:
        name = " ".join(fold(outlet).split())
        bare = re.sub(rf"^{_ARTICLES}", "", name)
        domain = _DOMAIN.match(bare)
        for spelling in (name, bare, domain[1] if domain else "", re.sub(r"\s+(?:news|online)$", "", bare), _initials(outlet)):
            if len(spelling) > 1:
                known.setdefault(spelling, outlet)
    return known


def _initials(outlet: str) -> str:
    """Return "nyt" for The New York Times; "" for names of fewer than three words."""
    words = [word for word in re.sub(rf"(?i)^{_ARTICLES}", "", outlet).split() if word[:1].isupper()]
    return fold("".join(word[0] for word in words)) if len(words) >= 3 else ""


@lru_cache(maxsize=16)
def _names(outlets: tuple[str, ...]) -> re.Pattern[str]:
    spellings = sorted(_spellings(outlets), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{_ARTICLES})?(?P<name>{'|'.join(map(re.escape, spellings))})(?!\w)")
