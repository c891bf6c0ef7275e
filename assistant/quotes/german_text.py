"""German sentences as clauses of tokens: what the rules for German read."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from assistant.quotes.german_verbs import GermanVerbs, german_verbs
from assistant.quotes.lexicon import data, word_set
from assistant.quotes.marks import Quotation, outermost
from assistant.quotes.model import Span
from assistant.text import sentences

_TOKEN = re.compile(r"\d+(?:[.,:/–-]\d+)*\.?(?:-\w+)?|\w+(?:[-/’'.&]\w+)*-?|[^\w\s]")
MAX_SENTENCE = 3000
"""Characters; a longer run without an end is cut, so that the work stays linear."""


@dataclass(slots=True)
class Token:
    """A word, number or mark. ``quoted``: inside quotation marks; ``aside``: inside brackets."""

    start: int
    end: int
    text: str
    low: str
    quoted: bool
    aside: bool

    @property
    def word(self) -> bool:
        """Whether it is a word or a number."""
        return self.text[0].isalnum()

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


@dataclass(slots=True)
class Clause:
    """A stretch of a sentence between commas, semicolons, colons or dashes; token indexes, end exclusive.

    :ivar mark: what stands before it: "," ";" ":" "–" or "" at the start of the sentence.
    """

    start: int
    end: int
    mark: str
    kind: str = "fragment"
    subjunctive: bool = False
    strong: bool = False
    """``subjunctive``: has a form of reported speech; ``strong``: one that has no other use."""


@dataclass(slots=True)
class Sentence:
    """A sentence; its quotations count as parts of it, whatever stands inside them."""

    start: int
    end: int
    paragraph: int
    tokens: list[Token]
    clauses: list[Clause] = field(default_factory=list)
    quotes: list[Quotation] = field(default_factory=list)

    def span(self, first: int, last: int) -> Span:
        """Return the characters of the tokens first..last-1."""
        return self.tokens[first].start, self.tokens[last - 1].end


@dataclass(frozen=True, slots=True)
class Words:
    """The closed word classes of German, lower case."""

    determiners: frozenset[str]
    nominative: frozenset[str]
    prepositions: frozenset[str]
    pronouns: frozenset[str]
    adverbs: frozenset[str]
    subordinators: frozenset[str]
    complementizers: frozenset[str]
    interrogatives: frozenset[str]
    relatives: frozenset[str]
    particles: frozenset[str]
    verbs: GermanVerbs


AUXILIARIES = frozenset(
    """ist sind war waren hat haben hatte hatten wird werden wurde wurden kann können konnte konnten muss müssen musste
    mussten soll sollen sollte sollten will wollen wollte wollten darf dürfen durfte durften mag mögen mochte möchte
    möchten sei seien habe werde könne müsse dürfe solle wolle würde würden hätte hätten wäre wären könnte könnten
    müsste müssten dürfte dürften gibt gab gebe gäbe geht ging gehe kommt kam komme steht stand stehe liegt lag liege
    bleibt blieb bleibe lässt ließ macht machte""".split()
)
HAVE = frozenset("hat haben habe hatte hatten hätte hätten".split())
BECOME = frozenset("wird werden wurde wurden worden werde würde".split())


@lru_cache(maxsize=1)
def words() -> Words:
    """Return the closed word classes, from the data file."""
    table = (data("de") or {})["words"]
    nominative = word_set(table["determiners_nominative"])
    verbs = german_verbs()
    return Words(
        determiners=nominative | word_set(table["determiners_other"]),
        nominative=nominative,
        prepositions=word_set(table["prepositions"]),
        pronouns=word_set(table["pronouns_male"] + " " + table["pronouns_female"] + " " + table["pronouns_other"]),
        adverbs=word_set(table["adverbs"]),
        subordinators=word_set(table["subordinators"]),
        complementizers=word_set(table["complementizers"]),
        interrogatives=word_set(table["interrogatives"]),
        relatives=word_set(table["relatives"]),
        particles=frozenset(item.cue.particle for found in verbs.forms.values() for item in found) - {""},
        verbs=verbs,
    )


def parse(text: str) -> list[Sentence]:
    """Return the sentences of a German text, cut into clauses."""
    quotes = outermost(text)
    masked = _mask(text, quotes)
    breaks = [match.start() for match in re.finditer(r"\n\s*\n", text)]
    found: list[Sentence] = []
    place = 0
    for start, end in _short(sentences(masked, "de"), masked, quotes):
        inside: list[Quotation] = []
        while place < len(quotes) and quotes[place].span[0] < end:
            if quotes[place].span[0] >= start:
                inside.append(quotes[place])
            place += 1
        tokens = _tokens(text, start, end, inside)
        if tokens:
            sentence = Sentence(start, end, bisect_right(breaks, start), tokens, quotes=inside)
            sentence.clauses = _clauses(sentence)
            found.append(sentence)
    return found


def _mask(text: str, quotes: list[Quotation]) -> str:
    """The text with its quotations made opaque, so that no sentence ends within one.

    The first character and a closing terminator stay: they tell where the sentence around it ends.
    """
    pieces: list[str] = []
    at = 0
    for quote in quotes:
        start, end = quote.inner
        if end - start < 2 or not quote.closed:
            continue
        keep = 1 if text[end - 1] in ".!?…" else 0
        pieces += [text[at : start + 1], "x" * (end - start - 1 - keep), text[end - keep : end]]
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


def _short(spans: list[Span], text: str, quotes: list[Quotation]) -> list[Span]:
    """The spans, those longer than MAX_SENTENCE (quotations apart) cut: between words, never in a quotation."""
    starts = [quote.span[0] for quote in quotes]
    lengths = [0, *accumulate(quote.span[1] - quote.span[0] for quote in quotes)]
    result: list[Span] = []
    for start, end in spans:
        while end - start > MAX_SENTENCE:
            held = lengths[bisect_left(starts, end)] - lengths[bisect_left(starts, start)]
            if end - start - held <= MAX_SENTENCE:
                break
            cut = text.rfind(" ", start + 1, start + MAX_SENTENCE)
            if cut <= start:
                cut = start + MAX_SENTENCE
                place = bisect_right(starts, cut) - 1
                if place >= 0:
                    cut = min(end, max(cut, quotes[place].span[1]))
            if text[start:cut].strip("x"):
                result.append((start, cut))
            start = cut
            while start < end and text[start].isspace():
                start += 1
        if start < end:
            result.append((start, end))
    return result


def _tokens(text: str, start: int, end: int, quotes: list[Quotation]) -> list[Token]:
    tokens: list[Token] = []
    place = depth = 0
    for match in _TOKEN.finditer(text, start, end):
        while place < len(quotes) and quotes[place].span[1] <= match.start():
            place += 1
        quoted = place < len(quotes) and quotes[place].span[0] <= match.start()
        word = match[0]
        if word in "([" and not quoted:
            depth = min(depth + 1, 3)
        tokens.append(Token(match.start(), match.end(), word, word.lower(), quoted, depth > 0))
        if word in ")]" and not quoted:
            depth = max(depth - 1, 0)
    return tokens


def _clauses(sentence: Sentence) -> list[Clause]:
    tokens = sentence.tokens
    end = len(tokens)
    while end and tokens[end - 1].text in ".!?…" and not tokens[end - 1].quoted:
        end -= 1
    clauses: list[Clause] = []
    start, mark = 0, ""
    for index in range(end + 1):
        token = tokens[index] if index < end else None
        if token and not _divides(tokens, index):
            continue
        if index > start:
            clauses.append(_classify(tokens, Clause(start, index, mark)))
        start, mark = index + 1, token.text if token else ""
    return clauses


def _divides(tokens: list[Token], index: int) -> bool:
    """Whether a mark ends a clause: not within quotation marks or brackets, and dashes only between blanks."""
    token = tokens[index]
    if token.text not in ",;:–—-" or token.quoted or token.aside:
        return False
    if token.text in "–—-":
        return index > 0 and tokens[index - 1].end < token.start and tokens[index + 1 :][:1] != [] and (
            tokens[index + 1].start > token.end
        )
    return True


def plain(tokens: list[Token], clause: Clause) -> list[int]:
    """Return the indexes of the clause's words outside quotation marks and brackets."""
    return [
        index
        for index in range(clause.start, clause.end)
        if tokens[index].word and not tokens[index].quoted and not tokens[index].aside
    ]


