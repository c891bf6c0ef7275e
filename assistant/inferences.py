"""The inferences that can be made from a question, and switched off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from assistant.errors import UsageError

InferenceName = Literal["time", "outlet", "kind", "speaker", "addressee", "variants", "followup"]
"""Name of an inference. ``variants`` is the only one without a chip: it lets a speaker's words count under other names
and spellings, too."""

ShownInference = Literal["time", "outlet", "kind", "speaker", "addressee", "followup"]
"""Name of an inference that an answer shows."""

INFERENCES: tuple[InferenceName, ...] = get_args(InferenceName)


def inference_names(names: Iterable[str]) -> tuple[InferenceName, ...]:
    """Return the inferences that ``names`` name, ignoring case and surrounding white space.

    :raises UsageError: if there is no such inference.
    """
    return tuple(map(_inference_name, names))


def _inference_name(name: str) -> InferenceName:
    wanted = name.strip().lower()
    for known in INFERENCES:
        if known == wanted:
            return known
    raise UsageError(f"there is no inference {wanted!r}; choose from: {', '.join(INFERENCES)}")
