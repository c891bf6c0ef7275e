"""Words that somebody is reported not to have said: extracted as such, and no quote of an archive."""

from __future__ import annotations

import pytest

from assistant.quotes.extract import extract, quotes
from assistant.testing import memory_assistant
from assistant.types import Article

UNSAID = [
    "Harbour master Ada Holm would not say that the quay was safe.",
    "Holm did not say whether the quay was safe.",
    "Holm has never said that the quay was safe.",
    "Holm didn't tell reporters that the quay was safe.",
    "Holm failed to say that she owns a boat.",
    "Holm neglected to tell reporters that the quay was safe.",
    "Holm left without saying that she would return.",
    "Holm did not confirm or deny that the quay was sold.",
    "If Holm says that the quay is safe, the ferries will sail.",
    "Nobody at the meeting said that the quay was safe.",
    "No one said that the quay was safe.",
    "None of the engineers said that the quay was safe.",
]
SAID = [
    ("Holm said that the quay was not safe.", "said"),
    ("Holm said that she would not say more.", "said"),
    ("Holm did not wait and said that the quay was safe.", "said"),
    ("Holm denied that the quay was sold.", "denied"),
    ("Holm does not think that the quay is safe.", "think"),
    ("“It is not safe,” Holm said, not smiling.", "said"),
    ("“I did not say that,” Holm told reporters.", "told"),
    ("Asked if the quay was safe, Holm said that it was.", "said"),
]


@pytest.mark.parametrize("text", UNSAID)
def test_words_that_were_not_said_are_recognised(text: str) -> None:
    unsaid = [one for one in extract(text, "en") if one.unsaid]
    assert len(unsaid) == 1
    assert unsaid[0] not in quotes(text, "en")


@pytest.mark.parametrize(("text", "cue"), SAID)
def test_words_that_were_said_stay_quotes(text: str, cue: str) -> None:
    assert cue in [text[slice(*one.cue)] for one in quotes(text, "en") if one.cue]


def test_an_archive_lists_nothing_that_was_not_said() -> None:
    text = "Ada Holm would not say that the quay was safe. “I am no engineer,” Holm told reporters."
    with memory_assistant([Article(text, headline="Quay inspected", language="en")]) as assistant:
        assert [quote.text for quote in assistant.quotes(speaker="Ada Holm").quotes] == ["“I am no engineer,”"]
