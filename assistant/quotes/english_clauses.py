"""Reported speech in a parsed sentence: cue, source and content by the shape of the clause.

The trees follow the scheme of spaCy's English pipelines (ClearNLP labels, Penn Treebank tags).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from assistant.quotes.english_lexicon import Lexicon, lexicon
from assistant.quotes.english_subjects import SUBJECTS, neighbour, passive_clause, subject, told_by
from assistant.quotes.model import Span

_CLAUSAL = ("say", "tell", "think", "show", "ask", "judge", "matter")
_INTRODUCING = frozenset(["say", "tell", "ask", "think", "judge", "matter"])
_OBJECT_TAIL = frozenset(["for", "of", "as", "over", "with", "against", "to", "on"])
_PREDICATES = frozenset(["oprd", "acomp", "attr", "ccomp"])
_NOUN_LINKS = {
    "speech": frozenset(["about", "against", "toward", "towards"]),
    "held": frozenset(["of", "for", "about", "on", "against", "to", "over", "toward", "towards", "with"]),
}
_SPOKEN = frozenset(["say", "tell", "ask", "judge", "urge"])
_AT = frozenset(["in", "during", "after", "before"])
_NOUN_PHRASE = frozenset("DT PRP PRP$ NN NNS NNP NNPS JJ CD".split())
_WORDS_OF_TIME = frozenset("NN NNS NNP NNPS CD DT IN JJ RB JJR RBR".split())


@dataclass(frozen=True, slots=True)
class Claim:
    """A cue found in a parsed sentence; all spans in tokens of it, end exclusive.

    :ivar shape: which rule found it.
    :ivar nearby: the noun phrase next to the verb: the source when the parser's is part of what is said.
    """

    content: Span
    source: Span | None
    cue: Span
    shape: str
    nearby: Span | None = None


def claims(doc: Doc, lex: Lexicon) -> Iterator[Claim]:
    """Yield what the cues of a parsed sentence attribute; overlapping ones included."""
    for token in doc:
        form, tag = token.lower_, token.tag_
        if form == "according":
            yield from _according(token)
        elif tag[:2] == "VB" and form in lex.verbs:
            yield from _verb(token, lex.verbs[form])
        elif tag[:2] == "NN" and form in lex.nouns:
            yield from _noun(token, lex.nouns[form], lex)
        if tag == "VBN" and form in lex.passive:
            yield from _passive(token)
        if tag in ("JJ", "VBN", "VBD") and form in lex.adjectives:
            yield from _adjective(token, lex.adjectives[form])


def speech_verbs(doc: Doc, lex: Lexicon) -> list[Claim]:
    """Return the verbs that can introduce a quotation, whatever stands with them; ``content`` is the verb.

    A verb of another kind counts where it follows a quotation: “Lovely!” beamed Ann Lee.
    """
    found = []
    for token in doc:
        tag = token.tag_
        if any(kid.dep_ == "auxpass" for kid in token.children) and not any(
            kid.dep_ == "agent" for kid in token.children
        ):
            continue
        if lex.verbs.get(token.lower_, frozenset()) & _INTRODUCING:
            if token.dep_ == "advcl" and passive_clause(token):
                continue
            if tag[:2] != "VB" and (token.i or token.lower_[-1] not in "sd"):
                who = told_by(token)
                if who is not None:
                    found.append(Claim(_at(token), who, _at(token), "speech", who))
                continue
        elif tag[:2] == "VB" and _phrasal(token, lex):
            cue = (token.i, token.i + 2)
            found.append(Claim(cue, subject(token) or neighbour(token), cue, "speech", neighbour(token)))
            continue
        elif tag not in ("VBD", "VBZ") or token.i == 0 or doc[token.i - 1].tag_ != "''":
            continue
        nearby = neighbour(token)
        found.append(Claim(_at(token), subject(token) or nearby, _at(token), "speech", nearby))
    return found


def _phrasal(verb: Token, lex: Lexicon) -> bool:
    """Whether a verb speaks with the particle behind it: shot back; not: went on recess."""
    following = list(verb.doc[verb.i + 1 : verb.i + 3])
    if not following or following[0].lower_ not in lex.phrasal.get(verb.lower_, ()):
        return False
    return len(following) == 1 or following[1].tag_ not in _NOUN_PHRASE


def _verb(verb: Token, classes: frozenset[str]) -> Iterator[Claim]:
    """The claims of a verb: its clauses, else its object, else what a preposition leads to, else what it stands in."""
    kids = list(verb.children)
    nearby = None
    source = subject(verb)
    if classes & {"say", "tell"} and not any(kid.dep_ == "auxpass" for kid in kids):
        nearby = neighbour(verb)
        source = source or nearby
    clauses = list(_clauses(verb, kids, classes))
    if clauses:
        for content, shape in clauses:
            yield Claim(content, source, _at(verb), shape, nearby)
        return
    if "appear" in classes:
        yield from _appearance(verb, kids)
        return
    found = _object(verb, kids, classes) or _prepositional(verb, kids, classes)
    if found is None and classes & {"say", "think", "show"}:
        found = _parenthetical(verb, kids)
    if found is None and "say" in classes and source is not None and verb.tag_ in ("VBD", "VBZ", "VBP"):
        found = _unparsed(verb, source)
    elif found is None and "tell" in classes and source is not None:
        found = _that(verb)
    if found is not None:
        content, cue, shape = found
        yield Claim(content, source, cue, shape, nearby)


def _clauses(verb: Token, kids: list[Token], classes: frozenset[str]) -> Iterator[tuple[Span, str]]:
    """The that-, wh- and to-clauses that hang on a verb."""
    finite = [kid for kid in kids if kid.dep_ == "ccomp"]
    behind = [kid for kid in finite if kid.i > verb.i]
    name = next((name for name in _CLAUSAL if name in classes), None)
    if name is not None:
        for kid in behind or finite:
            yield _from_object(verb, kid, _cut(kid)), f"{name}:ccomp"
    for kid in kids:
        if kid.dep_ != "xcomp":
            continue
        bare = not any(k.lower_ == "to" and k.dep_ == "aux" for k in kid.lefts)
        obj = next((k for k in kids if k.dep_ == "dobj" and k.i < kid.i), None)
        if bare and "judge" in classes:
            yield _span(kid), "judge:xcomp"
        elif not bare and obj is not None and "urge" in classes:
            yield (obj.left_edge.i, kid.right_edge.i + 1), "urge:xcomp"
        elif not bare and obj is None and "want" in classes:
            yield _span(kid), "want:xcomp"


def _from_object(verb: Token, clause: Token, span: Span) -> Span:
    """A clause's span with its subject, which the parser may take for the verb's object: said the plan to ... is bad."""
    if span[0] != clause.i or clause.tag_ not in ("VBZ", "VBP", "VBD", "MD"):
        return span
    obj = next((kid for kid in verb.children if kid.dep_ == "dobj" and verb.i < kid.i < clause.i), None)
    return (obj.left_edge.i, span[1]) if obj is not None and obj.right_edge.i + 1 == span[0] else span


def _appearance(verb: Token, kids: list[Token]) -> Iterator[Claim]:
    """Seems, appears: the subject belongs to what is reported, by nobody in particular."""
    what = next((k for k in kids if k.i > verb.i and (k.dep_ in _PREDICATES or k.dep_ == "xcomp")), None)
    who = next((k for k in kids if k.dep_ in SUBJECTS), None)
    if what is not None:
        start = who.left_edge.i if who is not None and who.lower_ != "it" else what.left_edge.i
        yield Claim((start, what.right_edge.i + 1), None, _at(verb), "appear")


def _object(verb: Token, kids: list[Token], classes: frozenset[str]) -> tuple[Span, Span, str] | None:
    """Accused Russia of lying, described him as calm, announced a plan."""
    obj = next((kid for kid in kids if kid.dep_ == "dobj" and kid.i > verb.i), None)
    if obj is None or not classes & {"judge", "matter", "regard"}:
        return None
    start, end = _span(obj)
    predicated = False
    for kid in kids:
        if kid.i > obj.i and (kid.dep_ in ("oprd", "xcomp") or (kid.dep_ == "prep" and kid.lower_ in _OBJECT_TAIL)):
            if kid.dep_ == "prep" and kid.lower_ in ("on", "to") and "judge" not in classes:
                continue
            end = max(end, kid.right_edge.i + 1)
            predicated = predicated or kid.dep_ == "oprd" or kid.lower_ in ("as", "to")
    if not classes & {"judge", "matter"} and not predicated:
        return None
    return (start, end), _at(verb), "judge:dobj" if "judge" in classes else "matter:dobj"


def _prepositional(verb: Token, kids: list[Token], classes: frozenset[str]) -> tuple[Span, Span, str] | None:
    """Called for calm, spoke about taxes."""
    for kid in kids:
        mark = next((k for k in kid.lefts if k.dep_ == "mark" and k.lower_ == "for"), None)
        if mark is not None and "for" in classes and verb.i < mark.i and kid.dep_ in ("advcl", "ccomp"):
            return (mark.i + 1, kid.right_edge.i + 1), (verb.i, mark.i + 1), "prep:for"
        if kid.dep_ in ("prep", "prt") and kid.i > verb.i and kid.lower_ in classes:
            inner = [k for k in kid.children if k.dep_ in ("pobj", "pcomp", "prep")]
            if inner:
                content = inner[0].left_edge.i, inner[-1].right_edge.i + 1
                return content, (verb.i, kid.i + 1), f"prep:{kid.lower_}"
    return None


def _parenthetical(verb: Token, kids: list[Token]) -> tuple[Span, Span, str] | None:
    """Loyalty, he noted, matters; as he noted, loyalty matters."""
    if verb.dep_ == "parataxis" or (verb.dep_ == "advcl" and any(k.lower_ == "as" for k in kids)):
        return _span(verb.head), _at(verb), f"within:{verb.dep_}"
    return None


def _unparsed(verb: Token, source: Span) -> tuple[Span, Span, str] | None:
    """What a verb of speech says by its place alone, where the parser hung nothing on it."""
    doc, end = verb.doc, len(verb.doc)
    rest = doc[verb.i + 1 :]
    that = _that(verb)
    if that is not None:
        return that
    if all(t.is_punct or t.tag_ in _WORDS_OF_TIME for t in rest) and len(rest) < 8:
        before = min(source[0], verb.i)
        if before > 3 and doc[before - 1].text in (",", "''", "”", '"'):
            return (0, before - 1), _at(verb), "place:before"
    elif verb.lower_ in ("said", "says") and rest and rest[0].tag_ in ("VBG", "DT", "PRP$", "NN", "NNS", "NNP"):
        return (verb.i + 1, end), _at(verb), "place:after"
    return None


def _that(verb: Token) -> tuple[Span, Span, str] | None:
    """What follows a "that" near a verb, where the parser hung it on something else."""
    end = len(verb.doc)
    that = next((t.i for t in verb.doc[verb.i + 1 : verb.i + 16] if t.lower_ == "that" and t.tag_ == "IN"), None)
    return ((that, end), _at(verb), "place:that") if that is not None and that + 2 < end else None


def _passive(verb: Token) -> Iterator[Claim]:
    """Is expected to, was accused of: the subject belongs to what is reported."""
    kids = list(verb.children)
    if not any(kid.dep_ == "auxpass" for kid in kids):
        return
    what = None
    for kid in kids:
        leads = kid.dep_ != "prep" or kid.lower_ in ("as", "of", "to", "for", "about")
        if kid.i > verb.i and kid.dep_ in ("xcomp", "ccomp", "oprd", "prep") and leads:
            what = kid
            break
    if what is None:
        return
    who = next((kid for kid in kids if kid.dep_ in SUBJECTS), None)
    start = who.left_edge.i if who is not None and what.dep_ != "ccomp" else what.left_edge.i
    agent = any(kid.dep_ == "agent" for kid in kids)
    source = subject(verb) if agent else None
    yield Claim((start, what.right_edge.i + 1), source, _at(verb), f"passive:{what.dep_}")


def _adjective(token: Token, classes: frozenset[str]) -> Iterator[Claim]:
    """Is sure that, is critical of, it is clear that."""
    verb = token if token.tag_ != "JJ" and token.dep_ != "acomp" else token.head
    source = subject(verb) if verb.tag_[:2] in ("VB", "MD") and "stance" in classes else None
    kids = [k for k in token.children if k.i > token.i]
    kids += [k for k in verb.children if k.i > token.i and k.dep_ in ("ccomp", "xcomp") and verb != token]
    for kid in kids:
        if kid.dep_ == "ccomp" or (kid.dep_ == "xcomp" and "stance" in classes):
            yield Claim(_span(kid), source, _at(token), f"adjective:{kid.dep_}")
            return
        if kid.dep_ == "prep" and "stance" in classes and kid.lower_ in ("about", "of", "with", "at", "by", "over"):
            inner = next((k for k in kid.children if k.dep_ in ("pobj", "pcomp")), None)
            if inner is not None:
                yield Claim(_span(inner), source, (token.i, kid.i + 1), "adjective:prep")
                return


def _said_at(noun: Token, lex: Lexicon) -> Token | None:
    """The verb of speech of what the parser gives to the occasion: mused in Monday's debate that ..."""
    verb = noun.head.head
    if noun.dep_ != "pobj" or noun.head.lower_ not in _AT or noun.head.i > noun.i:
        return None
    return verb if verb.tag_[:2] == "VB" and "say" in lex.verbs.get(verb.lower_, ()) else None


