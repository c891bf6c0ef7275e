"""Reported speech in a parsed sentence: cue, source and content by the shape of the clause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from assistant.quotes.english_lexicon import Lexicon

_PREPOSITIONS = frozenset(["about", "of", "for", "on", "to", "with", "against", "at", "in", "upon", "as"])
_INTRODUCING = frozenset(["say", "tell", "ask", "think", "judge", "matter"])
_NOUNS = frozenset(["NN", "NNS", "NNP", "NNPS", "PRP", "CD"])
_NOMINAL = _NOUNS | {"DT", "PRP$", "JJ", "VBN", "POS", "HYPH"}
_QUOTE_TAGS = frozenset(["``", "''"])
_SUBJECTS = frozenset(["nsubj", "nsubjpass", "csubj"])


@dataclass(frozen=True, slots=True)
class Claim:
    """A cue found in a parsed sentence, in tokens of it (end exclusive)."""

    content: tuple[int, int]
    source: tuple[int, int] | None
    cue: tuple[int, int]
    shape: str
    """Which rule found it."""
    verb: int
    nearby: tuple[int, int] | None = None
    """The noun phrase next to the verb: the source when the parser's is part of what is said."""


def claims(doc: Doc, lex: Lexicon) -> Iterator[Claim]:
    """Yield what the cues of a parsed sentence attribute; overlapping ones included."""
    for token in doc:
        form = token.lower_
        tag = token.tag_
        if tag[:2] == "VB":
            if form in lex.verbs:
                yield from _verb(token, lex.verbs[form])
            if form in lex.passive and tag == "VBN":
                yield from _raising(token)
        elif tag[:2] == "JJ" or tag in ("VBN", "VBD"):
            if form in lex.adjectives:
                yield from _adjective(token, lex.adjectives[form])
        elif tag[:2] == "NN":
            if form in lex.nouns:
                yield from _noun(token, lex.nouns[form])
        elif tag == "RB" and form in lex.adverbs:
            yield from _adverb(token)
        elif form == "according":
            yield from _according(token)
        if tag in ("VBN", "VBD") and form in lex.adjectives:
            yield from _adjective(token, lex.adjectives[form])


def _verb(token: Token, classes: frozenset[str]) -> Iterator[Claim]:
    kids = list(token.children)
    source = subject(token)
    nearby = None
    if classes & {"say", "tell"} and not any(k.dep_ == "auxpass" for k in kids):
        nearby = _neighbour(token)
        source = source or nearby
    found = False
    for kid in kids:
        if kid.dep_ == "ccomp" and classes & {"say", "tell", "think", "show", "ask", "want", "judge", "matter"}:
            for name in ("say", "think", "show", "tell", "ask", "want", "judge", "matter"):
                if name in classes:
                    yield Claim(_span(kid), source, (token.i, token.i + 1), f"{name}:ccomp", token.i, nearby)
                    found = True
                    break
        elif kid.dep_ == "xcomp":
            to = next((k for k in kid.lefts if k.dep_ == "aux" and k.lower_ == "to"), None)
            if to is not None and classes & {"want", "urge"}:
                start, end = _span(kid)
                obj = next((k for k in kids if k.dep_ == "dobj" and k.i < kid.i), None)
                if obj is not None:
                    start = _span(obj)[0]
                yield Claim((start, end), source, (token.i, token.i + 1), "urge:obj+xcomp" if obj else "want:xcomp", token.i)
                found = True
            elif to is not None and "appear" in classes:
                subj = next((k for k in kids if k.dep_ in _SUBJECTS), None)
                start = _span(subj)[0] if subj is not None else _span(kid)[0]
                yield Claim((start, _span(kid)[1]), None, (token.i, token.i + 1), "appear:xcomp", token.i)
                found = True
            elif to is None and "judge" in classes:
                yield Claim(_span(kid), source, (token.i, token.i + 1), "judge:xcomp-ing", token.i)
                found = True
    if found:
        return
    if "appear" in classes:
        pred = next((k for k in kids if k.dep_ in ("oprd", "acomp", "attr", "ccomp")), None)
        subj = next((k for k in kids if k.dep_ in _SUBJECTS), None)
        if pred is not None and subj is not None:
            yield Claim((_span(subj)[0], _span(pred)[1]), None, (token.i, token.i + 1), "appear:pred", token.i)
            return
    obj = next((k for k in kids if k.dep_ == "dobj" and k.i > token.i), None)
    if obj is not None and classes & {"judge", "matter"}:
        start, end = _span(obj)
        for k in kids:
            if k.i > obj.i and (k.dep_ in ("oprd", "xcomp") or (k.dep_ == "prep" and k.lower_ in ("for", "of", "as", "over", "with"))):
                end = max(end, _span(k)[1])
        name = "judge" if "judge" in classes else "matter"
        yield Claim((start, end), source, (token.i, token.i + 1), f"{name}:dobj", token.i)
        return
    for kid in kids:
        if kid.dep_ in ("prep", "prt", "agent") and kid.i > token.i and kid.lower_ in classes and kid.lower_ in _PREPOSITIONS:
            inner = [k for k in kid.children if k.dep_ in ("pobj", "pcomp", "prep")]
            if inner:
                yield Claim((_span(inner[0])[0], _span(inner[-1])[1]), source, (token.i, kid.i + 1), f"prep:{kid.lower_}", token.i)
                return
    if classes & {"say", "think", "show"} and token.dep_ in ("parataxis", "advcl", "ccomp", "conj"):
        head = token.head
        if token.dep_ == "parataxis" or any(k.lower_ == "as" for k in token.lefts):
            yield Claim(_span(head), source, (token.i, token.i + 1), "parenthetical:" + token.dep_, token.i, nearby)
            return
    if token.dep_ == "relcl" and obj is not None and False:
        pass


