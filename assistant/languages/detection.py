"""Detect the language of a text."""

from __future__ import annotations

from collections.abc import Collection

_SAMPLE = 1000
"""Number of characters that the language is detected from."""


def detect(text: str, among: Collection[str] = ()) -> str:
    """Return the ISO 639-1 code of the most likely language of ``text``; "" if it has no letters.

    :param among: candidate languages; empty for any. A few words can tell a few languages apart, not a hundred.
    """
    import py3langid

    sample = text[:_SAMPLE]
    if not any(map(str.isalpha, sample)):
        return ""
    if not among:
        return str(py3langid.classify(sample)[0])
    return next((str(code) for code, _ in py3langid.rank(sample) if code in among), "")
