"""Whose words they are: mentions resolved within the article."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.quotes.english_quotes import Finding
from assistant.quotes.model import Attribution


def with_speakers(text: str, findings: Sequence[Finding]) -> list[Attribution]:
    """Return the findings as attributions, each with its speaker."""
    return [
        Attribution(f.content, f.source, f.cue, f.kind, text[f.source[0] : f.source[1]] if f.source else None)
        for f in findings
    ]
