"""Reported speech in a parsed sentence: cue, source and content by the shape of the clause.

The trees follow the scheme of spaCy's English pipelines (ClearNLP labels, Penn Treebank tags).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.quotes.english.frames import CueFrame, at, span_of
from assistant.quotes.english.lexicon import Lexicon, lexicon
from assistant.quotes.english.nouns import according, adjective, in_words, noun_frames
from assistant.quotes.english.subjects import SUBJECTS, neighbour, passive_clause, subject, told_by
from assistant.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_CLAUSAL = ("say", "tell", "think", "show", "ask", "judge", "matter")
_INTRODUCING = frozenset(["say", "tell", "ask", "think", "judge", "matter"])
_OBJECT_TAIL = frozenset(["for", "of", "as", "over", "with", "against", "to", "on"])
_PREDICATES = frozenset(["oprd", "acomp", "attr", "ccomp"])
_SPOKEN = frozenset(["say", "tell", "ask", "judge", "urge"])
_NOUN_PHRASE = frozenset("DT PRP PRP$ NN NNS NNP NNPS JJ CD".split())
_WORDS_OF_TIME = frozenset("NN NNS NNP NNPS CD DT IN JJ RB JJR RBR".split())


def cue_frames(doc: Doc, lex: Lexicon) -> Iterator[CueFrame]:
    """Yield what the cues of a parsed sentence attribute; overlapping ones included."""
    for token in doc:
        form, tag = token.lower_, token.tag_
        if form == "according":
            yield from according(token)
        elif tag[:2] == "VB" and form in lex.verbs:
            yield from _verb(token, lex.verbs[form])
        elif tag[:2] == "NN" and form in lex.nouns:
            yield from noun_frames(token, lex.nouns[form], lex)
        if tag == "VBN" and form in lex.passive:
            yield from _passive(token)
        if tag == "NNS" or tag == "NN":
            yield from in_words(token)
        if tag in ("JJ", "VBN", "VBD") and form in lex.adjectives:
            yield from adjective(token, lex.adjectives[form])


def speech_verbs(doc: Doc, lex: Lexicon) -> list[CueFrame]:
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
                    found.append(CueFrame(at(token), who, at(token), "speech", who))
                continue
        elif tag[:2] == "VB" and _phrasal(token, lex):
            cue = (token.i, token.i + 2)
            found.append(CueFrame(cue, subject(token) or neighbour(token), cue, "speech", neighbour(token)))
            continue
        elif tag not in ("VBD", "VBZ") or token.i == 0 or doc[token.i - 1].tag_ != "''":
            continue
        nearby = neighbour(token)
        found.append(CueFrame(at(token), subject(token) or nearby, at(token), "speech", nearby))
    return found


def _phrasal(verb: Token, lex: Lexicon) -> bool:
    """Whether a verb speaks with the particle behind it: shot back; not: went on recess."""
    following = list(verb.doc[verb.i + 1 : verb.i + 3])
    if not following or following[0].lower_ not in lex.phrasal.get(verb.lower_, ()):
        return False
    return len(following) == 1 or following[1].tag_ not in _NOUN_PHRASE


def _verb(verb: Token, classes: frozenset[str]) -> Iterator[CueFrame]:
    """The frames of a verb: its clauses, else its object, else what a preposition leads to, else what it stands in."""
    kids = list(verb.children)
    nearby = None
    source = subject(verb)
    if classes & {"say", "tell"} and not any(kid.dep_ == "auxpass" for kid in kids):
        nearby = neighbour(verb)
        source = source or nearby
    clauses = list(_clauses(verb, kids, classes))
    if clauses:
        for content, shape in clauses:
            yield CueFrame(content, source, at(verb), shape, nearby)
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
        yield CueFrame(content, source, cue, shape, nearby)


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
            yield span_of(kid), "judge:xcomp"
        elif not bare and obj is not None and "urge" in classes:
            yield (obj.left_edge.i, kid.right_edge.i + 1), "urge:xcomp"
        elif not bare and obj is None and "want" in classes:
            yield span_of(kid), "want:xcomp"


def _from_object(verb: Token, clause: Token, span: Span) -> Span:
    """A clause's span with its subject, which the parser may take for the verb's object: said the plan is bad."""
    if span[0] != clause.i or clause.tag_ not in ("VBZ", "VBP", "VBD", "MD"):
        return span
    obj = next((kid for kid in verb.children if kid.dep_ == "dobj" and verb.i < kid.i < clause.i), None)
    return (obj.left_edge.i, span[1]) if obj is not None and obj.right_edge.i + 1 == span[0] else span


def _appearance(verb: Token, kids: list[Token]) -> Iterator[CueFrame]:
    """Seems, appears: the subject belongs to what is reported, by nobody in particular."""
    what = next((k for k in kids if k.i > verb.i and (k.dep_ in _PREDICATES or k.dep_ == "xcomp")), None)
    who = next((k for k in kids if k.dep_ in SUBJECTS), None)
    if what is not None:
        start = who.left_edge.i if who is not None and who.lower_ != "it" else what.left_edge.i
        yield CueFrame((start, what.right_edge.i + 1), None, at(verb), "appear")


def _object(verb: Token, kids: list[Token], classes: frozenset[str]) -> tuple[Span, Span, str] | None:
    """Accused Russia of lying, described him as calm, announced a plan."""
    obj = next((kid for kid in kids if kid.dep_ == "dobj" and kid.i > verb.i), None)
    if obj is None or not classes & {"judge", "matter", "regard"}:
        return None
    start, end = span_of(obj)
    predicated = False
    for kid in kids:
        if kid.i > obj.i and (kid.dep_ in ("oprd", "xcomp") or (kid.dep_ == "prep" and kid.lower_ in _OBJECT_TAIL)):
            if kid.dep_ == "prep" and kid.lower_ in ("on", "to") and "judge" not in classes:
                continue
            end = max(end, kid.right_edge.i + 1)
            predicated = predicated or kid.dep_ == "oprd" or kid.lower_ in ("as", "to")
    if not classes & {"judge", "matter"} and not predicated:
        return None
    return (start, end), at(verb), "judge:dobj" if "judge" in classes else "matter:dobj"


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
        return span_of(verb.head), at(verb), f"within:{verb.dep_}"
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
            return (0, before - 1), at(verb), "place:before"
    elif verb.lower_ in ("said", "says") and rest and rest[0].tag_ in ("VBG", "DT", "PRP$", "NN", "NNS", "NNP"):
        return (verb.i + 1, end), at(verb), "place:after"
    return None


def _that(verb: Token) -> tuple[Span, Span, str] | None:
    """What follows a "that" near a verb, where the parser hung it on something else."""
    end = len(verb.doc)
    that = next((t.i for t in verb.doc[verb.i + 1 : verb.i + 16] if t.lower_ == "that" and t.tag_ == "IN"), None)
    return ((that, end), at(verb), "place:that") if that is not None and that + 2 < end else None


def _passive(verb: Token) -> Iterator[CueFrame]:
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
    yield CueFrame((start, what.right_edge.i + 1), source, at(verb), f"passive:{what.dep_}")


def _cut(clause: Token) -> Span:
    """A clause's span without a second verb of speech that belongs to the verb above: said A and said B."""
    start, end = span_of(clause)
    for kid in clause.children:
        if kid.dep_ == "conj" and kid.i > clause.i and kid.tag_ in ("VBD", "VBZ"):
            own = any(k.dep_ in SUBJECTS for k in kid.children)
            clausal = any(k.dep_ == "ccomp" for k in kid.children)
            spoken = lexicon().verbs.get(kid.lower_, frozenset()) & _SPOKEN
            if not own and clausal and spoken and kid.tag_ == clause.head.tag_:
                cc = next((k for k in clause.children if k.dep_ == "cc" and k.i < kid.i), kid)
                return start, cc.i if start < cc.i else end
    return start, end
