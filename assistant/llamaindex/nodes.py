"""Converts hits and citations to LlamaIndex nodes."""

from __future__ import annotations

from typing import Any

from llama_index.core.schema import NodeRelationship, NodeWithScore, RelatedNodeInfo, TextNode

from assistant.types import Answer, Citation, Hit


def hit_node(hit: Hit) -> NodeWithScore:
    """Return a hit as a node: the passage's text, its location as metadata, and its score."""
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


def answer_nodes(answer: Answer) -> list[NodeWithScore]:
    """Return the citations of an answer as nodes, in the order of their markers."""
    return [_citation_node(citation) for citation in answer.citations]


def answer_metadata(answer: Answer) -> dict[str, Any]:
    """Return the metadata of a response: everything about the answer except its text and citations."""
    return {
        "status": answer.status,
        "reason": answer.reason,
        "freshness": str(answer.freshness),
        "query": answer.query,
        "confidence": answer.confidence,
    }


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
    # Offsets are for programs; a model should neither read nor embed them.
    return TextNode(
        id_=name,
        text=text,
        metadata=metadata,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=metadata["article_id"])},
        excluded_llm_metadata_keys=["start", "end", "version"],
        excluded_embed_metadata_keys=list(metadata),
    )
