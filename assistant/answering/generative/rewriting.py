"""A follow-up made whole by a model, where the rules bear it out.

What a model makes of a follow-up is only a way of asking: it may use no word that the asker did not, and must keep the
names and numbers that the rules would have asked for. Where it does not, the rules' reading stands.
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
"""Characters of a question that a model made whole."""
_WORDS = 12
"""Words of a question that may go on from another; a longer one says itself what it means."""
_TOKENS = 96
"""Tokens that the model may write."""
_HISTORY_TOKENS = 300
"""Tokens of the conversation that the model is shown."""


def rewritten(
    model: LanguageModel,
    question: str,
    history: Sequence[str],
    ruled: str,
    language: str,
    cancelled: Event | None = None,
) -> str | None:
    """Return a follow-up in full, as a model words it; None where what the rules made of it stands.

    :param history: the questions before it, oldest first; the latest of them, up to 300 tokens, are shown to the model.
    :param ruled: what the rules made of it; the same as ``question`` where they take it to stand on its own.
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
            told = "".join(pieces)
    except ModelError as error:
        log.warning("the language model was not asked for the whole question: %s", error)
        return None
    candidate = " ".join(told.split()).strip("\"“”' ")
    return candidate if candidate != ruled and follows(candidate, question, kept, ruled, language) else None


def follows(candidate: str, question: str, history: Sequence[str], ruled: str, language: str) -> bool:
    """Tell whether a question made whole says no more than was asked, and no less than the rules would ask."""
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
