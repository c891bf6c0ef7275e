"""The torch runtime: a sentence-transformers model as published, and its export to OpenVINO."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.arrays import Vectors
from assistant.embedding.base import BATCH, Card
from assistant.embedding.openvino import import_openvino
from assistant.errors import SettingsError

_NO_WINDOW = 8192
"""Window reported for models that have no limit, in tokens: more than any passage has."""


class TorchRuntime:
    """A model loaded by sentence-transformers, on the CPU, from safetensors, without remote code."""

    def __init__(self, folder: Path, threads: int) -> None:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()
        if threads:
            torch.set_num_threads(threads)
        try:
            self._model = SentenceTransformer(
                str(folder),
                device="cpu",
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            )
        except Exception as error:
            raise SettingsError(f"{folder} is not a sentence-transformers model: {error}") from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the model's vectors, float32 [len(texts), dim], not normalised."""
        return np.asarray(
            self._model.encode(list(texts), batch_size=BATCH, prompt="", show_progress_bar=False), np.float32
        )

    @property
    def static(self) -> bool:
        """Whether the model only averages fixed token vectors: it has no layers to compile."""
        from sentence_transformers.sentence_transformer.modules import StaticEmbedding

        return isinstance(self._model[0], StaticEmbedding)

    def card(self, name: str, fingerprint: str) -> Card:
        """Return the model's description."""
        tokenizer = self._model.tokenizer
        prompts = self._model.prompts
        window = self._model.max_seq_length or 512
        return Card(
            name=name,
            fingerprint=fingerprint,
            dim=int(self._model.get_embedding_dimension() or 0),
            window=int(min(window, _NO_WINDOW)),
            special=0 if self.static else int(tokenizer.num_special_tokens_to_add()),
            pad=0 if self.static else int(tokenizer.pad_token_id or 0),
            query_prompt=prompts.get("query") or "",
            passage_prompt=next((prompts[key] for key in ("document", "passage", "corpus") if prompts.get(key)), ""),
        )

    def graph(self) -> Any:
        """Return the whole model, pooling included, as an OpenVINO graph: token ids and mask -> vectors."""
        import torch

        openvino = import_openvino()
        from openvino.frontend import FrontEndManager
        from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

        class Graph(torch.nn.Module):
            def __init__(self, inner: Any) -> None:
                super().__init__()
                self.inner = inner

            def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
                features = {"input_ids": input_ids, "attention_mask": attention_mask}
                vectors: torch.Tensor = self.inner(features)["sentence_embedding"]
                return vectors

        example = self._model.tokenizer(["a first text", "another"], padding=True, return_tensors="pt")
        inputs = (example["input_ids"], example["attention_mask"])
        # openvino.convert_model takes the same steps, but sends telemetry.
        frontend = FrontEndManager().load_by_framework("pytorch")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tracing warns about every branch; the result is checked anyway
            decoder = TorchScriptPythonDecoder(Graph(self._model).eval(), example_input=inputs)
            graph = frontend.convert(frontend.load(decoder))
        for port in graph.inputs:
            port.get_node().set_element_type(openvino.Type.i64)
            port.get_node().set_partial_shape(openvino.PartialShape([-1, -1]))
        graph.validate_nodes_and_infer_types()
        return graph
