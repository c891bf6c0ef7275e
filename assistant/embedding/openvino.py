"""The OpenVINO runtime: the same weights, quantised to eight bits on CPUs that multiply those fastest."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.arrays import Vectors
from assistant.embedding.base import BATCH, Card
from assistant.process import hidden, processors
from assistant.settings import EmbeddingSettings

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_FILE = "model.xml"

_GROUP = 64
"""Activations that share a scale when quantised to eight bits; smaller groups are more exact and slower."""


def import_openvino() -> Any:
    """Import OpenVINO without its telemetry package, which sends data over the network even on import."""
    if "openvino" not in sys.modules:
        with hidden("openvino_telemetry"):
            import openvino
    import openvino

    return openvino


def recipe() -> str:
    """Return what a compiled model depends on besides its weights: OpenVINO's release and the number format."""
    return f"{import_openvino().__version__.split('-')[0]}-{'int8' if _reduced() else 'f32'}"


@lru_cache(maxsize=1)
def _reduced() -> bool:
    """Whether to compute in bf16 and eight bits: CPUs with bf16 also have fast eight-bit multiplication.

    The vectors then agree with float32's to a cosine of at least 0.998, in two fifths of the time.
    """
    return "BF16" in import_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def write(graph: Any, folder: Path) -> None:
    """Write a model's graph into ``folder``, with eight-bit weights where the CPU computes in eight bits."""
    if _reduced():
        _round_weights(graph)
    import_openvino().save_model(graph, folder / _FILE, compress_to_fp16=False)


def _round_weights(graph: Any) -> None:
    """Quantise each weight matrix to eight-bit integers with one scale per row: symmetric, nearest, no zero point."""
    from openvino import opset13

    for node in graph.get_ordered_ops():
        if node.get_type_name() != "MatMul":
            continue
        weights = node.input_value(1).get_node()
        if weights.get_type_name() != "Constant" or len(weights.get_output_shape(0)) != 2:
            continue
        values = np.asarray(weights.data, np.float32)
        inner = 1 if node.get_attributes()["transpose_b"] else 0
        scales = np.maximum(np.abs(values).max(axis=inner, keepdims=True) / 127, 1e-12).astype(np.float32)
        rounded = opset13.constant(np.rint(values / scales).astype(np.int8), dtype=np.int8)
        scaled = opset13.multiply(opset13.convert(rounded, "f32"), opset13.constant(scales))
        node.input(1).replace_source_output(scaled.output(0))
    graph.validate_nodes_and_infer_types()


class OpenVinoRuntime:
    """A model, compiled on first use: one stream per thread for many texts, one stream with all threads for one."""

    def __init__(self, folder: Path, card: Card, tokenizer: Tokenizer, settings: EmbeddingSettings) -> None:
        self._file = str(folder / _FILE)
        self._card = card
        self._tokenizer = tokenizer
        self._streams = settings.threads or processors()
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the model's vectors, float32 [len(texts), dim], not normalised.

        Texts are batched with others of similar length.
        """
        vectors = np.empty((len(texts), self._card.dim), np.float32)

        def keep(request: Any, rows: list[int]) -> None:
            vectors[rows] = request.get_output_tensor(0).data

        with self._lock:
            queue = self._one if len(texts) == 1 else self._many
            queue.set_callback(keep)
            for rows, ids, mask in self._batches(texts):
                queue.start_async([ids, mask], rows)
            queue.wait_all()
        return vectors

    @cached_property
    def _one(self) -> Any:
        return self._queue(1) if self._streams > 1 else self._many

    @cached_property
    def _many(self) -> Any:
        return self._queue(self._streams)

    def _queue(self, streams: int) -> Any:
        openvino = import_openvino()
        config: dict[str, Any] = {
            "NUM_STREAMS": streams, "INFERENCE_NUM_THREADS": self._streams,
            "INFERENCE_PRECISION_HINT": "bf16" if _reduced() else "f32",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": _GROUP if _reduced() else 0,
            "ENABLE_CPU_PINNING": False,  # would pin several processes to the same cores
        }  # fmt: skip
        return openvino.AsyncInferQueue(openvino.Core().compile_model(self._file, "CPU", config), streams)

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], NDArray[np.int64], NDArray[np.int64]]]:
        limit = self._card.window
        if len(texts) == 1:  # batch encoding uses threads, whose overhead exceeds the work on one text
            encoded = [self._tokenizer.encode(texts[0]).ids]
        else:
            encoded = [e.ids for e in self._tokenizer.encode_batch_fast(list(texts))]
        encoded = [ids if len(ids) <= limit else [*ids[: limit - 1], ids[-1]] for ids in encoded]
        order = sorted(range(len(encoded)), key=lambda row: (-len(encoded[row]), row))
        size = min(BATCH, -(-len(order) // self._streams))  # spread a few texts over all streams
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            # Pad lengths to multiples of 8: the runtime compiles again for every new shape.
            width = min(limit, -(-len(encoded[rows[0]]) // 8) * 8)
            ids = np.full((len(rows), width), self._card.pad, np.int64)
            mask = np.zeros((len(rows), width), np.int64)
            for row, source in enumerate(rows):
                ids[row, : len(encoded[source])] = encoded[source]
                mask[row, : len(encoded[source])] = 1
            yield rows, ids, mask
