"""Preparing the archive's change log for the indexes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.archive.changes import Change

LAST = 2**62
"""Greater than every passage id."""


def merged(changes: Iterable[Change]) -> list[Change]:
    """Merge consecutive changes of the same kind with adjacent passages, so that these are read in one query."""
    runs: list[Change] = []
    for change in changes:
        if runs and runs[-1].added == change.added and runs[-1].last + 1 == change.first:
            runs[-1] = Change(change.seq, change.added, runs[-1].first, change.last)
        else:
            runs.append(change)
    return runs


def windows(changes: Iterable[Change], wanted: int, width: int = 256) -> Iterator[tuple[int, int]]:
    """Yield ranges of ids, inclusive, spread evenly over all that were ever added: about ``wanted`` ids in total."""
    spans = [(run.first, run.last) for run in merged(change for change in changes if change.added)]
    total = sum(last - first + 1 for first, last in spans)
    step = max(width, -(-width * total // max(1, wanted)))
    position = 0
    for first, last in spans:
        begin = first - position % step if position % step == 0 else first + step - position % step
        for start in range(begin, last + 1, step):
            yield start, min(last, start + width - 1)
        position += last - first + 1
