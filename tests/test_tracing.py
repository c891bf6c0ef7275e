"""Spans of an answer: what took how long, with which model, prompt and sources; texts only where the settings say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from assistant import Assistant, tracing
from assistant.errors import ModelUnavailable
from assistant.llm import LanguageModel, Message
from assistant.llm.loading import load as load_model
from assistant.prompts import load as prompt
from assistant.settings import LlmSettings, TracingSettings
from assistant.testing import memory_assistant
from tests.answering.scripted import Scripted
from tests.conftest import SMALL
from tests.house import as_articles
from tests.llm.refusing import OK, Refusing, refusal

QUESTION = "When will the harbour tunnel open?"
WRITTEN = "The harbour tunnel will not open before 2027, the port authority said [1]. The minister resigned [1]."
Starts = Callable[[bool], InMemorySpanExporter]


@pytest.fixture
def starts() -> Iterator[Starts]:
    """Trace into memory."""
    providers = []

    def start(text: bool = False) -> InMemorySpanExporter:
        exporter = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        providers.append(provider)
        tracing.start(TracingSettings(enabled=True, text=text), provider)
        return exporter

    yield start
    tracing.stop()
    for provider in providers:
        provider.shutdown()


def opened(model: LanguageModel) -> AbstractContextManager[Assistant]:
    return memory_assistant(as_articles(SMALL), quotes=False, model=model)


def ask(model: LanguageModel) -> None:
    with opened(model) as assistant:
        assistant.ask(QUESTION)


def by_name(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in exporter.get_finished_spans()}


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def everything(exporter: InMemorySpanExporter) -> str:
    """All that spans say, in one string."""
    return "\n".join(span.to_json() for span in exporter.get_finished_spans())


def test_an_answer_names_model_prompt_sources_and_verdicts(starts: Starts) -> None:
    exporter = starts(False)
    ask(Scripted(WRITTEN))
    spans = by_name(exporter)
    whole, written = spans["answer"], spans["written answer"]
    assert attributes(whole)["ontherecord.status"] == "supported"
    assert attributes(whole)["ontherecord.worded_by"] == "model"
    said = attributes(written)
    assert (said["gen_ai.request.model"], said["ontherecord.prompt"]) == ("scripted", prompt("answer").label)
    assert said["ontherecord.sources"][0].startswith(("tunnel-1@1:0-", "tunnel-2@1:0-"))
    assert (said["ontherecord.drafted"], said["ontherecord.dropped"], said["ontherecord.supported"]) == (2, 1, 1)
    verdicts = [dict(event.attributes or {}) for event in written.events if event.name == "sentence"]
    assert verdicts == [{"holds": True}, {"holds": False, "faults": ("similarity",)}]
    assert written.parent is not None
    assert whole.context is not None
    assert written.parent.span_id == whole.context.span_id
    for text in ("harbour tunnel", "resigned", QUESTION):
        assert text not in everything(exporter)


def test_texts_are_recorded_where_the_settings_say_so(starts: Starts) -> None:
    exporter = starts(True)
    ask(Scripted(WRITTEN))
    said = attributes(by_name(exporter)["answer"])
    assert said["ontherecord.question"] == QUESTION
    assert said["ontherecord.answer"].startswith(
        "The harbour tunnel will not open before 2027, the port authority said. [1]"
    )


@pytest.mark.parametrize("text", [False, True])
def test_a_request_names_tokens_and_what_llamaindex_did(starts: Starts, text: bool) -> None:
    exporter = starts(text)
    with Refusing([refusal(503, "busy"), OK]) as server:
        model = load_model(LlmSettings(kind="openai-like", url=f"{server.url}/v1", model="small"))
        assert model is not None
        assert "".join(model.stream([Message("user", "Does it rain?")], 20)) == "It rains."
        model.close()
    spans = by_name(exporter)
    request, inner = spans["language model"], spans["llama_index OpenAILike.astream_chat"]
    said = attributes(request)
    assert said["gen_ai.request.model"] == "openai-like small"
    assert (said["gen_ai.usage.input_tokens"], said["gen_ai.usage.output_tokens"]) == (14 + 8, 10)
    assert [e.name for e in request.events if "llama_index" not in e.name] == ["asked again", "first piece"]
    assert inner.parent is not None
    assert request.context is not None
    assert inner.parent.span_id == request.context.span_id
    assert ("Does it rain?" in everything(exporter), "It rains." in everything(exporter)) == (text, text)


def test_a_failure_is_named_without_the_words_of_a_server(starts: Starts) -> None:
    exporter = starts(False)
    with Refusing([refusal(400, "you asked whether it rains")]) as server:
        model = load_model(LlmSettings(kind="openai-like", url=f"{server.url}/v1", model="small"))
        assert model is not None
        with pytest.raises(ModelUnavailable):
            list(model.stream([Message("user", "Does it rain?")], 20))
        model.close()
    assert attributes(by_name(exporter)["language model"])["error.type"] == "ModelUnavailable"
    assert "it rains" not in everything(exporter)


def test_leaving_early_is_not_a_failure(starts: Starts) -> None:
    exporter = starts(False)
    with opened(Scripted(WRITTEN)) as assistant:
        answer = assistant.stream(QUESTION)
        next(answer)
        answer.close()
    spans = by_name(exporter)
    assert attributes(spans["answer"])["ontherecord.left"] is True
    assert attributes(spans["written answer"])["ontherecord.left"] is True
    assert spans["answer"].status.is_ok or spans["answer"].status.is_unset


def test_nothing_is_traced_by_default() -> None:
    ask(Scripted(WRITTEN))
    assert tracing.tracer() is None
