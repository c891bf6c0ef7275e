"""German cue verbs in their clauses: "teilte ... mit", "hat erklärt", "davon ausgeht"."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.quotes.german.according import speaks
from assistant.quotes.german.noun_phrases import Phrase, governed_by, subject
from assistant.quotes.german.tokens import GermanClause, GermanSentence, unquoted
from assistant.quotes.german.verbs import CueVerb, Inflected, VerbForm
from assistant.quotes.german.word_classes import classes
from assistant.text import Span

MAX_MATCHES = 16
"""Cue verbs read in one sentence; what lies behind them in a longer run is no prose."""


@dataclass(frozen=True, slots=True)
class CueMatch:
    """A cue verb in a clause: ``at`` its finite or final form, ``last`` its particle or participle."""

    cue: CueVerb
    clause: int
    at: int
    last: int
    kind: VerbForm
    passive: bool

    def span(self, sentence: GermanSentence) -> Span:
        """Return the characters of the verb."""
        token = sentence.tokens[self.at]
        return token.start, token.end


def cue_matches(sentence: GermanSentence) -> list[CueMatch]:
    """Return the cue verbs of a sentence, in order; at most MAX_HITS."""
    found: list[CueMatch] = []
    forms = classes().verbs.forms
    for number, clause in enumerate(sentence.clauses):
        outer = unquoted(sentence.tokens, clause)
        lows = {sentence.tokens[index].low for index in outer}
        for index in outer:
            token = sentence.tokens[index]
            if token.low not in forms or (token.capital and index > outer[0]):
                continue
            got = _best(sentence, number, index, forms[token.low], lows)
            if got:
                found.append(got)
        if len(found) >= MAX_MATCHES:
            break
    return found[:MAX_MATCHES]


def _best(
    sentence: GermanSentence, number: int, index: int, items: tuple[Inflected, ...], lows: set[str]
) -> CueMatch | None:
    """The most specific reading of a form that its clause allows."""
    best: tuple[int, CueMatch] | None = None
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


def _reading(sentence: GermanSentence, number: int, index: int, item: Inflected, lows: set[str]) -> CueMatch | None:
    tokens, cue, known = sentence.tokens, item.cue, classes()
    clause = sentence.clauses[number]
    if cue.lemma == "melden" and "sich" in lows:
        return None
    if item.kind == "participle":
        following = tokens[index + 1].low if index + 1 < len(tokens) else ""
        if lows & known.have and following not in known.become:
            return CueMatch(cue, number, index, index, "participle", False)
        if cue.lemma in ("gehen", "werden") and lows & known.be:
            return CueMatch(cue, number, index, index, "participle", False)
        if lows & known.become:
            return CueMatch(cue, number, index, index, "participle", True)
        return None
    if index > clause.start and tokens[index - 1].low == "zu":
        return None
    if item.kind == "fused":
        return CueMatch(cue, number, index, index, "fused", False)
    if tokens[index].low == cue.lemma and _modal(sentence, clause, index):
        return None
    if not cue.particle:
        return CueMatch(cue, number, index, index, "finite", False)
    at = _particle(sentence, number, index, cue.particle)
    return CueMatch(cue, number, index, at, "finite", False) if at is not None else None


def _modal(sentence: GermanSentence, clause: GermanClause, index: int) -> bool:
    """Whether another verb makes the plural form an infinitive ("will berichten")."""
    others = [at for at in unquoted(sentence.tokens, clause) if at != index]
    auxiliaries = classes().auxiliaries
    return any(sentence.tokens[at].low in auxiliaries and not sentence.tokens[at].capital for at in others)


def _particle(sentence: GermanSentence, number: int, index: int, particle: str) -> int | None:
    """Where the separated prefix stands: at the end of the clause, or of one close behind it."""
    for later in range(number, min(number + 4, len(sentence.clauses))):
        clause = sentence.clauses[later]
        if later > number and clause.kind in ("that", "wh"):
            return None
        outer = [at for at in unquoted(sentence.tokens, clause) if at > index]
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


def source_of(sentence: GermanSentence, match: CueMatch) -> Phrase | None:
    """Whose words a cue gives: its subject; in the passive the agent; for "heißt es" the place it stands in."""
    clause = sentence.clauses[match.clause]
    if match.cue.lemma == "heißen":
        got = governed_by(sentence, clause, ("in", "im", "auf", "aus", "bei", "von", "seitens"))
        before = sentence.clauses[match.clause - 1] if match.clause else None
        if got is None and before and match.at == clause.start and before.kind == "relative" and match.clause > 1:
            got = governed_by(sentence, sentence.clauses[match.clause - 2], ("in", "im", "auf", "aus"))
        return got
    if match.cue.particle == "hervor":
        return governed_by(sentence, clause, ("aus",))
    if match.passive and match.cue.lemma != "zitieren":
        agent = governed_by(sentence, clause, ("von", "vom", "durch", "seitens"))
        place = None if agent else governed_by(sentence, clause, ("in", "im", "auf"))
        return agent or (place if place and _document(sentence, place) else None)
    return subject(sentence, clause, match.at)


def _document(sentence: GermanSentence, got: Phrase) -> bool:
    """Whether a noun phrase names what words can stand in: "einer Pressemitteilung", "dem Bericht"."""
    return any(token.capital and speaks(token.text) for token in sentence.tokens[got[0] : got[1]])
