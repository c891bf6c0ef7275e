"""Who said what in German: direct, indirect and free indirect speech by rules."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.quotes.german_phrases import Phrase, cut_off, nominative, phrase, phrases, subject
from assistant.quotes.german_text import (
    AUXILIARIES,
    BECOME,
    HAVE,
    Clause,
    Sentence,
    Token,
    plain,
    words,
)
from assistant.quotes.lexicon import Cue, Inflected
from assistant.quotes.model import Span


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
    source: Phrase | None
    cue: Span | None
    how: str
    say: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue verb in a clause: ``at`` its finite or final form, ``last`` its particle or participle."""

    cue: Cue
    clause: int
    at: int
    last: int
    kind: str
    passive: bool


def hits(sentence: Sentence) -> list[Hit]:
    """Return the cue verbs of a sentence, at most one for each clause and word."""
    found: list[Hit] = []
    forms = words().verbs.forms
    for number, clause in enumerate(sentence.clauses):
        outer = plain(sentence.tokens, clause)
        lows = {sentence.tokens[index].low for index in outer}
        for index in outer:
            token = sentence.tokens[index]
            if token.low not in forms or (token.capital and index > outer[0]):
                continue
            got = _best(sentence, number, index, forms[token.low], lows)
            if got:
                found.append(got)
    return found


def _best(sentence: Sentence, number: int, index: int, items: tuple[Inflected, ...], lows: set[str]) -> Hit | None:
    """The most specific reading of a form that its clause allows."""
    best: tuple[int, Hit] | None = None
    for item in items:
        cue = item.cue
        if not all(word in lows for word in cue.words):
            continue
        got = _reading(sentence, number, index, item, lows)
        if got is None:
            continue
        weight = 2 * len(cue.words) + 3 * bool(cue.particle) + cue.say + (item.kind == "participle")
        if best is None or weight > best[0]:
            best = (weight, got)
    return best[1] if best else None


def _reading(sentence: Sentence, number: int, index: int, item: Inflected, lows: set[str]) -> Hit | None:
    tokens, cue = sentence.tokens, item.cue
    clause = sentence.clauses[number]
    if item.kind == "participle":
        following = tokens[index + 1].low if index + 1 < len(tokens) else ""
        if lows & HAVE and following not in BECOME:
            return Hit(cue, number, index, index, "participle", False)
        if lows & BECOME:
            return Hit(cue, number, index, index, "participle", True)
        return None
    if index > clause.start and tokens[index - 1].low == "zu":
        return None
    if item.kind == "fused":
        return Hit(cue, number, index, index, "fused", False)
    if tokens[index].low == cue.lemma and _modal(sentence, clause, index):
        return None
    if not cue.particle:
        return Hit(cue, number, index, index, "finite", False)
    at = _particle(sentence, number, index, cue.particle)
    return Hit(cue, number, index, at, "finite", False) if at is not None else None


def _modal(sentence: Sentence, clause: Clause, index: int) -> bool:
    """Whether another verb makes the plural form an infinitive ("will berichten")."""
    others = [at for at in plain(sentence.tokens, clause) if at != index]
    return any(sentence.tokens[at].low in AUXILIARIES and not sentence.tokens[at].capital for at in others)


def _particle(sentence: Sentence, number: int, index: int, particle: str) -> int | None:
    """Where the separated prefix stands: at the end of the clause, or of one close behind it."""
    for later in range(number, min(number + 4, len(sentence.clauses))):
        clause = sentence.clauses[later]
        if later > number and clause.kind in ("that", "wh"):
            return None
        outer = [at for at in plain(sentence.tokens, clause) if at > index]
        for place, at in enumerate(outer):
            token = sentence.tokens[at]
            if token.text != particle:
                continue
            following = sentence.tokens[outer[place + 1]] if place + 1 < len(outer) else None
            if following is None or following.low in ("und", "sowie", "oder", "aber"):
                return at
            if later > number and at == clause.start:
                return at
    return None


def complement(sentence: Sentence, hit: Hit) -> Span | None:
    """Return the content of a cue that stands before its words: the clauses after it."""
    clauses = sentence.clauses
    tokens = sentence.tokens
    first = hit.clause + 1
    while first < len(clauses) and tokens[clauses[first].start].start < tokens[hit.last].end:
        first += 1
    skipped = 0
    while first < len(clauses) and skipped < 5:
        clause = clauses[first]
        if _takes(hit, clause, skipped, sentence, first):
            return _content(sentence, first, len(clauses))
        if clause.kind not in ("relative", "fragment", "subordinate", "quote") or clause.mark == ";":
            return None
        first += 1
        skipped += 1
    return None


