"""Token counts: by the model's own tokenizer, by its server's, or, if neither is available, an upper bound."""

from __future__ import annotations

import logging
import time
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import MissingDependency, SettingsError

log = logging.getLogger(__name__)

_PATIENCE = 5.0
"""Timeout of a counting request, in seconds."""

_PAUSE = 30.0
"""Seconds before a server that could not be reached is tried again."""

_REMEMBERED = 256

Count = Callable[[str], int]


def at_most(text: str) -> int:
    """Return an upper bound for every tokenizer in use: one token per byte, plus one for the start.

    Byte-level BPE, and SentencePiece with byte fallback, never produce more. English needs about a quarter of it.
    """
    return 1 + max(len(form.encode("utf-8", "replace")) for form in (text, unicodedata.normalize("NFKC", text)))


def by_file(path: Path) -> Count:
    """Count with a ``tokenizer.json``.

    :raises SettingsError: if the file cannot be read as one.
    """
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises plain Exception
        raise SettingsError(f"llm.tokenizer: {path} cannot be read as a tokenizer.json: {error}") from error
    tokenizer.no_truncation()

    def count(text: str) -> int:
        return len(tokenizer.encode(text, add_special_tokens=False).ids)

    return count


class ByServer:
    """Counts with the ``/tokenize`` endpoint that llama.cpp and vLLM have next to ``/v1``; without it, ``at_most``.

    :param url: base address, including ``/v1``.
    """

    def __init__(self, url: str, model: str, key: str) -> None:
        self._client = http_client(url, _PATIENCE)
        self._url = url.rstrip("/").removesuffix("/v1") + "/tokenize"
        self._model = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._none = False
        self._later = 0.0
        self._exactly = lru_cache(_REMEMBERED)(self._ask)

    def __call__(self, text: str) -> int:
        """Return the number of tokens in ``text``, or an upper bound."""
        if self._none or time.monotonic() < self._later:
            return at_most(text)
        try:
            return self._exactly(text)
        except (OSError, ValueError, LookupError, TypeError) as error:
            self._later = time.monotonic() + _PAUSE
            log.info("%s cannot count tokens: %s; assuming one token per byte", self._url, error)
        except _NoTokenizer:
            self._none = True
            log.info("%s does not exist; assuming one token per byte", self._url)
        return at_most(text)

    def _ask(self, text: str) -> int:
        import httpx

        # One request for both: llama.cpp reads content, vLLM model and prompt.
        body = {"content": text, "model": self._model, "prompt": text, "add_special_tokens": False}
        try:
            response = self._client.post(self._url, json=body, headers=self._headers)
            if 400 <= response.status_code < 500 and response.status_code not in (408, 429):
                raise _NoTokenizer
            response.raise_for_status()
            found: Any = response.json()
        except httpx.HTTPError as error:
            raise OSError(f"{type(error).__name__}: {error}") from error
        tokens = found.get("tokens") if isinstance(found, dict) else None
        if not isinstance(tokens, list):
            raise _NoTokenizer
        return len(tokens)

    def close(self) -> None:
        """Close the HTTP client."""
        self._client.close()


class _NoTokenizer(Exception):
    """The server cannot count tokens."""


def http_client(url: str, timeout: float, asynchronous: bool = False) -> Any:
    """Return an ``httpx`` client that keeps no idle connections and uses no proxy for addresses on this machine.

    :raises MissingDependency: without the extra ``llm``.
    """
    try:
        import httpx
    except ImportError as error:
        raise MissingDependency("httpx", "llm") from error
    host = urlsplit(url).hostname or ""
    here = host in ("localhost", "::1") or host.startswith("127.")
    kind = httpx.AsyncClient if asynchronous else httpx.Client
    return kind(limits=httpx.Limits(max_keepalive_connections=0), timeout=timeout, trust_env=not here)
