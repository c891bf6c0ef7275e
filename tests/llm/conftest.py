"""Real servers of language models, in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.llm.client import ModelClient
from assistant.llm.loading import load
from assistant.settings import LlmSettings
from tests.llm.llama import gguf


class Llama:
    """A llama.cpp server with a small model."""

    def __init__(self) -> None:
        gguf()  # says what is missing, where it is
        script = Path(__file__).with_name("llama.py")
        quiet = os.environ | {"OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=quiet)
        if self.process.stdout is None:
            raise AssertionError("its output is piped")
        self.url = self.process.stdout.readline().strip()
        if not self.url.startswith("http"):
            self.close()
            raise AssertionError("the server did not start")

    def busy(self) -> bool:
        """Whether it is writing, or reading, anything."""
        with urllib.request.urlopen(f"{self.url}/slots", timeout=30) as response:
            slots: list[dict[str, Any]] = json.load(response)
        return any(slot["is_processing"] for slot in slots)

    def idle_within(self, seconds: float) -> bool:
        """Whether it stops working soon."""
        until = time.monotonic() + seconds
        while self.busy():
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


@pytest.fixture(scope="session")
def llama() -> Iterator[Llama]:
    server = Llama()
    yield server
    server.close()


@pytest.fixture
def mortal() -> Iterator[Llama]:
    """A server that a test may kill."""
    server = Llama()
    yield server
    server.close()


Loads = Callable[..., ModelClient]


@pytest.fixture
def loads() -> Iterator[Loads]:
    """Load a model; it is closed afterwards."""
    made: list[ModelClient] = []

    def loading(url: str = "", **settings: Any) -> ModelClient:
        if url:
            settings = {"kind": "openai-like", "url": f"{url}/v1", "model": "small", "window": 4096} | settings
        model = load(LlmSettings(**settings))
        if model is None:
            raise AssertionError("a kind is named")
        made.append(model)
        return model

    yield loading
    for model in made:
        model.close()
