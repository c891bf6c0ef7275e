"""The archive seen from LlamaIndex: the same hits and answers, with where they stand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.llamaindex import ArchiveQueryEngine, ArchiveRetriever
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.types import Filters


@pytest.fixture
def assistant(small_settings: Settings) -> Iterator[Assistant]:
    with Assistant.open(small_settings) as opened:
        yield opened


def test_nodes_say_where_they_stand(assistant: Assistant) -> None:
    nodes = ArchiveRetriever(assistant, limit=3).retrieve("When does the harbour tunnel open?")
    assert len(nodes) == 3
    for node in nodes:
        place = node.node.metadata
        article = assistant.article(place["article_id"], place["version"])
        assert article.text[place["start"] : place["end"]] == node.node.get_content()


def test_filters_hold(assistant: Assistant) -> None:
    nodes = ArchiveRetriever(assistant, Filters(outlets=("Coast Radio",)), limit=50).retrieve("harbour tunnel")
    assert nodes
    assert {node.node.metadata["outlet"] for node in nodes} == {"Coast Radio"}


def test_a_response_is_the_answer(assistant: Assistant) -> None:
    response = ArchiveQueryEngine(assistant).query("When does the harbour tunnel open?")
    assert response.metadata
    assert response.metadata["status"] == "supported"
    for number, source in enumerate(response.source_nodes, start=1):
        assert source.node.metadata["marker"] == number
        assert f"[{number}]" in str(response)
    refused = ArchiveQueryEngine(assistant).query("Who won the chess olympiad in Reykjavik?")
    assert refused.metadata
    assert refused.metadata["status"] == "not_found"
    assert not refused.source_nodes
