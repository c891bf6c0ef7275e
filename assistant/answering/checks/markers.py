"""Refuse a sentence whose markers a model invented: each has to name one of the sources it was given."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.checks.claims import Check


def known(markers: Sequence[int], sources: int) -> list[int]:
    """Return the markers that name one of the sources, which are numbered from 1."""
    return [marker for marker in markers if 1 <= marker <= sources]


def check(markers: Sequence[int], sources: int) -> Check:
    """Check that a sentence cites something, and nothing but the sources.

    :param markers: those of the sentence.
    :param sources: how many the model was given.
    """
    valid = known(markers, sources)
    if invented := [marker for marker in markers if marker not in valid]:
        named = ", ".join(f"[{marker}]" for marker in invented)
        return Check("citation", False, f"{named} names none of the {sources} sources")
    return Check("citation", bool(markers), "" if markers else "it cites nothing")
