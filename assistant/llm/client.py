"""A LlamaIndex model as the rest of the package sees one: with limits, retries, and an end whenever nobody waits."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any

from assistant import tracing
from assistant.errors import ModelBudget, ModelError, ModelTimeout, ModelUnavailable
from assistant.llm import otel
from assistant.llm.base import Message
from assistant.llm.failures import Failure, failure
from assistant.llm.limits import TokenBudget, Turns
from assistant.llm.streaming import End, Pump
from assistant.llm.token_counts import Count
from assistant.settings import LlmSettings
from assistant.tracing import Traced

log = logging.getLogger(__name__)

_LOOK = 0.05
"""Seconds between two looks at whether anybody still waits."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 8.0
"""Seconds before a request is first made again, and at most; each pause is drawn from half of it to all of it."""

_PATIENCE = 3
"""How many times longer the first piece may take than one after it."""

_AROUND = 8
"""Tokens that a chat template puts around a message, at most."""


@dataclass(frozen=True)
class Opened:
    """A model that can be asked.

    :ivar llm: a LlamaIndex LLM.
    :ivar where: what is asked, for messages: a server's address, a class, a file.
    :ivar options: keyword arguments of every request; ``most``: the one that says how many tokens it may write, or "".
    :ivar grammar: whether it can be held to one: ``grammar`` in the body of a request, as llama.cpp has it.
    :ivar ends: whether its server says when it is done; breaking off without a word is then an error.
    :ivar close: lets go of what it holds.
    """

    llm: Any
    where: str
    count: Count
    options: dict[str, Any] = field(default_factory=dict)
    most: str = "max_tokens"
    grammar: bool = False
    ends: bool = False
    close: Callable[[], None] = lambda: None


