"""Bridges LlamaIndex's instrumentation to OpenTelemetry: spans to spans, events to span events."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from assistant import tracing

if TYPE_CHECKING:
    from llama_index.core.instrumentation.event_handlers import BaseEventHandler
    from llama_index.core.instrumentation.events import BaseEvent
    from llama_index.core.instrumentation.span_handlers import BaseSpanHandler

_lock = Lock()
_attached: list[bool] = []


def attach() -> None:
    """Subscribe to LlamaIndex's instrumentation, once per process, if tracing is on. Imports LlamaIndex."""
    with _lock:
        if tracing.tracer() is None or _attached:
            return
        _attached.append(True)
    from llama_index_instrumentation import get_dispatcher

    root = get_dispatcher()
    root.add_span_handler(_span_handler())
    root.add_event_handler(_event_handler())


def _span_handler() -> BaseSpanHandler[Any]:
    """Return what converts spans, without their arguments and return values."""
    from llama_index.core.instrumentation.span import BaseSpan
    from llama_index.core.instrumentation.span_handlers import BaseSpanHandler
    from opentelemetry.trace import Status, StatusCode

    class BridgedSpan(BaseSpan):
        """A LlamaIndex span with its OpenTelemetry span."""

        otel: Any

    class SpanBridge(BaseSpanHandler[BridgedSpan]):
        def new_span(self, id_: str, *_: Any, **__: Any) -> BridgedSpan | None:
            made = tracing.tracer()
            # "OpenAILike.astream_chat-" and 36 characters of a UUID
            return BridgedSpan(id_=id_, otel=made.start_span(f"llama_index {id_[:-37]}")) if made else None

        def prepare_to_exit_span(self, id_: str, *_: Any, **__: Any) -> BridgedSpan | None:
            span = self.open_spans.get(id_)
            if span is not None:
                span.otel.end()
            return span

        def prepare_to_drop_span(
            self, id_: str, *_: Any, err: BaseException | None = None, **__: Any
        ) -> BridgedSpan | None:
            span = self.open_spans.get(id_)
            if span is not None:
                span.otel.set_status(Status(StatusCode.ERROR, type(err).__name__))
                span.otel.end()
            return span

    return SpanBridge()


def _event_handler() -> BaseEventHandler:
    """Return what records events by name, without any text; progress events are skipped."""
    from llama_index.core.instrumentation.event_handlers import BaseEventHandler
    from opentelemetry.trace import get_current_span

    class EventBridge(BaseEventHandler):
        def handle(self, event: BaseEvent, **_: Any) -> None:
            name = event.class_name()
            if "InProgress" not in name:
                get_current_span().add_event(f"llama_index {name}")

    return EventBridge()
