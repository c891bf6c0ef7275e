"""OpenTelemetry tracing of how answers are made; off until started.

``start`` turns it on for the process. Spans record models, prompts, sources, counts and durations, and the text of
questions, prompts and answers only if the settings say so.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.errors import MissingDependency
from assistant.settings import TracingSettings

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer, TracerProvider

_NAME = "ontherecord"
_Y = TypeVar("_Y")
_R = TypeVar("_R")


class Traced:
    """Records data on a span; does nothing if the span is None."""

    def __init__(self, span: Span | None = None) -> None:
        self._span = span

    def set(self, attributes: Mapping[str, Any]) -> None:
        """Record attributes."""
        if self._span is not None:
            self._span.set_attributes(dict(attributes))

    def text(self, name: str, text: str) -> None:
        """Record a text, if the settings allow it."""
        if self._span is not None and _state.text:
            self._span.set_attribute(name, text)

    def event(self, name: str, attributes: Mapping[str, Any]) -> None:
        """Record that something happened."""
        if self._span is not None:
            self._span.add_event(name, dict(attributes))

    def within(self) -> AbstractContextManager[Any]:
        """Make this the current span, the parent of spans started in the context. Generators must not yield inside."""
        if self._span is None:
            return nullcontext()
        from opentelemetry.trace import use_span

        return use_span(self._span, end_on_exit=False, record_exception=False, set_status_on_exception=False)


class _State:
    """The tracing state of the process."""

    tracer: Tracer | None = None
    text: bool = False


_state = _State()


def start(settings: TracingSettings, provider: TracerProvider | None = None) -> None:
    """Start tracing, if the settings enable it.

    :param provider: receives the spans; None means the process's global provider, or else one that exports over OTLP.
    :raises MissingDependency: without the extra ``tracing``.
    """
    if not settings.enabled or (_state.tracer is not None and provider is None):
        return
    _state.tracer = (provider or _provider()).get_tracer(_NAME)
    _state.text = settings.text


def stop() -> None:
    """Stop tracing."""
    _state.tracer = None


def _provider() -> TracerProvider:
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider as Provider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise MissingDependency("opentelemetry.sdk", "tracing") from error
    current = trace.get_tracer_provider()
    if not isinstance(current, trace.ProxyTracerProvider):
        return current
    made = Provider(resource=Resource.create({"service.name": _NAME}))
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return made


def spanned(
    name: str, work: Callable[[Traced], Generator[_Y, None, _R]], attributes: Mapping[str, Any]
) -> Generator[_Y, None, _R]:
    """Yield from ``work`` in its own span; return its return value.

    The span is not current between steps, because a generator shares its context with its consumer.
    """
    if _state.tracer is None:
        return (yield from work(Traced()))
    span = _state.tracer.start_span(name, attributes=dict(attributes))
    traced = Traced(span)
    steps = work(traced)
    try:
        while True:
            with traced.within():
                try:
                    one = next(steps)
                except StopIteration as end:
                    result: _R = end.value
                    return result
            yield one
    except GeneratorExit:
        traced.set({"ontherecord.left": True})
        raise
    except BaseException as error:
        _failed(span, error)
        raise
    finally:
        with traced.within():
            steps.close()
        span.end()


def _failed(span: Span, error: BaseException) -> None:
    """Record the type of an error, without its message, which may quote a server's response."""
    from opentelemetry.trace import Status, StatusCode

    span.set_attribute("error.type", type(error).__name__)
    span.set_status(Status(StatusCode.ERROR, type(error).__name__))


def places(sources: Sequence[Any]) -> list[str]:
    """Return identifiers of a draft's sources: article, version and characters."""
    return [f"{one.article.id}@{one.article.version}:{one.span[0]}-{one.span[1]}" for one in sources]


def tracer() -> Tracer | None:
    """Return the tracer; None while tracing is off."""
    return _state.tracer
