"""The seam between a drafted sentence and what is said of it: what it claims, what it cites, what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from assistant.types import StoredArticle

CheckName = Literal[
    "citation", "quotation", "speaker", "number", "date", "name", "negation", "similarity", "entailment", "link"
]


@dataclass(frozen=True, slots=True)
class CitedSpan:
    """Characters of a stored version that a sentence cites: ``article.text[start:end]``."""

    article: StoredArticle
    start: int
    end: int

    @property
    def text(self) -> str:
        """Its characters."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at in a sentence.

    :ivar name: what: its quotations, whose they are, its numbers, ...
    :ivar holds: whether the cited evidence bears it out.
    :ivar detail: what was looked for and not found, for people; "" where it holds.
    """

    name: CheckName
    holds: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found of a drafted sentence. Whatever cannot be shown to hold counts as not holding.

    :ivar similarity: highest cosine of the sentence and a cited sentence, in [-1, 1]; None where it was not reckoned,
        because an earlier check had failed already.
    """

    checks: tuple[Check, ...]
    similarity: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the sentence may go out as supported."""
        return bool(self.checks) and all(check.holds for check in self.checks)


class Judge(Protocol):
    """Says whether evidence bears out a sentence."""

    def judge(self, claim: str, cited: Sequence[CitedSpan]) -> Judgement:
        """Return what holds of ``claim``, a sentence without its markers, in what it cites.

        :param cited: what its markers were resolved and narrowed to; empty where none leads anywhere, and then it
            does not hold.
        """
        ...
