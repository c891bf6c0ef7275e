"""The types of a judged sentence: its claim, what it cites, and the outcome of each check."""

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
    """A span of a stored version that a sentence cites: ``article.text[start:end]``."""

    article: StoredArticle
    start: int
    end: int

    @property
    def text(self) -> str:
        """Its characters."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a sentence and its outcome.

    :ivar name: what was checked: quotation, speaker, number, ...
    :ivar holds: whether the cited evidence supports it.
    :ivar detail: what is wrong, for people to read; "" if it holds.
    """

    name: CheckName
    holds: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a drafted sentence. Anything that cannot be shown to hold counts as not holding.

    :ivar similarity: highest cosine of the sentence and a cited sentence, in [-1, 1]; None if it was not computed
        because an earlier check had failed.
    """

    checks: tuple[Check, ...]
    similarity: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the sentence may go out as supported."""
        return bool(self.checks) and all(check.holds for check in self.checks)


class Judge(Protocol):
    """Judges whether evidence supports a sentence."""

    def judge(self, claim: str, cited: Sequence[CitedSpan]) -> Judgement:
        """Judge ``claim``, a sentence without its markers, against what it cites.

        :param cited: the spans that its markers were resolved and narrowed to; if empty, the claim does not hold.
        """
        ...
