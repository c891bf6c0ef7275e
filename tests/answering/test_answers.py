"""Answers: verbatim, cited to the character, folded, refused where the archive does not say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant, dates
from assistant.answering.near_duplicate_sentences import groups
from assistant.answering.segments import is_open, units
from assistant.answering.speech.mentions import called, names
from assistant.errors import BadFilter, UsageError
from assistant.prompts import NOT_FOUND
from assistant.retrieval.analysis import terms
from assistant.retrieval.understanding.speech_questions import SpeechForm, SpeechQuestion, speech_question
from assistant.text import clean
from assistant.types import Answer, AskOptions, Filters, Passage, StoredArticle
from tests.house import row, settings_for, take_in

WIRE = "The Lindenhof tunnel will open on 4 June 2024, the transport ministry said on Monday."
ROWS = [
    row(1, f"{WIRE} It has cost 212 million crowns. Traffic was diverted for three years.", outlet="Harbour Times", published="2024-03-01T08:00:00Z", headline="Lindenhof tunnel to open"),
    row(2, f"{WIRE} Commuters welcomed it.", outlet="Meridian", published="2024-03-01T06:00:00Z", headline="Tunnel opening set"),
    row(3, "The Lindenhof tunnel will not open on 4 June 2024, the transport ministry said on Friday.", outlet="Meridian", published="2024-05-20", headline="Tunnel delayed"),
    row(4, "Marta Lindqvist said the ferry line would stay. “We will not close it,” she told reporters. “Not this year, and not next year.” "
           "Critics of Lindqvist said that she was dreaming. “She has no plan,” said Tomas Berg, an engineer.", outlet="Harbour Times", published="2024-02-01", headline="Ferry stays, port director says"),
    row(5, "Rain fell on the islands for a week. Farmers lost a third of their barley.", outlet="Meridian", published="2023-08-01", headline="Rain ruins barley"),
    row(6, "Belediye Başkanı Şebnem Aydın köprünün mayısta açılacağını söyledi.", outlet="Kıyı", language="tr", published="2024-01-10", headline="Köprü mayısta"),
]  # fmt: skip


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("answers") / "archive"
    take_in(folder, ROWS)
    with Assistant.open(settings_for(folder)) as opened:
        yield opened


def _holds(assistant: Assistant, answer: Answer) -> None:
    for citation in (*answer.citations, *answer.near_misses):
        article = assistant.article(citation.article_id, citation.version)
        assert article.text[citation.start : citation.end] == citation.text
    for sentence in answer.sentences:
        assert sentence.citations
        assert answer.citations[sentence.citations[0] - 1].text == sentence.text
    assert [c.marker for c in answer.citations] == list(range(1, len(answer.citations) + 1))


@pytest.mark.parametrize("words", ["Ferry Lindqvist", "lindenhof tunnels", "barley farmer"])
def test_a_few_words_are_read_in_a_language_of_the_archive(assistant: Assistant, words: str) -> None:
    # Taken for Icelandic or French, they would be compared with words of articles in forms that no article has.
    answer = assistant.ask(words)
    _holds(assistant, answer)
    assert (answer.status, answer.reason) == ("supported", "Sentences in the archive answer this.")


def test_a_fact_is_answered_verbatim_and_cited(assistant: Assistant) -> None:
    answer = assistant.ask("How much has the Lindenhof tunnel cost?")
    _holds(assistant, answer)
    assert answer.status == "supported"
    assert "212 million crowns" in answer.answer
    assert "[1]" in answer.answer
    assert answer.freshness.articles == 6
    assert answer.freshness.first == "2023-08-01"
    assert "6 articles, covering 2023-08-01 to 2024-05-20" in str(answer.freshness)


def test_wire_copy_is_merged_with_all_its_outlets_but_a_denial_is_not(assistant: Assistant) -> None:
    answer = assistant.ask("When will the Lindenhof tunnel open?")
    _holds(assistant, answer)
    told = next(s for s in answer.sentences if s.text == WIRE)
    cited = [answer.citations[m - 1] for m in told.citations]
    assert [c.outlet for c in cited] == ["Meridian", "Harbour Times"], "the earliest first"
    assert any("will not open" in s.text for s in answer.sentences if s is not told)


def test_reported_words_are_the_speakers_and_complete(assistant: Assistant) -> None:
    answer = assistant.ask("What did Marta Lindqvist say?")
    _holds(assistant, answer)
    assert answer.status == "supported"
    assert "“We will not close it,” she told reporters." in answer.answer
    assert "no plan" not in answer.answer
    assert "dreaming" not in answer.answer
    assert {s.speaker for s in answer.sentences} == {"Marta Lindqvist"}


@pytest.mark.parametrize(
    "question",
    [
        "Who won the chess championship in Reykjavik?",
        "What did Marta Lindqvist say about whales?",
        "What did Ingrid Solberg say?",
    ],
)
def test_questions_that_the_archive_does_not_answer(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    _holds(assistant, answer)
    assert answer.status == "not_found"
    assert answer.answer.startswith(NOT_FOUND)
    assert answer.reason in answer.answer
    assert not answer.sentences
    assert answer.near_misses


def test_filters_and_dates_are_reasons(assistant: Assistant) -> None:
    def reason(**filters: object) -> str:
        answer = assistant.ask("When will the Lindenhof tunnel open?", AskOptions(filters=Filters(**filters)))  # type: ignore[arg-type]
        assert answer.status == "not_found"
        return answer.reason

    assert "are outside the archive" in reason(since=dates.parse_date("2025-01-01"))
    assert "are outside the archive" in reason(until=dates.parse_date("2020-01-01"))
    assert "Nothing that matches the filters" in reason(outlets=("Nobody's Gazette",))
    only = assistant.ask(
        "When will the Lindenhof tunnel open?",
        AskOptions(filters=Filters(outlets=("Meridian",), until=dates.parse_date("2024-03-02"))),
    )
    assert {c.outlet for c in only.citations} == {"Meridian"}
    assert len(only.citations) == 1
    with pytest.raises(BadFilter, match="is not before until"):
        assistant.ask(
            "x", AskOptions(filters=Filters(since=dates.parse_date("2024-02"), until=dates.parse_date("2024-02")))
        )
    with pytest.raises(UsageError, match="no question"):
        assistant.ask("  \n ")


def test_search_sorts_by_date(assistant: Assistant) -> None:
    newest = [h.passage.article.id for h in assistant.search("Lindenhof tunnel", sort="newest")]
    assert newest[:3] == ["a3", "a1", "a2"]
    assert [h.passage.article.id for h in assistant.search("Lindenhof tunnel", sort="oldest")][-1] == "a3"
    assert len(assistant.search("tunnel", limit=1)) == 1


def test_names_are_found_without_their_diacritics(assistant: Assistant) -> None:
    (hit, *_) = assistant.search("Sebnem Aydin")
    assert hit.passage.article.id == "a6"
    assert hit.lexical


def test_sameness() -> None:
    def same(one: str, other: str) -> bool:
        return len(groups([one, other])) == 1

    assert same(WIRE, WIRE.replace("Monday.", "Monday"))
    assert same(WIRE, WIRE.replace("will open", "will now open"))
    assert not same(WIRE, WIRE.replace("will open", "will not open"))
    assert not same(WIRE, WIRE.replace("4 June", "5 June"))
    assert not same(
        WIRE.replace("The Lindenhof", "The old Lindenhof"), WIRE.replace("The Lindenhof", "The old Grauberg")
    )
    assert not same("He came.", "She left.")


@pytest.mark.parametrize(
    ("speaker", "mention", "is_them"),
    [
        ("Erdogan", "President Recep Tayyip Erdogan’s main rival", False),
        ("Lindqvist", "Critics of Lindqvist", False),
        ("Peskov", "Kremlin spokesman Dmitry Peskov", True),
        ("Dmitry Peskov", "Peskov", True),
        ("Dmitry Peskov", "Maria Peskov", False),
        ("Peskov", "Dmitry Peskov, spokesman for the Kremlin", True),
        ("the mayor of Bonn", "the mayor of Bonn", True),
        ("Leyen", "Ursula von der Leyen", True),
        ("Juergen Weiss", "Jürgen Weiß", True),
    ],
)
def test_words_have_the_right_speaker(speaker: str, mention: str, is_them: bool) -> None:
    assert names(speaker, mention, mention=True) is is_them


def test_a_role_is_one_with_all_that_it_is_a_role_of() -> None:
    assert called("the mayor of Bonn", "the mayor of Bonn")
    assert not called("the mayor of Bonn", "Eva Brandt, the former Bonn health commissioner and head of the clinic")
    assert not called("the mayor of Bonn", "the mayor of Ulm")


@pytest.mark.parametrize(
    ("question", "speaker", "topic"),
    [
        ("What did Peskov say?", "Peskov", ""),
        ("what did the mayor of Bonn say about the new bridge?", "the mayor of Bonn", "the new bridge"),
        ("What has Marta Lindqvist said on fares", "Marta Lindqvist", "fares"),
        ("How did the ministry respond to the flood?", "the ministry", "the flood"),
        ("Was sagte Jürgen Weiß über den Tunnel?", "Jürgen Weiß", "den Tunnel"),
        ("Şebnem Aydın köprü hakkında ne dedi?", "Şebnem Aydın", "köprü"),
        ("Что сказал Песков о выборах?", "Песков", "выборах"),
        ("ماذا قال محمد الحداد عن الميناء؟", "محمد الحداد", "الميناء"),
    ],
)
def test_questions_about_speech(question: str, speaker: str, topic: str) -> None:
    assert speech_question(question) == SpeechQuestion(speaker, topic)


@pytest.mark.parametrize(
    ("question", "speaker", "topic", "form", "sure"),
    [
        ("Tell me what Peskov said about the election", "Peskov", "the election", "said", True),
        ("What did Peskov tell reporters about the election?", "Peskov", "the election", "said", True),
        ("Did Erdogan ever mention jobs?", "Erdogan", "jobs", "mentioned", True),
        ("Peskov's position on gas", "Peskov", "gas", "said", True),
        ("What is Peskov’s position on gas?", "Peskov", "gas", "said", True),
        ("Quotes by Putin on gas", "Putin", "gas", "said", True),
        ("Has Trump changed his position on tariffs?", "Trump", "tariffs", "changed", True),
        ("How has Biden's stance on Gaza changed?", "Biden", "Gaza", "changed", True),
        ("Hat Scholz seine Meinung zu Panzern geändert?", "Scholz", "Panzern", "changed", True),
        ("Who said that the bridge was safe?", "", "the bridge was safe", "who", False),
        ("Кто сказал, что мост закрыт?", "", "мост закрыт", "who", False),
        ("What did NASA announce?", "NASA", "", "said", False),
        ("Wie reagierte der Kreml auf die Vorwürfe?", "der Kreml", "die Vorwürfe", "said", True),
        ("Erdoğan mülteciler konusunda ne söyledi?", "Erdoğan", "mülteciler", "said", True),
        ("Как ответил Кремль на обвинения?", "Кремль", "обвинения", "said", True),
        ("ما موقف أردوغان من اللاجئين؟", "أردوغان", "اللاجئين", "said", True),
    ],
)
def test_more_questions_about_speech(question: str, speaker: str, topic: str, form: SpeechForm, sure: bool) -> None:
    to = "reporters" if "reporters" in question else ""
    assert speech_question(question) == SpeechQuestion(speaker, topic, form, sure, to)


@pytest.mark.parametrize(
    "question",
    ["When did it open?", "What did he say?", "What is the capital?", "What was the word of the year?", "Who?"],
)
def test_questions_about_something_else(question: str) -> None:
    assert speech_question(question) is None


def test_the_words_that_carry_a_question() -> None:
    found = terms("When did Marta Lindqvist open the 2 tunnels?", "en")
    assert [(t.word, t.kind) for t in found] == [
        ("marta", "name"),
        ("lindqvist", "name"),
        ("open", "word"),
        ("2", "number"),
        ("tunnels", "word"),
    ]
    assert [t.word for t in terms("who is it", "en")] == ["who", "is", "it"], "when nothing else is left"


QUOTEY = st.lists(
    st.sampled_from(["“We", "will", "go.", "Not", "now.”", "He", "said.", "\n", "«Да».", '"No."', "„Ja.“", "Oh!"]),
    max_size=40,
)


@given(QUOTEY.map(" ".join).map(clean), st.data())
def test_units_lie_in_their_passage_and_hold_whole_quotations(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    article = StoredArticle(1, "a", 1, True, text, "", "", "", "", "", "en", None, None)
    for s, e in units(Passage(1, article, 0, start, end)):
        assert start <= s < e <= len(text)
        assert text[s:e].strip() == text[s:e]


def test_a_quotation_over_sentences_is_one_unit() -> None:
    text = "He added, “We were there. Nobody else was.” Then he left."
    article = StoredArticle(1, "a", 1, True, text, "", "", "", "", "", "en", None, None)
    assert [text[s:e] for s, e in units(Passage(1, article, 0, 0, len(text)))] == [
        "He added, “We were there. Nobody else was.”",
        "Then he left.",
    ]
    assert is_open("He said “we")
    assert not is_open("He said “we”")
