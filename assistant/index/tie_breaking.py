"""The cut of a ranking where passages tie: by their ids, not by where an engine happens to keep them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

_AHEAD = 8
"""Passages beyond those asked for that are looked at first, for ties with the last of them."""

ScoredHits = tuple[NDArray[np.float32], Any]
"""Scores, descending, and what they are the scores of."""


def with_ties(search: Callable[[int], ScoredHits], k: int, most: int) -> ScoredHits:
    """Search for the best ``k``, and for all that score as the last of them does.

    Which of those an engine puts first depends on how its files came to be; an answer must not.

    :param search: how many -> at most so many.
    :param most: passages there are to find, at least 1.
    """
    wanted = k + _AHEAD
    while True:
        scores, found = search(min(wanted, most))
        if wanted >= most or len(scores) < wanted or scores[-1] < scores[k - 1]:
            return scores, found
        wanted *= 2
