"""The form of a written answer, as a grammar that llama.cpp holds a model to: no sentence without its marker.

A model of a few hundred million weights forgets markers, or makes numbers up; a sentence without one that leads
somewhere is lost, however true it is. What the words say is not the grammar's affair.
"""

from __future__ import annotations

import json

from assistant.prompts import NOT_FOUND

_TITLES = ("Mr", "Mrs", "Ms", "Dr", "St", "Gen", "Sen", "Rep", "Gov", "Lt", "Col", "No", "vs")
"""A full stop and a blank behind these, and behind a single capital, end no sentence."""


def cited_sentences(sources: int, most: int) -> str:
    """Return the grammar (GBNF) of at most ``most`` sentences that each end with markers, or of the refusal.

    :param sources: numbers from 1 to this are markers.
    """
    markers = " | ".join(json.dumps(f"[{number}]") for number in range(1, sources + 1))
    titles = " | ".join(json.dumps(f"{title}. ") for title in _TITLES)
    return "\n".join(
        [
            f"root ::= {json.dumps(NOT_FOUND)} | sentence (" + r'" "' + f" sentence){{0,{max(0, most - 1)}}}",
            r'sentence ::= start part* [.!?]? [”"»]? " " marker marker? "."?',
            r"start ::= [^\[\]\x00-\x20.!?*#<>|-]",
            rf"part ::= [^\[\]\x00-\x1F.!?*#<>|] | [.!?] [^\[\]\x00-\x20] | {titles} | [A-Z] " + '". "',
            f"marker ::= {markers}",
        ]
    )
