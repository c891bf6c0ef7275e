"""Measure how much of the articles the embedding model reads: it silently drops what exceeds its window."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tokenizers import Tokenizer


class Reading:
    """Records which characters of some articles a model has read, passage by passage.

    :param texts: the articles' texts by id.
    :param tokenizer: file of the model's tokenizer.
    :param window: number of tokens that the model reads, including special tokens.
    """

    def __init__(self, texts: Mapping[str, str], tokenizer: Path, window: int) -> None:
        self._texts = texts
        self._read = {key: bytearray(len(text)) for key, text in texts.items()}
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(window)

    def note(self, article: str, start: int, end: int, embedded: str) -> None:
        """Record a passage, characters ``start`` to ``end`` of an article.

        :param embedded: the model's input for it: context, if any, then the passage's characters.
        """
        encoding = self._tokenizer.encode(embedded)
        last = max((stop for _, stop in encoding.offsets), default=0)
        seen = last - (len(embedded) - (end - start))  # characters of the passage itself
        if seen > 0:
            self._read[article][start : start + seen] = b"\1" * seen

    def figures(self, seconds: float) -> dict[str, float]:
        """Return the share of the articles' characters that was read, and characters per second, without whitespace."""
        whole = read = 0
        for key, text in self._texts.items():
            for character, seen in zip(text, self._read[key], strict=True):
                if not character.isspace():
                    whole += 1
                    read += seen
        return {"share_read": round(read / whole, 4), "characters_per_second": round(read / seconds, 1)}