def _raising(token: Token) -> Iterator[Claim]:
    kids = list(token.children)
    subj = next((k for k in kids if k.dep_ in ("nsubjpass", "nsubj")), None)
    if not any(k.dep_ in ("auxpass",) for k in kids):
        return
    comp = next((k for k in kids if k.dep_ in ("xcomp", "ccomp", "oprd", "prep", "advcl") and k.i > token.i and (k.dep_ != "prep" or k.lower_ in ("as", "of", "to", "for", "about"))), None)
    if comp is None:
        return
    agent = next((k for k in kids if k.dep_ == "agent"), None)
    source = None
    if agent is not None:
        obj = next((k for k in agent.children if k.dep_ == "pobj"), None)
        source = _span(obj) if obj is not None else None
    if subj is not None and comp.dep_ != "ccomp":
        yield Claim((_span(subj)[0], _span(comp)[1]), source, (token.i, token.i + 1), "raising:" + comp.dep_ + (":" + comp.lower_ if comp.dep_ == "prep" else ""), token.i)
    else:
        yield Claim(_span(comp), source, (token.i, token.i + 1), "raising-it:" + comp.dep_, token.i)


def _adjective(token: Token, classes: frozenset[str]) -> Iterator[Claim]:
    verb = token if token.tag_ in ("VBN", "VBD") and token.dep_ not in ("acomp",) else token.head
    source = subject(verb) if verb.tag_[:2] in ("VB", "MD") else None
    pool = [k for k in token.children if k.i > token.i] + [k for k in verb.children if k.i > token.i and k.dep_ in ("ccomp", "xcomp")]
    for kid in pool:
        if kid.dep_ in ("ccomp", "xcomp"):
            yield Claim(_span(kid), source, (token.i, token.i + 1), f"adj:{min(classes)}:{kid.dep_}", token.i)
            return
        if kid.dep_ == "prep" and "stance" in classes and kid.lower_ in ("about", "of", "with", "to", "at", "by", "over"):
            inner = [k for k in kid.children if k.dep_ in ("pobj", "pcomp")]
            if inner:
                yield Claim(_span(inner[0]), source, (token.i, kid.i + 1), "adj:prep:" + kid.lower_, token.i)
                return


def _noun(token: Token, classes: frozenset[str]) -> Iterator[Claim]:
    poss = next((k for k in token.children if k.dep_ == "poss"), None)
    source = None if poss is None else _span(poss)
    how = "poss" if poss is not None else "bare"
    if poss is None and token.dep_ in ("dobj", "attr") and token.head.tag_[:2] == "VB":
        source = subject(token.head)
        how = "dobj"
    elif poss is None:
        how = "conj" if token.dep_ == "conj" else "bare"
        by = next((k for k in token.children if k.lower_ == "by"), None)
        obj = next((k for k in by.children if k.dep_ == "pobj"), None) if by is not None else None
        if obj is not None:
            source = _span(obj)
        elif token.dep_ == "pobj" and token.head.dep_ == "prep" and token.head.head.tag_[:2] == "VB":
            source = subject(token.head.head)
    for kid in token.children:
        if kid.i < token.i:
            continue
        if kid.dep_ == "acl" and (kid.tag_ == "VB" or any(k.dep_ == "mark" for k in kid.children)):
            yield Claim(_span(kid), source, (token.i, token.i + 1), f"noun:{min(classes)}:{how}:acl", token.i)
            return
        if kid.dep_ in ("ccomp", "relcl") and any(k.dep_ == "mark" or k.lower_ == "that" for k in kid.children):
            yield Claim(_span(kid), source, (token.i, token.i + 1), f"noun:{min(classes)}:{how}:{kid.dep_}", token.i)
            return
        if kid.dep_ == "prep" and kid.lower_ in ("of", "for", "about", "on", "against", "to", "over", "toward", "towards", "with"):
            inner = [k for k in kid.children if k.dep_ in ("pobj", "pcomp")]
            if inner:
                yield Claim(_span(inner[0]), source, (token.i, kid.i + 1), f"noun:{min(classes)}:{how}:{kid.lower_}", token.i)
                return


