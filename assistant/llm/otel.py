"""Bridges LlamaIndex's instrumentation to OpenTelemetry: spans to spans, events to span events."""

from __future__ import annotations

from threading import Lock
from typing import Any

from assistant import tracing

_lock = Lock()
_attached: list[bool] = []


def attach() -> None:
    """Subscribe to LlamaIndex's instrumentation, once per process, if tracing is on. Imports LlamaIndex."""
    with _lock:
        if tracing.tracer() is None or _attached:
            return
        _attached.append(True)
    from llama_index.core.instrumentation.event_handlers import BaseEventHandler
    from llama_index.core.instrumentation.events import BaseEvent
    from llama_index.core.instrumentation.span import BaseSpan
    from llama_index.core.instrumentation.span_handlers import BaseSpanHandler
    from llama_index_instrumentation import get_dispatcher
    from opentelemetry.trace import Status, StatusCode, get_current_span

    class Held(BaseSpan):
        """A LlamaIndex span with its OpenTelemetry span."""

        otel: Any

    class Spans(BaseSpanHandler[Held]):
        """Converts spans, without their arguments and return values."""

        def new_span(self, id_: str, *_: Any, **__: Any) -> Held | None:
            made = tracing.tracer()
            # "OpenAILike.astream_chat-" and 36 characters of a UUID
            return Held(id_=id_, otel=made.start_span(f"llama_index {id_[:-37]}")) if made else None

        def prepare_to_exit_span(self, id_: str, *_: Any, **__: Any) -> Held | None:
            held = self.open_spans.get(id_)
            if held is not None:
                held.otel.end()
            return held

        def prepare_to_drop_span(self, id_: str, *_: Any, err: BaseException | None = None, **__: Any) -> Held | None:
            held = self.open_spans.get(id_)
            if held is not None:
                held.otel.set_status(Status(StatusCode.ERROR, type(err).__name__))
                held.otel.end()
            return held

    class Events(BaseEventHandler):
        """Records events by name, without any text; progress events are skipped."""

        def handle(self, event: BaseEvent, **_: Any) -> None:
            name = event.class_name()
            if "InProgress" not in name:
                get_current_span().add_event(f"llama_index {name}")

    root = get_dispatcher()
    root.add_span_handler(Spans())
    root.add_event_handler(Events())
