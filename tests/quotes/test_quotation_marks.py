"""Quotation marks: found, told from apostrophes, paired, whatever the language."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from itertools import pairwise
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.quotes.common.quotation_marks import outermost, paragraphs, quotations

TraceFunction = Callable[[FrameType, str, Any], Any]

SOUP = st.text(alphabet="aZ é1.,?!:;-—()\n“”„‟«»‹›\"'‘’‚‛「」『』`#", max_size=300)


def held(text: str) -> list[str]:
    return [text[slice(*quotation.span)] for quotation in quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We will,” he said, “not go.”", ["“We will,”", "“not go.”"]),
        ('He said "I won\'t" and "the voters\' will" too.', ['"I won\'t"', '"the voters\' will"']),
        ("„Ja“, sagte er, „wir gehen“.", ["„Ja“", "„wir gehen“"]),
        ("»Nein«, sagte er. »Doch.«", ["»Nein«", "»Doch.«"]),
        ("« Oui », dit-il. «Non»", ["« Oui »", "«Non»"]),
        ("”Hej”, sa han. ”Ja”", ["”Hej”", "”Ja”"]),
        ("彼は「行く」と言った。『本』", ["「行く」", "『本』"]),
        ("“He said ‘no’ to us.”", ["“He said ‘no’ to us.”", "‘no’"]),
        ("'We are the voters' choice,' he said. 'Em all.", ["'We are the voters' choice,'"]),
        ("It's the '90s, and the dogs' bowls are Ann's.", []),
        ("``Yes,'' she said.", ["``Yes,''"]),
        ("“So it is,’’ said Ann Lee. “He said ‘no’.’’", ["“So it is,’’", "“He said ‘no’.’’", "‘no’"]),
        ("“It is odd,“ said Ann Lee. “Very.“", ["“It is odd,“", "“Very.“"]),
        ('5\'10" tall and "that is all"', ['"that is all"']),
    ],
)
def test_marks_of_the_world(text: str, expected: list[str]) -> None:
    assert held(text) == expected


def test_inner_is_without_marks_and_blanks() -> None:
    text = "« Oui, bien sûr »"
    (quotation,) = quotations(text)
    assert text[slice(*quotation.inner)] == "Oui, bien sûr"
    assert quotation.closed
    assert quotation.level == 0


def test_nested_quotation_has_a_level() -> None:
    levels = [quotation.level for quotation in quotations("“She said ‘go “now” please’ twice.”")]
    assert levels[0] == 0
    assert levels[1] == 1


def test_quotation_over_paragraphs_is_one() -> None:
    text = "“First of all.\n\n“Then the rest.\n\n“And the end.”\n\nHe left. “Bye.”"
    assert held(text) == ["“First of all.\n\n“Then the rest.\n\n“And the end.”", "“Bye.”"]


def test_unclosed_quotation_ends_with_its_paragraph() -> None:
    text = "He said “never mind.\n\nA new paragraph without any marks.\n\nThen “yes” again."
    first, second = quotations(text)
    assert text[slice(*first.span)] == "“never mind."
    assert not first.closed
    assert text[slice(*second.span)] == "“yes”"


def test_next_opening_mark_ends_an_unclosed_quotation() -> None:
    text = "“One thing, he said. “Another thing,” she said."
    first, second = quotations(text)
    assert not first.closed
    assert first.span[1] <= second.span[0]
    assert text[slice(*second.span)] == "“Another thing,”"


def test_paragraphs_by_lines_where_there_are_no_blank_lines() -> None:
    assert paragraphs("one\ntwo") == [(0, 3), (4, 7)]
    assert paragraphs("one\ntwo\n\nthree") == [(0, 7), (9, 14)]
    assert paragraphs(" \n ") == []


@given(SOUP)
@settings(max_examples=100, deadline=None)
def test_spans_hold_in_any_text(text: str) -> None:
    previous = -1
    for quotation in quotations(text):
        start, end = quotation.span
        assert 0 <= start < end <= len(text)
        assert start <= quotation.inner[0] <= quotation.inner[1] <= end
        assert start >= previous
        previous = start
    spans = [quotation.span for quotation in outermost(text)]
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


@given(SOUP)
@settings(max_examples=200, deadline=None)
def test_nested_quotations_stand_within_an_outer_one(text: str) -> None:
    found = quotations(text)
    for quotation in found:
        if quotation.level:
            assert any(
                other.level < quotation.level and other.span[0] <= quotation.span[0] <= other.span[1] for other in found
            )


@pytest.mark.parametrize("unit", ["“", "”", '"', "‘a ", "« ", "“a\n\n", "„‚“‘ ", "'a "])
def test_time_is_linear(unit: str) -> None:
    assert _lines_run(unit * 4000) < 8.5 * _lines_run(unit * 500)
    began = time.thread_time()  # what a single line of ours has done by others
    quotations(unit * 40_000)
    assert time.thread_time() - began < 20


def _lines_run(text: str) -> int:
    """Count the lines of Python that are executed to find the quotations of a text: the same number each time."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return trace

    previous = sys.gettrace()
    sys.settrace(trace)
    try:
        quotations(text)
    finally:
        sys.settrace(previous)
    return count
