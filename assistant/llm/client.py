"""Wraps a LlamaIndex model as a ``LanguageModel``: adds limits, retries with backoff, and cancellation."""

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
from assistant.llm.streaming import Pump, StreamEnd
from assistant.llm.token_counts import Count
from assistant.settings import LlmSettings
from assistant.tracing import Traced

log = logging.getLogger(__name__)

_LOOK = 0.05
"""Seconds between checks for cancellation."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 8.0
"""First and longest backoff before a retry, in seconds; each pause is drawn between half and all of its backoff."""

_PATIENCE = 3
"""How many times longer the first piece may take than a later one."""

_AROUND = 8
"""Maximum number of tokens that a chat template adds to a message."""


@dataclass(frozen=True)
class Opened:
    """A model that is ready for requests.

    :ivar llm: a LlamaIndex LLM.
    :ivar where: what requests go to, for error messages: a server's address, a class, a file.
    :ivar options: keyword arguments of every request; ``most``: the name of the one that limits output tokens, or "".
    :ivar grammar: whether it can enforce a grammar: ``grammar`` in the request body, as in llama.cpp.
    :ivar ends: whether its server reports completion; a stream that ends without that is then an error.
    :ivar close: releases its resources.
    """

    llm: Any
    where: str
    count: Count
    options: dict[str, Any] = field(default_factory=dict)
    most: str = "max_tokens"
    grammar: bool = False
    ends: bool = False
    close: Callable[[], None] = lambda: None


class ModelClient:
    """A language model, opened on first use. Thread-safe.

    :param opening: opens the model.
    :param key: the API key; never included in a message.
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
        """The model's name, as recorded with an answer."""
        return self._name

    @property
    def window(self) -> int:
        """Size of the context window in tokens."""
        return self._settings.window

    def count(self, text: str) -> int:
        """Return the number of tokens in ``text``, or an upper bound."""
        return self._model().count(text)

    def stream(
        self, messages: Sequence[Message], max_tokens: int, cancelled: Event | None = None, grammar: str = ""
    ) -> Iterator[str]:
        """Yield the model's output piece by piece; see ``LanguageModel``."""
        waiting = cancelled or Event()
        about = {"gen_ai.request.model": self._name, "gen_ai.request.max_tokens": max_tokens}
        return tracing.spanned(
            "language model", lambda span: self._asked(messages, max_tokens, waiting, grammar, span), about
        )

    def _asked(
        self, messages: Sequence[Message], max_tokens: int, cancelled: Event, grammar: str, span: Traced
    ) -> Generator[str, None, None]:
        """Make a request within the context window, the token budget and the concurrency limit."""
        model = self._model()
        options = model.options | ({model.most: max_tokens} if model.most else {})
        if grammar and model.grammar:
            options["extra_body"] = {**options.get("extra_body", {}), "grammar": grammar}
        given = sum(model.count(message.content) + _AROUND for message in messages)
        span.set({"gen_ai.usage.input_tokens": given})
        span.text("gen_ai.input.messages", "\n\n".join(f"{one.role}: {one.content}" for one in messages))
        if given + max_tokens > self.window:
            raise ModelBudget(
                f"{self._name} has a context window of {self.window:,} tokens (llm.window); a prompt of {given:,} and "
                f"an output of up to {max_tokens:,} do not fit"
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
            finally:  # if cancelled or cut short, count pieces: the server may not respond
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
        """Make a request, and retry while a retry may help and no output has arrived."""
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
        """Yield the output of one request; a piece is empty if the server sent something other than text.

        :raises _Failed: if the request fails, is too slow, or breaks off.
        """
        settings = self._settings
        allowed, count = settings.first_timeout, 0
        due = time.monotonic() + allowed
        while not cancelled.is_set():
            now = time.monotonic()
            if now >= min(due, until):
                raise _Failed(Failure(self._slow(model, allowed if due <= until else 0.0, count), again=False))
            one = pump.get(min(_LOOK, due - now, until - now))
            if isinstance(one, StreamEnd):
                if one.error is not None:
                    raise _Failed(self._failure(model, one.error, count))
                if model.ends and not one.finished:
                    raise _Failed(
                        Failure(self._broken(model, "the stream ended without reporting completion"), count == 0)
                    )
                return
            if one is not None:
                allowed, count = settings.first_timeout / _PATIENCE, count + bool(one)
                due = time.monotonic() + allowed
                yield one
                if count > most:  # a piece is at least one token: the model ignores its limit
                    return

    def _failure(self, model: Opened, error: BaseException, count: int) -> Failure:
        found = failure(self._name, model.where, self._settings.key_env, self._key, error)
        if count and isinstance(found.error, ModelUnavailable):
            return Failure(self._broken(model, str(found.error)), again=False)
        return found

    def _slow(self, model: Opened, silent: float, count: int) -> ModelTimeout:
        wrote = f"wrote {count} pieces, and " if count else ""
        late = f"wrote nothing in the {silent:g} s allowed for the next piece" if silent else ""
        late = late or f"was not done in the {self._settings.timeout:g} s allowed in total"
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
                except Exception as error:  # a provider's package may raise anything
                    raise failure(self._name, self._name, self._settings.key_env, self._key, error).error from error
            return self._opened

    def close(self) -> None:
        """Release the model's resources; it is reopened when needed."""
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()


class _Failed(Exception):
    """A request failed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure.error))
        self.failure = failure