def _noun(noun: Token, classes: frozenset[str], lex: Lexicon) -> Iterator[Claim]:
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
                yield Claim(_span(kid), source, _at(noun), f"noun:{'held' if held else 'bare'}:clause")
            else:
                yield Claim(_span(kid), subject(said), _at(said), "say:ccomp")
            return
        if kid.dep_ == "prep" and kid.lower_ in links:
            inner = next((k for k in kid.children if k.dep_ in ("pobj", "pcomp")), None)
            if inner is not None:
                yield Claim(_span(inner), source, (noun.i, kid.i + 1), f"noun:{'held' if held else 'bare'}:prep")
                return


def _holder(noun: Token) -> tuple[Span | None, bool]:
    """Whose the claim is, and whether it is said to be someone's."""
    owner = next((kid for kid in noun.children if kid.dep_ == "poss"), None)
    if owner is not None:
        return _span(owner), True
    by = next((kid for kid in noun.children if kid.lower_ == "by"), None)
    obj = next((kid for kid in by.children if kid.dep_ == "pobj"), None) if by is not None else None
    if obj is not None:
        return _span(obj), True
    if noun.dep_ in ("dobj", "attr") and noun.head.tag_[:2] == "VB":
        return subject(noun.head), True
    if noun.dep_ == "pobj" and noun.head.dep_ == "prep" and noun.head.head.tag_[:2] == "VB":
        return subject(noun.head.head), False
    return None, False


