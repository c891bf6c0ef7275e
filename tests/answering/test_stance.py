"""Sides of a question that can be answered with yes: what says so, what says not, what only bears on it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.extractive.stance import side

ENGLISH = [
    ("Did Will Berg push Ada Holm?", "Will Berg pushed Ada Holm.", "says"),
    ("Did the bank raise interest rates?", "The bank raised its key short-term interest rates.", "says"),
    ("Did Ada Holm resign?", "Why did Ada Holm resign?", "bears"),
    ("Did Ada Holm resign?", "An aide to Ada Holm resigned.", "bears"),
    ("Did Ada Holm resign?", "Holm’s deputy resigned.", "bears"),
    ("Did Ada Holm resign?", "Holm stayed on, as did Berg when his deputies resigned.", "bears"),
    ("Did Ada Holm resign?", "Two deputies resign citing a lack of confidence in Holm.", "bears"),
    ("Did Ada Holm resign?", "Holm said two deputies resigned.", "bears"),
    ("Did Tomas Berg push Ada Holm?", "Ada Holm pushed Tomas Berg.", "bears"),
    ("Did Tomas Berg push Ada Holm?", "Berg quickly pushed Holm.", "says"),
    (
        "Did Vesland approve the ferry contract?",
        "Tavik rejected the notion that the contract was poor, Vesland said.",
        "bears",
    ),
    ("Did Ada Holm resign as mayor?", "Ada Holm has not resigned as mayor, her office said.", "denies"),
    ("Did Ada Holm resign as mayor?", "Mayor Ada Holm resigned on Tuesday, the council said.", "says"),
    ("Did Ada Holm resign as mayor?", "Holm has not stepped down.", "bears"),
    ("Did Ada Holm resign as mayor?", "Holm’s office denied on Tuesday that she had resigned.", "denies"),
    ("Did Ada Holm resign as mayor?", "Critics called on Holm to resign.", "bears"),
    ("Did Ada Holm resign as mayor?", "Holm may resign, two papers say.", "bears"),
    ("Did Ada Holm resign as mayor?", "Holm announced her resignation.", "bears"),
    ("Did Ada Holm resign as mayor?", "Holm refused to resign.", "denies"),
    ("Did Ada Holm resign as mayor?", "Holm ruled out resigning.", "denies"),
    ("Did Ada Holm resign?", "Tomas Berg resigned on Tuesday.", "bears"),
    ("Did Ada Holm resign?", "She resigned on Tuesday.", "bears"),
    ("Did Ada Holm resign?", "If Holm had resigned, the talks would have ended.", "bears"),
    ("Did Ada Holm resign?", "Holm said that she had not seen the report, and resigned.", "bears"),
    ("Did Ada Holm resign?", "It is unlikely that Holm resigned.", "bears"),
    ("Did Holm resign?", "Nobody was hurt when Holm resigned.", "says"),
    ("Did Holm resign?", "The office denied it.", "bears"),
    ("Did Meridian win the cup?", "Meridian won the cup.", "says"),
    ("Did Meridian win the cup?", "Meridian did not win.", "bears"),
    ("Did Vesland join the Customs League?", "Tavik joined the Customs League in 1952.", "bears"),
    ("Did Vesland join the Customs League?", "Vesland joined the League.", "says"),
    ("Did inflation reach 10 per cent?", "Inflation reached 9 per cent.", "bears"),
    ("Did inflation reach 10 per cent?", "Inflation reached 10% in May.", "says"),
    (
        "Did the Upper Court overturn Alder v. Quill?",
        "The Upper Court overturned Alder v. Quill on Friday, holding that there is no longer a right to fish there.",
        "says",
    ),
    (
        "Did the Upper Court overturn Alder v. Quill?",
        "The Upper Court ruled on Friday that the charter confers no right to fish.",
        "bears",
    ),
    ("Did the harbour company raise fares?", "The harbour company denied wrongdoing after it raised fares.", "bears"),
    ("Did the harbour company raise fares?", "The harbour company didn’t raise fares.", "denies"),
    ("Didn't Holm resign?", "Holm resigned.", "bears"),
    ("Is the bridge closed?", "The bridge is closed until June.", "says"),
    ("Is the bridge closed?", "The bridge is not closed.", "denies"),
    ("Will Ada Holm resign?", "Holm will resign in May.", "says"),
    ("Did Ada Holm resign over the fares?", "Ada Holm resigned on Tuesday.", "says"),
    ("Is the mill on Quay Street flooded?", "The mill on Quay Street opens on Sundays.", "bears"),
    ("Is the mill on Quay Street flooded?", "The mill on Quay Street is flooded.", "says"),
    ("Was the mill on Quay Street flooded?", "The mill on Quay Street was never flooded.", "denies"),
    ("Was the ferry delayed by a storm?", "The ferry was delayed on Monday.", "says"),
    ("Was the mill sold by its owner?", "The mill was sold on Monday.", "says"),
    ("Is the mill in Skerry?", "The mill opens on Sundays.", "bears"),
    ("Is the mill open at night?", "The mill is open from Monday.", "bears"),
    ("Did the mill on Quay Street collapse?", "The mill on Quay Street opens on Sundays.", "bears"),
    ("Did the mill on Quay Street collapse?", "The mill on Quay Street collapsed on Sunday.", "says"),
    ("Did the mill in the old harbour collapse?", "The mill in the harbour opens on Sundays.", "bears"),
    ("Has the harbour company in Skerry gone bankrupt?", "The harbour company in Skerry has gone north.", "bears"),
    ("Did the court convict Berg of fraud in Skerry?", "The court convicted Berg of fraud.", "says"),
]
OTHERS = [
    ("de", "Ist der Bürgermeister zurückgetreten?", "Der Bürgermeister ist am Dienstag zurückgetreten.", "says"),
    ("de", "Ist der Bürgermeister zurückgetreten?", "Der Bürgermeister ist nicht zurückgetreten.", "denies"),
    ("ru", "Ушёл ли мэр?", "Мэр не ушёл.", "denies"),
    ("ru", "Ушёл ли мэр?", "Мэр ушёл во вторник.", "says"),
    ("tr", "Başkan istifa etti mi?", "Başkan salı günü istifa etti.", "says"),
    ("ar", "هل استقال رئيس البلدية؟", "لم يستقل رئيس البلدية.", "denies"),
    ("ar", "هل استقال رئيس البلدية؟", "استقال رئيس البلدية يوم الثلاثاء.", "says"),
    ("es", "¿Ha dimitido el alcalde?", "El alcalde no ha dimitido.", "denies"),
    ("es", "¿Ha dimitido el alcalde?", "El alcalde ha dimitido.", "says"),
    ("fr", "Le maire a-t-il démissionné ?", "Le maire n'a pas démissionné.", "denies"),
    ("fr", "Le maire a-t-il démissionné ?", "Le maire a démissionné mardi.", "says"),
]


@pytest.mark.parametrize(("question", "text", "told"), ENGLISH)
def test_a_sentence_stands_on_the_side_that_its_words_tell(question: str, text: str, told: str) -> None:
    assert side(question, "en", text, "en") == told


@pytest.mark.parametrize(("language", "question", "text", "told"), OTHERS)
def test_other_languages_have_sides_too(language: str, question: str, text: str, told: str) -> None:
    assert side(question, language, text, language) == told


def test_a_sentence_of_another_language_only_bears_on_it() -> None:
    assert side("Did the mayor resign?", "en", "Der Bürgermeister ist zurückgetreten.", "de") == "bears"


@given(st.text(max_size=60), st.text(max_size=120), st.sampled_from(["en", "de", "tr", "ar", ""]))
def test_any_question_and_sentence_have_a_side(question: str, text: str, language: str) -> None:
    assert side(question, language, text, language) in ("says", "denies", "bears")
