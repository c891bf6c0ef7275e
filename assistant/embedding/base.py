"""What the runtimes of an embedding model share."""

from __future__ import annotations

from dataclasses import dataclass

BATCH = 8
"""Texts that a runtime reads at a time, in each of its streams."""


@dataclass(frozen=True, slots=True)
class Card:
    """What is to be known of a model to use it.

    :ivar dim: width of its vectors.
    :ivar window: tokens it reads, special ones counted.
    :ivar special: special tokens it puts around a text.
    :ivar query_prompt: what its authors want in front of a query; "" for most.
    """

    name: str
    fingerprint: str
    dim: int
    window: int
    special: int
    pad: int
    query_prompt: str = ""
    passage_prompt: str = ""
