"""Which language a text is in."""

from __future__ import annotations

from collections.abc import Collection

_SAMPLE = 1000
"""Characters that the language is told from."""


def detect(text: str, among: Collection[str] = ()) -> str:
    """Return the ISO 639-1 code of the language that ``text`` is most likely in; "" without a letter.

    :param among: languages that it can be in; empty for any. A few words tell one of a few, not of a hundred.
    """
    import py3langid

    sample = text[:_SAMPLE]
    if not any(map(str.isalpha, sample)):
        return ""
    if not among:
        return str(py3langid.classify(sample)[0])
    return next((str(code) for code, _ in py3langid.rank(sample) if code in among), "")
