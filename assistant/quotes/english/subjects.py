"""Who does what a verb says, in a parsed sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.languages.lexicon import english_speech
from assistant.quotes.english.lexicon import lexicon
from assistant.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

SUBJECTS = frozenset(["nsubj", "nsubjpass", "csubj"])
_NOUNS = frozenset(["NN", "NNS", "NNP", "NNPS", "PRP", "CD"])
_NOMINAL = _NOUNS | {"DT", "PRP$", "JJ", "VBN", "POS", "HYPH"}
_QUOTES = frozenset(["``", "''"])
_CLOSED = frozenset(["”", '"', "''"])
_CLIMB = 8
_NAMED = 8
"""Words of a name with its role."""
_ANYONE = frozenset(["another", "some", "others", "both"])
_SPEAKING = frozenset(["say", "tell"])
_THEN = frozenset(["after", "before", "because", "since", "although", "though"])


def subject(verb: Token) -> Span | None:
    """Return who does what the verb says, by its own subject or that of the verbs above it.

    :return: tokens, end exclusive; of a passive verb the agent; None when unsaid.
    """
    agent = next((kid for kid in verb.children if kid.dep_ == "agent"), None)
    if agent is not None:
        obj = next((kid for kid in agent.children if kid.dep_ == "pobj"), None)
        return _span(obj) if obj is not None else None
    if any(kid.dep_ == "auxpass" for kid in verb.children):
        return None
    if verb.dep_ == "advcl" and passive_clause(verb):
        return None
    reporting = _reporting(verb)
    if reporting is not None:
        verb = reporting
    for _ in range(_CLIMB):
        own = next((kid for kid in verb.children if kid.dep_ in SUBJECTS), None)
        if own is not None:
            if own.tag_ in ("WP", "WDT") and verb.dep_ == "relcl":
                return _issuer(verb.head) or (verb.head.left_edge.i, own.i + 1)
            return _span(own)
        if verb.dep_ in ("acl", "relcl") and verb.tag_ in ("VBG", "VBN") and verb.head.tag_[0] in "NP":
            return _modified(verb)
        if verb.head == verb:
            return None
        verb = verb.head
    return None


def _issuer(noun: Token) -> Span | None:
    """Who issues what says something: Lee released a video that said so."""
    issued = noun.dep_ == "dobj" and noun.tag_ == "NN" and noun.head.lower_ in english_speech().words.issuing
    return subject(noun.head) if issued else None


def passive_clause(verb: Token) -> bool:
    """Whether a participle tells what is done to somebody: Asked about the cost, she ...: by somebody else."""
    return verb.tag_ == "VBN" and not any(kid.dep_ == "aux" for kid in verb.children)


def _reporting(verb: Token) -> Token | None:
    """The verb of speech that another one goes on from, when the parser hangs that on the words said: who said that
    it was late and said that it cost more; who said that it was late, adding more.
    """
    if not speaks(verb) or any(kid.dep_ in SUBJECTS for kid in verb.children):
        return None
    trailing = verb.tag_ == "VBG" and verb.i > 0 and verb.nbor(-1).text == ","
    head = verb.head
    if not trailing and not (verb.dep_ == "conj" and verb.tag_ in ("VBD", "VBZ")):
        return None
    for _ in range(_CLIMB):
        above = head.head
        if above == head or speaks(head):
            return None
        spoken = speaks(above) and any(k.dep_ in SUBJECTS for k in above.children)
        if head.dep_ == "ccomp" and spoken and above.i < head.i and (trailing or above.tag_ == verb.tag_):
            return above
        marked = head.dep_ == "advcl" and any(k.lower_ in _THEN and k.i < head.i for k in head.children)
        if trailing and marked and spoken:
            return above
        head = above
    return None


def speaks(verb: Token) -> bool:
    """Whether a verb is one of speech."""
    return bool(lexicon().verbs.get(verb.lower_, frozenset()) & _SPEAKING)


def _modified(participle: Token) -> Span | None:
    """The noun that a participle stands with; an issued statement saying so speaks for its issuer, and so does a
    message to its readers saying so.
    """
    noun = participle.head
    here = noun.left_edge.i, noun.i + 1
    if participle.tag_ != "VBG" or noun.tag_ not in ("NN", "NNS"):
        return here
    if noun.dep_ == "dobj" and noun.head.lower_ not in english_speech().words.watching:
        return subject(noun.head) or here
    if noun.dep_ == "pobj" and noun.head.lower_ == "to" and speaks(participle):
        verb = noun.head.head
        while verb.tag_[:2] != "VB" and verb.head != verb:
            verb = verb.head
        if verb.tag_[:2] == "VB" and any(kid.dep_ == "dobj" for kid in verb.children):
            return subject(verb) or here
    return here


def actors(doc: Doc) -> list[tuple[int, Span]]:
    """Return each verb that has a subject of its own, by position, with that subject; those of relative clauses
    are left out.
    """
    found = []
    for token in doc:
        if token.tag_[:2] == "VB" and token.dep_ != "relcl":
            own = next((kid for kid in token.children if kid.dep_ in SUBJECTS), None)
            if own is not None:
                found.append((token.i, _span(own)))
    return found


def neighbour(verb: Token) -> Span | None:
    """Return the noun phrase right behind a verb that follows a quotation, else the one right before the verb."""
    doc = verb.doc
    start = end = verb.i
    if verb.tag_ == "VBG":
        return None
    if verb.i == 0 or doc[verb.i - 1].is_punct or doc[verb.i - 1].tag_ in _QUOTES:
        start = end = verb.i + 1
        while end < len(doc) and doc[end].tag_ in _NOMINAL:
            end += 1
        while end > start + 1 and doc[end - 1].tag_ not in _NOUNS:
            end -= 1
        if end == start + 1 and doc[start].tag_ not in _NOUNS and doc[start].lower_ not in _ANYONE:
            return None
        return (start, end) if start < end else None
    while start > 0 and doc[start - 1].tag_ in _NOMINAL:
        start -= 1
    return (start, end) if start < end and doc[end - 1].tag_ in _NOUNS else None


def told_by(word: Token) -> Span | None:
    """Return the noun phrase between a quotation that a comma ends and a verb that the parser takes for a noun:
    “...,” the editorial read; “...,” Lee notes.
    """
    doc, start, end = word.doc, word.i, word.i
    following = doc[end + 1].tag_ if end + 1 < len(doc) else "."
    if following[:2] in ("VB", "NN", "MD", "PO"):
        return None
    while start > 0 and doc[start - 1].tag_ in _NOMINAL:
        start -= 1
    spoken = start > 1 and doc[start - 1].text in _CLOSED and doc[start - 2].text[-1] in ",?!"
    return (start, end) if spoken and 0 < end - start <= _NAMED else None


def _span(token: Token) -> Span:
    return token.left_edge.i, token.right_edge.i + 1