class Talking:
    """A language model. Safe to use from several threads; opened when it is first needed.

    :param opening: opens it.
    :param key: never repeated in a message.
    """

    def __init__(self, name: str, opening: Callable[[], Opened], settings: LlmSettings, key: str = "") -> None:
        self._name = name
        self._opening = opening
        self._settings = settings
        self._key = key
        self._turns = Turns(settings.concurrency)
        self.budget = TokenBudget(settings.budget)
        self._lock = Lock()
        self._opened: Opened | None = None

    @property
    def name(self) -> str:
        """What an answer records of it."""
        return self._name

    @property
    def window(self) -> int:
        """Tokens of its context."""
        return self._settings.window

    def count(self, text: str) -> int:
        """Return how many tokens ``text`` is, or at most is."""
        return self._model().count(text)

    def stream(
        self, messages: Sequence[Message], max_tokens: int, cancelled: Event | None = None, grammar: str = ""
    ) -> Iterator[str]:
        """Yield what it writes, in pieces; see ``LanguageModel``."""
        waiting = cancelled or Event()
        about = {"gen_ai.request.model": self._name, "gen_ai.request.max_tokens": max_tokens}
        return tracing.spanned(
            "language model", lambda span: self._asked(messages, max_tokens, waiting, grammar, span), about
        )

    def _asked(
        self, messages: Sequence[Message], max_tokens: int, cancelled: Event, grammar: str, span: Traced
    ) -> Generator[str, None, None]:
        """Ask within window, budget, and turn."""
        model = self._model()
        options = model.options | ({model.most: max_tokens} if model.most else {})
        if grammar and model.grammar:
            options["extra_body"] = {**options.get("extra_body", {}), "grammar": grammar}
        given = sum(model.count(message.content) + _AROUND for message in messages)
        span.set({"gen_ai.usage.input_tokens": given})
        span.text("gen_ai.input.messages", "\n\n".join(f"{one.role}: {one.content}" for one in messages))
        if given + max_tokens > self.window:
            raise ModelBudget(
                f"{self._name} reads and writes {self.window:,} tokens at a time (llm.window); {given:,} to read and "
                f"{max_tokens:,} to write do not fit"
            )
        with self.budget.spending(given + max_tokens) as used, self._turns.turn(cancelled) as mine:
            if not mine:
                return
            used.append(given)
            written: list[str] = []
            tokens = 0
            try:
                for piece in self._tried(model, messages, max_tokens, options, cancelled, span):
                    if not written:
                        span.event("first piece", {})
                    written.append(piece)
                    yield piece
                tokens = model.count("".join(written)) if written else 0
            finally:  # of what was left or broke off, pieces are counted: its server may not answer
                tokens = min(max_tokens, max(tokens, len(written)))
                used.append(tokens)
                span.set({"gen_ai.usage.output_tokens": tokens})
                span.text("gen_ai.output.messages", "".join(written))

    def _tried(
        self,
        model: Opened,
        messages: Sequence[Message],
        most: int,
        options: Mapping[str, Any],
        cancelled: Event,
        span: Traced,
    ) -> Iterator[str]:
        """Ask, and ask again while that may help and nothing came."""
        settings = self._settings
        until = time.monotonic() + settings.timeout
        for attempt in range(settings.retries + 1):
            came = False
            with span.within():
                pump = Pump(model.llm, messages, options)
            try:
                for piece in self._pieces(model, pump, most, until, cancelled):
                    came = True
                    if piece:
                        yield piece
                return
            except _Failed as failed:
                what = failed.failure
            finally:
                pump.leave()
            pause = max(what.after, self._pause(attempt))
            late = time.monotonic() + pause >= until
            if came or not what.again or attempt == settings.retries or late:
                raise what.error
            span.event("asked again", {"error.type": type(what.error).__name__, "seconds": pause})
            log.info("asking again in %.1f s: %s", pause, what.error)
            if cancelled.wait(pause):
                return

    def _pieces(self, model: Opened, pump: Pump, most: int, until: float, cancelled: Event) -> Iterator[str]:
        """What comes of one request; empty where something came that is no text.

        :raises _Failed: when it fails, is too slow, or breaks off.
        """
        settings = self._settings
        allowed, count = settings.first_timeout, 0
        due = time.monotonic() + allowed
        while not cancelled.is_set():
            now = time.monotonic()
            if now >= min(due, until):
                raise _Failed(Failure(self._slow(model, allowed if due <= until else 0.0, count), again=False))
            one = pump.get(min(_LOOK, due - now, until - now))
            if isinstance(one, End):
                if one.error is not None:
                    raise _Failed(self._failure(model, one.error, count))
                if model.ends and not one.finished:
                    raise _Failed(
                        Failure(self._broken(model, "it stopped without saying that it was done"), count == 0)
                    )
                return
            if one is not None:
                allowed, count = settings.first_timeout / _PATIENCE, count + bool(one)
                due = time.monotonic() + allowed
                yield one
                if count > most:  # a piece is a token at least: it does not heed how much it may write
                    return

    def _failure(self, model: Opened, error: BaseException, count: int) -> Failure:
        found = failure(self._name, model.where, self._settings.key_env, self._key, error)
        if count and isinstance(found.error, ModelUnavailable):
            return Failure(self._broken(model, str(found.error)), again=False)
        return found

    def _slow(self, model: Opened, silent: float, count: int) -> ModelTimeout:
        wrote = f"wrote {count} pieces, and " if count else ""
        late = f"wrote nothing in the {silent:g} s that it has for more" if silent else ""
        late = late or f"was not done in the {self._settings.timeout:g} s that it has in all"
        return ModelTimeout(f"{self._name} at {model.where} {wrote}{late}")

    def _broken(self, model: Opened, why: str) -> ModelError:
        return ModelUnavailable(f"{self._name} at {model.where} broke off: {why}")

    @staticmethod
    def _pause(attempt: int) -> float:
        longest: float = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0**attempt)
        return longest * random.uniform(0.5, 1.0)

    def _model(self) -> Opened:
        with self._lock:
            if self._opened is None:
                try:
                    self._opened = self._opening()
                    otel.attach()
                except ModelError:
                    raise
                except Exception as error:  # whatever a provider's package finds wrong
                    raise failure(self._name, self._name, self._settings.key_env, self._key, error).error from error
            return self._opened

    def close(self) -> None:
        """Let go of what it holds; it is opened anew when needed."""
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()


class _Failed(Exception):
    """A request failed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure.error))
        self.failure = failure
