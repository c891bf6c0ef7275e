"""What the embedding runtimes share."""

from __future__ import annotations

from dataclasses import dataclass

BATCH = 8
"""Texts per batch, in each of a runtime's streams."""


@dataclass(frozen=True, slots=True)
class Card:
    """What callers need to know about a model.

    :ivar dim: dimension of its vectors.
    :ivar window: tokens it reads, special tokens included.
    :ivar special: number of special tokens it adds to a text.
    :ivar query_prompt: what its authors prefix to a query; "" for most models.
    """

    name: str
    fingerprint: str
    dim: int
    window: int
    special: int
    pad: int
    query_prompt: str = ""
    passage_prompt: str = ""
