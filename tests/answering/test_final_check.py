from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.answering.checks.final import verified
from assistant.answering.quoted_spans import occurrences, quotations
from assistant.text import Span
from assistant.types import Answer, Citation, Freshness, Sentence, StoredArticle

TEXT = (
    "The mayor, Ana Berg, said on Monday: “We will open the harbour again, and we’ll do it before winter.” "
    "Her rival, Tom Hale, called that “a fairy tale for children” and “naive”. "
    "“Nobody,” he added, “believes in a second ‘golden decade’ for this town.” The plan is known as “Blue Quay”."
)
OTHER = "The harbour stays closed, the council said. “We will open the harbour again,” it had promised."


def stored(text: str = TEXT, article_id: str = "a1") -> StoredArticle:
    return StoredArticle(1, article_id, 1, True, text, "", "H", "", "Post", "", "en", None, None)


def cited(start: int, end: int, marker: int = 1, text: str = TEXT, article_id: str = "a1") -> Citation:
    return Citation(marker, article_id, 1, "H", "Post", "", None, "", "en", start, end, text[start:end])


def answer(*sentences: Sentence, citations: Sequence[Citation]) -> Answer:
    said = " ".join(sentence.text for sentence in sentences)
    return Answer(
        question="Q?", answer=said, status="supported", reason="", sentences=sentences, citations=tuple(citations),
        near_misses=(), freshness=Freshness(1, None, None, None),
    )  # fmt: skip


ARTICLES = {"a1": stored(), "a2": stored(OTHER, "a2")}


def article(article_id: str, version: int) -> StoredArticle | None:
    return ARTICLES.get(article_id) if version == 1 else None


def between(first: str, last: str) -> Span:
    start = TEXT.index(first)
    return start, TEXT.index(last, start) + len(last)


SAID = {
    "Ana Berg": [between("“We will", "winter.”")],
    "Tom Hale": [between("“a fairy", "children”"), between("“naive", "naive”"), between("“Nobody", "town.”")],
}


def spoken(record: StoredArticle, speaker: str) -> tuple[Sequence[Span], Sequence[Span]]:
    if record.id != "a1":
        return (), ()
    return SAID.get(speaker, ()), [span for name, spans in SAID.items() if name != speaker for span in spans]


def goes_out(text: str, speaker: str | None = None, citation: Citation | None = None) -> bool:
    one = citation or cited(0, len(TEXT))
    checked, withheld = verified(answer(Sentence(text, (1,), 1.0, speaker), citations=[one]), article, spoken)
    assert len(checked.sentences) + len(withheld) == 1
    return bool(checked.sentences)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Berg said: “We will open the harbour again”.", "Ana Berg"),
        ('Berg said: "We will open the harbour again".', "Ana Berg"),
        ("Berg: «We will open   the harbour again, and we'll do it before winter.»", "Ana Berg"),
        ("Berg sagte: „We will open the harbour again“.", None),
        ("Hale spoke of “a fairy tale for children”.", "Tom Hale"),
        ("Hale: “believes in a second “golden decade” for this town”", "Tom Hale"),
        ("Hale: 「believes in a second 'golden decade' for this town」", "Tom Hale"),
        ("The plan, “Blue Quay”, is Berg’s.", "Ana Berg"),
        ("The mayor spoke on Monday.", "Ana Berg"),
        ("The voters’ mayor doesn't say 'naive'.", "Tom Hale"),
    ],
)
def test_sentences_that_are_in_the_article_pass(text: str, speaker: str | None) -> None:
    assert goes_out(text, speaker)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Berg said: “We will open the port again”.", None),
        ("Berg said: “We will not open the harbour again”.", None),
        ("Berg said: “We will open the harbour”, “again before winter”.", None),
        ("Berg said: “we will open the harbour again”.", None),
        ("Berg said: “We will open the harbour agai”.", None),
        ("Berg said: “We will … before winter”.", None),
        ("Berg said: ‘We will close the harbour again’.", None),
        ("Berg said: 《We will close the harbour again》.", None),
        ("Berg said: “We will close the harbour again.", None),
        ("We will close the harbour again”, Berg said.", None),
        ('We will close the harbour again," Berg said.', None),
        ("Berg called it “a fairy tale for children”.", "Ana Berg"),
        ("Berg called it “naive”.", "Ana Berg"),
        ("Hale said: “We will open the harbour again”.", "Tom Hale"),
        ("Nobody known said: “We will open the harbour again”.", "Somebody Else"),
        ("Berg said: “on Monday: We will open”.", "Ana Berg"),
    ],
)
def test_sentences_that_are_not_in_the_article_are_withheld(text: str, speaker: str | None) -> None:
    assert not goes_out(text, speaker)


