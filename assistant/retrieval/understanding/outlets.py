"""Find outlets that a question names as sources: "according to the BBC", "laut Spiegel", "in the Guardian"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.languages.entries import any_of
from assistant.languages.lexicon import all_questions
from assistant.retrieval.understanding.spans import FoldedText
from assistant.text import fold

_DOMAIN = re.compile(r"^(?:www\.)?([\w-]+)\.(?:com|org|net|co\.uk|de|fr|es|ru|tr|com\.tr|news|info|tv)$")

_ARTICLE_BETWEEN = r"(?:(?:the|der|die|le|la|el)\s+)?"
"""What may precede a further outlet."""

_LONG_DOMAIN = 6
"""Least letters of a domain that may be a name of several words."""


@dataclass(frozen=True, slots=True)
class OutletFound:
    """An outlet of the archive that a question names.

    :ivar outlet: as in the archive.
    :ivar span: its span in the question; ``whole``: including the words that make it a source.
    :ivar source: whether it is named as a source, not just mentioned.
    :ivar reporting: whether a verb after it says that it reported.
    """

    outlet: str
    span: tuple[int, int]
    whole: tuple[int, int]
    source: bool
    reporting: bool = False


def find_outlets(question: str, outlets: Sequence[str], comparing: bool = False) -> list[OutletFound]:
    """Return the outlets that ``question`` names, in order.

    An outlet counts as a source if it, or one that it is joined to by "and", is next to a word like "according to" or
    "reported". "Was the BBC fined?" names an outlet but does not ask for what it published.

    :param outlets: of the archive.
    :param comparing: whether outlets are being compared, so that naming one is enough.
    """
    if not outlets:
        return []
    folded = FoldedText.of(question)
    found: list[OutletFound] = []
    reached = 0
    for match in _names(tuple(outlets)).finditer(folded.text):
        start, end = match.span("name")
        place = folded.span(start, end)
        known = _spellings(tuple(outlets))
        outlet = known.get(match["name"]) or known[match["name"].replace(" ", "")]
        if start < reached or not _written_alike(question[place[0] : place[1]], outlet, question):
            continue
        before, after = _sides(folded.text, match.start(), end)
        joined = bool(found) and found[-1].source and _joined().fullmatch(folded.text[reached : match.start("name")])
        source = comparing or before < match.start() or after > end or bool(joined)
        found.append(OutletFound(outlet, place, folded.span(before, after), source, after > end))
        reached = end
    return found


def _sides(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the extent of the words around a name that make it a source."""
    leading, trailing = _cues()
    before = leading.search(text[max(0, start - 40) : start])
    after = trailing.match(text[end : end + 30])
    reach = max(0, start - 40) + before.start() if before else start
    return reach, end + after.end() if after else end


@cache
def _joined() -> re.Pattern[str]:
    """What joins two outlets in a list."""
    words = any_of(asking.source.joined for asking in all_questions())
    return re.compile(rf"\s*(?:,|{words})\s*{_ARTICLE_BETWEEN}$")


@cache
def _article() -> str:
    """An article before an outlet's name, with the space after it."""
    return rf"(?:{any_of(asking.source.article for asking in all_questions())})\s+"


@cache
def _cues() -> tuple[re.Pattern[str], re.Pattern[str]]:
    before = "|".join(f"(?:{asking.source.before})" for asking in all_questions())
    after = "|".join(f"(?:{asking.source.after})" for asking in all_questions())
    return re.compile(rf"(?<!\w)(?:{before})\s+$"), re.compile(rf"\s*(?:{after})(?!\w)")


def _written_alike(written: str, outlet: str, question: str) -> bool:
    """Tell whether a name is written as such: "Time" is an outlet and "time" is not, unless nothing is capitalised.

    "The Week" may mean theweek.com; "the week" does not.
    """
    if _DOMAIN.match(outlet) and " " in written:
        return all(word[0].isupper() for word in written.split()[-2:])
    name = outlet.split(" ", 1)[1] if re.match(_article(), outlet.lower()) and " " in outlet else outlet
    return not name[:1].isupper() or written[:1].isupper() or (question.islower() and len(written.split()) > 1)


@lru_cache(maxsize=16)
def _spellings(outlets: tuple[str, ...]) -> dict[str, str]:
    """Map each folded spelling to its outlet; the outlet with more articles wins."""
    known: dict[str, str] = {}
    for outlet in outlets:
        name = " ".join(fold(outlet).split())
        bare = re.sub(rf"^{_article()}", "", name)
        domain = _DOMAIN.match(bare)
        for spelling in (
            name,
            bare,
            domain[1] if domain else "",
            re.sub(r"\s+(?:news|online)$", "", bare),
            _initials(outlet),
        ):
            if len(spelling) > 1:
                known.setdefault(spelling, outlet)
    return known


def _initials(outlet: str) -> str:
    """Return "nyt" for The New York Times; "" for names of fewer than three words."""
    words = [word for word in re.sub(rf"(?i)^{_article()}", "", outlet).split() if word[:1].isupper()]
    return fold("".join(word[0] for word in words)) if len(words) >= 3 else ""


@lru_cache(maxsize=16)
def _names(outlets: tuple[str, ...]) -> re.Pattern[str]:
    known = _spellings(outlets)
    listed = [_spaced(one) if _DOMAIN.match(known[one]) else re.escape(one) for one in sorted(known, key=len)[::-1]]
    return re.compile(rf"(?<!\w)(?:{_article()})?(?P<name>{'|'.join(listed)})(?!\w)")


def _spaced(domain: str) -> str:
    """Return a pattern for the name in a domain as people write it, with spaces."""
    return " ?".join(map(re.escape, domain)) if len(domain) >= _LONG_DOMAIN else re.escape(domain)