def _classify(tokens: list[Token], clause: Clause) -> Clause:
    """Set the clause's kind: that, wh, subordinate, relative, infinitive, main or fragment."""
    lexicon = words()
    inside = [index for index in range(clause.start, clause.end) if tokens[index].word and not tokens[index].aside]
    moods = [tokens[index].low for index in inside if is_subjunctive(tokens, index, clause)]
    if not any(tokens[index].low in ("ich", "mich", "meine") for index in inside):
        clause.subjunctive = bool(moods)
        clause.strong = any(low in lexicon.verbs.subjunctive for low in moods)
    outer = [index for index in inside if not tokens[index].quoted]
    if not outer:
        clause.kind = "quote" if inside else "fragment"
        return clause
    first = 0
    while first + 1 < len(outer) and tokens[outer[first]].low in ("und", "oder", "aber", "sondern", "doch", "auch"):
        first += 1
    low = tokens[outer[first]].low
    if low in lexicon.complementizers:
        clause.kind = "that"
    elif low in lexicon.interrogatives and not tokens[outer[first]].text[0].isupper():
        clause.kind = "wh"
    elif low in lexicon.subordinators or low == "um":
        clause.kind = "subordinate"
    elif _ends_in_zu(tokens, inside):
        clause.kind = "infinitive"
    elif clause.mark in (",", "–", "—", "-") and _is_relative(tokens, outer[first:], inside[-1]):
        clause.kind = "relative"
    elif finite(tokens, inside, clause) is not None:
        clause.kind = "main"
    elif _is_infinitive(tokens, outer):
        clause.kind = "infinitive"
    return clause


