"""Let a model rewrite a follow-up as a full question, subject to the rules.

The model may only rephrase: it must use no word that the asker did not use, and must keep the names and numbers of the
rules' own reading. Otherwise, the rules' reading is used.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from secrets import token_hex
from threading import Event

from assistant.answering.checks import links
from assistant.answering.generative.prompting import shown
from assistant.answering.generative.writer import closing_pieces
from assistant.errors import ModelError
from assistant.llm.base import LanguageModel, Message
from assistant.prompts import load
from assistant.retrieval.analysis import is_function_word, terms
from assistant.retrieval.stems import roots
from assistant.retrieval.understanding.proper_names import proper_names
from assistant.text import words

log = logging.getLogger(__name__)

_LONGEST = 300
"""Most characters in a question rewritten by a model."""
_WORDS = 12
"""Most words in a question that may be a follow-up; a longer one is taken to be self-contained."""
_TOKENS = 96
"""Most tokens that the model may write."""
_HISTORY_TOKENS = 300
"""Most tokens of the conversation that the model is shown."""


def rewritten(
    model: LanguageModel,
    question: str,
    history: Sequence[str],
    ruled: str,
    language: str,
    cancelled: Event | None = None,
) -> str | None:
    """Return a follow-up in full, as rewritten by a model; None if the rules' reading is to be used.

    :param history: the questions before it, oldest first; the latest of them, up to 300 tokens, are shown to the model.
    :param ruled: the rules' reading; the same as ``question`` if they take it to be self-contained.
    """
    kept = _bounded(model, history)
    alone = ruled == question and (bool(proper_names(question)) or len(question.split()) > _WORDS)
    if not kept or alone:
        return None
    values = {"history": "\n".join(f"- {shown(one)}" for one in kept), "question": shown(question)}
    fence = token_hex(8)
    messages = [Message(role, text) for role, text in load("rewrite").filled({**values, "fence": fence})]
    try:
        with closing(closing_pieces(model.stream(messages, _TOKENS, cancelled))) as pieces:
            output = "".join(pieces)
    except ModelError as error:
        log.warning("the language model could not rewrite the question: %s", error)
        return None
    candidate = " ".join(output.split()).strip("\"“”' ")
    return candidate if candidate != ruled and follows(candidate, question, kept, ruled, language) else None


def follows(candidate: str, question: str, history: Sequence[str], ruled: str, language: str) -> bool:
    """Tell whether a rewritten question adds nothing to what was asked and drops nothing from the rules' reading."""
    if not candidate or len(candidate) > _LONGEST or not links.check(candidate, ()).holds:
        return False
    asked = {root for one in (question, *history, ruled) for root in roots(one, language)}
    mine = set(roots(candidate, language))
    invented = [
        word for word in words(candidate) if not is_function_word(word) and not set(roots(word, language)) & asked
    ]
    own = {one.root for one in terms(question, language) if not is_function_word(one.word)}
    named = {one.root for one in terms(ruled, language) if one.kind in ("name", "number")}
    return not invented and own <= mine and named <= mine


def _bounded(model: LanguageModel, history: Sequence[str]) -> list[str]:
    kept: list[str] = []
    room = _HISTORY_TOKENS
    for one in reversed(history):
        room -= model.count(shown(one)) + 2
        if room < 0:
            break
        kept.insert(0, one)
    return kept
