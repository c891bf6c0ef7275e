"""The archive as LlamaIndex knows such things: a retriever, a vector store, a query engine and a chat engine.

For programs that are built with LlamaIndex already. What they get are the house's own hits and answers: nodes carry
where their characters stand, and a response is made of sentences of the archive or says that it does not say.
Importing this module imports ``llama_index.core``.
"""

from assistant.llamaindex.chat_engine import ArchiveChatEngine
from assistant.llamaindex.retriever import ArchiveQueryEngine, ArchiveRetriever
from assistant.llamaindex.store import ArchiveVectorStore

__all__ = ["ArchiveChatEngine", "ArchiveQueryEngine", "ArchiveRetriever", "ArchiveVectorStore"]
