"""The supported kinds of models, each opened as a LlamaIndex LLM."""

from __future__ import annotations

import importlib
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import MissingDependency, ModelUnavailable, SettingsError
from assistant.llm.client import Opened
from assistant.llm.token_counts import ByServer, Count, at_most, by_file, http_client
from assistant.settings import LlmSettings

_PACKAGES = ("llama_index.llms", "llama_index.core.llms")
"""Packages whose classes may be used without further permission."""


def place(url: str) -> str:
    """Return a server's address for display, without user, password or query."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"


def server(settings: LlmSettings, key: str) -> Opened:
    """Open a model on an OpenAI-compatible server.

    :raises MissingDependency: without the extra ``llm``.
    """
    try:
        from llama_index.llms.openai_like import OpenAILike
    except ImportError as error:
        raise MissingDependency("llama_index.llms.openai_like", "llm") from error
    client = http_client(settings.url, settings.timeout, asynchronous=True)
    counter = by_file(Path(settings.tokenizer)) if settings.tokenizer else ByServer(settings.url, settings.model, key)
    arguments: dict[str, Any] = {
        "model": settings.model, "api_base": settings.url, "api_key": key or "none", "is_chat_model": True,
        "context_window": settings.window, "temperature": settings.temperature, "timeout": settings.timeout,
        "max_retries": 0, "async_http_client": client,
    }  # fmt: skip

    def close() -> None:
        if isinstance(counter, ByServer):
            counter.close()

    llm = OpenAILike(**(arguments | settings.arguments))
    return Opened(llm, place(settings.url), counter, ends=True, close=close)


def refuse_foreign(settings: LlmSettings) -> None:
    """Refuse a class outside LlamaIndex and the allowed packages, without importing anything.

    :raises SettingsError: if its module is in none of them.
    """
    allowed = [*_PACKAGES, *filter(None, (name.strip() for name in settings.class_packages.split(",")))]
    module = settings.class_path.rpartition(".")[0]
    if not any(module == package or module.startswith(f"{package}.") for package in allowed):
        raise SettingsError(
            f"llm.class_path is {settings.class_path!r}, which is not in {' or '.join(allowed)}. To allow a package "
            "of your own, set ONTHERECORD_LLM__CLASS_PACKAGES to its name"
        )


def of_class(settings: LlmSettings, key: str) -> Opened:
    """Open a model of any installed LlamaIndex class.

    Call ``refuse_foreign`` first: it checks whether the class's package may be imported.

    :raises ModelUnavailable: if the class cannot be imported, is not a LlamaIndex LLM, or rejects its arguments.
    """
    from llama_index.core.llms import LLM

    module, _, name = settings.class_path.rpartition(".")
    try:
        made = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ModelUnavailable(f"llm.class_path: {settings.class_path} cannot be imported: {error}") from error
    if not (isinstance(made, type) and issubclass(made, LLM)):
        raise ModelUnavailable(f"llm.class_path: {settings.class_path} is not a subclass of LlamaIndex's LLM")
    fields = made.model_fields
    arguments: dict[str, Any] = {"temperature": settings.temperature, "max_retries": 0, "timeout": settings.timeout}
    known = {name: value for name, value in arguments.items() if name in fields}
    if settings.model and ("model" in fields or "model_name" in fields):
        known["model" if "model" in fields else "model_name"] = settings.model
    if key:
        known["api_key"] = key
    llm = made(**(known | settings.arguments))
    count: Count = by_file(Path(settings.tokenizer)) if settings.tokenizer else at_most
    return Opened(llm, settings.class_path, count, most="max_tokens" if "max_tokens" in fields else "")


def local(settings: LlmSettings, key: str) -> Opened:
    """Open a GGUF file in this process with llama.cpp, whose server listens only locally, behind a random key.

    :param key: unused.
    :raises MissingDependency: without the extra ``local-llm``.
    """
    try:
        import xllamacpp
    except ImportError as error:
        raise MissingDependency("xllamacpp", "local-llm") from error
    drawn = secrets.token_hex(16)
    params = xllamacpp.CommonParams()
    params.model.path = settings.model
    params.n_parallel = min(settings.concurrency, 8)
    params.n_ctx = settings.window * params.n_parallel
    params.hostnames, params.port, params.api_keys = ["127.0.0.1"], 0, [drawn]
    params.warmup, params.verbosity = False, -1
    if settings.threads:
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = settings.threads
    try:
        running = xllamacpp.Server(params)
    except RuntimeError as error:
        raise ModelUnavailable(f"{settings.model} cannot be read as a language model: {error}") from error
    served = settings.model_copy(update={"url": f"{running.listening_address}/v1"})
    opened = server(served, drawn)
    held = [running]

    def close() -> None:
        opened.close()
        held.clear()  # the server stops with its last reference

    return Opened(opened.llm, Path(settings.model).name, opened.count, grammar=True, ends=True, close=close)
