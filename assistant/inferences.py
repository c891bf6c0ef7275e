"""What can be inferred from a question, and switched off: the one list of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from assistant.errors import UsageError

InferenceName = Literal["time", "outlet", "kind", "speaker", "addressee", "variants", "followup"]
"""Name of one inference. ``variants`` is the only one that no chip shows: that a speaker's words count under other
names and spellings, too."""

ShownInference = Literal["time", "outlet", "kind", "speaker", "addressee", "followup"]
"""Name of an inference that an answer tells of."""

INFERENCES: tuple[InferenceName, ...] = get_args(InferenceName)


def inference_names(names: Iterable[str]) -> tuple[InferenceName, ...]:
    """Return the inferences that ``names`` name, whatever their case and the blanks around them.

    :raises UsageError: when there is no such inference.
    """
    return tuple(map(_inference_name, names))


def _inference_name(name: str) -> InferenceName:
    wanted = name.strip().lower()
    for known in INFERENCES:
        if known == wanted:
            return known
    raise UsageError(f"nothing is inferred under the name {wanted!r}; it is one of: {', '.join(INFERENCES)}")
