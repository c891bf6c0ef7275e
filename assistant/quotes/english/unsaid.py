"""What somebody is reported not to have said: would not say that, failed to say that, if she says that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.languages.lexicon import english_speech
from assistant.quotes.english.lexicon import Lexicon
from assistant.quotes.english.subjects import SUBJECTS
from assistant.text import fold

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_SPOKEN = frozenset(["say", "tell", "ask", "judge"])
_OPEN = frozenset(["xcomp", "pcomp", "ccomp"])


def unsaid_verbs(doc: Doc, lex: Lexicon) -> Iterator[int]:
    """Yield the tokens of a parsed sentence that are verbs of speech, but report that nothing was said.

    They are negated, hang on a verb such as "refuse" or on a preposition such as "without", stand in a condition, or
    have nobody for a subject. Verbs of thought are left alone: whoever does not think that it rains thinks that it does
    not.
    """
    words = english_speech().words
    for verb in doc:
        if verb.tag_[:2] != "VB" or not lex.verbs.get(verb.lower_, frozenset()) & _SPOKEN:
            continue
        leading = verb.head
        refused = verb.dep_ in _OPEN and leading.i < verb.i and fold(leading.lower_) in words.unfulfilling
        conditional = verb.dep_ == "advcl" and any(
            kid.dep_ == "mark" and kid.lower_ in words.conditional for kid in verb.children
        )
        if _is_negated(verb) or refused or conditional or _subject(verb) in words.nobody:
            yield verb.i


def _is_negated(verb: Token) -> bool:
    """Whether a verb, or the one that it continues ("did not deny or confirm"), has a negation before it."""
    first = verb
    while first.dep_ == "conj" and any(kid.lower_ in ("or", "nor") for kid in first.head.children):
        first = first.head
    return any(kid.dep_ == "neg" and kid.i < first.i for kid in first.children)


def _subject(verb: Token) -> str:
    """The subject of a verb, up to its head, folded, with hyphens for blanks; "" if it has none of its own."""
    own = next((kid for kid in verb.children if kid.dep_ in SUBJECTS), None)
    return fold(verb.doc[own.left_edge.i : own.i + 1].text).replace(" ", "-") if own is not None else ""