def _adverb(token: Token) -> Iterator[Claim]:
    head = token.head
    if head.tag_[:2] == "VB":
        yield Claim(_span(head), None, (token.i, token.i + 1), "adv", token.i)


def _according(token: Token) -> Iterator[Claim]:
    to = next((k for k in token.children if k.lower_ == "to"), None)
    if to is None:
        return
    obj = next((k for k in to.children if k.dep_ == "pobj"), None)
    if obj is None:
        return
    head = token.head
    while head.tag_[:2] not in ("VB", "MD") and head.head is not head:
        head = head.head
    start, end = _span(head)
    if token.i - start > end - obj.right_edge.i:
        end = token.i
    else:
        start = obj.right_edge.i + 1
    if start < end:
        yield Claim((start, end), _span(obj), (token.i, to.i + 1), "according", token.i)


def subject(verb: Token) -> tuple[int, int] | None:
    """Return who does what the verb says, by its own subject or that of the verbs above it; None when unsaid."""
    agent = next((kid for kid in verb.children if kid.dep_ == "agent"), None)
    if agent is not None:
        obj = next((kid for kid in agent.children if kid.dep_ == "pobj"), None)
        return _span(obj) if obj is not None else None
    if any(kid.dep_ == "auxpass" for kid in verb.children):
        return None
    for _ in range(8):
        subj = next((kid for kid in verb.children if kid.dep_ in _SUBJECTS), None)
        if subj is not None:
            if subj.tag_ in ("WP", "WDT") and verb.dep_ == "relcl":
                return verb.head.left_edge.i, subj.i + 1
            return _span(subj)
        if verb.dep_ in ("acl", "relcl") and verb.tag_ in ("VBG", "VBN") and verb.head.tag_[0] in "NP":
            noun = verb.head
            if noun.dep_ == "dobj" and verb.tag_ == "VBG" and noun.tag_ in ("NN", "NNS"):
                return subject(noun.head) or (noun.left_edge.i, noun.i + 1)
            return noun.left_edge.i, noun.i + 1
        if verb.head is verb:
            return None
        verb = verb.head
    return None


def _span(token: Token) -> tuple[int, int]:
    return token.left_edge.i, token.right_edge.i + 1


def speech_verbs(doc: Doc, lex: Lexicon) -> list[Claim]:
    """Return the verbs that can introduce a quotation, whatever stands with them; ``content`` is the verb.

    A verb of another kind counts where it follows a quotation: “Lovely!” beamed Ann Lee.
    """
    found = []
    for token in doc:
        tag = token.tag_
        if lex.verbs.get(token.lower_, frozenset()) & _INTRODUCING:
            if tag[:2] != "VB" and (token.i or token.lower_[-1] not in "sd"):
                continue
        elif tag not in ("VBD", "VBZ") or token.i == 0 or doc[token.i - 1].tag_ != "''":
            continue
        here, nearby = (token.i, token.i + 1), _neighbour(token)
        found.append(Claim(here, subject(token) or nearby, here, "speech", token.i, nearby))
    return found


def actors(doc: Doc) -> list[tuple[int, tuple[int, int]]]:
    """Return each verb that has a subject of its own, by position, with that subject; those of relative clauses
    are left out.
    """
    found = []
    for token in doc:
        if token.tag_[:2] == "VB" and token.dep_ != "relcl":
            own = next((kid for kid in token.children if kid.dep_ in _SUBJECTS), None)
            if own is not None:
                found.append((token.i, _span(own)))
    return found


def _neighbour(verb: Token) -> tuple[int, int] | None:
    """The noun phrase right behind a verb that follows a quotation, else the one right before the verb."""
    doc = verb.doc
    start = end = verb.i
    if verb.i == 0 or doc[verb.i - 1].is_punct or doc[verb.i - 1].tag_ in _QUOTE_TAGS:
        start = end = verb.i + 1
        while end < len(doc) and doc[end].tag_ in _NOMINAL:
            end += 1
        while end > start and doc[end - 1].tag_ not in _NOUNS:
            end -= 1
        return (start, end) if start < end else None
    while start > 0 and doc[start - 1].tag_ in _NOMINAL:
        start -= 1
    return (start, end) if start < end and doc[end - 1].tag_ in _NOUNS else None
