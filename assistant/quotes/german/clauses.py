"""German clauses: where they divide, and what kind each is."""

from __future__ import annotations

import re
from functools import cache

from assistant.languages.lexicon import german_speech
from assistant.quotes.german.tokens import GermanClause, GermanSentence, GermanToken
from assistant.quotes.german.word_classes import classes


def clauses(sentence: GermanSentence) -> list[GermanClause]:
    """Return the clauses of a sentence, in order, each with its kind and mood; marks between them belong to none."""
    tokens = sentence.tokens
    end = len(tokens)
    while end and tokens[end - 1].text in ".!?…" and not tokens[end - 1].quoted:
        end -= 1
    found: list[GermanClause] = []
    start, mark = 0, ""
    for index in range(end + 1):
        token = tokens[index] if index < end else None
        if token and not _divides(tokens, index):
            continue
        if index > start:
            found.append(_classify(tokens, GermanClause(start, index, mark)))
        start, mark = index + 1, token.text if token else ""
    return found


def _divides(tokens: list[GermanToken], index: int) -> bool:
    """Whether a mark ends a clause: not within quotation marks or brackets, and dashes only between blanks."""
    token = tokens[index]
    if token.text not in ",;:–—-" or token.quoted or token.aside:
        return False
    if token.text in "–—-":
        within = 0 < index < len(tokens) - 1
        return within and tokens[index - 1].end < token.start and tokens[index + 1].start > token.end
    return True


def _classify(tokens: list[GermanToken], clause: GermanClause) -> GermanClause:
    """Set the clause's kind: that, wh, subordinate, relative, infinitive, main or fragment."""
    known = classes()
    inside = [index for index in range(clause.start, clause.end) if tokens[index].word and not tokens[index].aside]
    moods = [tokens[index].low for index in inside if is_subjunctive(tokens, index, clause)]
    if not any(tokens[index].low in ("ich", "mich", "meine") for index in inside):
        clause.subjunctive = bool(moods)
        clause.strong = any(low not in known.verbs.past_plural for low in moods)
        clause.possible = any(tokens[index].low in known.verbs.past for index in inside)
    outer = [index for index in inside if not tokens[index].quoted]
    if not outer:
        clause.kind = "quote" if inside else "fragment"
        return clause
    first = 0
    while first + 1 < len(outer) and tokens[outer[first]].low in ("und", "oder", "aber", "sondern", "doch", "auch"):
        first += 1
    low = tokens[outer[first]].low
    if low in known.complementizers:
        clause.kind = "that"
    elif low in known.interrogatives and not tokens[outer[first]].text[0].isupper():
        clause.kind = "wh"
    elif low in known.subordinators or low == "um":
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


def is_subjunctive(tokens: list[GermanToken], index: int, clause: GermanClause) -> bool:
    """Whether the token is a present subjunctive, or a plural that stands in for one."""
    token = tokens[index]
    verbs = classes().verbs
    listed = token.low in verbs.subjunctive or token.low in verbs.past_plural
    if not listed and not (token.low.endswith("iere") and len(token.low) > 6):
        return False
    if token.capital:
        return False
    following = tokens[index + 1] if index + 1 < clause.end else None
    previous = tokens[index - 1].low if index > clause.start else ""
    if token.low in ("habe", "werde", "könne") or token.low.startswith("sei"):
        return "ich" not in (previous, following.low if following else "")
    if previous in classes().determiners and following is not None and following.capital:
        return False  # "die weite Welt": an adjective
    return "ich" not in (previous, following.low if following else "")


def finite(tokens: list[GermanToken], inside: list[int], clause: GermanClause) -> int | None:
    """Return the index of the clause's first finite verb, as far as closed lists and endings tell."""
    known = classes()
    for index in inside:
        token = tokens[index]
        if token.capital and index > clause.start:
            continue
        if token.low in known.auxiliaries or is_subjunctive(tokens, index, clause):
            return index
        found = known.verbs.forms.get(token.low)
        if found and any(item.kind != "participle" for item in found) and not _after_zu(tokens, index):
            return index
    for index in inside[1:]:
        token = tokens[index]
        if not token.capital and re.search(r"[^aeiou](?:te|ten)$", token.low) and not _adjective(tokens, index, clause):
            return index
    return None


def _after_zu(tokens: list[GermanToken], index: int) -> bool:
    return index > 0 and tokens[index - 1].low == "zu"


def _adjective(tokens: list[GermanToken], index: int, clause: GermanClause) -> bool:
    return index + 1 < clause.end and (tokens[index + 1].capital or tokens[index + 1].quoted)


def _ends_in_zu(tokens: list[GermanToken], inside: list[int]) -> bool:
    """Whether the clause closes with an infinitive: "zu sagen", "anzukündigen", "sagen zu wollen"."""
    last = tokens[inside[-1]]
    if last.capital or not last.low.endswith("n"):
        return False
    if len(inside) > 1 and tokens[inside[-2]].low == "zu" and last.low != "haben":
        return True
    if len(inside) > 1 and tokens[inside[-2]].low == "zu":
        return not any(tokens[index].low in classes().auxiliaries for index in inside[:-1])
    return _infixed_zu().match(last.low) is not None


@cache
def _infixed_zu() -> re.Pattern[str]:
    """An infinitive with "zu" behind its separable prefix: "anzukündigen"."""
    return re.compile(rf"(?:{'|'.join(german_speech().verbs.separable)})zu\w{{2,}}n$")


def _is_relative(tokens: list[GermanToken], outer: list[int], final: int) -> bool:
    known = classes()
    place = 0
    if tokens[outer[0]].low in known.prepositions and len(outer) > 1:
        place = 1
    if tokens[outer[place]].low not in known.relatives or len(outer) < place + 2:
        return False
    last = tokens[outer[-1]]
    if final != outer[-1] or last.capital or not _verb_like(last.low):
        return False
    middle = {tokens[index].low for index in outer[place + 1 : -1]}
    cut_off = bool(middle & known.auxiliaries or middle & known.verbs.subjunctive)
    if cut_off and last.low not in known.auxiliaries:
        return False
    if place == 0 and len(outer) > 2 and _noun_phrase_follows(tokens, outer):
        return not cut_off
    return True


def _verb_like(low: str) -> bool:
    known = classes()
    if low in known.auxiliaries or low in known.verbs.subjunctive:
        return True
    return low not in known.adverbs and bool(re.search(r"(?:t|te|en|n|e|ß|g|b|m|s)$", low))


def _noun_phrase_follows(tokens: list[GermanToken], outer: list[int]) -> bool:
    """Whether the word after the first is its noun, or an adjective of it."""
    for index in outer[1:4]:
        if tokens[index].capital or tokens[index].quoted:
            return True
        if not re.search(r"(?:e|en|er|es|em)$", tokens[index].low) or tokens[index].low in classes().pronouns:
            return False
    return False


def _is_infinitive(tokens: list[GermanToken], outer: list[int]) -> bool:
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
