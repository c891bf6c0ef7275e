"""Tell who speaks for whom: "the spokesman of the Kremlin", "Kremlin’s spokesman", "Kremlsprecher"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.names.parse import name_words
from assistant.text import fold

_WORD = re.compile(r"\w+(?:-\w+)*")
_NEAR = 3
"""Most words between the role and the body that it speaks for."""
_INFLECTED = 4
"""Letters that the forms of a word share, or all but two of a longer one: Кремль, Кремля."""


def speaks_for(mention: str, body: str) -> bool:
    """Tell whether ``mention`` says that somebody speaks for ``body``."""
    said, asked = _words(mention), [word for word in _words(body) if word not in name_words().articles]
    if not asked:
        return False
    return any(
        _is_spokesperson(said, place) and (_beside(said, place, asked) or _compound(said[place], asked))
        for place in range(len(said))
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(re.sub(r"[’']s?(?!\w)", "", fold(text)))


def _is_spokesperson(said: Sequence[str], place: int) -> bool:
    word = said[place]
    spokespeople = name_words().spokespeople
    if word == "secretary":
        return place > 0 and said[place - 1] == "press"
    return word in spokespeople or any(word.endswith(one) for one in spokespeople if len(one) > 7)


def _beside(said: Sequence[str], place: int, asked: Sequence[str]) -> bool:
    """Whether the words asked for are adjacent, and close to the role."""
    for start in range(max(0, place - _NEAR - len(asked) + 1), min(len(said), place + _NEAR + 1)):
        part = said[start : start + len(asked)]
        if len(part) == len(asked) and all(map(_same, part, asked)):
            return True
    return False


def _compound(word: str, asked: Sequence[str]) -> bool:
    """Whether both are written as one German compound: Kremlsprecher."""
    return len(asked) == 1 and len(asked[0]) > 3 and word != asked[0] and word.startswith(asked[0])


def _same(written: str, asked: str) -> bool:
    if written == asked:
        return True
    kept = max(_INFLECTED, len(asked) - 2)
    return not asked.isascii() and len(asked) > _INFLECTED and written[:kept] == asked[:kept]
