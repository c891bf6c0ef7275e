"""German noun phrases: where a speaker's mention begins and ends."""

from __future__ import annotations

import re
from functools import cache

from assistant.languages.lexicon import german_speech
from assistant.quotes.german.clauses import finite
from assistant.quotes.german.tokens import GermanClause, GermanSentence, GermanToken, unquoted
from assistant.quotes.german.word_classes import classes

_INFLECTED = re.compile(r"(?:e|en|er|es|em)$")
_SUBJECTS = frozenset("er man wir ich".split())
_RELATIVE_SUBJECTS = frozenset("der die das welche welcher welches".split())
_NAME_LINKS = frozenset("von van de bin al el & /".split())
_AMOUNTS = frozenset("viele vielen beiden beide andere weitere".split())
Phrase = tuple[int, int]
"""Token indexes, end exclusive."""


def phrase(sentence: GermanSentence, start: int, limit: int) -> Phrase | None:
    """Return the noun phrase that begins at a token, or None.

    :param start: index of its first token: an article, adjective, number, noun, name or pronoun.
    :param limit: index that it must not reach over.
    """
    tokens, known = sentence.tokens, classes()
    if start >= limit:
        return None
    token = tokens[start]
    at = start
    if token.low in known.pronouns and not _continues(tokens, start + 1, limit):
        return (start, start + 1)
    while at < limit and tokens[at].low in known.determiners:
        at += 1
    while at < limit and _modifier(tokens, at, limit):
        at += 1
    head = _nominals(tokens, at, limit)
    if head == at:
        # "dieser", "der 81-jährige": an article or adjective alone
        return (start, at) if at > start and (at - start > 1 or token.low in known.nominative) else None
    return (start, _attachments(tokens, head, limit))


def _continues(tokens: list[GermanToken], at: int, limit: int) -> bool:
    return at < limit and (tokens[at].capital or _modifier(tokens, at, limit) or tokens[at].quoted)


def _modifier(tokens: list[GermanToken], at: int, limit: int) -> bool:
    """Whether the token is an adjective or number with its noun still to come."""
    token = tokens[at]
    if token.quoted or token.aside or token.capital or not token.word:
        return False
    known = classes()
    if not (_INFLECTED.search(token.low) or token.text[0].isdigit() or token.low in ("laut", "so", "genannten")):
        return False
    if token.low in known.auxiliaries or token.low in known.not_adjectives or token.low in known.prepositions:
        return False
    if token.low in known.determiners and token.low not in _AMOUNTS:
        return False
    after_article = at > 0 and tokens[at - 1].low in known.determiners
    if _finite_form(token.low) and (not after_article or (at == 1 and tokens[0].low in ("das", "dies"))):
        return False
    for index in range(at + 1, min(at + 5, limit)):
        following = tokens[index]
        if following.capital or following.quoted:
            return True
        if following.low in known.determiners and following.low not in ("beiden", "vielen"):
            return False
        if not following.word or not (_INFLECTED.search(following.low) or following.low in ("und", "sowie", "sehr")):
            return False
    return False


def _finite_form(low: str) -> bool:
    return any(item.kind != "participle" for item in classes().verbs.forms.get(low, ()))


def _nominals(tokens: list[GermanToken], at: int, limit: int) -> int:
    """Return where the run of nouns, names, numbers, quoted names and brackets ends."""
    start = at
    while at < limit and _nominal(tokens, at, start, limit):
        at += 1
    return at


def _nominal(tokens: list[GermanToken], at: int, start: int, limit: int) -> bool:
    token = tokens[at]
    if token.quoted:
        return _short_quote(tokens, at, limit)
    if token.aside:
        return True
    if at > start and tokens[at - 1].quoted:
        return False  # "zitiert die „Zeit“ Merkel"
    if token.word and (token.capital or token.text[0].isdigit()):
        return True
    if at == start:
        return "-" in token.text and any(part[:1].isupper() for part in token.text.split("-"))
    linked = at + 1 < limit and tokens[at + 1].capital and tokens[at - 1].capital
    return linked and token.low in _NAME_LINKS


def _attachments(tokens: list[GermanToken], at: int, limit: int) -> int:
    """Return where genitives, "von" phrases and coordinated names after a head end."""
    known = classes()
    for _ in range(6):
        if at >= limit:
            return at
        low = tokens[at].low
        begin = at + 1
        if low in ("und", "sowie", "oder"):
            while begin < limit and tokens[begin].low in known.nominative:
                begin += 1
        elif low in known.genitives or low in known.attached:
            while begin < limit and tokens[begin].low in known.determiners:
                begin += 1
        else:
            return at
        while begin < limit and _modifier(tokens, begin, limit):
            begin += 1
        end = _nominals(tokens, begin, limit)
        if end == begin:
            return at
        at = end
    return at


