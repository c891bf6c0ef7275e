"""Questions that go on from the one before, and those that do not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Article, AskOptions
from assistant.retrieval.understanding.parse import understand
from assistant.retrieval.understanding.query import Query
from assistant.testing import memory_assistant
from assistant.types import MAX_HISTORY_CHARACTERS

FRIDAY = datetime(2023, 6, 16, 15, 30, tzinfo=UTC)
OUTLETS = ("Northern Courier", "The Gazette", "Weidenfurter Tagblatt")
PESKOV = "What did Peskov say about the Turkish election in May 2022?"
DEAD = "How many people died in Turkey?"


def after(before: str, question: str, language: str = "en", **more: object) -> Query:
    return understand(question, FRIDAY, language=language, outlets=OUTLETS, history=[before], **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "before", "question", "resolved"),
    [
        ("en", PESKOV, "and in June?", "What did Peskov say about the Turkish election in June 2022?"),
        ("en", PESKOV, "And yesterday?", "What did Peskov say about the Turkish election yesterday?"),
        ("en", PESKOV, "2021?", "What did Peskov say about the Turkish election in 2021?"),
        ("en", PESKOV, "what about Erdogan?", "What did Erdogan say about the Turkish election in May 2022?"),
        ("en", PESKOV, "and Kilicdaroglu?", "What did Kilicdaroglu say about the Turkish election in May 2022?"),
        ("en", PESKOV, "and about the grain deal?", "What did Peskov say about the grain deal in May 2022?"),
        ("en", PESKOV, "what about the earthquake?", "What did Peskov say about the earthquake in May 2022?"),
        ("en", PESKOV, "and what did he say in June?", "What did Peskov say about the Turkish election in June 2022?"),
        ("en", PESKOV, "What did he say about grain?", "What did Peskov say about grain?"),
        ("en", PESKOV, "Did he resign?", "Did Peskov resign?"),
        ("en", PESKOV, "who else?", "Who else spoke about the Turkish election in May 2022?"),
        ("en", PESKOV, "what else did he say?", "What else did Peskov say?"),
        ("en", PESKOV, "why?", "What did Peskov say about the Turkish election in May 2022, and why?"),
        ("en", PESKOV, "and according to the Gazette?", "What did Peskov say about the Turkish election in May 2022, according to The Gazette?"),
        ("en", PESKOV, "what about the Gazette?", "What did Peskov say about the Turkish election in May 2022, according to The Gazette?"),
        ("en", PESKOV, "When did it happen?", f"{PESKOV} When did it happen?"),
        ("en", DEAD, "and in Syria?", "How many people died in Syria?"),
        ("en", DEAD, "what about Syria?", "How many people died in Syria?"),
        ("en", DEAD, "how many were injured there?", "How many were injured in Turkey?"),
        ("en", DEAD, "when?", "How many people died in Turkey, and when?"),
        ("en", "Did Marta Lindqvist resign?", "why did she resign?", "Why did Marta Lindqvist resign?"),
        ("en", "Did Marta Lindqvist resign?", "Who is her successor?", "Who is Marta Lindqvist’s successor?"),
        ("en", "Did Marta Lindqvist resign?", "and Tomas Berg?", "Did Tomas Berg resign?"),
        ("en", "What has been reported about the flood?", "and the drought?", "What has been reported about the drought?"),
        ("de", "Was sagte Weiß im Oktober 2022 über das Stadion?", "und im Mai?", "Was sagte Weiß im Mai 2022 über das Stadion?"),
        ("de", "Was sagte Weiß im Oktober 2022 über das Stadion?", "und Scholz?", "Was sagte Scholz im Oktober 2022 über das Stadion?"),
        ("de", "Was sagte Weiß im Oktober 2022 über das Stadion?", "und über die Kosten?", "Was sagte Weiß im Oktober 2022 über die Kosten?"),
        ("de", "Was sagte Weiß über das Stadion?", "Warum trat er zurück?", "Warum trat Weiß zurück?"),
        ("tr", "Şebnem Aydın mayısta müsilaj hakkında ne dedi?", "haziranda ne dedi?", "Şebnem Aydın haziranda müsilaj hakkında ne dedi?"),
        ("tr", "Şebnem Aydın mayısta müsilaj hakkında ne dedi?", "peki ya Soykan?", "Soykan mayısta müsilaj hakkında ne dedi?"),
        ("ru", "Что сказал Песков о выборах?", "а в июне?", "Что сказал Песков о выборах в июне?"),
        ("ru", "Что сказал Песков о выборах?", "и что он сказал в мае?", "Что сказал Песков о выборах в мае?"),
        ("ru", "Что сказал Песков о выборах?", "а Эрдоган?", "Что сказал Эрдоган о выборах?"),
        ("ar", "ماذا قال محمد الحداد عن فاتورة الماء؟", "ماذا عن أردوغان؟", "ماذا قال أردوغان عن فاتورة الماء?"),
        ("ar", "ماذا قال محمد الحداد عن فاتورة الماء؟", "لماذا؟", "ماذا قال محمد الحداد عن فاتورة الماء، ولماذا؟"),
        ("fr", "Qu'a dit Moreau sur les retraites ?", "et Le Gall ?", "Qu'a dit Le Gall sur les retraites?"),
        ("es", "¿Qué dijo Sánchez sobre el clima?", "¿y qué dijo en mayo?", "¿Qué dijo Sánchez sobre el clima en mayo?"),
    ],
)  # fmt: skip
def test_a_follow_up_is_resolved(language: str, before: str, question: str, resolved: str) -> None:
    query = after(before, question, language)
    assert query.question == resolved
    (one,) = [one for one in query.inferred if one.name == "followup"]
    assert (one.label, one.value) == (resolved, before)
    assert after(before, question, language, without=("followup",)).question == question


@pytest.mark.parametrize(
    "question",
    [
        "Who won the race?", "And who won the race in Saltmere?", "What time is it in Saltmere?", "Is it true that the mayor resigned?",
        "What did Weiss say about his resignation?", "Who said he would resign?", "What happened this week?", "Is there a bridge in Pell?",
        "In her last speech as head of the council, what did Marta Lindqvist promise?", "When she died, who became queen?",
        "Did Weiss say that he would resign?", "Which minister lost her seat?", "What has been reported about the flood?",
        "How many people died in the flood and the fire?", "What is the bridge that fell called?", "Why was the ferry tender postponed?",
        "What did the Gazette report about the strike in June?", "Is Saltmere in Vesland?", "Who was fined, and when?", "What about",
    ],
)  # fmt: skip
def test_a_full_question_is_not_a_follow_up(question: str) -> None:
    for before in (PESKOV, DEAD):
        query = after(before, question)
        assert query.question == question
        assert not [one for one in query.inferred if one.name == "followup"]


def test_a_conversation_is_followed_through() -> None:
    asked = [PESKOV, "what about Erdogan?", "and in June?", "and about grain?"]
    query = understand(asked[-1], FRIDAY, language="en", history=asked[:-1])
    assert query.question == "What did Erdogan say about grain in June 2022?"
    assert query.speech is not None
    assert (query.speech.speaker, query.speech.topic) == ("Erdogan", "grain")


def test_a_fragment_without_an_earlier_question_is_left_alone() -> None:
    assert understand("and in June?", FRIDAY, language="en").question == "and in June?"


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["en", "de", "tr", "ar", "xx"]))
def test_any_two_questions_follow_each_other(before: str, question: str, language: str) -> None:
    query = understand(question, FRIDAY, language=language, outlets=OUTLETS, history=[before])
    assert query.text or not query.question
    for one in query.inferred:
        assert one.span is None or 0 <= one.span[0] < one.span[1] <= len(query.question)


def test_only_the_last_characters_of_a_conversation_are_read() -> None:
    before, long = "What happened to the ferry tender in 2021?", f"Who spoke about {'the harbour ' * 700}?"
    assert len(long) > MAX_HISTORY_CHARACTERS
    with memory_assistant([Article("The ferry tender was postponed in May 2023.", id="ferry")]) as assistant:

        def query(*history: str) -> str:
            return assistant.ask("and in May 2023?", AskOptions(history=history)).query

        assert query(long, before) == query(before) == "What happened to the ferry tender in May 2023?"
        assert query(before, long) == query(long) == "and in May 2023?"
