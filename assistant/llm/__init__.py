"""Language models, behind one small interface: text in, pieces of text out, as they come."""

from assistant.llm.base import LanguageModel, Message
from assistant.llm.loading import load, shown

__all__ = ["LanguageModel", "Message", "load", "shown"]
