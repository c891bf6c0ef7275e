"""A grammar that makes llama.cpp end every sentence of a written answer with a marker.

A model with a few hundred million weights forgets markers or makes up numbers, and a sentence without a valid marker is
lost, however true it is. The grammar does not constrain what the words say.
"""

from __future__ import annotations

import json

from assistant.languages.lexicon import sentence_words
from assistant.prompts import NOT_FOUND

_LEAST, _MOST = 4, 400
"""Characters of a sentence after its first: without a limit, a small model repeats a clause until it is stopped."""


def cited_sentences(sources: int, most: int) -> str:
    """Return the grammar (GBNF) of at most ``most`` sentences that each end with markers, or of the refusal.

    Sentences begin with a quotation mark or a capital, if their script has them: not with a list number, the bracket of
    a source's first line, or a fence. A full stop ends a sentence unless it follows an English abbreviation or a single
    capital.

    :param sources: number of sources; markers run from 1 to this.
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
