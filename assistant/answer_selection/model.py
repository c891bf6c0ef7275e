"""Reads a question and a sentence together, and returns how likely the sentence is to answer the question."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.answer_selection.graph import CONTEXT, QUESTION, SENTENCE, SPECIAL, build
from assistant.answer_selection.weights import ENCODER, embeddings, shipped
from assistant.embedding.models import model_folder, tokenizer_of
from assistant.embedding.openvino import import_openvino
from assistant.process import processors

if TYPE_CHECKING:
    from tokenizers import Tokenizer

LANGUAGE = "en"
"""The language that the model was trained in."""

_QUESTION, _SENTENCE, _HEADLINE, _BEFORE = 28, 64, 14, 16
"""Most tokens read of each: the first ones, but the last ones of the sentence before."""

_CLS, _SEP, _PAD = 101, 102, 0

_BATCH = 8
"""Pairs in a batch: pairs of similar length, so that little of it is padding."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with what it is read with.

    :ivar before: the sentence before it; "" if it is the first.
    """

    text: str
    headline: str
    before: str


class AnswerSelector:
    """The model that ships with the package. Thread-safe; it is compiled on first use.

    :param threads: threads to compute with; 0 means one for each processor.
    """

    def __init__(self, threads: int = 0) -> None:
        self._threads = threads or processors()
        self._lock = threading.Lock()

    def scores(self, question: str, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
        """Return the log-odds that each candidate answers the question, float64 [candidates].

        They are comparable between questions, but not calibrated: training saw many more sentences that do not answer
        than an archive's ranking puts first.
        """
        scores = np.zeros(len(candidates))
        pairs = [self.pair(question, one) for one in candidates]
        order = sorted(range(len(pairs)), key=lambda row: len(pairs[row][0]))
        with self._lock:
            for start in range(0, len(order), _BATCH):
                rows = order[start : start + _BATCH]
                scores[rows] = self._model(padded([pairs[row] for row in rows]))[0]
        return scores

    def pair(self, question: str, candidate: Candidate) -> tuple[list[int], list[int]]:
        """Return the token ids of a pair, and the segment that each belongs to."""
        asked = self._tokens(question)[:_QUESTION]
        said = self._tokens(candidate.text)[:_SENTENCE]
        beside = [*self._tokens(candidate.headline)[:_HEADLINE], _SEP, *self._tokens(candidate.before)[-_BEFORE:]]
        ids = [_CLS, *asked, _SEP, *said, _SEP, *beside, _SEP]
        segments = [SPECIAL, *[QUESTION] * len(asked), SPECIAL, *[SENTENCE] * len(said), *[CONTEXT] * (len(beside) + 2)]
        return ids, segments

    def _tokens(self, text: str) -> list[int]:
        return self._tokenizer.encode(text, add_special_tokens=False).ids if text else []

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return tokenizer_of(model_folder(ENCODER))

    @cached_property
    def _model(self) -> Any:
        config = {"INFERENCE_NUM_THREADS": self._threads, "ENABLE_CPU_PINNING": False, "PERFORMANCE_HINT": "LATENCY"}
        return import_openvino().Core().compile_model(build(shipped(), embeddings()), "CPU", config)


def padded(pairs: Sequence[tuple[list[int], list[int]]]) -> list[NDArray[np.int64]]:
    """Return the token ids, segments and mask of pairs, each int64 [pairs, tokens]."""
    # Lengths are padded to multiples of 8: the runtime compiles again for every new shape.
    width = -(-max(len(ids) for ids, _ in pairs) // 8) * 8
    ids, segments, mask = (np.full((len(pairs), width), fill, np.int64) for fill in (_PAD, SPECIAL, 0))
    for row, (own, parts) in enumerate(pairs):
        ids[row, : len(own)] = own
        segments[row, : len(own)] = parts
        mask[row, : len(own)] = 1
    return [ids, segments, mask]