def is_subjunctive(tokens: list[Token], index: int, clause: Clause) -> bool:
    """Whether the token is a present subjunctive, or a plural that stands in for one."""
    token = tokens[index]
    verbs = words().verbs
    if token.low not in verbs.subjunctive and token.low not in verbs.past_plural:
        return False
    if token.capital:
        return False
    following = tokens[index + 1] if index + 1 < clause.end else None
    previous = tokens[index - 1].low if index > clause.start else ""
    if token.low in ("habe", "werde", "könne") or token.low.startswith("sei"):
        return "ich" not in (previous, following.low if following else "")
    if previous in words().determiners and following is not None and following.capital:
        return False  # "die weite Welt": an adjective
    return "ich" not in (previous, following.low if following else "")


def finite(tokens: list[Token], inside: list[int], clause: Clause) -> int | None:
    """Return the index of the clause's first finite verb, as far as closed lists and endings tell."""
    forms = words().verbs.forms
    for index in inside:
        token = tokens[index]
        if token.capital and index > clause.start:
            continue
        if token.low in AUXILIARIES or is_subjunctive(tokens, index, clause):
            return index
        found = forms.get(token.low)
        if found and any(item.kind != "participle" for item in found) and not _after_zu(tokens, index):
            return index
    for index in inside[1:]:
        token = tokens[index]
        if not token.capital and re.search(r"[^aeiou](?:te|ten)$", token.low) and not _adjective(tokens, index, clause):
            return index
    return None


def _after_zu(tokens: list[Token], index: int) -> bool:
    return index > 0 and tokens[index - 1].low == "zu"


def _adjective(tokens: list[Token], index: int, clause: Clause) -> bool:
    return index + 1 < clause.end and (tokens[index + 1].capital or tokens[index + 1].quoted)


def _ends_in_zu(tokens: list[Token], inside: list[int]) -> bool:
    """Whether the clause closes with an infinitive: "zu sagen", "anzukündigen", "sagen zu wollen"."""
    last = tokens[inside[-1]]
    if last.capital or not last.low.endswith("n"):
        return False
    if len(inside) > 1 and tokens[inside[-2]].low == "zu" and last.low != "haben":
        return True
    if len(inside) > 1 and tokens[inside[-2]].low == "zu":
        return not any(tokens[index].low in AUXILIARIES for index in inside[:-1])
    return bool(re.search(r"^(?:ab|an|auf|aus|bei|ein|her|hin|mit|nach|vor|zurück|durch|um|weiter|fest|vorweg)zu\w{2,}n$", last.low))


def _is_relative(tokens: list[Token], outer: list[int], final: int) -> bool:
    lexicon = words()
    place = 0
    if tokens[outer[0]].low in lexicon.prepositions and len(outer) > 1:
        place = 1
    if tokens[outer[place]].low not in lexicon.relatives or len(outer) < place + 2:
        return False
    last = tokens[outer[-1]]
    if final != outer[-1] or last.capital or not _verb_like(last.low):
        return False
    middle = {tokens[index].low for index in outer[place + 1 : -1]}
    if last.low not in AUXILIARIES and (middle & AUXILIARIES or middle & lexicon.verbs.subjunctive):
        return False
    if place == 0 and len(outer) > 2 and _noun_phrase_follows(tokens, outer):
        return not (middle & AUXILIARIES or middle & lexicon.verbs.subjunctive)
    return True


def _verb_like(low: str) -> bool:
    return low in AUXILIARIES or low in words().verbs.subjunctive or bool(re.search(r"(?:t|te|en|n|e|ß|g|b|m|s)$", low))


def _noun_phrase_follows(tokens: list[Token], outer: list[int]) -> bool:
    """Whether the word after the first is its noun, or an adjective of it."""
    for index in outer[1:4]:
        if tokens[index].capital or tokens[index].quoted:
            return True
        if not re.search(r"(?:e|en|er|es|em)$", tokens[index].low) or tokens[index].low in words().pronouns:
            return False
    return False


def _is_infinitive(tokens: list[Token], outer: list[int]) -> bool:
    last = tokens[outer[-1]].low
    if re.search(r"..zu\w{2,}(?:en|n)$", last):
        return True
    for index in outer[:-1]:
        following = tokens[index + 1].low if index + 1 < len(tokens) else ""
        if tokens[index].low == "zu" and following.endswith("n") and not tokens[index + 1].capital:
            return True
        if re.fullmatch(r"\w{2,7}zu\w{2,}en", tokens[index].low):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Found:
    """One attribution inside a sentence, before speakers are named.

    :ivar content: characters.
    :ivar source: token indexes of the sentence, or None.
    :ivar cue: characters, or None.
    :ivar how: "cue", "according", "report" or "noun".
    :ivar say: the cue takes direct speech.
    """

    content: Span
    source: tuple[int, int] | None
    cue: Span | None
    how: str
    say: bool = True


def content(sentence: Sentence, first: int, end: int) -> Span:
    """The characters of clauses first..end-1, without a conjunction or stray mark before them."""
    clauses = sentence.clauses
    start = clauses[first].start
    last = clauses[end - 1].end
    while start + 1 < last and not sentence.tokens[start].word and not sentence.tokens[start].quoted:
        start += 1
    return sentence.span(start, last)
