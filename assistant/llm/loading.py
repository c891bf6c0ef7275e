"""Creates the language model named in the settings."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from assistant.errors import MissingDependency, SettingsError
from assistant.llm import providers
from assistant.llm.client import ModelClient
from assistant.settings import LlmSettings

_NEEDS = {"openai-like": ("llama_index.llms.openai_like", "llm"), "local": ("xllamacpp", "local-llm")}
_OPENS = {"openai-like": providers.server, "class": providers.of_class, "local": providers.local}


def named(settings: LlmSettings) -> str:
    """Return the model's kind or class, and its name, as recorded with an answer; "" if no model is configured."""
    if not settings.kind:
        return ""
    kind = settings.class_path.rpartition(".")[2] if settings.kind == "class" else settings.kind
    return f"{kind} {Path(settings.model).stem if kind == 'local' else settings.model}".rstrip()


def shown(settings: LlmSettings) -> str:
    """Return the model's name and address for display, without its key; "" if no model is configured."""
    if not settings.kind:
        return ""
    address = providers.place(settings.url) if settings.url else "no llm.url"
    where = {"openai-like": address, "class": settings.class_path, "local": settings.model}
    return f"{named(settings)}, {where[settings.kind]}"


def load(settings: LlmSettings) -> ModelClient | None:
    """Return the configured model, not yet opened; None if no model is configured.

    :raises SettingsError: if a required setting is missing or malformed, or names something that does not exist.
    :raises MissingDependency: if a package that this kind of model needs is not installed.
    """
    kind = settings.kind
    if not kind:
        return None
    required = {"openai-like": ("url", "model"), "class": ("class_path",), "local": ("model",)}[kind]
    if missing := [f"llm.{name}" for name in required if not getattr(settings, name)]:
        raise SettingsError(f"llm.kind is {kind}, which needs {' and '.join(missing)}")
    if kind == "class":
        providers.refuse_foreign(settings)
    if kind == "openai-like" and not settings.url.startswith(("http://", "https://")):
        raise SettingsError(
            "llm.url is not a valid address; it must begin with http:// or https://, as in http://127.0.0.1:8000/v1"
        )
    files = [(name, getattr(settings, name)) for name in ("tokenizer", *(("model",) if kind == "local" else ()))]
    for name, path in files:
        if path and not Path(path).is_file():
            raise SettingsError(f"llm.{name}: {path} does not exist or is not a file")
    if kind in _NEEDS and not _installed(_NEEDS[kind][0]):
        raise MissingDependency(*_NEEDS[kind])
    key = os.environ.get(settings.key_env, "") if settings.key_env else ""
    if settings.key_env and not key:
        raise SettingsError(f"llm.key_env names {settings.key_env}, but that environment variable is not set")
    return ModelClient(named(settings), lambda: _OPENS[kind](settings, key), settings, key)


def _installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False
