"""Both indexes are searched side by side, and as one of them fails, so does the search."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from assistant.errors import DimensionMismatch
from assistant.index.base import Hits, Probe
from assistant.index.vector import VectorIndex
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.types import Filters

AS_OF = datetime(2022, 12, 31, tzinfo=UTC)


def searching() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name.startswith("dense")}


def test_the_indexes_are_searched_side_by_side(small_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    searched: set[threading.Thread] = set()
    before = searching()  # other tests may hold assistants open
    search = VectorIndex.search

    def noted(index: VectorIndex, probe: Probe, k: int, filters: Filters) -> Hits:
        searched.add(threading.current_thread())
        return search(index, probe, k, filters)

    monkeypatch.setattr(VectorIndex, "search", noted)
    with Assistant.open(small_settings) as assistant:
        assert assistant.search("the harbour tunnel", as_of=AS_OF)
        assert searched
        assert searched <= searching() - before
    assert not searched & searching()


def test_what_fails_beside_fails_the_search(small_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(index: VectorIndex, probe: Probe, k: int, filters: Filters) -> Hits:
        raise DimensionMismatch("the query has 3 dimensions, the vector index 384")

    with Assistant.open(small_settings) as assistant:
        with monkeypatch.context() as broken:
            broken.setattr(VectorIndex, "search", failing)
            with pytest.raises(DimensionMismatch, match="3 dimensions"):
                assistant.search("the harbour tunnel", as_of=AS_OF)
        assert assistant.search("the harbour tunnel", as_of=AS_OF)  # and the next one goes well