def _takes(hit: Hit, clause: Clause, skipped: int, sentence: Sentence, number: int) -> bool:
    """Whether a clause can be the complement of a cue."""
    cue = hit.cue
    if clause.kind == "that":
        return True
    if clause.kind == "wh":
        low = sentence.tokens[clause.start].low
        return low != "wie" or cue.say
    if clause.kind == "infinitive":
        return (cue.clause or cue.say) and skipped <= 1
    if clause.kind == "main" and clause.subjunctive:
        return cue.say or cue.clause
    if clause.mark == ":":
        return cue.say or clause.kind == "quote" or bool(_quoted(sentence, clause))
    if clause.kind == "main" and cue.say and skipped <= 1:
        return sentence.tokens[clause.start].low not in ("und", "aber", "doch", "so", "sondern")
    if clause.kind in ("fragment", "quote") and cue.say and skipped == 0 and hit.kind != "participle":
        return any(later.kind == "main" for later in sentence.clauses[number : number + 3]) and clause.kind == "quote"
    return False


def _quoted(sentence: Sentence, clause: Clause) -> bool:
    return any(sentence.tokens[index].quoted for index in range(clause.start, clause.end))


def _content(sentence: Sentence, first: int, end: int) -> Span:
    """The characters of clauses first..end-1, without a conjunction or stray mark before them."""
    clauses = sentence.clauses
    start = clauses[first].start
    last = clauses[end - 1].end
    while start + 1 < last and not sentence.tokens[start].word and not sentence.tokens[start].quoted:
        start += 1
    return sentence.span(start, last)


def find(sentence: Sentence) -> list[Found]:
    """Return the attributions that one sentence states by itself."""
    found: list[Found] = []
    for hit in hits(sentence):
        got = _from_cue(sentence, hit)
        if got:
            found.append(got)
    found += _so(sentence)
    found += according(sentence)
    return _distinct(found)


def _distinct(found: list[Found]) -> list[Found]:
    """One attribution for each content; the one with a source wins."""
    best: dict[Span, Found] = {}
    for item in found:
        known = best.get(item.content)
        if known is None or (known.source is None and item.source is not None):
            best[item.content] = item
    return list(best.values())


def _from_cue(sentence: Sentence, hit: Hit) -> Found | None:
    clauses = sentence.clauses
    clause = clauses[hit.clause]
    tokens = sentence.tokens
    source = None if hit.passive else subject(sentence, clause, hit.at)
    outer = plain(tokens, clause)
    cue = (tokens[min(hit.at, hit.last)].start, tokens[hit.at].end) if hit.last == hit.at else sentence.span(hit.at, hit.at + 1)
    lead = tokens[outer[0]].low
    if lead == "wie" and clause.kind in ("wh", "main", "fragment", "infinitive", "subordinate"):
        if hit.clause == 0:
            rest = _after(sentence, hit.clause)
            return Found(_content(sentence, rest, len(clauses)), source, cue, "cue") if rest else None
        return Found(_content(sentence, 0, _resume(sentence, hit.clause)), source, cue, "cue")
    if outer[0] == hit.at and hit.kind == "finite" and (hit.cue.say or hit.cue.clause) and _inverted(sentence, hit.clause):
        after = _post_subject(sentence, clause, hit)
        if after is not None or hit.cue.lemma == "heißen":
            return Found(_content(sentence, 0, _resume(sentence, hit.clause)), after, cue, "cue", hit.cue.say)
    content = complement(sentence, hit) if hit.cue.say or hit.cue.clause else None
    if content and not (hit.passive and clause.kind == "relative"):
        return Found(content, source, cue, "cue", hit.cue.say)
    return None


def _inverted(sentence: Sentence, number: int) -> bool:
    """Whether a clause that opens with its verb comments on the words before it ("..., sagte er").

    It does not after a clause that is only its first place ("Nachdem ..., forderte er"), or its subject
    ("Der Minister, der ..., sagte").
    """
    before = sentence.clauses[:number]
    if not before:
        return False
    if before[0].kind == "wh" and sentence.tokens[before[0].start].low == "wie":
        return False
    if any(clause.kind in ("main", "that", "wh", "quote", "infinitive") or _quoted(sentence, clause) for clause in before):
        return True
    return before[0].kind not in ("subordinate",) and cut_off(sentence, sentence.clauses[number]) is None


