"""Reported speech whose cue is no verb: claims, doubts, according to.

The trees follow the scheme of spaCy's English pipelines (ClearNLP labels, Penn Treebank tags).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.quotes.english.frames import CueFrame, at, span_of
from assistant.quotes.english.lexicon import Lexicon
from assistant.quotes.english.subjects import subject
from assistant.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

_NOUN_LINKS = {
    "speech": frozenset(["about", "against", "toward", "towards"]),
    "held": frozenset(["of", "for", "about", "on", "against", "to", "over", "toward", "towards", "with"]),
}
_WORDS = frozenset(["words", "view", "opinion", "telling", "estimation"])
_PERSONAL = frozenset(["NNP", "NNPS", "PRP$", "NN", "NNS"])
_AT = frozenset(["in", "during", "after", "before"])


def adjective(token: Token, classes: frozenset[str]) -> Iterator[CueFrame]:
    """Is sure that, is critical of, it is clear that."""
    verb = token if token.tag_ != "JJ" and token.dep_ != "acomp" else token.head
    source = subject(verb) if verb.tag_[:2] in ("VB", "MD") and "stance" in classes else None
    kids = [k for k in token.children if k.i > token.i]
    kids += [k for k in verb.children if k.i > token.i and k.dep_ in ("ccomp", "xcomp") and verb != token]
    for kid in kids:
        if kid.dep_ == "ccomp" or (kid.dep_ == "xcomp" and "stance" in classes):
            yield CueFrame(span_of(kid), source, at(token), f"adjective:{kid.dep_}")
            return
        if kid.dep_ == "prep" and "stance" in classes and kid.lower_ in ("about", "of", "with", "at", "by", "over"):
            inner = next((k for k in kid.children if k.dep_ in ("pobj", "pcomp")), None)
            if inner is not None:
                yield CueFrame(span_of(inner), source, (token.i, kid.i + 1), "adjective:prep")
                return


def _said_at(noun: Token, lex: Lexicon) -> Token | None:
    """The verb of speech of what the parser gives to the occasion: mused in Monday's debate that ..."""
    verb = noun.head.head
    if noun.dep_ != "pobj" or noun.head.lower_ not in _AT or noun.head.i > noun.i:
        return None
    return verb if verb.tag_[:2] == "VB" and "say" in lex.verbs.get(verb.lower_, ()) else None


def noun_frames(noun: Token, classes: frozenset[str], lex: Lexicon) -> Iterator[CueFrame]:
    """His claim that, a decision to, their criticism of."""
    source, held = _holder(noun)
    links = _NOUN_LINKS["held" if held and "speech" in classes else "speech"]
    for kid in noun.children:
        if kid.i < noun.i:
            continue
        marked = any(k.dep_ == "mark" or k.lower_ == "that" for k in kid.children)
        if (kid.dep_ == "acl" and (kid.tag_ == "VB" or marked)) or (kid.dep_ in ("ccomp", "relcl") and marked):
            if kid.dep_ == "relcl" and subject(kid) is None:
                continue
            said = _said_at(noun, lex)
            if said is None:
                yield CueFrame(span_of(kid), source, at(noun), f"noun:{'held' if held else 'bare'}:clause")
            else:
                yield CueFrame(span_of(kid), subject(said), at(said), "say:ccomp")
            return
        if kid.dep_ == "prep" and kid.lower_ in links:
            inner = next((k for k in kid.children if k.dep_ in ("pobj", "pcomp")), None)
            if inner is not None:
                yield CueFrame(span_of(inner), source, (noun.i, kid.i + 1), f"noun:{'held' if held else 'bare'}:prep")
                return


def _holder(noun: Token) -> tuple[Span | None, bool]:
    """Whose speech a noun stands for, and whether it is said to be someone's."""
    owner = next((kid for kid in noun.children if kid.dep_ == "poss"), None)
    if owner is not None:
        return span_of(owner), True
    by = next((kid for kid in noun.children if kid.lower_ == "by"), None)
    obj = next((kid for kid in by.children if kid.dep_ == "pobj"), None) if by is not None else None
    if obj is not None:
        return span_of(obj), True
    if noun.dep_ in ("dobj", "attr") and noun.head.tag_[:2] == "VB":
        return subject(noun.head), True
    if noun.dep_ == "pobj" and noun.head.dep_ == "prep" and noun.head.head.tag_[:2] == "VB":
        return subject(noun.head.head), False
    return None, False


def according(token: Token) -> Iterator[CueFrame]:
    """According to: what stands before it in its clause, or, at the beginning, what follows."""
    doc = token.doc
    if token.i + 2 >= len(doc) or doc[token.i + 1].lower_ != "to":
        return
    to = doc[token.i + 1]
    obj = next((kid for kid in to.children if kid.dep_ == "pobj"), None)
    end = obj.right_edge.i + 1 if obj is not None and obj.i > to.i else to.i + 2
    while end < len(doc) and obj is None and doc[end].text not in (",", ".", ";"):
        end += 1
    yield from _attributed(token, (token.i, to.i + 1), (to.i + 1, end))


def in_words(noun: Token) -> Iterator[CueFrame]:
    """In somebody's words, view, telling: as for "according to"."""
    owner = next((kid for kid in noun.children if kid.dep_ == "poss"), None)
    if noun.lower_ not in _WORDS or noun.dep_ != "pobj" or noun.head.lower_ != "in" or owner is None:
        return
    if owner.tag_ in _PERSONAL and owner.i == noun.head.i + 1:
        yield from _attributed(noun.head, (noun.head.i, noun.i + 1), span_of(owner))


def _attributed(token: Token, cue: Span, source: Span) -> Iterator[CueFrame]:
    """What a phrase attributes: what stands before it in its clause, or, at the beginning, what follows.

    :param token: where the phrase begins.
    """
    doc, end = token.doc, max(cue[1], source[1])
    head = token.head
    while head.tag_[:2] not in ("VB", "MD") and head.head != head:
        head = head.head
    start = min(head.left_edge.i, token.i)
    if any(t.tag_[:2] == "VB" or t.tag_ == "MD" for t in doc[start : token.i]):
        content = (start, max(head.right_edge.i + 1, token.i) if token.i < head.i else token.i)
    elif any(t.tag_[:2] == "VB" for t in doc[: token.i]):
        content = (0, token.i)
    else:
        content = (end, len(doc))
    if content[0] < content[1] and any(character.isalnum() for character in doc[source[0] : source[1]].text):
        yield CueFrame(content, source, cue, "according")
