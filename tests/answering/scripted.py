"""A language model that writes what a test tells it, and a judge that goes by words alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from threading import Event

from assistant.answering.checks.claims import Check, CitedSpan, Judgement
from assistant.errors import ModelError
from assistant.llm.base import Message
from assistant.retrieval.analysis import terms
from assistant.retrieval.stems import roots

Says = Callable[[Sequence[Message]], str]


class Scripted:
    """Writes, three characters at a time, what ``says`` makes of what it is given.

    :param fails: raised after ``after`` pieces.
    """

    def __init__(
        self, says: Says | str, window: int = 4096, fails: ModelError | None = None, after: int = 0, size: int = 3
    ) -> None:
        self.name = "scripted"
        self.window = window
        self._says: Says = says if callable(says) else lambda messages: says
        self._fails, self._after, self._size = fails, after, size
        self.asked: list[Sequence[Message]] = []
        self.pieces = 0
        self.closed = 0

    def count(self, text: str) -> int:
        """Four characters a token."""
        return len(text) // 4 + 1

    def stream(
        self, messages: Sequence[Message], max_tokens: int, cancelled: Event | None = None, grammar: str = ""
    ) -> Iterator[str]:
        """Write it."""
        self.asked.append(messages)
        text = self._says(messages)
        try:
            for place, start in enumerate(range(0, len(text), self._size)):
                if self._fails is not None and place >= self._after:
                    raise self._fails
                if cancelled is not None and cancelled.is_set():
                    return
                self.pieces += 1
                yield text[start : start + self._size]
            if self._fails is not None:
                raise self._fails
        finally:
            self.closed += 1


class ByWords:
    """Holds what has all its words in what it cites."""

    def judge(self, claim: str, cited: Sequence[CitedSpan]) -> Judgement:
        """Compare words."""
        present = {root for one in cited for root in roots(one.text, "en")}
        missing = [one.word for one in terms(claim, "en") if one.root not in present]
        return Judgement((Check("name", not missing and bool(cited), ", ".join(missing)),))
