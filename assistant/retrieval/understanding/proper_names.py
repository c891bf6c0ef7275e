"""Find the people, organisations and places that a question names."""

from __future__ import annotations

import re
from functools import cache

from assistant.languages.entries import union
from assistant.languages.lexicon import all_questions
from assistant.names.parse import name_words
from assistant.retrieval.analysis import is_function_word
from assistant.text import fold


def proper_names(question: str) -> tuple[str, ...]:
    """Return the distinct runs of capitalised words of a question, in order, as written.

    The first word counts unless it is a function word. In German, these include all nouns.
    """
    found: dict[str, None] = {}
    run: list[str] = []
    words = [*question.split(), "."]
    for position, word in enumerate(words):
        bare = word.strip("\"'“”„‚‘’«»()[]¿¡,;:?!.؟،…")
        following = words[position + 1][:1] if position + 1 < len(words) else ""
        if bare[:1].isupper() and not (
            (is_function_word(bare) or fold(bare) in _requests()) and (position == 0 or not run)
        ):
            run.append(re.sub(r"['’]s$", "", bare))
        elif not (run and word in name_words().within and following.isupper()):
            found.setdefault(" ".join(run))
            run = []
        else:
            run.append(word)
        if run and word[-1:] in ",;:?!.؟،":
            found.setdefault(" ".join(run))
            run = []
    return tuple(name for name in found if name)


@cache
def _requests() -> frozenset[str]:
    """Verbs that a request begins with, in any language."""
    return union(asking.asks.requests for asking in all_questions())
