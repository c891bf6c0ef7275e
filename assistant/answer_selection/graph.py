"""The model as an OpenVINO graph: the first layers of a BERT encoder and a head that compares two of its segments."""

from __future__ import annotations

from typing import Any

import numpy as np

from assistant.answer_selection.weights import Weights
from assistant.embedding.openvino import import_openvino

SPECIAL, QUESTION, SENTENCE, CONTEXT = range(4)
"""What a token belongs to."""

_HEADS = 12
_EPSILON = 1e-12
SIMILARITIES = 4.0
"""What the head multiplies similarities by."""


def build(weights: Weights, embeddings: Weights) -> Any:
    """Return the model as an OpenVINO graph.

    Inputs, int64 [pairs, tokens]: ``ids``, ``segments`` (SPECIAL to CONTEXT), ``mask`` (1 for a token, 0 for padding).
    Output: the log-odds that the sentence answers the question, float32 [pairs].

    :param weights: of the encoder's layers and of the head, by their names in ``weights.safetensors``.
    :param embeddings: of words and positions, and their normalisation.
    """
    openvino = import_openvino()
    graph = _Graph({**embeddings, **weights})
    ids, segments, mask = (graph.op.parameter([-1, -1], np.int64, name=name) for name in ("ids", "segments", "mask"))
    hidden = graph.embedded(ids, segments)
    bias = graph.padding(mask)
    layers = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("layer."))
    for number in range(layers):
        hidden = graph.layer(hidden, bias, f"layer.{number}")
    question, sentence = (graph.members(segments, mask, which) for which in (QUESTION, SENTENCE))
    return openvino.Model([graph.head(hidden, question, sentence)], [ids, segments, mask], "answer_selection")


class _Graph:
    """The operations of the model, over its weights."""

    def __init__(self, weights: Weights) -> None:
        import_openvino()
        from openvino import opset13

        self.op = opset13
        self._weights = weights

    def embedded(self, ids: Any, segments: Any) -> Any:
        """The tokens' embeddings, float32 [pairs, tokens, dim]."""
        op = self.op
        typed = op.convert(
            op.logical_and(op.greater(segments, np.int64(SPECIAL)), op.less(segments, np.int64(CONTEXT))), "i64"
        )
        length = op.gather(op.shape_of(ids), np.int64(1), np.int64(0))
        positions = op.range(np.int64(0), length, np.int64(1), "i64")
        found = op.add(self._row("words", ids), self._row("types", typed))
        return self._normal(op.add(found, op.unsqueeze(self._row("positions", positions), np.int64(0))), "normal")

    def padding(self, mask: Any) -> Any:
        """What is added to attention scores so that padding is ignored, float32 [pairs, 1, 1, tokens]."""
        op = self.op
        absent = op.subtract(np.float32(1), op.convert(mask, "f32"))
        return op.unsqueeze(op.multiply(absent, np.float32(-1e4)), np.array([1, 2], np.int64))

    def layer(self, hidden: Any, bias: Any, name: str) -> Any:
        """One layer of the encoder."""
        op = self.op
        query, key, value = (self._split(self._linear(hidden, f"{name}.{part}")) for part in ("query", "key", "value"))
        width = np.float32(np.sqrt(self._weights["words"].shape[1] // _HEADS))
        scores = op.add(op.divide(op.matmul(query, key, False, True), width), bias)
        attended = op.transpose(op.matmul(op.softmax(scores, -1), value, False, False), np.array([0, 2, 1, 3]))
        joined = op.reshape(attended, np.array([0, 0, -1]), True)
        hidden = self._normal(op.add(hidden, self._linear(joined, f"{name}.attended")), f"{name}.attended.normal")
        wide = op.gelu(self._linear(hidden, f"{name}.wide"), "erf")
        return self._normal(op.add(hidden, self._linear(wide, f"{name}.narrow")), f"{name}.narrow.normal")

    def members(self, segments: Any, mask: Any, which: int) -> Any:
        """1 for each token of a segment, else 0, float32 [pairs, tokens]."""
        op = self.op
        return op.multiply(op.convert(op.equal(segments, np.int64(which)), "f32"), op.convert(mask, "f32"))

    def head(self, hidden: Any, question: Any, sentence: Any) -> Any:
        """The log-odds, from both segments' means, from how they differ, and from how each word is matched."""
        op = self.op
        asked, said = self._mean(hidden, question), self._mean(hidden, sentence)
        first = op.gather(hidden, np.int64(0), np.int64(1))
        unit = self._unit(hidden)
        alike = op.matmul(unit, unit, False, True)
        inside = op.unsqueeze(sentence, np.int64(1))
        alike = op.subtract(
            op.multiply(alike, inside), op.subtract(np.float32(1), inside)
        )  # what is outside the sentence counts -1
        best = op.reduce_max(alike, np.int64(2), False)
        matched = op.divide(self._sum(op.multiply(best, question)), self._count(question))
        others = op.subtract(np.float32(1), question)
        least = op.reduce_min(op.add(op.multiply(best, question), others), np.int64(1), True)
        near = op.reduce_sum(op.multiply(self._unit(asked), self._unit(said)), np.int64(1), True)
        similar = op.multiply(op.concat([matched, least, near], 1), np.float32(SIMILARITIES))
        both = [op.multiply(asked, said), op.abs(op.subtract(asked, said)), asked, first, similar]
        scored = self._linear(op.gelu(self._linear(op.concat(both, 1), "head.wide"), "erf"), "head.narrow")
        return op.squeeze(scored, np.int64(1))

    def _row(self, table: str, rows: Any) -> Any:
        return self.op.gather(self._weights[table], rows, np.int64(0))

    def _linear(self, values: Any, name: str) -> Any:
        op = self.op
        return op.add(op.matmul(values, self._weights[f"{name}.weight"], False, True), self._weights[f"{name}.bias"])

    def _normal(self, values: Any, name: str) -> Any:
        op = self.op
        normal = op.mvn(values, np.array([-1], np.int64), True, _EPSILON, "inside_sqrt")
        return op.add(op.multiply(normal, self._weights[f"{name}.weight"]), self._weights[f"{name}.bias"])

    def _split(self, values: Any) -> Any:
        """[pairs, tokens, dim] as [pairs, heads, tokens, dim / heads]."""
        op = self.op
        return op.transpose(op.reshape(values, np.array([0, 0, _HEADS, -1]), True), np.array([0, 2, 1, 3]))

    def _unit(self, values: Any) -> Any:
        return self.op.normalize_l2(values, np.array([-1], np.int64), 1e-12, "max")

    def _mean(self, hidden: Any, members: Any) -> Any:
        op = self.op
        total = op.reduce_sum(op.multiply(hidden, op.unsqueeze(members, np.int64(2))), np.int64(1), False)
        return op.divide(total, self._count(members))

    def _sum(self, values: Any) -> Any:
        return self.op.reduce_sum(values, np.int64(1), True)

    def _count(self, members: Any) -> Any:
        return self.op.maximum(self._sum(members), np.float32(1))
