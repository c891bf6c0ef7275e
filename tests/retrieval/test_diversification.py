"""Which sentences are read first, when what the answer is can only be guessed from what they hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.diversification import Piece, candidates, choose
from assistant.text import words

_QUESTION = frozenset(words("Who opened the bridge of Marnau?"))


def _order(*pieces: Piece, kind: str = "person", most: int = 9, first: int | None = None) -> list[int]:
    return [place for place, _ in choose(pieces, _QUESTION, kind, most, first)]


def test_a_repetition_falls_behind_another_answer() -> None:
    order = _order(
        Piece("The bridge of Marnau was opened by Ebba Lind.", 2.9, 1),
        Piece("Ebba Lind opened the bridge of Marnau.", 2.9, 1),
        Piece("The bridge of Marnau was opened by Jonas Falk.", 2.9, 3),
    )
    assert order == [1, 2, 0]


def test_answers_in_several_articles_rank_above_an_answer_in_one() -> None:
    pieces = [
        Piece("The bridge was opened by Otto Brandt in the rain.", 2.0, 1),
        Piece("It was opened by Ebba Lind, they said, in rain.", 2.0, 2),
        Piece("Ebba Lind was there to open it, in the rain.", 1.9, 3),
    ]
    assert _order(*pieces)[0] == 1
    one_article = [Piece(piece.text, piece.logit, 7) for piece in pieces[1:]]
    assert _order(pieces[0], *one_article)[0] == 0, "an article has one vote, however often it says it"


def test_a_short_sentence_is_read_before_a_long_one_that_holds_the_same() -> None:
    long = "It was, as everybody who had come there early on that day could see for himself, Ebba Lind who opened it."
    assert _order(Piece(long, 2.0, 1), Piece("Ebba Lind opened it that day.", 2.0, 2)) == [1, 0]


def test_a_number_counts_more_where_one_is_asked_for() -> None:
    text = "Falk paid 5.3 million for 12 barges, and sang “Row On”."
    numbers, person = candidates(text, frozenset({"12"}), "number"), candidates(text, frozenset(), "person")
    assert numbers["5.3 million"] > numbers["falk"] > numbers["barges"]
    assert person["falk"] > person["5.3 million"]
    assert "12" not in numbers
    assert "“row on" in numbers
    assert "for" not in numbers


def test_the_first_is_of_the_article_named() -> None:
    pieces = [Piece("Ebba Lind opened it.", 5.0, 1), Piece("Jonas Falk was late for the opening.", 0.0, 2)]
    assert _order(*pieces, first=2) == [1, 0]
    assert _order(*pieces, first=3) == [0, 1]


@given(
    st.lists(st.tuples(st.text(max_size=60), st.floats(-900, 900), st.integers(0, 3)), max_size=12),
    st.sampled_from(["", "person", "number", "time"]),
    st.integers(1, 15),
)
def test_each_piece_is_chosen_once_whatever_stands_in_it(
    rows: list[tuple[str, float, int]], kind: str, most: int
) -> None:
    found = choose([Piece(*row) for row in rows], _QUESTION, kind, most)
    places = [place for place, _ in found]
    assert len(places) == len(set(places)) == min(most, len(rows))
    assert all(0 <= trust <= 1 for _, trust in found)
