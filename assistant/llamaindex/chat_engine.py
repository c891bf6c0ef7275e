"""A LlamaIndex chat engine over an archive."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Sequence

from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.chat_engine.types import AgentChatResponse, BaseChatEngine, StreamingAgentChatResponse

from assistant.assistant import Assistant
from assistant.llamaindex.nodes import answer_metadata, answer_nodes
from assistant.types import MAX_HISTORY, Answer, AskOptions, Filters


class ArchiveChatEngine(BaseChatEngine):
    """A conversation with an archive, as a LlamaIndex chat engine.

    Whatever a follow-up leaves out ("and in June?") is taken from earlier questions. If a chat history is passed in,
    only the user's messages count: answers attributed to the assistant are not evidence.
    """

    def __init__(self, assistant: Assistant, filters: Filters = Filters()) -> None:
        self._assistant = assistant
        self._filters = filters
        self._messages: list[ChatMessage] = []

    @property
    def chat_history(self) -> list[ChatMessage]:
        """The conversation so far, oldest first; at most the last ``MAX_HISTORY`` questions and answers."""
        return list(self._messages)

    def reset(self) -> None:
        """Forget the conversation."""
        self._messages = []

    def chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """Answer a question; ``chat_history``, if given, replaces the conversation so far."""
        answer = self._answer(message, chat_history)
        return AgentChatResponse(answer.answer, source_nodes=answer_nodes(answer), metadata=answer_metadata(answer))

    def stream_chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> StreamingAgentChatResponse:
        """Answer a question sentence by sentence; streaming begins once the whole answer has been checked."""
        answer = self._answer(message, chat_history)
        return StreamingAgentChatResponse(
            chat_stream=_pieces(answer), source_nodes=answer_nodes(answer), is_writing_to_memory=False
        )

    async def achat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """Same as ``chat``."""
        return self.chat(message, chat_history)

    async def astream_chat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> StreamingAgentChatResponse:
        """Same as ``stream_chat``."""
        answer = self._answer(message, chat_history)
        return StreamingAgentChatResponse(
            achat_stream=_apieces(answer), source_nodes=answer_nodes(answer), is_writing_to_memory=False
        )

    def _answer(self, message: str, chat_history: Sequence[ChatMessage] | None) -> Answer:
        before = self._messages if chat_history is None else list(chat_history)
        asked = [str(one.content) for one in before if one.role == MessageRole.USER and one.content]
        answer = self._assistant.ask(message, AskOptions(filters=self._filters, history=asked))
        told = [
            ChatMessage(role=MessageRole.USER, content=answer.query),
            ChatMessage(role=MessageRole.ASSISTANT, content=answer.answer),
        ]
        self._messages = [*before, *told][-2 * MAX_HISTORY :]
        return answer


def _pieces(answer: Answer) -> Generator[ChatResponse, None, None]:
    for piece in answer.answer.splitlines(keepends=True):
        yield ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=piece), delta=piece)


async def _apieces(answer: Answer) -> AsyncGenerator[ChatResponse, None]:
    for piece in _pieces(answer):
        yield piece
