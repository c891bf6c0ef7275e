"""From settings to a language model."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from assistant.errors import MissingDependency, SettingsError
from assistant.llm import providers
from assistant.llm.client import Talking
from assistant.settings import LlmSettings

_NEEDS = {"openai-like": ("llama_index.llms.openai_like", "llm"), "local": ("xllamacpp", "local-llm")}
_OPENS = {"openai-like": providers.server, "class": providers.of_class, "local": providers.local}


def named(settings: LlmSettings) -> str:
    """Return what an answer records of the model that settings name: its kind or class, and its name; "" for none."""
    if not settings.kind:
        return ""
    kind = settings.class_path.rpartition(".")[2] if settings.kind == "class" else settings.kind
    return f"{kind} {Path(settings.model).stem if kind == 'local' else settings.model}".rstrip()


def shown(settings: LlmSettings) -> str:
    """Return what people are told of it: its name, and where it is asked. Never a key."""
    if not settings.kind:
        return ""
    address = providers.place(settings.url) if settings.url else "no llm.url"
    where = {"openai-like": address, "class": settings.class_path, "local": settings.model}
    return f"{named(settings)}, {where[settings.kind]}"


def load(settings: LlmSettings) -> Talking | None:
    """Return the model that settings name, unopened; None when they name none.

    :raises SettingsError: when they do not say enough, or what they name is not there.
    :raises MissingDependency: when a package that this kind needs is not installed.
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
            "llm.url is no address; write it with http:// or https://, such as http://127.0.0.1:8000/v1"
        )
    files = [(name, getattr(settings, name)) for name in ("tokenizer", *(("model",) if kind == "local" else ()))]
    for name, path in files:
        if path and not Path(path).is_file():
            raise SettingsError(f"llm.{name}: there is no file {path}")
    if kind in _NEEDS and not _installed(_NEEDS[kind][0]):
        raise MissingDependency(*_NEEDS[kind])
    key = os.environ.get(settings.key_env, "") if settings.key_env else ""
    if settings.key_env and not key:
        raise SettingsError(f"llm.key_env names {settings.key_env}, and that environment variable is not set")
    return Talking(named(settings), lambda: _OPENS[kind](settings, key), settings, key)


def _installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False
