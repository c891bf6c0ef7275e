"""Whom words are said to, in a parsed English sentence: told reporters; said in an interview with the BBC.

The trees follow the scheme of spaCy's English pipelines (ClearNLP labels, Penn Treebank tags).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from assistant.languages.lexicon import english_speech
from assistant.languages.speech import EnglishAddressees
from assistant.names.people import people
from assistant.quotes.english.lexicon import Lexicon
from assistant.quotes.english.subjects import SUBJECTS
from assistant.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_NOUNS = frozenset("NN NNS NNP NNPS".split())
_BEFORE = _NOUNS | frozenset("DT PDT PRP$ JJ JJR JJS VBN VBG CD POS HYPH RB".split())
"""What may stand in a noun phrase before its noun."""
_OCCASIONS = frozenset("in during via through by over on at".split())
_LEADING = frozenset(["speak", "speaking", "talk", "talking", "writing"])
_ADDRESSING = frozenset(["addressing", "briefing"])
_OBJECTS = frozenset(["dobj", "dative"])
_SUBJECTIVE = frozenset(["he", "she", "they", "we", "i"])
_JOINTS = frozenset(["POS", "HYPH"])


def _listed() -> EnglishAddressees:
    return english_speech().addressees


def addressees(doc: Doc, lex: Lexicon) -> list[tuple[int, Span]]:
    """Return the verbs that tell whom they speak to, by position, each with these; tokens, end exclusive."""
    found = []
    for token in doc:
        if token.tag_[:2] == "VB" and token.lower_ in lex.verbs:
            who = _told(token, lex) or _spoken_to(token, lex) or _at_occasion(token) or _while_speaking(token)
            if who is not None:
                found.append((token.i, _phrase(who)))
    return found


def _told(verb: Token, lex: Lexicon) -> Token | None:
    """Whom a verb has as its object, or a passive one as its subject: told reporters; reporters were told."""
    if lex.lemmas.get(verb.lower_) not in _listed().tell:
        return None
    kids = list(verb.children)
    if any(kid.dep_ == "auxpass" for kid in kids):
        who = next((kid for kid in kids if kid.dep_ == "nsubjpass"), None)
        return who if who is not None and (who.lower_ in _SUBJECTIVE or _anyone(who)) else None
    behind = [kid for kid in kids if kid.i > verb.i]
    objects = [kid for kid in behind if kid.dep_ in _OBJECTS and kid.tag_ not in ("IN", "TO")]
    objects += [kid for clause in behind if _bidden(clause) for kid in clause.lefts if kid.dep_ in SUBJECTS]
    return next((kid for kid in objects[:1] if _anyone(kid)), None)


def _bidden(clause: Token) -> bool:
    """Whether a clause is what somebody is to do: urged Congress to act, where the parser makes it one clause."""
    return clause.dep_ in ("ccomp", "xcomp") and any(kid.dep_ == "aux" and kid.lower_ == "to" for kid in clause.lefts)


def _spoken_to(verb: Token, lex: Lexicon) -> Token | None:
    """Whom a "to" behind a verb leads to: said to reporters; not: is said to be, said to applause."""
    if lex.lemmas.get(verb.lower_) not in _listed().to or any(kid.dep_ == "auxpass" for kid in verb.children):
        return None
    return _led(verb, ("to",), plainly=True)


def _at_occasion(verb: Token) -> Token | None:
    """Whom an interview is had with, or a letter is sent to: said in an interview with the BBC."""
    known = _listed()
    for kid in verb.children:
        if kid.dep_ != "prep" or kid.lower_ not in _OCCASIONS:
            continue
        for noun in kid.children:
            if noun.dep_ == "pobj" and noun.lower_ in known.talks | known.letters:
                links = ("with",) if noun.lower_ in known.talks else ("to",)
                return _led(noun, links) or _led(verb, links, behind=noun)
    return None


def _while_speaking(verb: Token) -> Token | None:
    """Whom somebody speaks to while saying it: Speaking to reporters, Lee said."""
    for kid in verb.children:
        if kid.dep_ != "advcl" or kid.tag_ != "VBG" or any(k.dep_ in SUBJECTS for k in kid.children):
            continue
        if kid.lower_ in _LEADING:
            return _led(kid, ("to", "with"), plainly=True)
        if kid.lower_ in _ADDRESSING:
            return next((k for k in kid.children if k.dep_ == "dobj" and _plainly(k)), None)
    return None


def _led(head: Token, links: Iterable[str], plainly: bool = False, behind: Token | None = None) -> Token | None:
    """The noun that one of some prepositions leads to from a word: behind it, or behind another one."""
    after = (behind or head).i
    for kid in head.children:
        if kid.dep_ in ("prep", "dative") and kid.lower_ in links and kid.i > after:
            inner = next((k for k in kid.children if k.dep_ == "pobj"), None)
            return inner if inner is not None and (_plainly if plainly else _anyone)(inner) else None
    return None


def _anyone(noun: Token) -> bool:
    """Whether a noun may be somebody, where its place says that it is."""
    if noun.tag_ not in _NOUNS or noun.lower_ in _listed().pronouns:
        return noun.lower_ in _listed().pronouns
    if noun.tag_ in ("NN", "NNS"):
        return noun.lower_ not in _listed().matter
    named = noun.i > noun.left_edge.i and noun.nbor(-1).tag_ == "NNP"
    return named or noun.lower_ not in people().starters  # USA Today, but not: told Monday


def _plainly(noun: Token) -> bool:
    """Whether a noun is somebody by itself: a name, a role, a pronoun."""
    known = noun.tag_ in ("NNP", "NNPS") or noun.lower_ in _listed().people or noun.lower_ in people().roles
    return _anyone(noun) and (known or noun.lower_ in _listed().pronouns)


def _phrase(noun: Token) -> Span:
    """The noun phrase around a noun: with "of", a number and what "and" joins to it, but nothing that goes on."""
    doc = noun.doc
    start: int = noun.i
    end = _end_of_name(noun)
    while start > noun.left_edge.i and doc[start - 1].tag_ in _BEFORE:
        start -= 1
    for kid in noun.rights:
        if kid.i != end:
            continue
        of = next((k for k in kid.children if k.dep_ == "pobj"), None) if kid.lower_ == "of" else None
        if of is not None:
            first, last = _phrase(of)
            end = last if first == kid.i + 1 else end
        elif kid.dep_ == "cc" and kid.lower_ == "and":
            joined = next((k for k in noun.rights if k.dep_ == "conj" and k.tag_ in _NOUNS), None)
            first, last = _phrase(joined) if joined is not None else (0, 0)
            end = last if first == kid.i + 1 else end
    return start, end


def _end_of_name(noun: Token) -> int:
    """Where a name ends that the parser may have cut: Radio 4; co-host Ann Lee; the BBC’s Today programme."""
    doc = noun.doc
    end: int = noun.i + 1
    while end < len(doc) and doc[end].tag_ in ("CD", "NNP") and doc[end].head == noun:
        end += 1
    if end < len(doc) and doc[end].text == "Today":
        return end + 1
    reach, days = end, people().starters
    while reach < len(doc) and doc[end].tag_ in _JOINTS and doc[reach].tag_ in _BEFORE:
        if doc[reach].lower_ in days and doc[reach].text != "Today":
            break
        reach += 1
    while reach > end and doc[reach - 1].tag_ not in _NOUNS:
        reach -= 1
    return reach
