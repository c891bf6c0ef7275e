"""The seam between a language model, wherever it runs, and whoever asks it to write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from assistant.prompts import Role


@dataclass(frozen=True, slots=True)
class Message:
    """One message of what a model is given."""

    role: Role
    content: str


class LanguageModel(Protocol):
    """A language model. Safe to use from several threads."""

    @property
    def name(self) -> str:
        """What an answer records of it: the kind of model and its name."""
        ...

    @property
    def window(self) -> int:
        """Tokens of its context: what it is given and what it writes, together."""
        ...

    def count(self, text: str) -> int:
        """Return how many tokens ``text`` is: exactly where its tokenizer is known, else at least as many."""
        ...

    def stream(
        self, messages: Sequence[Message], max_tokens: int, cancelled: Event | None = None, grammar: str = ""
    ) -> Iterator[str]:
        """Yield what the model writes, in pieces, as it comes.

        Closing the iterator, or setting ``cancelled``, ends the request: the server stops writing.

        :param max_tokens: tokens it may write at most.
        :param grammar: GBNF that what it writes has to follow; heeded where its runtime can hold it to one.
        :raises ModelUnavailable: it cannot be reached, refuses, or breaks off half-way; retried before the first piece.
        :raises ModelTimeout: it is slower than the settings allow.
        :raises ModelBudget: the messages do not fit its window, or the budget of tokens is spent.
        """
        ...