def phrases(sentence: GermanSentence, start: int, end: int) -> list[tuple[Phrase, bool]]:
    """Return the noun phrases between two tokens, each with whether a preposition governs it."""
    known = sentence.phrases.get((start, end))
    if known is None:
        known = sentence.phrases[start, end] = _phrases(sentence, start, end)
    return known


def _phrases(sentence: GermanSentence, start: int, end: int) -> list[tuple[Phrase, bool]]:
    tokens, known = sentence.tokens, classes()
    found: list[tuple[Phrase, bool]] = []
    at = start
    governed = False
    while at < end:
        token = tokens[at]
        if token.quoted and not _short_quote(tokens, at, end):
            while at < end and tokens[at].quoted:
                at += 1
            governed = False
            continue
        governs = token.low in known.prepositions or token.low == "als"
        if governs and not token.quoted and not (token.capital and at > start):
            governed = True
            at += 1
            continue
        got = None
        if not (token.aside and not token.quoted) and _may_start(token, tokens, at, end):
            got = phrase(sentence, at, end)
        if got:
            found.append((got, governed))
            at = max(got[1], at + 1)
        else:
            at += 1
        if got or (token.word and not _INFLECTED.search(token.low)):
            governed = False
    return found


def _short_quote(tokens: list[GermanToken], at: int, end: int) -> bool:
    """Whether at most a few words follow in quotation marks: a name, not an utterance."""
    stop = at
    while stop < end and tokens[stop].quoted and stop - at < 9:
        stop += 1
    return stop - at < 9


def _may_start(token: GermanToken, tokens: list[GermanToken], at: int, end: int) -> bool:
    if token.quoted:
        return _short_quote(tokens, at, end)
    known = classes()
    if token.low in known.auxiliaries:
        return False
    if token.low in known.determiners or token.low in known.pronouns:
        return True
    if token.low in known.adverbs or token.low in known.subordinators or token.low in known.interrogatives:
        return False
    if at == 0 and token.capital and at + 1 < end and _verb_next(tokens, at + 1) and _adverbial(token.low):
        return False
    if token.capital or _modifier(tokens, at, end):
        return True
    return token.text[0].isdigit() and at + 1 < end and tokens[at + 1].capital


def _verb_next(tokens: list[GermanToken], at: int) -> bool:
    return tokens[at].low in classes().auxiliaries or _finite_form(tokens[at].low)


def _adverbial(low: str) -> bool:
    """Whether a word before the verb looks like an adverb: "Besorgt", "Relativierend", "Derzeit"."""
    return low in ("zwar", "ebenso", "hier", "dort") or _adverb().search(low) is not None


@cache
def _adverb() -> re.Pattern[str]:
    return re.compile(rf"\w{{2}}(?:{'|'.join(german_speech().words.adverb_endings)})$")


def nominative(sentence: GermanSentence, got: Phrase) -> bool:
    """Whether the phrase can be a subject, as far as its article tells."""
    token = sentence.tokens[got[0]]
    known = classes()
    if token.low in known.determiners and token.low not in known.nominative:
        following = sentence.tokens[got[0] + 1].low if got[1] - got[0] > 1 else ""
        return token.low in ("einer", "eines") and following in ("der", "unserer", "seiner", "ihrer")
    if token.low == "es":
        return False
    return not _time(sentence, got)


def _time(sentence: GermanSentence, got: Phrase) -> bool:
    """Whether it is a time: "Mitte Mai", "12. Juni", "gestern Abend"."""
    last = sentence.tokens[got[1] - 1].low.rstrip(".")
    first = sentence.tokens[got[0]]
    if first.low in ("ende", "anfang", "mitte") and got[1] - got[0] > 1:
        return True
    return last in classes().times or (first.text.isdigit() and got[1] - got[0] == 1)


def subject(sentence: GermanSentence, clause: GermanClause, verb: int) -> Phrase | None:
    """Return the subject of a cue verb: in its clause, else in the one that an inserted clause cut it off from, else
    in the main clause before that it goes on with ("..., teilte aber mit").
    """
    return _own_subject(sentence, clause, verb) or _shared(sentence, clause)


def ruler(sentence: GermanSentence, clause: GermanClause) -> Phrase | None:
    """Return the subject of a clause whatever its verb is."""
    verb = finite(sentence.tokens, unquoted(sentence.tokens, clause), clause)
    if verb is not None:
        return subject(sentence, clause, verb)
    inside = (got for got, governed in phrases(sentence, clause.start, clause.end) if not governed)
    return next((got for got in inside if nominative(sentence, got)), None)


