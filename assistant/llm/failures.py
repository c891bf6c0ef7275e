"""Maps the exceptions of any provider's package to a ``ModelError``, and decides whether to retry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.errors import ModelBudget, ModelError, ModelTimeout, ModelUnavailable

_AGAIN = {408, 409, 425, 429}
_TIMEOUTS = {"APITimeoutError", "TimeoutException", "TimeoutError"}
_CONNECTIONS = {"APIConnectionError", "TransportError", "ConnectionError", "InternalServerError", "RateLimitError"}
_TOO_LONG = re.compile(r"(?i)context|maximum.{0,20}(?:length|tokens)|too (?:long|many tokens)")
_LONGEST = 300
"""Maximum number of characters of a server's message that an error repeats."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that failed.

    :ivar again: whether a retry may succeed.
    :ivar after: seconds the server asks to wait before a retry; 0 if it does not say.
    """

    error: ModelError
    again: bool
    after: float = 0.0


def failure(name: str, where: str, key_env: str, key: str, error: BaseException) -> Failure:
    """Convert an exception from LlamaIndex, or from a provider's package below it.

    :param name: the model's name; ``where``: what the request went to. ``key`` is removed from messages.
    """
    if isinstance(error, ModelError):
        return Failure(error, again=False)
    status = _status(error)
    said = _said(error, key)
    if status in (401, 403):
        named = f"the variable {key_env}" if key_env else "llm.key_env, which names no variable"
        return Failure(ModelUnavailable(f"{name} at {where} refuses the key ({status}); see {named}"), again=False)
    if status == 404:
        return Failure(
            ModelUnavailable(f"{where} was not found ({status}): {said}; see llm.url and llm.model"), again=False
        )
    if status in (400, 413, 422) and _TOO_LONG.search(said):
        return Failure(ModelBudget(f"{name} at {where}: {said}; lower llm.window to the server's context size"), False)
    if status is not None:
        again = status in _AGAIN or status >= 500
        return Failure(ModelUnavailable(f"{name} at {where} returned {status}: {said}"), again, _after(error))
    kinds = {kind.__name__ for one in _chain(error) for kind in type(one).__mro__}
    if kinds & _TIMEOUTS:
        return Failure(ModelTimeout(f"{name} at {where} did not respond in time: {said}"), again=False)
    again = bool(kinds & _CONNECTIONS) or isinstance(error, OSError)
    return Failure(ModelUnavailable(f"{name} at {where} cannot be used: {said}"), again)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and its causes."""
    seen: BaseException | None = error
    for _ in range(10):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__


def _status(error: BaseException) -> int | None:
    """Return the HTTP status of the server's response; None if there was none."""
    for one in _chain(error):
        for found in (getattr(one, "status_code", None), getattr(getattr(one, "response", None), "status_code", None)):
            if isinstance(found, int) and 400 <= found < 600:
                return found
    return None


def _after(error: BaseException) -> float:
    headers: Any = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers.get("retry-after", 0)))
    except (ValueError, AttributeError):
        return 0.0


def _said(error: BaseException, key: str) -> str:
    text = " ".join(f"{type(error).__name__}: {error}".split())
    if key:
        text = text.replace(key, "***")
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"
