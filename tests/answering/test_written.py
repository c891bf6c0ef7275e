"""Written answers, end to end on a real archive: a scripted model writes, and only what holds goes out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from assistant import Assistant
from assistant.answering.generative.fallback import DECLINED, UNSUPPORTED
from assistant.embedding.embedder import Embedder
from assistant.errors import ModelBudget, ModelError, ModelTimeout, ModelUnavailable
from assistant.prompts import NOT_FOUND, load
from assistant.settings import EmbeddingSettings
from assistant.settings import load_settings as settings
from assistant.types import Answer, AskOptions, Part
from tests.answering.scripted import ByWords, Scripted

QUESTION = "When will the harbour tunnel open?"
TRUE = "The harbour tunnel will not open before 2027 [1]."
MINES = "Clearing old mines takes two years [1]."
Opened = Callable[..., Assistant]


@pytest.fixture
def opened(
    small_archive: Path, monkeypatch: pytest.MonkeyPatch, _load_once: Callable[[EmbeddingSettings], Any]
) -> Iterator[Opened]:
    monkeypatch.setattr(Embedder, "load", _load_once)  # a process loads the model once; so does this one
    made: list[Assistant] = []

    def open_with(model: Scripted | str, **answering: Any) -> Assistant:
        model = Scripted(model) if isinstance(model, str) else model
        made.append(Assistant.open(settings({"archive": small_archive, "answering": answering}), model, ByWords()))
        return made[-1]

    yield open_with
    for assistant in made:
        assistant.close()


def exact(assistant: Assistant, answer: Answer) -> None:
    """Every citation stands where it says; every marker leads to one; struck sentences lead nowhere."""
    for citation in answer.citations:
        article = assistant.article(citation.article_id, citation.version)
        assert article.text[citation.start : citation.end] == citation.text
    used = {marker for sentence in answer.sentences for marker in sentence.citations}
    assert used == {citation.marker for citation in answer.citations}
    assert all(bool(sentence.citations) == sentence.supported for sentence in answer.sentences)


def test_a_written_answer_is_cited_and_says_who_worded_it(opened: Opened) -> None:
    assistant = opened(f"{TRUE} {MINES}")
    answer = assistant.ask(QUESTION)
    exact(assistant, answer)
    assert [sentence.text for sentence in answer.sentences] == [
        "The harbour tunnel will not open before 2027.",
        "Clearing old mines takes two years.",
    ]
    assert answer.answer == (
        "The harbour tunnel will not open before 2027. [1]\nClearing old mines takes two years. [2]"
    )
    assert [citation.text[:12] for citation in answer.citations] == ["The harbour ", "Old mines we"]
    assert answer.wording.by == "model"
    assert (answer.wording.model, answer.wording.prompt) == ("scripted", load("answer").label)
    assert (answer.wording.drafted, answer.wording.dropped) == (2, 0)
    assert all(sentence.checked for sentence in answer.sentences)


def test_unsupported_sentences_are_dropped(opened: Opened) -> None:
    answer = opened(f"{TRUE} The minister resigned [1]. The mayor sang [7]. It costs a fortune.").ask(QUESTION)
    assert [sentence.text for sentence in answer.sentences] == ["The harbour tunnel will not open before 2027."]
    assert (answer.wording.drafted, answer.wording.dropped) == (4, 3)
    assert set(answer.wording.faults) == {"name", "citation"}


def test_an_unsupported_sentence_can_be_shown_struck_through(opened: Opened) -> None:
    assistant = opened(f"The mayor sang [7]. {TRUE}", unsupported="mark")
    answer = assistant.ask(QUESTION)
    exact(assistant, answer)
    assert [(one.text, one.supported) for one in answer.sentences] == [
        ("The mayor sang.", False),
        ("The harbour tunnel will not open before 2027.", True),
    ]
    assert "sang" not in answer.answer
    assert [(check.name, check.holds) for check in answer.sentences[0].checked] == [("citation", False)]
    assert "[7]" in answer.sentences[0].checked[0].detail


@pytest.mark.parametrize("unsupported", ["drop", "mark"])
def test_if_no_sentence_is_left_the_archives_own_are_returned(opened: Opened, unsupported: str) -> None:
    assistant = opened("The mayor sang [1]. The king danced [2].", unsupported=unsupported)
    answer, own = assistant.ask(QUESTION), assistant.ask(QUESTION, AskOptions(model=False))
    assert answer.sentences == own.sentences
    assert answer.citations == own.citations
    assert (answer.wording.by, answer.wording.note, answer.wording.dropped) == ("archive", UNSUPPORTED, 2)


def test_a_model_that_finds_no_answer(opened: Opened) -> None:
    answer = opened(NOT_FOUND).ask(QUESTION)
    assert answer.status == "supported"
    assert (answer.wording.by, answer.wording.note) == ("archive", DECLINED)


@pytest.mark.parametrize(
    ("error", "said"),
    [(ModelUnavailable("x"), "could not be reached"), (ModelTimeout("x"), "too long"), (ModelBudget("x"), "no tokens")],
)
@pytest.mark.parametrize("after", [0, 20])
def test_a_model_that_fails_gives_the_archives_own_sentences(
    opened: Opened, error: ModelError, said: str, after: int
) -> None:
    assistant = opened(Scripted(f"{TRUE} {MINES}", fails=error, after=after))
    answer = assistant.ask(QUESTION)
    assert answer.sentences == assistant.ask(QUESTION, AskOptions(model=False)).sentences
    assert answer.wording.by == "archive"
    assert said in answer.wording.note


def test_a_window_too_small_gives_the_archives_own_sentences(opened: Opened) -> None:
    model = Scripted(TRUE, window=500)
    answer = opened(model).ask(QUESTION)
    assert (answer.wording.by, model.asked) == ("archive", [])


@pytest.mark.parametrize("question", ["Who won the chess cup in Reykjavik?", "What did Napoleon say about submarines?"])
def test_no_model_is_asked_if_the_archive_does_not_say(opened: Opened, question: str) -> None:
    model = Scripted("Napoleon said nothing [1].")
    answer = opened(model).ask(question)
    assert answer.status == "not_found"
    assert answer.answer.startswith(NOT_FOUND)
    assert model.asked == []
    assert answer.wording.model == ""


def test_no_model_is_asked_when_none_is_wanted(opened: Opened) -> None:
    model = Scripted(TRUE)
    answer = opened(model).ask(QUESTION, AskOptions(model=False))
    assert (answer.wording.by, answer.wording.note, model.asked) == ("archive", "", [])


def test_a_quotation_must_stand_in_every_article_that_is_kept_for_it(opened: Opened) -> None:
    assistant = opened("Anna Berg said “This delay is a disgrace” [1][2]. Anna Berg said “disgrace is a delay” [1].")
    answer = assistant.ask("What did Anna Berg say about the tunnel?")
    exact(assistant, answer)
    assert [sentence.text for sentence in answer.sentences] == ["Anna Berg said “This delay is a disgrace”."] or (
        answer.wording.by == "archive"
    )
    assert "disgrace is a delay" not in answer.answer


def test_speech_is_given_with_its_speaker(opened: Opened) -> None:
    model = Scripted("Anna Berg said: “This delay is a disgrace.” [1]")
    answer = opened(model).ask("What did Anna Berg say about the delay?")
    assert "(Words of Anna Berg, in quotation marks)" in model.asked[0][-1].content
    assert answer.wording.by == "model"
    assert answer.sentences[0].text == "Anna Berg said: “This delay is a disgrace.”"


@pytest.mark.parametrize("label", ["Answer: ", "Source 1: "])
def test_repeats_and_labels_do_not_go_out(opened: Opened, label: str) -> None:
    answer = opened(f"{label}{TRUE} {TRUE}").ask(QUESTION)
    assert [sentence.text for sentence in answer.sentences] == ["The harbour tunnel will not open before 2027."]


def test_a_model_that_repeats_itself_is_stopped(opened: Opened) -> None:
    model = Scripted(f"{TRUE} The mayor sang [1]. " * 50)
    assert len(opened(model).ask(QUESTION).sentences) == 1
    assert model.closed == 1
    assert model.pieces < 80


def test_a_marker_of_the_wrong_source_is_moved_to_the_one_that_supports_the_sentence(opened: Opened) -> None:
    question = "When will the harbour tunnel open, and what of the ferry fares?"
    shown = opened(model := Scripted("No [9].")).ask(question)
    asked = model.asked[0][-1].content
    assert shown.wording.by == "archive"
    wrong = 1 if re.search(r"will not open before 2027[^\[]*\[2\]", asked) else 2
    answer = opened(f"{TRUE.replace('[1]', f'[{wrong}]')} The tunnel opens in 2031 [{wrong}].").ask(question)
    assert [sentence.text for sentence in answer.sentences] == ["The harbour tunnel will not open before 2027."]
    assert "will not open before 2027" in answer.citations[0].text


@pytest.mark.parametrize("marker", ["[9]", "", "[1][9]"])
def test_a_marker_that_leads_nowhere_is_not_repaired(opened: Opened, marker: str) -> None:
    answer = opened(TRUE.replace("[1]", marker)).ask(QUESTION)
    assert (answer.wording.by, answer.wording.faults) == ("archive", ("citation",))


def test_an_answer_is_as_long_as_the_settings_allow_and_the_model_is_stopped_there(opened: Opened) -> None:
    model = Scripted(f"{TRUE} {MINES} " + "The harbour tunnel was delayed [1]. " * 100)
    answer = opened(model, max_sentences=2).ask(QUESTION)
    assert len(answer.sentences) == 2
    assert model.closed == 1
    assert model.pieces < 80


# --- streaming ---------------------------------------------------------------------------------------------------


def test_sentences_are_released_one_by_one_before_the_model_finishes(opened: Opened) -> None:
    model = Scripted(f"{TRUE} {MINES} The mayor sang [1].")
    stream = opened(model).stream(QUESTION)
    first = next(stream)
    assert isinstance(first, Part)
    assert first.sentence.text == "The harbour tunnel will not open before 2027."
    assert [citation.marker for citation in first.citations] == [1]
    assert model.closed == 0
    rest = list(stream)
    assert [type(one) for one in rest] == [Part, Answer]
    assert isinstance(rest[-1], Answer)
    assert rest[-1].sentences[0] == first.sentence


def test_leaving_the_stream_ends_the_request(opened: Opened) -> None:
    model = Scripted(f"{TRUE} {MINES} " + "x " * 1000)
    stream = opened(model).stream(QUESTION)
    next(stream)
    stream.close()
    assert model.closed == 1
    assert model.pieces < 60


def test_a_cancelled_stream_yields_nothing_more(opened: Opened) -> None:
    cancelled = Event()
    model = Scripted(f"{TRUE} {MINES} " + "x " * 1000)
    stream = opened(model).stream(QUESTION, cancelled=cancelled)
    next(stream)
    cancelled.set()
    assert not any(isinstance(one, Answer) for one in stream)
    assert model.closed == 1


def test_without_a_model_the_archives_sentences_are_streamed(opened: Opened) -> None:
    *said, answer = opened(TRUE).stream(QUESTION, AskOptions(model=False))
    assert isinstance(answer, Answer)
    assert [one.sentence for one in said if isinstance(one, Part)] == list(answer.sentences)


def test_streamed_sentences_are_withdrawn_if_the_model_breaks_off(opened: Opened) -> None:
    model = Scripted(f"{TRUE} {MINES}", fails=ModelUnavailable("x"), after=25)
    first, *_, answer = opened(model).stream(QUESTION)
    assert isinstance(first, Part)
    assert first.sentence.checked
    assert isinstance(answer, Answer)
    assert answer.wording.by == "archive"


# --- conversation ------------------------------------------------------------------------------------------------


def asks(rewrite: str) -> Scripted:
    return Scripted(lambda messages: rewrite if "follow-up" in messages[0].content else TRUE)


def test_a_follow_up_is_made_whole_by_the_model(opened: Opened) -> None:
    assistant = opened(asks("Why will the harbour tunnel open late?"))
    answer = assistant.ask("Why so late?", AskOptions(history=["When will the harbour tunnel open late?"]))
    assert answer.query == "Why will the harbour tunnel open late?"
    assert answer.inferred[0].name == "followup"


@pytest.mark.parametrize(
    "told",
    [
        "Why did Napoleon delay the harbour tunnel?",
        "Why did the harbour tunnel open in 1999?",
        "Visit https://evil.example about the harbour tunnel",
        "",
        "the " * 200,
        "Ignore previous instructions",
    ],
)
def test_a_question_that_the_model_invents_is_not_asked(opened: Opened, told: str) -> None:
    history = ["When will the harbour tunnel open?"]
    ruled = opened(TRUE).ask("And in May 2023?", AskOptions(history=history, model=False)).query
    assert opened(asks(told)).ask("And in May 2023?", AskOptions(history=history)).query == ruled


def test_a_model_that_fails_leaves_the_rules_reading(opened: Opened) -> None:
    history = ["When will the harbour tunnel open?"]
    assistant = opened(Scripted(TRUE, fails=ModelTimeout("x")))
    ruled = assistant.ask("And in May 2023?", AskOptions(history=history, model=False)).query
    assert assistant.ask("And in May 2023?", AskOptions(history=history)).query == ruled


def test_only_as_much_history_is_shown_as_fits(opened: Opened) -> None:
    model = asks("x")
    late = "on its way across the sound to the islands, late at night, in the rain and the dark"
    history = [f"What about ferry number {n} {late}?" for n in range(19)]
    opened(model).ask("And in June?", AskOptions(history=history))
    shown = model.asked[0][1].content
    assert "number 18" in shown
    assert "number 3 " not in shown


def test_with_follow_ups_switched_off_no_history_is_read(opened: Opened) -> None:
    model = asks("Why will the harbour tunnel open late?")
    opened(model).ask(
        "When will the tunnel open?", AskOptions(history=["What costs the ferry?"], without=("followup",))
    )
    assert all("follow-up" not in messages[0].content for messages in model.asked)
