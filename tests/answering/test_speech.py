"""Questions about speech, asked of a small archive that is made the way every archive is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.admin import correct_speaker, delete, reindex
from assistant.errors import NotFound, UsageError
from assistant.names.spokespeople import speaks_for
from assistant.speakers.directory import rough_pattern
from assistant.types import Answer, AskOptions, Filters
from tests.house import row, settings_for, take_in

HARBOUR = (
    "Mayor Ana Lindqvist said on Monday that the harbour would stay open all winter. “We will not close the harbour,” "
    "she told reporters. Her rival, Tom Haverly, accused the mayor of hiding the cost. "
    "“Nobody has seen the bill for the harbour,” Haverly said."
)
WIRE = "“We will not close the harbour,” Mayor Ana Lindqvist told reporters in the town hall on Monday."
LATER = (
    "Mayor Ana Lindqvist said the harbour must close in January. “The ice leaves us no choice,” Lindqvist said. "
    "The ferry workers union said that it would sue."
)
RUSSIAN = "Мэр Анна Линдквист заявила, что порт закроют в январе. «Лёд не оставляет выбора», — сказала Линдквист."
NAMESAKE = "The chemist Per Haverly said that the salt was harmless. “Salt is salt,” said Per Haverly."
ABOUT = "A portrait of Tom Haverly, who was born by the sea. His grandfather drove trains; his father built boats."

ROWS = [
    row(1, HARBOUR, outlet="Harbour Post", published="2024-01-08", headline="Harbour to stay open"),
    row(2, WIRE, outlet="Northern Wire", published="2024-01-09", headline="No closing, says mayor"),
    row(3, LATER, outlet="Harbour Post", published="2024-03-02", headline="Harbour to close"),
    row(4, RUSSIAN, outlet="Вестник", published="2024-03-03", headline="Порт закроют", language="ru"),
    row(5, NAMESAKE, outlet="Science Weekly", published="2024-02-01", headline="Salt"),
    row(6, ABOUT, outlet="Harbour Post", published="2024-02-02", headline="A portrait"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("speech") / "archive"
    take_in(made, ROWS)
    return made


@pytest.fixture(scope="module")
def assistant(folder: Path) -> Iterator[Assistant]:
    with Assistant.open(settings_for(folder)) as opened:
        yield opened


def test_words_that_only_share_an_article_with_a_topic_are_not_said_to_be_on_it(tmp_path: Path) -> None:
    apart = " ".join(f"Item {number} of the budget was read out and passed." for number in range(20))
    text = f"The council of Saltmere talked of the lighthouse. {apart} “Bread is dear,” said Mayor Ana Lindqvist."
    take_in(tmp_path / "archive", [row(1, text, headline="Council meets"), row(2, WIRE)])
    with Assistant.open(settings_for(tmp_path / "archive")) as opened:
        answer = opened.ask("What did Lindqvist say about the lighthouse?")
    assert answer.status != "supported"


def said(answer: Answer) -> list[tuple[str, str]]:
    return [(sentence.quote.speaker, sentence.quote.kind) for sentence in answer.sentences if sentence.quote]


def test_ones_own_words_and_no_others(assistant: Assistant) -> None:
    answer = assistant.ask("What did Lindqvist say about the harbour?")
    assert answer.status == "supported"
    assert {speaker for speaker, _ in said(answer)} == {"Ana Lindqvist"}
    assert all("Haverly said" not in sentence.text for sentence in answer.sentences)
    for sentence in answer.sentences:
        assert sentence.quote is not None
        cited = answer.citations[sentence.citations[0] - 1]
        article = assistant.article(cited.article_id, cited.version)
        assert article.text[cited.start : cited.end] == cited.text == sentence.text
        start, end = sentence.quote.content
        assert cited.start <= start < end <= cited.end


def test_direct_quotes_keep_their_quotation_marks_and_reported_ones_are_labelled(assistant: Assistant) -> None:
    answer = assistant.ask("What did Lindqvist say about closing the harbour?")
    shown = [
        (sentence.quote.kind, sentence.quote.cue, sentence.text) for sentence in answer.sentences if sentence.quote
    ]
    assert any(kind == "direct" and "“We will not close the harbour,”" in text for kind, _, text in shown)
    assert any(kind == "indirect" and cue == "said" and "“" not in text for kind, cue, text in shown)


def test_the_same_words_in_two_outlets_are_merged_with_both(assistant: Assistant) -> None:
    answer = assistant.ask("What did Lindqvist say about not closing the harbour?")
    once = [sentence for sentence in answer.sentences if "We will not close" in sentence.text]
    assert len(once) == 1
    assert {answer.citations[marker - 1].outlet for marker in once[0].citations} == {"Harbour Post", "Northern Wire"}


def test_own_words_come_before_reported_ones_and_the_newest_of_each_first(assistant: Assistant) -> None:
    answer = assistant.ask("What did Lindqvist say?")
    shown = [(answer.citations[s.citations[0] - 1].published or "", s.text) for s in answer.sentences]
    own = [date for date, text in shown if "“" in text or "«" in text]
    reported = [date for date, text in shown if "“" not in text and "«" not in text]
    assert [date for date, _ in shown] == own + reported
    assert own == sorted(own, reverse=True)
    assert own[0] == "2024-03-03"
    assert reported


def test_a_month_that_the_question_names(assistant: Assistant) -> None:
    answer = assistant.ask("What did Lindqvist say in January 2024?")
    assert {c.published for c in answer.citations} <= {"2024-01-08", "2024-01-09"}


def test_other_alphabets_find_the_same_speaker_unless_that_is_switched_off(assistant: Assistant) -> None:
    answer = assistant.ask("Что сказала Линдквист?")
    assert answer.status == "supported"
    assert {c.language for c in answer.citations} == {"ru", "en"}
    alone = assistant.ask("Что сказала Анна Линдквист?", AskOptions(without=("variants",)))
    assert {c.language for c in alone.citations} == {"ru"}


def test_namesakes_are_kept_apart(assistant: Assistant) -> None:
    assert {name for name, _ in said(assistant.ask("What did Tom Haverly say?"))} == {"Tom Haverly"}
    assert {name for name, _ in said(assistant.ask("What did Haverly say?"))} == {"Tom Haverly", "Per Haverly"}


def test_people_spoken_about_are_not_speakers(assistant: Assistant) -> None:
    answer = assistant.ask("What did Tom Haverly say about trains?")
    assert answer.status == "not_found"
    assert answer.reason == "Tom Haverly is quoted 2 times in this archive, but not on trains."
    assert any("trains" in missed.text for missed in answer.near_misses)
    assert "not quoted" in assistant.ask("What did Olof Palme say?").reason


def test_whether_a_position_changed_is_shown_side_by_side_in_time(assistant: Assistant) -> None:
    answer = assistant.ask("Has Lindqvist changed her position on closing the harbour?")
    dates = [answer.citations[s.citations[0] - 1].published or "" for s in answer.sentences]
    assert dates == sorted(dates)
    assert dates[0] < "2024-02" < dates[-1]


def test_whether_something_was_mentioned_is_decided_by_the_words_themselves(assistant: Assistant) -> None:
    answer = assistant.ask("Did Haverly ever mention the bill?")
    assert [sentence.text for sentence in answer.sentences] == [
        "“Nobody has seen the bill for the harbour,” Haverly said."
    ]
    silent = assistant.ask("Did Haverly ever mention reporters?")  # whom his article has, and not he
    assert (silent.status, silent.sentences) == ("not_found", ())
    assert "but not on reporters" in silent.reason


def test_the_speaker_asked_for_is_found(assistant: Assistant) -> None:
    answer = assistant.ask("Who said that nobody has seen the bill?")
    assert said(answer)[0] == ("Tom Haverly", "direct")


def test_a_role_is_understood_where_no_name_is_given(assistant: Assistant) -> None:
    answer = assistant.ask("What did the ferry workers union say?")
    assert answer.status == "supported"
    assert "would sue" in answer.sentences[0].text


def test_a_role_in_another_place_matches_nobody_here(assistant: Assistant) -> None:
    assert assistant.ask("What did the mayor of Bonn say?").status == "not_found"


def test_people_who_speak_for_a_body_that_is_not_quoted_itself(tmp_path: Path) -> None:
    text = (
        "Berta Sund, a spokeswoman for the Vesland Guild, said that no boat would sail. “Not one,” she added. "
        "Tom Haverly, a critic of the Tavik League, called it madness."
    )
    take_in(tmp_path / "archive", [row(1, text, headline="Vesland Guild stops the boats"), row(2, WIRE)])
    with Assistant.open(settings_for(tmp_path / "archive")) as opened:
        answer = opened.ask("What did the Vesland Guild say?")
        assert {sentence.speaker for sentence in answer.sentences} == {"Berta Sund"}
        assert answer.status == "partial"
        assert "not quoted by that name, but a spokesperson is" in answer.reason
        assert opened.ask("What did the Tavik League say?").status == "not_found"


@pytest.mark.parametrize(
    ("mention", "body", "true"),
    [
        ("Dmitry Peskov, the spokesman of the Kremlin,", "the Kremlin", True),
        ("the Kremlin’s spokesman, Dmitry Peskov", "Kremlin", True),
        ("White House press secretary Jen Roe", "the White House", True),
        ("Kremlsprecher Dmitri Peskow", "der Kreml", True),
        ("Пресс-секретарь Кремля Дмитрий Песков", "Кремль", True),
        ("المتحدث باسم الكرملين دميتري بيسكوف", "الكرملين", True),
        ("a critic of the Kremlin", "the Kremlin", False),
        ("the spokesman for the mayor told Kremlin reporters", "the Kremlin", False),
        ("the secretary of the White House", "the White House", False),
        ("the spokesman", "the", False),
    ],
)
def test_spokespeople_are_recognised(mention: str, body: str, true: bool) -> None:
    assert speaks_for(mention, body) is true


def test_listing(assistant: Assistant) -> None:
    found = assistant.quotes(speaker="Линдквист")
    assert [speaker.name for speaker in found.speakers] == ["Ana Lindqvist"]
    assert found.total == len(found.quotes) == found.speakers[0].quotes
    for quote in found:
        text = assistant.article(quote.article_id, quote.version).text
        assert text[quote.start : quote.end] == quote.text
        for fragment in (quote.source, quote.cue, quote.addressee):
            assert not fragment or text[slice(*fragment.span)] == fragment.text
    assert {quote.kind for quote in assistant.quotes(speaker="Lindqvist", kind="indirect")} == {"indirect"}
    assert assistant.quotes("ice", speaker="Lindqvist").quotes[0].text.startswith("“The ice leaves us")
    assert assistant.quotes("bill harbour").quotes[0].speaker == "Tom Haverly"
    assert assistant.quotes(speaker="Lindqvist", filters=Filters(outlets=("northern wire",))).total == 1
    assert assistant.quotes(speaker="Nobody").quotes == ()
    assert assistant.quotes(speaker="Lindqvist", limit=1).total > 1
    assert assistant.quotes().quotes[0].published
    with pytest.raises(UsageError):
        assistant.quotes(limit=0)


def test_speakers_and_what_they_are_called(assistant: Assistant) -> None:
    names = [speaker.name for speaker in assistant.speakers()]
    assert names[0] == "Ana Lindqvist"
    assert {"Tom Haverly", "Per Haverly"} < set(names)
    profile = assistant.profile("lindqvist")
    assert "Анна Линдквист" in dict(profile.speaker.names)
    assert "Mayor" in dict(profile.roles)
    assert (profile.first, profile.last) == ("2024-01-08", "2024-03-03")
    with pytest.raises(NotFound):
        assistant.profile("Nobody Here")


def test_corrections_outlive_reading_again_reindexing_and_deletion(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, ROWS)
    settings = settings_for(folder)
    correct_speaker(settings, "merge", "Per Haverly", "Tom Haverly")
    correct_speaker(settings, "split", "Анна Линдквист")
    correct_speaker(settings, "merge", "Ana Lindqvist", "Ana Lindqvist (Wire)", "a2")

    def hold() -> None:
        with Assistant.open(settings) as assistant:
            assert {name for name, _ in assistant.profile("Per Haverly").speaker.names} == {
                "Tom Haverly",
                "Per Haverly",
            }
            assert assistant.profile("Per Haverly").speaker.name == "Tom Haverly"
            assert "Анна Линдквист" not in dict(assistant.profile("Ana Lindqvist").speaker.names)
            assert assistant.profile("Ana Lindqvist (Wire)").speaker.articles == 1
            answer = assistant.ask("What did Ana Lindqvist say about not closing the harbour?")
            assert all(citation.article_id != "a2" for citation in answer.citations)

    hold()
    reindex(settings)
    hold()
    take_in(folder, [*ROWS, row(9, "“It is cold,” Tom Haverly said.", published="2024-05-01")])
    hold()
    delete(settings, "a2")
    take_in(folder, ROWS)
    hold()
    with pytest.raises(NotFound):
        correct_speaker(settings, "split", "Nobody Here")
    with pytest.raises(NotFound):
        correct_speaker(settings, "split", "Tom Haverly", "", "no-such-article")
    with pytest.raises(UsageError):
        correct_speaker(settings, "merge", "Tom Haverly", " ")


@pytest.mark.parametrize(("word", "finds"), [("peskov", "peskow"), ("kilicdaroglu", "kylychdaroglu"), ("xi", "xi")])
def test_rough_patterns_find_other_spellings(word: str, finds: str) -> None:
    import re

    assert re.search(rough_pattern(word), f"dmitri {finds}")
