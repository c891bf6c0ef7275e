"""The archive as LlamaIndex knows such things: a retriever and a query engine.

For programs that are built with LlamaIndex already. What they get are the house's own hits and answers: nodes carry
where their characters stand, and a response is made of sentences of the archive or says that it does not say.
Importing this module imports ``llama_index.core``; nothing else in the house does.
"""

from __future__ import annotations

from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.pipeline import Assistant
from assistant.types import Citation, Filters, Hit


class ArchiveRetriever(BaseRetriever):
    """Hybrid search of an archive, as a LlamaIndex retriever.

    A node's text is the passage; its metadata say where it stands (``article_id``, ``version``, ``start``, ``end``,
    ``headline``, ``outlet``, ``url``, ``published``); its score is the fusion's, in [0, 1].
    """

    def __init__(self, assistant: Assistant, filters: Filters = Filters(), limit: int = 10) -> None:
        super().__init__()
        self._assistant = assistant
        self._filters = filters
        self._limit = limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._assistant.search(query_bundle.query_str, self._filters, limit=self._limit)
        return [_hit_node(hit) for hit in hits]


class ArchiveQueryEngine(BaseQueryEngine):
    """Asking an archive, as a LlamaIndex query engine.

    A response is the extractive answer with its markers; its source nodes are the citations, in the order of the
    markers; its metadata hold ``status``, ``reason`` and ``freshness``.
    """

    def __init__(self, assistant: Assistant, filters: Filters = Filters()) -> None:
        super().__init__(CallbackManager())
        self._assistant = assistant
        self._filters = filters

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        answer = self._assistant.ask(query_bundle.query_str, self._filters)
        return Response(
            response=answer.answer,
            source_nodes=[_citation_node(citation) for citation in answer.citations],
            metadata={"status": answer.status, "reason": answer.reason, "freshness": str(answer.freshness)},
        )

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def _hit_node(hit: Hit) -> NodeWithScore:
    passage = hit.passage
    article = passage.article
    metadata = {
        "article_id": article.id,
        "version": article.version,
        "start": passage.start,
        "end": passage.end,
        "headline": article.headline,
        "outlet": article.outlet,
        "url": article.url,
        "published": article.published.iso() if article.published else None,
    }
    return NodeWithScore(node=_node(f"passage-{passage.id}", passage.text, metadata), score=hit.score)


def _citation_node(citation: Citation) -> NodeWithScore:
    metadata = {
        "marker": citation.marker,
        "article_id": citation.article_id,
        "version": citation.version,
        "start": citation.start,
        "end": citation.end,
        "headline": citation.headline,
        "outlet": citation.outlet,
        "url": citation.url,
        "published": citation.published,
    }
    name = f"{citation.article_id}@{citation.version}:{citation.start}-{citation.end}"
    return NodeWithScore(node=_node(name, citation.text, metadata))


def _node(name: str, text: str, metadata: dict[str, Any]) -> TextNode:
    # Where words stand is for the program, not for a model to read or embed.
    return TextNode(id_=name, text=text, metadata=metadata, excluded_llm_metadata_keys=["start", "end", "version"],
                    excluded_embed_metadata_keys=list(metadata))  # fmt: skip
