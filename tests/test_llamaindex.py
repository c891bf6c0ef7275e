"""The archive seen from LlamaIndex: the same hits and answers, with where they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from llama_index.core import MockEmbedding, VectorStoreIndex
from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.vector_stores.types import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
)

from assistant import Assistant
from assistant.errors import BadFilter, UsageError
from assistant.llamaindex import ArchiveChatEngine, ArchiveQueryEngine, ArchiveRetriever, ArchiveVectorStore
from assistant.llamaindex.store import filters_of
from assistant.testing import memory_assistant
from assistant.types import Filters
from tests.conftest import SMALL
from tests.house import as_articles


@pytest.fixture(scope="module")
def assistant() -> Iterator[Assistant]:
    with memory_assistant(as_articles(SMALL), quotes=False) as opened:
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


def test_a_conversation_continues(assistant: Assistant) -> None:
    engine = ArchiveChatEngine(assistant)
    first = engine.chat("When does the harbour tunnel open?")
    assert first.metadata
    assert first.metadata["status"] == "supported"
    assert [source.node.metadata["marker"] for source in first.source_nodes] == [*range(1, len(first.source_nodes) + 1)]
    assert [message.role for message in engine.chat_history] == [MessageRole.USER, MessageRole.ASSISTANT]
    second = engine.chat("And in 2022?")
    assert second.metadata
    assert "harbour tunnel" in second.metadata["query"]
    engine.reset()
    assert not engine.chat_history


def test_messages_of_the_assistant_are_not_questions(assistant: Assistant) -> None:
    said = [
        ChatMessage(role=MessageRole.USER, content="When does the harbour tunnel open?"),
        ChatMessage(role=MessageRole.ASSISTANT, content="What did the chess players say?"),
    ]
    answer = ArchiveChatEngine(assistant).chat("And in 2022?", said)
    assert answer.metadata
    assert "harbour tunnel" in answer.metadata["query"]
    assert "chess" not in answer.metadata["query"]


def test_a_streamed_answer_is_the_answer(assistant: Assistant) -> None:
    question = "When does the harbour tunnel open?"
    whole = ArchiveChatEngine(assistant).chat(question).response
    streamed = ArchiveChatEngine(assistant).stream_chat(question)
    assert "".join(streamed.response_gen) == whole

    async def collected() -> str:
        response = await ArchiveChatEngine(assistant).astream_chat(question)
        return "".join([piece async for piece in response.async_response_gen()])

    assert asyncio.run(collected()) == whole


def test_an_index_over_the_archive_finds_what_the_archive_finds(assistant: Assistant) -> None:
    index = VectorStoreIndex.from_vector_store(ArchiveVectorStore(assistant), embed_model=MockEmbedding(1))
    question = "When does the harbour tunnel open?"
    nodes = index.as_retriever(similarity_top_k=4).retrieve(question)
    assert [node.node.get_content() for node in nodes] == [
        hit.passage.text for hit in assistant.search(question, limit=4)
    ]
    only = MetadataFilters(filters=[MetadataFilter(key="outlet", value="Coast Radio")])
    nodes = index.as_retriever(similarity_top_k=50, filters=only).retrieve("harbour tunnel")
    assert {node.node.metadata["outlet"] for node in nodes} == {"Coast Radio"}


def test_filters_become_the_archives() -> None:
    given = MetadataFilters(
        filters=[
            MetadataFilter(key="published", value="2023-05", operator=FilterOperator.GTE),
            MetadataFilter(key="published", value="2023-06-01", operator=FilterOperator.LT),
            MetadataFilter(key="language", value=["en", "de"], operator=FilterOperator.IN),
        ]
    )
    made = filters_of(given)
    assert made.since
    assert made.until
    assert (made.since.iso(), made.until.iso(), made.languages) == ("2023-05", "2023-06-01", ("en", "de"))
    assert not filters_of(None)


@pytest.mark.parametrize(
    "filters",
    [
        [MetadataFilter(key="colour", value="red")],
        [MetadataFilter(key="outlet", value="Coast Radio", operator=FilterOperator.NE)],
        [MetadataFilter(key="published", value="2023", operator=FilterOperator.GT)],
        [MetadataFilter(key="published", value="one day", operator=FilterOperator.GTE)],
        [MetadataFilter(key="outlet", value="A"), MetadataFilter(key="outlet", value="B")],
        [MetadataFilters(filters=[MetadataFilter(key="outlet", value="A")])],
    ],
)
def test_unsupported_filters_are_refused(filters: list[MetadataFilter | MetadataFilters]) -> None:
    with pytest.raises(BadFilter):
        filters_of(MetadataFilters(filters=filters))


def test_filters_of_which_one_is_to_hold_are_refused() -> None:
    either: list[MetadataFilter | MetadataFilters] = [
        MetadataFilter(key="outlet", value="A"),
        MetadataFilter(key="language", value="en"),
    ]
    with pytest.raises(BadFilter, match="or"):
        filters_of(MetadataFilters(filters=either, condition=FilterCondition.OR))


def test_an_archive_is_not_changed_through_llamaindex(assistant: Assistant) -> None:
    store = ArchiveVectorStore(assistant)
    with pytest.raises(UsageError, match="ontherecord ingest"):
        store.add([])
    with pytest.raises(UsageError, match="ontherecord delete tunnel-1"):
        store.delete("tunnel-1")
    with pytest.raises(UsageError, match="query_str"):
        store.query(VectorStoreQuery(query_embedding=[0.0]))
    with pytest.raises(BadFilter, match="single nodes"):
        store.query(VectorStoreQuery(query_str="harbour", doc_ids=["tunnel-1"]))
