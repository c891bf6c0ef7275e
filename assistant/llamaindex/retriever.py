"""A LlamaIndex retriever and query engine over an archive."""

from __future__ import annotations

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.assistant import Assistant
from assistant.llamaindex.nodes import answer_metadata, answer_nodes, hit_node
from assistant.types import AskOptions, Filters


class ArchiveRetriever(BaseRetriever):
    """Hybrid search of an archive, as a LlamaIndex retriever.

    A node's text is the passage; its metadata give the location (``article_id``, ``version``, ``start``, ``end``,
    ``headline``, ``outlet``, ``url``, ``published``); its score is ``Hit.score``.
    """

    def __init__(self, assistant: Assistant, filters: Filters = Filters(), limit: int = 10) -> None:
        super().__init__()
        self._assistant = assistant
        self._filters = filters
        self._limit = limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._assistant.search(query_bundle.query_str, filters=self._filters, limit=self._limit)
        return [hit_node(hit) for hit in hits]


class ArchiveQueryEngine(BaseQueryEngine):
    """Question answering over an archive, as a LlamaIndex query engine.

    A response is the answer with its citation markers; its source nodes are the citations, in the order of the
    markers; its metadata contain ``status``, ``reason``, ``freshness``, ``query`` and ``confidence``.
    """

    def __init__(self, assistant: Assistant, filters: Filters = Filters()) -> None:
        super().__init__(CallbackManager())
        self._assistant = assistant
        self._filters = filters

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        answer = self._assistant.ask(query_bundle.query_str, AskOptions(filters=self._filters))
        return Response(response=answer.answer, source_nodes=answer_nodes(answer), metadata=answer_metadata(answer))

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}