def test_a_citation_of_nothing_or_of_another_place_supports_nothing() -> None:
    text = "Berg said: “We will open the harbour again”."
    assert not goes_out(text, None, replace(cited(0, 50), article_id="a9"))
    assert not goes_out(text, None, replace(cited(0, 50), version=2))
    assert not goes_out(text, None, replace(cited(0, 50), start=1, end=51))
    assert not goes_out("Berg said: “We will do it before winter”.", None, cited(0, 30, text=OTHER, article_id="a2"))
    assert not goes_out(text, "Ana Berg", cited(0, 30, text=OTHER, article_id="a2"))
    checked, withheld = verified(answer(Sentence(text, (7,), 1.0), citations=[cited(0, 50)]), article, spoken)
    assert (checked.status, checked.sentences, checked.citations) == ("not_found", (), ())
    assert withheld[0].reason
    assert checked.answer.startswith("The archive does not say.")


def test_supported_sentences_are_kept_and_their_citations_renumbered() -> None:
    good = Sentence("Hale spoke of “a fairy tale for children”.", (1, 2), 0.9, "Tom Hale")
    bad = Sentence("Hale spoke of “a fairy tale for adults”.", (1,), 0.8, "Tom Hale")
    last = Sentence("It is “Blue Quay”.", (3,), 0.7)
    citations = [cited(0, 20, 1, OTHER, "a2"), cited(0, len(TEXT), 2), cited(5, 30, 3)]
    checked, withheld = verified(answer(good, bad, last, citations=citations), article, spoken)
    assert [(s.text, s.citations) for s in checked.sentences] == [(good.text, (1,)), (last.text, (2,))]
    assert [(c.marker, c.article_id, c.start) for c in checked.citations] == [(1, "a1", 0), (2, "a1", 5)]
    assert checked.answer == f"{good.text} [1]\n{last.text} [2]"
    assert [w.sentence for w in withheld] == [bad]


def test_an_answer_that_holds_is_left_as_it_is() -> None:
    fine = answer(Sentence("Hale: “naive”.", (1,), 1.0, "Tom Hale"), citations=[cited(0, len(TEXT))])
    assert verified(fine, article, spoken) == (fine, ())


QUOTED = [(start, end) for start, end in quotations(TEXT) if len(TEXT[start:end].split()) > 2]
WORD = st.text("abcdefghij", min_size=1, max_size=8)
MARKS = st.sampled_from(["“”", "„“", "«»", "»«", '""', "「」", "『』", "《》", "‹›", "❝❞", "＂＂"])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(QUOTED), MARKS, st.data())
def test_a_changed_word_never_passes_whatever_the_quotation_marks(span: Span, marks: str, data: st.DataObject) -> None:
    words = TEXT[slice(*span)].split()
    speaker = next(name for name, spans in SAID.items() if any(s <= span[0] and span[1] <= e for s, e in spans))
    assert goes_out(f"It was said: {marks[0]}{' '.join(words)}{marks[1]}", speaker)
    place = data.draw(st.integers(0, len(words) - 1))
    how = data.draw(st.sampled_from(["replace", "drop", "insert", "swap"]))
    changed = list(words)
    if how == "replace":
        changed[place] = data.draw(WORD)
    elif how == "insert":
        changed.insert(place, data.draw(WORD))
    elif how == "drop" and 0 < place < len(words) - 1:
        del changed[place]
    else:
        changed[place - 1], changed[place] = changed[place], changed[place - 1]
    assume(not list(occurrences(" ".join(changed), TEXT)))
    assert not goes_out(f"It was said: {marks[0]}{' '.join(changed)}{marks[1]}", speaker)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(QUOTED), st.sampled_from(["Ana Berg", "Tom Hale", "Somebody Else"]))
def test_another_speaker_never_gets_the_words(span: Span, speaker: str) -> None:
    own = any(s <= span[0] and span[1] <= e for s, e in SAID.get(speaker, ()))
    assert goes_out(f"Said: “{TEXT[slice(*span)]}”", speaker) == own


@settings(max_examples=200, deadline=None)
@given(st.text("ab “”„\"'’‘«»()., ", max_size=40))
def test_quotations_are_spans_of_the_text_and_any_part_of_a_text_stands_in_it(text: str) -> None:
    spans = quotations(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    for start, end in occurrences(text, f"a b. {text} b"):
        assert 0 <= start < end <= len(text) + 7


def test_what_is_given_beside_an_answer_stands_in_the_archive_too() -> None:
    start, end = between("The plan is known", "Quay”.")
    right = cited(start, end, 2)
    altered = replace(right, marker=1, text=right.text.replace("Blue", "Grey"))
    gone = replace(right, marker=3, article_id="a9")
    sentence = Sentence(TEXT[start:end], (1,), 1.0)
    given = replace(answer(sentence, citations=[cited(start, end)]), also=(altered, right, gone))
    kept, withheld = verified(given, article, spoken)
    assert kept.also == (replace(right, marker=1),)
    assert kept.sentences == (sentence,)
    assert not withheld
