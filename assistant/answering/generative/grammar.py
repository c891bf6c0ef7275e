"""The form of a written answer, as a grammar that llama.cpp holds a model to: no sentence without its marker.

A model of a few hundred million weights forgets markers, or makes numbers up; a sentence without one that leads
somewhere is lost, however true it is. What the words say is not the grammar's affair.
"""

from __future__ import annotations

import json

from assistant.languages.lexicon import sentence_words
from assistant.prompts import NOT_FOUND

_LEAST, _MOST = 4, 400
"""Characters of a sentence behind its first: without an end a small model repeats a clause until it is stopped."""


def cited_sentences(sources: int, most: int) -> str:
    """Return the grammar (GBNF) of at most ``most`` sentences that each end with markers, or of the refusal.

    Sentences begin with a capital, where their script has them, or a quotation mark: no number of a list, no bracket of
    a source's first line, no fence. A full stop ends one unless an English abbreviation or a single capital stands
    before it.

    :param sources: numbers from 1 to this are markers.
    """
    markers = " | ".join(json.dumps(f"[{number}]") for number in range(1, sources + 1))
    titles = " | ".join(json.dumps(f"{title}. ") for title in sentence_words("en").titled)
    return "\n".join(
        [
            f"root ::= {json.dumps(NOT_FOUND)} | sentence (" + r'" "' + f" sentence){{0,{max(0, most - 1)}}}",
            rf"sentence ::= start part{{{_LEAST},{_MOST}}} " + r'[.!?]? [”"»]? " " marker marker? "."?',
            r"start ::= [^a-z0-9(=\[\]\x00-\x20.!?*#<>|-]",
            rf"part ::= [^\[\]\x00-\x1F.!?*#<>|] | [.!?] [^\[\]\x00-\x20] | {titles} | [A-Z] " + '". "',
            f"marker ::= {markers}",
        ]
    )
