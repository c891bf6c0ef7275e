"""Sentences, words and cue verbs of the languages that one set of rules serves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from assistant.languages.entries import NOTHING
from assistant.languages.lexicon import speech
from assistant.quotes.common.opaque import opaque
from assistant.quotes.common.quotation_marks import Quotation, outermost
from assistant.sentences import sentences
from assistant.text import Span

_VOWELS = "\u064b-\u065f\u0670"
"""The signs for vowels and doubling that Arabic may leave out."""
_TOKEN = re.compile(rf"\w[\w{_VOWELS}]*(?:[-’'ʼ.&]\w[\w{_VOWELS}]*)*|[^\w\s]")
_VOWEL = re.compile(f"[{_VOWELS}]")
_UNCAPITALISED = re.compile(r"(?<![\w’'])[a-zçğıöşü]{2,}")
MAX_TOKENS = 400
"""Words of a sentence outside quotation marks; the rest of a longer one is not read."""
MAX_QUOTES = 24
"""Quotations read in one sentence."""


@dataclass(frozen=True, slots=True)
class SpeechRules:
    """``[speech]`` of a language, ready for use; every set is lower case.

    :ivar order: where a subject is looked for first: "svo", "vso" (Arabic) or "sov" (Turkish).
    :ivar like: words for "as" in "as X said".
    :ivar verbs: finite forms of cue verbs.
    :ivar participles: forms that need one of ``auxiliaries`` close before them.
    :ivar relative: forms that come before their subject ("diyen").
    :ivar prefixes: letters that may be written onto a verb (Arabic "wa", "fa").
    :ivar that: words that open reported speech.
    :ivar nominal: the ending of a reported clause that stands before its verb (Turkish); None elsewhere.
    :ivar before: prepositions, of one to three words, that name a source ("according to").
    :ivar after: postpositions that do ("göre").
    :ivar case: the ending of a name that is no subject; ``locative``: of one that says where.
    """

    order: str
    like: frozenset[str]
    verbs: frozenset[str]
    auxiliaries: frozenset[str]
    participles: frozenset[str]
    relative: frozenset[str]
    prefixes: tuple[str, ...]
    that: frozenset[str]
    that_prefixes: tuple[str, ...]
    nominal: re.Pattern[str] | None
    before: frozenset[str]
    after: frozenset[str]
    pronouns: frozenset[str]
    stops: frozenset[str]
    adverbs: frozenset[str]
    roles: frozenset[str]
    determiners: frozenset[str]
    case: re.Pattern[str]
    locative: re.Pattern[str]


@lru_cache(maxsize=32)
def speech_rules(code: str) -> SpeechRules | None:
    """Return the rules of a language; None when its file, if there is one, lists no finite verbs."""
    table = speech(code)
    if table is None or not table.cues.verbs:
        return None
    cues, words, nouns = table.cues, table.words, table.nouns
    return SpeechRules(
        order=table.order,
        like=_lowered(cues.like),
        verbs=_lowered(cues.verbs),
        auxiliaries=_lowered(cues.auxiliaries),
        participles=_lowered(cues.participles),
        relative=_lowered(cues.relative),
        prefixes=cues.prefixes,
        that=_lowered(cues.that),
        that_prefixes=cues.that_prefixes,
        nominal=re.compile(cues.nominal) if cues.nominal else None,
        before=_lowered(cues.according_before),
        after=_lowered(cues.according_after),
        pronouns=_lowered(words.pronouns_male | words.pronouns_female | words.pronouns_other),
        stops=_lowered(words.stops),
        adverbs=_lowered(words.adverbs | words.conjunctions),
        roles=_lowered(nouns.roles | nouns.bodies),
        determiners=_lowered(words.determiners),
        case=re.compile(words.case_endings or NOTHING),
        locative=re.compile(words.locative_endings or NOTHING),
    )


def _lowered(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(_lower, words))


@dataclass(frozen=True, slots=True)
class RuleToken:
    """A word or mark outside quotation marks."""

    start: int
    end: int
    text: str
    low: str

    @property
    def mark(self) -> bool:
        """Whether it is punctuation."""
        return not (self.text[0].isalnum() or self.text[0] == "_")


@dataclass(frozen=True, slots=True)
class RuleSentence:
    """A sentence: the words outside its quotations, and the quotations.

    :ivar common: the words that its text has without a capital, where a subject has no other mark of one; else empty.
    """

    start: int
    end: int
    words: tuple[RuleToken, ...]
    quotes: tuple[Quotation, ...]
    common: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class VerbMatch:
    """A cue verb: words ``first`` to ``last`` of the sentence, the pronoun written onto it, if any."""

    first: int
    last: int
    relative: bool = False
    pronoun: Span | None = None


def parse(text: str, rules: SpeechRules | None, code: str) -> list[RuleSentence]:
    """Return the sentences of a text; quotations do not end one."""
    quotes = outermost(text)
    masked = opaque(text, quotes)
    found: list[RuleSentence] = []
    common = frozenset(_UNCAPITALISED.findall(text)) if rules and rules.order == "sov" else frozenset[str]()
    place = 0
    for start, end in sentences(masked, code or "en"):
        inside: list[Quotation] = []
        while place < len(quotes) and quotes[place].span[0] < end:
            if quotes[place].span[0] >= start:
                inside.append(quotes[place])
            place += 1
        if inside or rules is not None:
            words = _words(text, start, end, inside)
            found.append(RuleSentence(start, end, words, tuple(inside[:MAX_QUOTES]), common))
    return found


def _words(text: str, start: int, end: int, quotes: list[Quotation]) -> tuple[RuleToken, ...]:
    words: list[RuleToken] = []
    at = start
    for stop, resume in [*(quote.span for quote in quotes), (end, end)]:
        for match in _TOKEN.finditer(text, at, max(at, min(stop, end))):
            words.append(RuleToken(match.start(), match.end(), match[0], _lower(match[0])))
            if len(words) >= MAX_TOKENS:
                return tuple(words)
        at = max(at, resume)
    return tuple(words)


def _lower(word: str) -> str:
    """The form under which words are looked up: lower case, with a plain apostrophe and without Arabic vowel signs."""
    return _VOWEL.sub("", word.lower().replace("’", "'"))


def words_between(text: str, start: int, end: int) -> tuple[RuleToken, ...]:
    """Return the words and marks of a stretch of text; at most MAX_TOKENS."""
    found = islice(_TOKEN.finditer(text, start, end), MAX_TOKENS)
    return tuple(RuleToken(match.start(), match.end(), match[0], _lower(match[0])) for match in found)


def verb_matches(sentence: RuleSentence, rules: SpeechRules) -> list[VerbMatch]:
    """Return the cue verbs of a sentence, in order."""
    found: list[VerbMatch] = []
    for index, word in enumerate(sentence.words):
        if word.mark:
            continue
        got = _verb(sentence, rules, index, word)
        if got and not (found and got.first <= found[-1].last):
            found.append(got)
    return found[:MAX_QUOTES]


def _verb(sentence: RuleSentence, rules: SpeechRules, index: int, word: RuleToken) -> VerbMatch | None:
    phrase = " ".join(one.low for one in sentence.words[index : index + 2])
    if phrase in rules.verbs:  # "ifade etti"
        return VerbMatch(index, index + 1)
    if word.low in rules.verbs:
        return VerbMatch(index, index)
    if word.low in rules.relative:
        return VerbMatch(index, index, relative=True)
    for prefix in rules.prefixes:
        if word.low.startswith(prefix) and word.low[len(prefix) :] in rules.verbs:
            return VerbMatch(index, index)
    head, dash, tail = word.low.rpartition("-")
    if dash and tail in rules.pronouns and head.removesuffix("-t") in rules.verbs:
        return VerbMatch(index, index, pronoun=(word.end - len(tail), word.end))  # "dit-il"
    if phrase in rules.participles:  # "fait savoir"
        return _compound(sentence, rules, index, index + 1)
    if word.low in rules.participles:
        return _compound(sentence, rules, index, index)
    return None


def _compound(sentence: RuleSentence, rules: SpeechRules, first: int, last: int) -> VerbMatch | None:
    """A participle with its auxiliary up to three words before: "a également déclaré", "a-t-il ajouté"."""
    for before in range(first - 1, max(-1, first - 4), -1):
        word = sentence.words[before]
        if word.mark:
            return None
        head, _, tail = word.low.partition("-")
        parts = (word.low, head, head.rpartition("'")[2])
        auxiliary = next((part for part in parts if part in rules.auxiliaries), None)
        if auxiliary:
            pronoun = tail.rpartition("-")[2] if tail else ""
            span = (word.end - len(pronoun), word.end) if pronoun in rules.pronouns and pronoun else None
            return VerbMatch(before, last, pronoun=span)
    return None
