"""The tables of ``<language>.toml``, one dataclass each: its entries, and what each of them is for.

Words stand in lower case unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.languages.entries import NONE, InOrder, Table, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences(Table):
    """``[sentences]``: where a full stop does not end one.

    :ivar abbreviations: written with a full stop, which they are listed without. Compared case-folded, with accents.
    :ivar final: those of them that end a sentence where the next word has a capital ("etc").
    :ivar starters: words that begin a sentence behind an acronym ("in the U.S. The ...").
    :ivar titled: the commonest abbreviations, in their usual case; a language model's grammar allows a full stop within
        a sentence behind these alone.
    """

    abbreviations: Words = NONE
    final: Words = NONE
    starters: Words = NONE
    titled: InOrder = ()


TABLES: dict[type[Table], str] = {Sentences: "sentences"}
"""The tables, with their names in the file."""