def _post_subject(sentence: Sentence, clause: Clause, hit: Hit) -> Phrase | None:
    """The subject right behind an inverted verb: "..., sagte der Sprecher am Montag"."""
    at = hit.at + 1
    lexicon = words()
    while at < clause.end and sentence.tokens[at].low in lexicon.adverbs:
        at += 1
    got = phrase(sentence, at, clause.end)
    if got and not nominative(sentence, got):
        got = None
    if got is None:
        inside = [item for item, governed in phrases(sentence, at, clause.end) if not governed and nominative(sentence, item)]
        got = inside[0] if inside and at < clause.end and sentence.tokens[at].low not in lexicon.interrogatives else None
    return got


def _after(sentence: Sentence, number: int) -> int | None:
    """The first clause after a leading "wie" clause that carries the content."""
    for later in range(number + 1, len(sentence.clauses)):
        if sentence.clauses[later].kind in ("main", "that", "quote", "infinitive"):
            return later
    return number + 1 if number + 1 < len(sentence.clauses) else None


def _resume(sentence: Sentence, number: int) -> int:
    """Where the content before an inserted cue ends: after the cue, when its clauses go on in the subjunctive."""
    end = number
    for later in range(number + 1, len(sentence.clauses)):
        clause = sentence.clauses[later]
        if clause.kind in ("main", "that", "quote") and (clause.subjunctive or clause.kind != "main" or later == number + 1):
            return len(sentence.clauses)
    return max(end, 1)


def _so(sentence: Sentence) -> list[Found]:
    """"..., so der Minister": content before, the noun phrase after."""
    found = []
    for number, clause in enumerate(sentence.clauses[1:], 1):
        first = sentence.tokens[clause.start]
        if first.low != "so" or first.capital or clause.kind not in ("fragment", "infinitive", "quote"):
            continue
        got = phrase(sentence, clause.start + 1, clause.end)
        if got:
            found.append(Found(_content(sentence, 0, _resume(sentence, number)), got, (first.start, first.end), "cue"))
    return found


def according(sentence: Sentence) -> list[Found]:
    """Return what "laut X", "nach Angaben von X", "X zufolge" and "demnach" attribute."""
    from assistant.quotes.german_according import according_phrases

    found = []
    for source, cue, where in according_phrases(sentence):
        number = next(i for i, clause in enumerate(sentence.clauses) if clause.start <= cue < clause.end)
        first = _own_clause(sentence, number)
        last = len(sentence.clauses)
        start = sentence.clauses[first].start
        token = sentence.tokens[cue]
        if first == number and where[0] <= start + 1:
            start = where[1]
            while start < sentence.clauses[-1].end and not sentence.tokens[start].word and not sentence.tokens[start].quoted:
                start += 1
        end = sentence.clauses[last - 1].end
        if start < end:
            found.append(Found(sentence.span(start, end), source, (token.start, token.end), "according", False))
    return found


def _own_clause(sentence: Sentence, number: int) -> int:
    """The clause that the attributed words begin with: the sentence's first, unless another cue rules before it."""
    clause = sentence.clauses[number]
    if number and clause.kind in ("that", "wh", "relative") or (number and clause.mark in ":;"):
        return number
    return 0


def reported(sentence: Sentence, taken: list[Found]) -> list[Found]:
    """Return acts of speech without a clause of content: "X fordert den Rücktritt"; the content is the sentence."""
    for hit in hits(sentence):
        clause = sentence.clauses[hit.clause]
        if not hit.cue.report or any(hit_span(sentence, hit)[0] >= item.content[0] and hit_span(sentence, hit)[0] < item.content[1] for item in taken):
            continue
        if any(item.cue and item.cue[0] == hit_span(sentence, hit)[0] for item in taken):
            continue
        source = None if hit.passive else subject(sentence, clause, hit.at)
        if source is None or clause.kind in ("infinitive", "that", "wh"):
            continue
        span = (sentence.start, sentence.end) if clause.kind == "main" else sentence.span(clause.start, clause.end)
        return [Found(span, source, None, "report", False)]
    return []


def hit_span(sentence: Sentence, hit: Hit) -> Span:
    """Return the characters of the cue's verb."""
    token: Token = sentence.tokens[hit.at]
    return token.start, token.end


def free(sentence: Sentence) -> bool:
    """Whether the sentence as a whole is given in the subjunctive: reported speech without a cue."""
    for number, clause in enumerate(sentence.clauses):
        if clause.kind in ("main", "fragment", "quote", "infinitive") and clause.subjunctive:
            return True
        if clause.kind == "main" and number == 0:
            continue
    return False


_ = re
