"""Language models behind one small interface: text in, a stream of text out."""

from assistant.llm.base import LanguageModel, Message
from assistant.llm.loading import load, shown

__all__ = ["LanguageModel", "Message", "load", "shown"]
