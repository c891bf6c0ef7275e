"""The interface between language models, wherever they run, and the code that uses them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from assistant.prompts import MessageRole


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt."""

    role: MessageRole
    content: str


class LanguageModel(Protocol):
    """A language model. Thread-safe."""

    @property
    def name(self) -> str:
        """The model's kind and name, as recorded with an answer."""
        ...

    @property
    def window(self) -> int:
        """Size of the context window in tokens: prompt and completion together."""
        ...

    def count(self, text: str) -> int:
        """Return the number of tokens in ``text``: exact if the tokenizer is known, otherwise an upper bound."""
        ...

    def stream(
        self, messages: Sequence[Message], max_tokens: int, cancelled: Event | None = None, grammar: str = ""
    ) -> Iterator[str]:
        """Yield the model's output piece by piece, as it is generated.

        Closing the iterator or setting ``cancelled`` ends the request, and the server stops generating.

        :param max_tokens: maximum number of tokens to generate.
        :param grammar: GBNF grammar for the output; ignored by runtimes that cannot enforce one.
        :raises ModelUnavailable: if the model cannot be reached, refuses the request, or breaks off; requests are
            retried until the first piece has arrived.
        :raises ModelTimeout: if it is slower than the settings allow.
        :raises ModelBudget: if the messages do not fit its window, or the token budget is spent.
        """
        ...
