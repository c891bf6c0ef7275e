"""Markers that a model invented."""

from __future__ import annotations

import pytest

from assistant.answering.checks import markers


@pytest.mark.parametrize(
    ("cited", "holds", "detail"),
    [
        ([1], True, ""),
        ([2, 1], True, ""),
        ([], False, "it cites nothing"),
        ([0], False, "[0] names none of the 2 sources"),
        ([1, 3], False, "[3] names none of the 2 sources"),
        ([-1, 9], False, "[-1], [9] names none of the 2 sources"),
    ],
)
def test_a_marker_has_to_name_a_source(cited: list[int], holds: bool, detail: str) -> None:
    check = markers.check(cited, sources=2)
    assert (check.name, check.holds, check.detail) == ("citation", holds, detail)


def test_invented_markers_are_left_out() -> None:
    assert markers.known([3, 1, 0, 2, -1], sources=2) == [1, 2]
