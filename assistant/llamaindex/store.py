"""An archive as a LlamaIndex vector store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import BaseNode
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryResult,
)

from assistant.assistant import Assistant
from assistant.dates import Moment, parse_date
from assistant.errors import BadFilter, UsageError
from assistant.llamaindex.nodes import hit_node
from assistant.types import Filters

_FIELDS = {"outlet": "outlets", "byline": "authors", "section": "sections", "language": "languages"}
_ONE_OF = (FilterOperator.EQ, FilterOperator.IN)
_SUPPORTED = "outlet, byline, section and language with == or in; published with >= and <; combined with AND"


class ArchiveVectorStore(BasePydanticVectorStore):
    """An archive behind LlamaIndex's vector store interface.

    It is queried with text, not with a vector: the archive embeds the query with the same model as its passages, and
    combines lexical and semantic search. ``VectorStoreIndex.from_vector_store(store, embed_model=MockEmbedding(1))``
    makes an index of it; the embedding model passed there is not used.

    It is read-only: add and remove articles with `ontherecord ingest` and `ontherecord delete`, which keep the archive,
    its versions and its indexes consistent.
    """

    is_embedding_query: bool = False
    _assistant: Assistant = PrivateAttr()

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(stores_text=True)
        self._assistant = assistant

    @classmethod
    def class_name(cls) -> str:
        """The class's name in LlamaIndex."""
        return "ArchiveVectorStore"

    @property
    def client(self) -> Assistant:
        """The assistant that runs the searches."""
        return self._assistant

    def query(self, query: VectorStoreQuery, **kwargs: Any) -> VectorStoreQueryResult:
        """Return the ``similarity_top_k`` best passages, at most 1000, best first.

        :raises UsageError: if the query has no text.
        :raises BadFilter: for filters that the archive does not support.
        """
        if query.query_str is None:
            raise UsageError("the archive is queried with text; give the query a query_str")
        if query.doc_ids or query.node_ids:
            raise BadFilter(
                f"a search of the archive cannot be restricted to single nodes or articles; it supports {_SUPPORTED}"
            )
        filters = filters_of(query.filters)
        hits = self._assistant.search(query.query_str, filters=filters, limit=query.similarity_top_k)
        found = [hit_node(hit) for hit in hits]
        return VectorStoreQueryResult(
            nodes=[one.node for one in found],
            similarities=[one.score or 0.0 for one in found],
            ids=[one.node.node_id for one in found],
        )

    def add(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[str]:
        """Refuse: see the class."""
        raise UsageError("nodes cannot be added to an archive; add articles with `ontherecord ingest`")

    def delete(self, ref_doc_id: str, **delete_kwargs: Any) -> None:
        """Refuse: see the class."""
        raise UsageError(f"articles cannot be deleted through a vector store; use `ontherecord delete {ref_doc_id}`")


def filters_of(given: MetadataFilters | None) -> Filters:
    """Convert LlamaIndex filters to the archive's.

    :raises BadFilter: for a key, an operator or a condition that the archive does not support.
    """
    if given is None or not given.filters:
        return Filters()
    if given.condition not in (FilterCondition.AND, None) and len(given.filters) > 1:
        raise BadFilter(f"filters joined by {given.condition!r}: the archive supports {_SUPPORTED}")
    dates: dict[str, Moment] = {}
    values: dict[str, tuple[str, ...]] = {}
    for one in given.filters:
        if not isinstance(one, MetadataFilter):
            raise BadFilter(f"nested filters: the archive supports {_SUPPORTED}")
        if one.key in _FIELDS and one.operator in _ONE_OF:
            values[_FIELDS[one.key]] = _values(one, values)
        elif one.key == "published" and one.operator in (FilterOperator.GTE, FilterOperator.LT):
            dates["since" if one.operator == FilterOperator.GTE else "until"] = parse_date(str(one.value))
        else:
            raise BadFilter(f"{one.key} {one.operator.value} {one.value!r}: the archive supports {_SUPPORTED}")
    return Filters(
        since=dates.get("since"),
        until=dates.get("until"),
        outlets=values.get("outlets", ()),
        authors=values.get("authors", ()),
        sections=values.get("sections", ()),
        languages=values.get("languages", ()),
    )


def _values(one: MetadataFilter, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if _FIELDS[one.key] in known:
        raise BadFilter(f"two filters on {one.key}; list all allowed values in one filter, with the operator in")
    listed = one.value if isinstance(one.value, list) else [one.value]
    return tuple(str(value) for value in listed)
