"""Which language a text is in."""

from __future__ import annotations

_SAMPLE = 1000
"""Characters that the language is told from."""


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the language that ``text`` is most likely in; "" without a letter."""
    import py3langid

    sample = text[:_SAMPLE]
    if not any(map(str.isalpha, sample)):
        return ""
    return str(py3langid.classify(sample)[0])
