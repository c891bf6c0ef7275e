"""Cuts a ranking reproducibly: passages with equal scores are ordered by id, not by the engine's internal order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

_AHEAD = 8
"""Number of extra passages in the first search, to find ties with the last one asked for."""

ScoredHits = tuple[NDArray[np.float32], Any]
"""Scores, descending, and the items that have them."""


def with_ties(search: Callable[[int], ScoredHits], k: int, most: int) -> ScoredHits:
    """Return the best ``k`` results and all others that tie with the last of these.

    Which of the tied results an engine returns first depends on the history of its files; an answer must not.

    :param search: number of results wanted -> at most that many, best first.
    :param most: number of passages that could be found, at least 1.
    """
    wanted = k + _AHEAD
    while True:
        scores, found = search(min(wanted, most))
        if wanted >= most or len(scores) < wanted or scores[-1] < scores[k - 1]:
            return scores, found
        wanted *= 2
