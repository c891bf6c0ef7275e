"""A cue found in a parsed sentence, and the words that it attributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.text import Span

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass(frozen=True, slots=True)
class CueFrame:
    """A cue found in a parsed sentence; all spans in tokens of it, end exclusive.

    :ivar shape: which rule found it.
    :ivar nearby: the noun phrase next to the verb: the source when the parser's is part of what is said.
    """

    content: Span
    source: Span | None
    cue: Span
    shape: str
    nearby: Span | None = None


def at(token: Token) -> Span:
    """The span of a token alone."""
    return token.i, token.i + 1


def span_of(token: Token) -> Span:
    """The span of a token with all that hangs on it."""
    return token.left_edge.i, token.right_edge.i + 1
