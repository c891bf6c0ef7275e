"""Questions that ask for a count: of the archive's articles, which nobody answers here, or of how often something was.

An article may say that a ferry ran aground three times. How many articles mention the ferry, no article says.
"""

from __future__ import annotations

import re
from functools import cache

from assistant.languages.lexicon import answer_types


def counts_coverage(question: str) -> bool:
    """Tell whether a question asks how much the archive has on something: "How many articles mention the ferry?"."""
    return _any_of(answer_types().coverage).search(question) is not None


def asks_how_often(question: str) -> bool:
    """Tell whether a question asks how often something happened."""
    return _any_of(answer_types().often).search(question) is not None


def says_how_often(text: str) -> bool:
    """Tell whether a text has what can answer "how often": "three times", "twice", "every week"."""
    return _any_of(answer_types().times).search(text) is not None


@cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)