def _own_subject(sentence: GermanSentence, clause: GermanClause, verb: int) -> Phrase | None:
    pronoun = _pronoun_subject(sentence, clause, verb)
    if pronoun:
        return pronoun
    inside = phrases(sentence, clause.start, clause.end)
    free = [got for got, governed in inside if not governed and not got[0] <= verb < got[1]]
    free = [got for got in free if nominative(sentence, got)]
    after = [got for got in free if got[0] > verb]
    lead = [got for got in free if got[1] <= verb and not _object_like(sentence, got)]
    if not lead and opens_with_verb(sentence, clause):
        cut = cut_off(sentence, clause)
        if cut:
            return cut
    if lead and lead[0][0] <= _first_word(sentence, clause) + 1:
        return lead[0]
    if after and after[0][0] <= verb + 3 and not _object_like(sentence, after[0]):
        return after[0]
    if lead:
        return lead[0]
    return next(iter(after or free), None)


def _pronoun_subject(sentence: GermanSentence, clause: GermanClause, verb: int) -> Phrase | None:
    """A pronoun that can only be a subject: behind the verb, or at the head of a relative clause."""
    tokens = sentence.tokens
    if clause.kind == "relative" and tokens[clause.start].low in _RELATIVE_SUBJECTS:
        inner = [at for at in range(clause.start + 1, verb) if tokens[at].low in _SUBJECTS]
        return (inner[0], inner[0] + 1) if inner else (clause.start, clause.start + 1)
    following = next((at for at in range(verb + 1, clause.end) if tokens[at].word), None)
    if following is not None and tokens[following].low in _SUBJECTS and not tokens[following].quoted:
        return (following, following + 1)
    return None


def _shared(sentence: GermanSentence, clause: GermanClause) -> Phrase | None:
    """The subject that a clause without one shares with the main clause before it: "..., teilte aber mit"."""
    if clause.kind in ("that", "wh", "subordinate", "relative"):
        return None
    for other in reversed(sentence.clauses[: sentence.clauses.index(clause)]):
        if other.kind == "main":
            verb = finite(sentence.tokens, unquoted(sentence.tokens, other), other)
            return _own_subject(sentence, other, verb) if verb is not None else None
    return None


def opens_with_verb(sentence: GermanSentence, clause: GermanClause) -> bool:
    """Whether a finite verb is the clause's first word."""
    token = sentence.tokens[clause.start]
    if token.quoted or (token.capital and clause.start):
        return False
    if token.low in classes().auxiliaries or _finite_form(token.low):
        return True
    return clause.start > 0 and bool(re.search(r"[^aeiou]ten?$", token.low))


def _first_word(sentence: GermanSentence, clause: GermanClause) -> int:
    at = clause.start
    small = classes().adverbs | {"doch", "wie"}
    while at + 1 < clause.end and sentence.tokens[at].low in small:
        at += 1
    return at


def _object_like(sentence: GermanSentence, got: Phrase) -> bool:
    token = sentence.tokens[got[0]]
    return got[1] - got[0] == 1 and token.low in ("das", "dies", "dieses", "es", "was")


def cut_off(sentence: GermanSentence, clause: GermanClause) -> Phrase | None:
    """The subject before inserted clauses: "Deiss, der zurücktreten will, sagte"."""
    place = sentence.clauses.index(clause)
    for earlier in range(place - 1, -1, -1):
        other = sentence.clauses[earlier]
        if other.kind in ("fragment", "quote"):
            found = [got for got, governed in phrases(sentence, other.start, other.end) if not governed]
            found = [got for got in found if nominative(sentence, got)]
            if found and (earlier == 0 or sentence.clauses[earlier].mark != ","):
                return found[0]
            if found and earlier and sentence.clauses[earlier - 1].kind not in ("fragment", "relative"):
                return found[0]
        elif other.kind not in ("relative", "subordinate", "infinitive"):
            return None
    return None


def governed_by(sentence: GermanSentence, clause: GermanClause, prepositions: tuple[str, ...]) -> Phrase | None:
    """Return the first noun phrase of a clause that one of these prepositions governs."""
    tokens = sentence.tokens
    for index in range(clause.start, clause.end):
        if tokens[index].low in prepositions and not tokens[index].quoted and not tokens[index].aside:
            got = phrase(sentence, index + 1, clause.end)
            if got and not _time(sentence, got):
                return got
    return None
