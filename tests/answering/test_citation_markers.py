"""Claims and their markers, read from a stream."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.generative.citation_markers import DraftSentence, read

CASES: tuple[tuple[str, list[tuple[str, tuple[int, ...]]]], ...] = (
    ("The tunnel opens in 2027 [1].", [("The tunnel opens in 2027.", (1,))]),
    ("The tunnel opens in 2027. [1]", [("The tunnel opens in 2027.", (1,))]),
    ("The tunnel opens in 2027.[1]", [("The tunnel opens in 2027.", (1,))]),
    ("It opens late [1, 2]. Mines were found [3][1].", [("It opens late.", (1, 2)), ("Mines were found.", (3, 1))]),
    ("It opens late. [1] [2] Mines were found. 【3】", [("It opens late.", (1, 2)), ("Mines were found.", (3,))]),
    ("It opens late.[1]Mines were found.[2]", [("It opens late.", (1,)), ("Mines were found.", (2,))]),
    ("It opens late [1-3].", [("It opens late.", (1, 2, 3))]),
    ("It opens late [1;2] and dear [2 and 4].", [("It opens late and dear.", (1, 2, 4))]),
    ("It opens late [Source 2].", [("It opens late.", (2,))]),
    ("It opens late【4†source】.", [("It opens late.", (4,))]),
    ("It opens late [7].", [("It opens late.", (7,))]),
    ("It opens late [0].", [("It opens late.", (0,))]),
    ("It opens late [1", [("It opens late", ())]),
    ("Late [“No. ", [("Late [“No.", ())]),
    ("It opens late [2027].", [("It opens late [2027].", ())]),
    ("Nobody knows. It opens late [1].", [("Nobody knows.", ()), ("It opens late.", (1,))]),
    ("Mr. Berg of the U.S. Navy paid 5.3 million [1]. He left.", [("Mr. Berg of the U.S. Navy paid 5.3 million.", (1,)), ("He left.", ())]),
    ("- It opens late [1]\n- Mines were found [2]\n", [("It opens late", (1,)), ("Mines were found", (2,))]),
    ("1. It opens late. [1]\n2. Mines were found. [2]", [("It opens late.", (1,)), ("Mines were found.", (2,))]),
    ("[1] It opens late.\n[2] Mines were found.", [("It opens late.", (1,)), ("Mines were found.", (2,))]),
    ("It opens late.\n[1]\nMines were found.\n[2]", [("It opens late.", (1,)), ("Mines were found.", (2,))]),
    ("**It opens** `late` [1].", [("It opens late.", (1,))]),
    ("# Answer\n\nIt opens late [1].", [("Answer", ()), ("It opens late.", (1,))]),
    ("She said: “It is late. It is a disgrace.” [1] He left [2].", [("She said: “It is late. It is a disgrace.”", (1,)), ("He left.", (2,))]),
    ("It opens\u200b late [\u200b1\u202e].", [("It opens late.", (1,))]),
    ("Der Tunnel öffnet am 12. Mai [1].", [("Der Tunnel öffnet am 12. Mai.", (1,))]),
    ("隧道将于2027年开放。[1] 发现了水雷。[2]", [("隧道将于2027年开放。", (1,)), ("发现了水雷。", (2,))]),
    ("See [here](https://x.example) [1].", [("See [here](https://x.example).", (1,))]),
    ("See [1](https://x.example).", [("See [1](https://x.example).", ())]),
    ("", []),
    (" [1] \n", []),
    ("Is it late?! [1] Yes!", [("Is it late?!", (1,)), ("Yes!", ())]),
)  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[case[0][:40] for case in CASES])
def test_claims(text: str, wanted: list[tuple[str, tuple[int, ...]]]) -> None:
    language = "de" if text.startswith("Der") else "en"
    assert list(read([text], language)) == [DraftSentence(*one) for one in wanted]
    assert list(read(text, language)) == [DraftSentence(*one) for one in wanted], "a character at a time"


_PARTS = st.sampled_from(
    [*"[]【】(),.!?\n -1237“”\"'*#", ". ", " [1]", "[2, 3]", "[1][2]. ", "The mayor ", "said. ", "U.S. ", "Dr. ", "late", "\n- ", "1. ", "“No. ", "Yes.” "]
)  # fmt: skip


@given(st.lists(_PARTS, max_size=40).map("".join), st.lists(st.integers(0, 120), max_size=12))
def test_any_split_gives_the_same_claims(text: str, cuts: list[int]) -> None:
    at = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    pieces = [text[start:end] for start, end in pairwise(at)]
    assert list(read(pieces)) == list(read([text]))


@given(st.lists(_PARTS, max_size=40).map("".join))
def test_streamed_claims_neither_lose_nor_repeat_a_word(text: str) -> None:
    """Words are never lost or told twice, however the sentences lie."""
    told = "".join("".join(filter(str.isalpha, claim.text)) for claim in read(text))
    assert told == "".join(filter(str.isalpha, text))


def test_a_claim_is_released_before_the_next_is_complete() -> None:
    pieces = iter(["It opens late. [1] Mines ", "were found. [2]"])
    claims = read(pieces)
    assert next(claims) == DraftSentence("It opens late.", (1,))
    assert next(pieces) == "were found. [2]"


def test_text_that_never_ends_is_taken_as_it_is() -> None:
    claims = list(read(["and so on "] * 2_000))
    assert len(claims) > 3
    assert max(len(claim.text) for claim in claims) <= 3_010