def _according(token: Token) -> Iterator[Claim]:
    """According to: what stands before it in its clause, or, at the beginning, what follows."""
    doc = token.doc
    if token.i + 2 >= len(doc) or doc[token.i + 1].lower_ != "to":
        return
    to = doc[token.i + 1]
    obj = next((kid for kid in to.children if kid.dep_ == "pobj"), None)
    end = obj.right_edge.i + 1 if obj is not None and obj.i > to.i else to.i + 2
    while end < len(doc) and obj is None and doc[end].text not in (",", ".", ";"):
        end += 1
    source = (to.i + 1, end)
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
    if content[0] < content[1]:
        yield Claim(content, source, (token.i, to.i + 1), "according")


def _cut(clause: Token) -> Span:
    """A clause's span without a second verb of speech that belongs to the verb above: said A and said B."""
    start, end = _span(clause)
    for kid in clause.children:
        if kid.dep_ == "conj" and kid.i > clause.i and kid.tag_ in ("VBD", "VBZ"):
            own = any(k.dep_ in SUBJECTS for k in kid.children)
            clausal = any(k.dep_ == "ccomp" for k in kid.children)
            spoken = lexicon().verbs.get(kid.lower_, frozenset()) & _SPOKEN
            if not own and clausal and spoken and kid.tag_ == clause.head.tag_:
                cc = next((k for k in clause.children if k.dep_ == "cc" and k.i < kid.i), kid)
                return start, cc.i if start < cc.i else end
    return start, end


def _at(token: Token) -> Span:
    return token.i, token.i + 1


def _span(token: Token) -> Span:
    return token.left_edge.i, token.right_edge.i + 1
