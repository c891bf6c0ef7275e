"""Whom words are said to, in the languages of the rules: what follows their verb, by a pattern of the language file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.languages.lexicon import speech
from assistant.text import Span

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _AddresseeRules:
    """What a language file says of those who are spoken to.

    :ivar verbs: after which they are looked for; ``prefixes``: what may be written onto these.
    :ivar pattern: what follows a verb, with them as its group "who".
    :ivar not_behind: words behind which nobody is spoken to.
    """

    verbs: frozenset[str]
    prefixes: tuple[str, ...]
    pattern: re.Pattern[str]
    not_behind: frozenset[str]


@lru_cache(maxsize=32)
def _rules(code: str) -> _AddresseeRules | None:
    table = speech(code)
    if table is None or not table.addressees.pattern:
        return None
    listed = table.addressees
    return _AddresseeRules(listed.verbs, table.cues.prefixes, re.compile(listed.pattern, re.VERBOSE), listed.not_behind)


def addressee(text: str, content: Span, source: Span | None, cue: Span | None, code: str) -> Span | None:
    """Return whom words are said to, behind their cue: sagte dem Sender; a déclaré à la presse.

    :param code: ISO 639-1.
    :return: None where it is not plain, or shares characters with the others; inside ``content`` only where the cue is.
    """
    rules = _rules(code)
    if rules is None or cue is None:
        return None
    said = {word.lower() for word in _WORD.findall(text[slice(*cue)])}
    said |= {word[len(prefix) :] for word in said for prefix in rules.prefixes if word.startswith(prefix)}
    match = rules.pattern.match(text, cue[1]) if said & rules.verbs else None
    if match is None or rules.not_behind & set(_WORD.findall(text[cue[1] : match.start("who")].lower())[-1:]):
        return None
    who = match.span("who")
    taken = [span for span in (cue, source) if span]
    if not content[0] <= cue[0] < content[1]:
        taken.append(content)
    return who if not any(who[0] < end and start < who[1] for start, end in taken) else None
