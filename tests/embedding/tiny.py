"""A tiny cross-encoder with random weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def tiny_cross_encoder(folder: Path, labels: Sequence[str] = ("relevance",), votes: int | None = None) -> Path:
    """Create a cross-encoder whose vocabulary is letters in a new folder, and return the folder.

    :param labels: the meaning of its scores.
    :param votes: the label that its bias assigns to every pair; None for none.
    """
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(3)
    folder.mkdir(parents=True)
    letters = [*"abcdefghijklmnopqrstuvwxyz", *(f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    names = {"id2label": dict(enumerate(labels)), "label2id": {label: place for place, label in enumerate(labels)}}
    shape = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    config = BertConfig(vocab_size=len(words), max_position_embeddings=256, **names, **shape)
    model = BertForSequenceClassification(config)
    if votes is not None:
        with torch.no_grad():
            model.classifier.bias[votes] = 9.0
    model.save_pretrained(folder)
    return folder
