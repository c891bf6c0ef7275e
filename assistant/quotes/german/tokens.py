"""German sentences as clauses of tokens: what the rules for German read, and what they find."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from assistant.quotes.common.quotation_marks import Quotation
from assistant.text import Span

ClauseKind = Literal["that", "wh", "subordinate", "relative", "infinitive", "main", "quote", "fragment"]
"""Of a clause. "that": opens with dass or ob; "wh": with a question word; "main": any other with a finite verb."""


@dataclass(slots=True)
class GermanToken:
    """A word, number or mark. ``direct_speech``: inside quotation marks; ``aside``: inside brackets."""

    start: int
    end: int
    text: str
    low: str
    quoted: bool
    aside: bool

    @property
    def word(self) -> bool:
        """Whether it is a word or a number."""
        return self.text[0].isalnum()

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


@dataclass(slots=True)
class GermanClause:
    """A stretch of a sentence between commas, semicolons, colons or dashes; token indexes, end exclusive.

    :ivar mark: what stands before it: "," ";" ":" "–" or "" at the start of the sentence.
    """

    start: int
    end: int
    mark: str
    kind: ClauseKind = "fragment"
    subjunctive: bool = False
    strong: bool = False
    possible: bool = False
    outer: list[int] | None = None
    """``subjunctive``: has a form of reported speech; ``strong``: one that has no other use;
    ``possible``: another past subjunctive; ``outer``: what ``unquoted``
    returns, once known."""


@dataclass(slots=True)
class GermanSentence:
    """A sentence; its quotations count as parts of it, whatever stands inside them."""

    start: int
    end: int
    paragraph: int
    tokens: list[GermanToken]
    clauses: list[GermanClause] = field(default_factory=list)
    quotes: list[Quotation] = field(default_factory=list)
    phrases: dict[tuple[int, int], list[tuple[tuple[int, int], bool]]] = field(default_factory=dict)
    """Noun phrases found so far, by the stretch of tokens searched."""

    def span(self, first: int, last: int) -> Span:
        """Return the characters of the tokens first..last-1."""
        return self.tokens[first].start, self.tokens[last - 1].end


@dataclass(frozen=True, slots=True)
class SentenceAttribution:
    """One attribution inside a sentence, before speakers are named.

    :ivar content: characters.
    :ivar source: token indexes of the sentence, or None.
    :ivar cue: characters, or None.
    :ivar how: "cue", "according", "report" or "noun".
    :ivar say: the cue takes direct speech.
    """

    content: Span
    source: tuple[int, int] | None
    cue: Span | None
    how: str
    say: bool = True


def unquoted(tokens: list[GermanToken], clause: GermanClause) -> list[int]:
    """Return the indexes of the clause's words outside quotation marks and brackets."""
    if clause.outer is None:
        clause.outer = [
            index
            for index in range(clause.start, clause.end)
            if tokens[index].word and not tokens[index].quoted and not tokens[index].aside
        ]
    return clause.outer


def content_of(sentence: GermanSentence, first: int, end: int) -> Span:
    """The characters of clauses first..end-1, without a conjunction or stray mark before them."""
    clauses = sentence.clauses
    start = clauses[first].start
    last = clauses[end - 1].end
    while start + 1 < last and not sentence.tokens[start].word and not sentence.tokens[start].quoted:
        start += 1
    return sentence.span(start, last)
