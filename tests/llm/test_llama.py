"""A real model behind a real server: what it writes arrives in pieces, and it stops when nobody waits any more."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from assistant import AskOptions, Assistant
from assistant.answering.generative.citation_markers import read
from assistant.answering.generative.grammar import cited_sentences
from assistant.embedding.embedder import Embedder
from assistant.errors import ModelBudget, ModelTimeout, ModelUnavailable
from assistant.llm import LanguageModel, Message
from assistant.llm.token_counts import at_most
from assistant.settings import EmbeddingSettings
from assistant.settings import load_settings as settings
from tests.answering.scripted import ByWords
from tests.llm.conftest import Llama, Loads
from tests.llm.llama import gguf

ASKED = (Message("system", "You are a poet."), Message("user", "Write a long poem about the sea."))
LONG = (Message("user", "The harbour tunnel will not open before 2027. " * 30),)


def test_its_output_is_streamed(llama: Llama, loads: Loads) -> None:
    model = loads(llama.url)
    pieces = list(model.stream(ASKED, 24))
    assert 12 <= len(pieces) <= 24
    assert all(pieces)
    assert model.name == "openai-like small"
    assert "".join(model.stream(ASKED, 24))
    assert 2 * 12 <= model.budget.spent <= 2 * (24 + 50)


def test_its_server_counts(llama: Llama, loads: Loads) -> None:
    model = loads(llama.url)
    assert model.count("Hello there, Mayor") == 4
    for text in ("", "Kılıçdaroğlu", "ﷺ 👩‍👩‍👧 ½ ﬁ", "a" * 99, "\n\n  \t", "Der Tunnel wird erst 2027 eröffnet."):
        assert model.count(text) <= at_most(text)


@pytest.mark.parametrize("how", ["closing", "cancelling"])
def test_it_stops_writing_when_the_client_leaves(llama: Llama, loads: Loads, how: str) -> None:
    cancelled = Event()
    stream = loads(llama.url).stream(ASKED, 2000, cancelled)
    next(iter(stream))
    assert llama.busy()
    if how == "closing":
        stream.close()  # type: ignore[attr-defined]
    else:
        cancelled.set()
        assert list(stream) == []
    assert llama.idle_within(2)


def test_too_long_for_the_first_piece(llama: Llama, loads: Loads) -> None:
    with pytest.raises(ModelTimeout, match=r"wrote nothing in the 0\.5 s"):
        list(loads(llama.url, first_timeout=0.5).stream(LONG, 20))


def test_too_long_in_all(llama: Llama, loads: Loads) -> None:
    with pytest.raises(ModelTimeout, match=r"was not done in the 3 s"):
        list(loads(llama.url, timeout=3).stream(ASKED, 2000))
    assert llama.idle_within(2)


def test_too_long_between_pieces(mortal: Llama, loads: Loads) -> None:
    stream = iter(loads(mortal.url, first_timeout=3).stream(ASKED, 2000))
    next(stream)
    mortal.process.send_signal(signal.SIGSTOP)
    with pytest.raises(ModelTimeout, match="nothing in the 1 s"):
        list(stream)


def test_a_prompt_too_long_for_the_server_does_not_fit(llama: Llama, loads: Loads) -> None:
    model = loads(llama.url, window=100_000)
    with pytest.raises(ModelBudget, match=r"context.*lower llm\.window"):
        list(model.stream((Message("user", "sea " * 5000),), 20))


def test_a_server_that_dies_half_way(mortal: Llama, loads: Loads) -> None:
    stream = iter(loads(mortal.url).stream(ASKED, 2000))
    next(stream)
    mortal.process.kill()
    with pytest.raises(ModelUnavailable, match="broke off"):
        list(stream)


@pytest.fixture
def loaded_once(monkeypatch: pytest.MonkeyPatch, _load_once: Callable[[EmbeddingSettings], Any]) -> None:
    """A process loads the embedding model once; so does this one."""
    monkeypatch.setattr(Embedder, "load", _load_once)


class Deadly:
    """A model whose server is killed as its third piece arrives."""

    def __init__(self, model: LanguageModel, server: Llama) -> None:
        self._model, self._server = model, server
        self.name, self.window, self.count = model.name, model.window, model.count

    def stream(
        self, messages: Sequence[Message], max_tokens: int, cancelled: Event | None = None, grammar: str = ""
    ) -> Iterator[str]:
        """Write, and die."""
        for place, piece in enumerate(self._model.stream(messages, max_tokens, cancelled)):
            if place == 2:
                self._server.process.kill()
            yield piece


@pytest.mark.usefixtures("loaded_once")
def test_an_answer_whose_server_dies_is_the_archives_own(mortal: Llama, loads: Loads, small_archive: Path) -> None:
    chosen = settings({"archive": small_archive, "answering": {"sources": 1}})
    with Assistant.open(chosen, Deadly(loads(mortal.url), mortal), ByWords()) as assistant:
        answer = assistant.ask("When will the harbour tunnel open?")
        plain = assistant.ask("When will the harbour tunnel open?", AskOptions(model=False))
    assert mortal.process.wait(5) == -signal.SIGKILL
    assert answer.wording.by == "archive"
    assert answer.wording.note.startswith("The language model could not be reached or broke off")
    assert answer.sentences == plain.sentences


def test_any_class_by_its_dotted_path(llama: Llama, loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", "any")
    arguments = {"api_base": f"{llama.url}/v1", "is_chat_model": True}
    model = loads(
        kind="class",
        class_path="llama_index.llms.openai_like.OpenAILike",
        model="small",
        key_env="THE_KEY",
        arguments=arguments,
        window=2048,
    )
    assert model.name == "OpenAILike small"
    assert len(list(model.stream(ASKED, 8))) >= 4
    assert model.count("abc") == 4


def test_a_file_read_in_this_process(loads: Loads) -> None:
    model = loads(kind="local", model=str(gguf()), window=1024, concurrency=1, threads=1)
    assert model.name == "local SmolLM2-135M-Instruct.Q4_1"
    assert model.count("Hello there, Mayor") == 4
    first = "".join(model.stream(ASKED, 12))
    assert len(first) > 12
    stream = iter(model.stream(ASKED, 800))
    next(stream)
    started = time.monotonic()
    stream.close()  # type: ignore[attr-defined]
    assert "".join(model.stream(ASKED, 12))  # its only slot is free again
    assert time.monotonic() - started < 8


def test_a_file_is_held_to_markers_of_the_sources_there_are(loads: Loads) -> None:
    model = loads(kind="local", model=str(gguf()), window=1024, concurrency=1, threads=1)
    asked = (Message("user", "Say that it rains, and that it snows, in two sentences."),)
    free, held = ("".join(model.stream(asked, 60, None, form)) for form in ("", cited_sentences(2, 2)))
    assert "[" not in free
    claims = list(read([held]))
    assert 1 <= len(claims) <= 2
    assert all(claim.markers and set(claim.markers) <= {1, 2} for claim in claims)
