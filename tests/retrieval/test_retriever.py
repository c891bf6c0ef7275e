"""Words are searched for while the question is embedded; as either search fails, so does the whole."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from assistant import Assistant
from assistant.errors import RetrievalIndexError
from assistant.index.base import Hits, Probe
from assistant.index.lexical import LexicalIndex
from assistant.settings import Settings
from assistant.types import Filters

AS_OF = datetime(2022, 12, 31, tzinfo=UTC)


def searching() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name.startswith("lexical")}


def test_the_indexes_are_searched_side_by_side(small_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    searched: set[threading.Thread] = set()
    before = searching()  # other tests may hold assistants open
    search = LexicalIndex.search

    def noted(index: LexicalIndex, probe: Probe, k: int, filters: Filters) -> Hits:
        searched.add(threading.current_thread())
        return search(index, probe, k, filters)

    monkeypatch.setattr(LexicalIndex, "search", noted)
    with Assistant.open(small_settings) as assistant:
        assert assistant.search("the harbour tunnel", as_of=AS_OF)
        assert searched
        assert searched <= searching() - before
    assert not searched & searching()


def test_a_failure_in_the_other_thread_fails_the_search(
    small_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(index: LexicalIndex, probe: Probe, k: int, filters: Filters) -> Hits:
        raise RetrievalIndexError("the index cannot be read")

    with Assistant.open(small_settings) as assistant:
        with monkeypatch.context() as broken:
            broken.setattr(LexicalIndex, "search", failing)
            with pytest.raises(RetrievalIndexError, match="cannot be read"):
                assistant.search("the harbour tunnel", as_of=AS_OF)
        assert assistant.search("the harbour tunnel", as_of=AS_OF)  # and the next one goes well
