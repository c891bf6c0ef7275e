"""LlamaIndex integration: the archive as a retriever, vector store, query engine and chat engine.

For programs that already use LlamaIndex. They get this package's own hits and answers: nodes carry the offsets of their
text, and a response consists of sentences from the archive, or states that the archive does not say. Importing this
module imports ``llama_index.core``.
"""

from assistant.llamaindex.chat_engine import ArchiveChatEngine
from assistant.llamaindex.retriever import ArchiveQueryEngine, ArchiveRetriever
from assistant.llamaindex.store import ArchiveVectorStore

__all__ = ["ArchiveChatEngine", "ArchiveQueryEngine", "ArchiveRetriever", "ArchiveVectorStore"]
