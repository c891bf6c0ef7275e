"""Language models, behind one small interface: text in, pieces of text out, as they come."""

from assistant.models.base import LanguageModel, Message
from assistant.models.loading import load, shown

__all__ = ["LanguageModel", "Message", "load", "shown"]
