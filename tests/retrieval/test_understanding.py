"""What a question is understood to mean: time, outlets, names, kind; asked on Friday, 16 June 2023."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UsageError
from assistant.inferences import inference_names
from assistant.languages.lexicon import LANGUAGES, questions
from assistant.retrieval.understanding.labels import time_label
from assistant.retrieval.understanding.parse import understand
from assistant.retrieval.understanding.query import Query
from assistant.retrieval.understanding.spans import FoldedText
from assistant.retrieval.understanding.time_steps import moved, unit_at, unit_start
from assistant.text import fold

FRIDAY = datetime(2023, 6, 16, 15, 30, tzinfo=UTC)
OUTLETS = (
    "Northern Courier",
    "The Gazette",
    "Kıyı Postası",
    "Weidenfurter Tagblatt",
    "Time",
    "The Old York Times",
    "oldtoday.com",
    "thequarter.co.uk",
)


def ask(question: str, language: str = "en", **more: object) -> Query:
    return understand(question, FRIDAY, language=language, outlets=OUTLETS, **more)  # type: ignore[arg-type]


def inferred(query: Query, name: str) -> list[str]:
    return [one.value for one in query.inferred if one.name == name]


@pytest.mark.parametrize(
    ("language", "question", "time", "text"),
    [
        ("en", "What happened yesterday?", "2023-06-15/2023-06-16", "What happened?"),
        ("en", "What happened last week in Saltmere?", "2023-06-05/2023-06-12", "What happened in Saltmere?"),
        ("en", "What happened in the last week?", "2023-06-10/2023-06-17", "What happened?"),
        ("en", "What happened this week?", "2023-06-10/2023-06-19", "What happened?"),
        ("en", "Who resigned in May 2023?", "2023-05-01/2023-06-01", "Who resigned?"),
        ("en", "Who resigned in July?", "2022-07-01/2022-08-01", "Who resigned?"),
        ("en", "Who has resigned since March?", "2023-03-01/..", "Who has resigned?"),
        ("en", "Who resigned on 12 May?", "2023-05-12/2023-05-13", "Who resigned?"),
        ("en", "Who resigned on May 12th, 2021?", "2021-05-12/2021-05-13", "Who resigned?"),
        ("en", "Who resigned on Friday?", "2023-06-16/2023-06-17", "Who resigned?"),
        ("en", "Who resigned last Friday?", "2023-06-09/2023-06-10", "Who resigned?"),
        ("en", "How many drowned in the last five years?", "2018-06-17/2023-06-17", "How many drowned?"),
        ("en", "What was said between March and May 2023?", "2023-03-01/2023-06-01", "What was said?"),
        ("en", "What was said from November to February?", "2022-11-01/2023-03-01", "What was said?"),
        ("en", "What was said between 3 May 2023 and 12 June 2023?", "2023-05-03/2023-06-13", "What was said?"),
        ("en", "What grew in Q1 2023?", "2023-01-01/2023-04-01", "What grew?"),
        ("en", "What grew in the third quarter of 2022?", "2022-07-01/2022-10-01", "What grew?"),
        ("en", "What happened three weeks ago?", "2023-05-22/2023-05-29", "What happened?"),
        ("en", "What happened on 2023-05-12?", "2023-05-12/2023-05-13", "What happened?"),
        ("en", "What happened on 25/12/2022?", "2022-12-25/2022-12-26", "What happened?"),
        ("en", "What did Weiss say before 2020?", "../2020-01-01", "What did Weiss say?"),
        ("en", "In 2022, who left the council?", "2022-01-01/2023-01-01", "who left the council?"),
        ("de", "Was sagte Weiß im Oktober 2022 dazu?", "2022-10-01/2022-11-01", "Was sagte Weiß dazu?"),
        ("de", "Was hat Weiß 2022 über das Stadion gesagt?", "2022-01-01/2023-01-01", "Was hat Weiß über das Stadion gesagt?"),
        ("de", "Was geschah letzte Woche?", "2023-06-05/2023-06-12", "Was geschah?"),
        ("de", "Was geschah vor drei Jahren?", "2020-01-01/2021-01-01", "Was geschah?"),
        ("de", "Was geschah zwischen dem 3. Mai und dem 5. Juni 2023?", "2023-05-03/2023-06-06", "Was geschah?"),
        ("tr", "Aydın temmuz 2022’te ne dedi?", "2022-07-01/2022-08-01", "Aydın ne dedi?"),
        ("tr", "geçen hafta ne oldu?", "2023-06-05/2023-06-12", "ne oldu?"),
        ("tr", "2020'den beri kaç kişi öldü?", "2020-01-01/..", "kaç kişi öldü?"),
        ("tr", "son beş yılda ne oldu?", "2018-06-17/2023-06-17", "ne oldu?"),
        ("ru", "Что сказал Савельев в декабре 2022 года?", "2022-12-01/2023-01-01", "Что сказал Савельев?"),
        ("ru", "Что произошло на прошлой неделе?", "2023-06-05/2023-06-12", "Что произошло?"),
        ("ru", "Что было с марта по май 2023 года?", "2023-03-01/2023-06-01", "Что было?"),
        ("ar", "ماذا قال محمد الحداد عن فاتورة الماء عام 2022؟", "2022-01-01/2023-01-01", "ماذا قال محمد الحداد عن فاتورة الماء؟"),
        ("ar", "ماذا حدث الأسبوع الماضي؟", "2023-06-05/2023-06-12", "ماذا حدث؟"),
        ("ar", "ماذا حدث بين مارس ومايو 2023؟", "2023-03-01/2023-06-01", "ماذا حدث؟"),
        ("fr", "Qu'a dit Moreau la semaine dernière ?", "2023-06-05/2023-06-12", "Qu'a dit Moreau?"),
        ("fr", "Que s'est-il passé il y a trois ans ?", "2020-01-01/2021-01-01", "Que s'est-il passé?"),
        ("es", "¿Qué pasó entre marzo y mayo?", "2023-03-01/2023-06-01", "¿Qué pasó?"),
        ("es", "¿Qué dijo Sánchez la semana pasada?", "2023-06-05/2023-06-12", "¿Qué dijo Sánchez?"),
    ],
)  # fmt: skip
def test_the_time_a_question_names(language: str, question: str, time: str, text: str) -> None:
    query = ask(question, language)
    assert inferred(query, "time") == [time]
    assert query.text == text
    (one,) = [one for one in query.inferred if one.name == "time"]
    assert one.span is not None
    assert question[one.span[0] : one.span[1]].strip()
    off = ask(question, language, without=("time",))
    assert (off.within, off.text) == (None, off.question)


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "Who won the 2022 World Cup?"),
        ("en", "Which candidates stand in the 2024 election?"),
        ("en", "What will have changed by 2030?"),
        ("en", "What will happen in 2031?"),
        ("en", "Who was mayor until 2019?"),
        ("en", "How many of the 12021 seats are taken?"),
        ("en", "Flight 3022?"),
        ("en", "What is new?"),
        ("en", "Who may march?"),
        ("en", "What happened on 05/06/2022?"),
        ("en", "What happened on 31 June 2022?"),
        ("en", 'Who sang "In May 2023"?'),
        ("de", "Wer gewann die WM 2022?"),
        ("ru", "Кто победил на выборах 2022 года?"),
        ("tr", "2022 seçimlerini kim kazandı?"),
        ("en", ""),
    ],
)  # fmt: skip
def test_times_that_are_not_times_of_publication(language: str, question: str) -> None:
    query = ask(question, language)
    assert query.within is None
    assert query.text == query.question


def test_times_are_counted_in_the_zone_of_the_day_asked() -> None:
    zone = ZoneInfo("Europe/Istanbul")
    late = datetime(2023, 6, 16, 23, 0, tzinfo=UTC).astimezone(zone)  # the 17th in Istanbul
    within = understand("What happened yesterday?", late, language="en").within
    assert within is not None
    assert within.since == datetime(2023, 6, 16, tzinfo=zone)
    assert within.until == datetime(2023, 6, 17, tzinfo=zone)


@pytest.mark.parametrize(
    ("language", "question", "outlets", "text"),
    [
        ("en", "According to the Northern Courier, who won?", ["Northern Courier"], "who won?"),
        ("en", "Who won according to the Gazette?", ["The Gazette"], "Who won?"),
        ("en", "Who won, as reported by OYT?", ["The Old York Times"], "Who won?"),
        ("en", "Was the Gazette fined?", [], "Was the Gazette fined?"),
        ("en", "What time is it in Saltmere?", [], "What time is it in Saltmere?"),
        ("en", "Who won according to Old Today?", ["oldtoday.com"], "Who won?"),
        ("en", "Who won, as reported by The Quarter?", ["thequarter.co.uk"], "Who won?"),
        ("en", "Who won in the quarter?", [], "Who won in the quarter?"),
        ("de", "Wer gewann laut Weidenfurter Tagblatt?", ["Weidenfurter Tagblatt"], "Wer gewann?"),
        ("tr", "Kıyı Postası'na göre kim kazandı?", ["Kıyı Postası"], "kim kazandı?"),
        ("en", "How do the Northern Courier and the Gazette differ on the toll?", ["Northern Courier", "The Gazette"], "How do and on the toll?"),
    ],
)  # fmt: skip
def test_the_outlets_a_question_names_as_its_source(
    language: str, question: str, outlets: list[str], text: str
) -> None:
    query = ask(question, language)
    assert list(query.outlets) == outlets
    assert query.text == text
    assert ask(question, language, without=("outlet",)).outlets == ()


@pytest.mark.parametrize(
    ("language", "question", "kind"),
    [
        ("en", "How did the strike unfold?", "timeline"), ("en", "Give me a timeline of the strike", "timeline"),
        ("en", "What has been reported about the strike?", "summary"), ("en", "Summarise coverage of the strike", "summary"),
        ("en", "What did the Gazette report about the strike?", "summary"),
        ("en", "Compare the Gazette and the Northern Courier on the strike", "comparison"),
        ("en", "Did the mayor resign?", "yesno"), ("en", "Was the mayor charged?", "yesno"), ("de", "Was kostet der Tunnel?", "fact"), ("en", "Is it Saltmere or Pell Bridge?", "fact"),
        ("en", "What did the mayor say about the strike?", "speech"), ("en", "Who resigned?", "fact"),
        ("en", "What is the strike about?", "fact"), ("en", "How did the mayor respond to the strike?", "speech"),
        ("de", "Wie hat sich der Streik entwickelt?", "timeline"), ("de", "Was wurde über den Streik berichtet?", "summary"),
        ("de", "Wie unterscheiden sich die Berichte über den Streik?", "comparison"), ("de", "Ist der Bürgermeister zurückgetreten?", "yesno"),
        ("de", "Was geschah beim Streik?", "fact"),
        ("tr", "Grevin kronolojisi nedir?", "timeline"), ("tr", "Grev hakkında neler yazıldı?", "summary"), ("tr", "Başkan istifa etti mi?", "yesno"),
        ("tr", "Gazetelerin haberlerini karşılaştır", "comparison"), ("tr", "Kim istifa etti?", "fact"),
        ("ru", "Как развивались события?", "timeline"), ("ru", "Что известно о забастовке?", "summary"), ("ru", "Ушёл ли мэр?", "yesno"),
        ("ru", "Сравни сообщения газет о забастовке", "comparison"), ("ru", "Кто ушёл?", "fact"),
        ("ar", "ما هو التسلسل الزمني للإضراب؟", "timeline"), ("ar", "ماذا كتب عن الإضراب؟", "summary"), ("ar", "هل استقال رئيس البلدية؟", "yesno"),
        ("ar", "قارن تغطية الصحف", "comparison"), ("ar", "من استقال؟", "fact"),
        ("fr", "Que s'est-il passé ?", "fact"), ("fr", "Le maire a-t-il démissionné ?", "yesno"), ("es", "¿Ha dimitido el alcalde?", "yesno"),
    ],
)  # fmt: skip
def test_the_kind_of_answer_asked_for(language: str, question: str, kind: str) -> None:
    query = ask(question, language)
    assert query.kind == kind
    shown = {"fact": [], "speech": []}.get(kind, [kind])
    assert inferred(query, "kind") == shown
    assert bool(query.speech) == (kind == "speech")


@pytest.mark.parametrize(
    ("language", "question", "text"),
    [
        ("en", "How did outlets cover the tram strike?", "the tram strike?"),
        ("en", "How did the different newspapers report on the tram strike?", "the tram strike?"),
        ("en", "What do the papers say about the tram strike?", "the tram strike?"),
        ("en", "How was the tram strike covered?", "the tram strike"),
        ("en", "How was the tram strike covered by the press?", "How was the tram strike?"),
        ("en", "How did the media cover the media law?", "the media law?"),
        ("de", "Wie berichteten die Zeitungen über den Streik?", "den Streik?"),
        ("fr", "Comment les journaux ont-ils couvert la grève ?", "la grève?"),
        ("es", "¿Cómo cubrieron los medios la huelga?", "¿ la huelga?"),
        ("ru", "Как СМИ освещали забастовку?", "забастовку?"),
        ("tr", "Gazeteler grevi nasıl yazdı?", "grevi nasıl"),
        ("ar", "كيف غطت الصحف الإضراب؟", "الإضراب؟"),
    ],
)
def test_a_question_about_the_press_at_large_is_a_comparison(language: str, question: str, text: str) -> None:
    query = ask(question, language)
    assert (query.kind, query.text) == ("comparison", text)


@pytest.mark.parametrize(
    ("question", "digest"),
    [
        ("What happened last week?", True),
        ("What did the Gazette report yesterday?", True),
        ("What happened in Bonn last week?", False),
        ("What happened?", False),
        ("Who was it last week?", False),
    ],
)
def test_a_digest_names_a_time_and_no_topic(question: str, digest: bool) -> None:
    assert ask(question, "en").digest is digest


@pytest.mark.parametrize(
    "question",
    [
        "What did the mayor say about the papers?",
        "How did the strike at the papers end?",
        "Who covered the mayor’s car in paint?",
    ],
)
def test_the_press_as_a_topic_is_not_a_comparison(question: str) -> None:
    assert ask(question, "en").kind in ("fact", "speech")


def test_an_inference_that_is_switched_off_is_not_made() -> None:
    question = "What did Peskov say yesterday according to the Gazette?"
    everything = ask(question)
    assert {one.name for one in everything.inferred} == {"time", "outlet", "speaker"}
    plain = ask(question, without=("time", "outlet", "speaker", "kind"))
    assert (plain.inferred, plain.text, plain.kind, plain.speech) == ((), question, "fact", None)
    assert inference_names([" Time ", "outlet"]) == ("time", "outlet")
    with pytest.raises(UsageError, match="there is no inference 'mood'"):
        inference_names(["mood"])


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What did Marta Lindqvist say about Pell Bridge in May 2023?", ("Marta Lindqvist", "Pell Bridge")),
        ("Who chaired the Bank of England’s board?", ("Bank of England",)),
        ("Summarise coverage of Vesland", ("Vesland",)),
        ("who resigned?", ()),
        ("ماذا قال محمد الحداد؟", ()),
    ],
)  # fmt: skip
def test_names(question: str, names: tuple[str, ...]) -> None:
    assert ask(question).names == names


@pytest.mark.parametrize(
    ("time", "label"),
    [
        ("in May 2023", "May 2023"), ("in 2022", "2022"), ("on 12 May 2023", "12 May 2023"), ("since March", "since March 2023"),
        ("between March and May 2023", "March to May 2023"), ("between November 2022 and May 2023", "November 2022 to May 2023"),
        ("last week", "5 to 11 June 2023"), ("from 28 May to 2 June 2023", "28 May to 2 June 2023"), ("in the 2010s", "2010 to 2019"),
        ("since 12 May", "since 12 May 2023"),
    ],
)  # fmt: skip
def test_times_are_shown_in_words(time: str, label: str) -> None:
    within = ask(f"What happened {time}?").within
    assert within is not None
    assert time_label(within) == label


def test_recency_speaks_for_news_and_not_for_history() -> None:
    assert ask("Who resigned?").recent
    assert ask("Who resigned this week?").recent
    assert not ask("Who resigned in May 2021?").recent
    assert not ask("How did the strike unfold?").recent


# --- properties --------------------------------------------------------------------------------------------

_WORDS = st.sampled_from(
    "in on since until before after between and the last five years weeks ago May March 2022 2023 12 31 Tuesday yesterday this week "
    "Q1 quarter of seit letzte Woche bis zum im vor 3. geçen hafta mayısta beri с по мая года منذ مارس عام la semaine dernière Gazette said".split()
)
_MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(
    st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=12).map(" ".join)), st.sampled_from(LANGUAGES), _MOMENTS
)
def test_any_question_is_understood(question: str, language: str, as_of: datetime) -> None:
    query = understand(question, as_of, language=language, outlets=OUTLETS)
    assert query == understand(question, as_of, language=language, outlets=OUTLETS)
    assert query.text or not query.question
    for one in query.inferred:
        assert one.span is None or 0 <= one.span[0] < one.span[1] <= len(query.question)
    if query.within:
        since, until = query.within.since, query.within.until
        assert since or until
        assert since is None or since <= as_of
        assert since is None or until is None or since < until


@given(_MOMENTS, st.sampled_from(["day", "week", "month", "quarter", "year"]), st.integers(-100, 100))
def test_units_follow_each_other_without_gap_or_overlap(moment: datetime, unit: str, offset: int) -> None:
    this, following = unit_at(moment, unit, offset), unit_at(moment, unit, offset + 1)
    assert this.until == following.since
    assert unit_start(moment, unit) <= moment < unit_at(moment, unit).until
    assert unit_start(this.since, unit) == this.since


@given(_MOMENTS, st.integers(-30, 30))
def test_moving_by_months_stays_in_the_month(moment: datetime, count: int) -> None:
    there = moved(moment, "month", count)
    assert (there.year * 12 + there.month) - (moment.year * 12 + moment.month) == count
    assert there.day <= moment.day


@given(st.text(max_size=40))
def test_folding_knows_its_way_back(text: str) -> None:
    folded = FoldedText.of(text)
    assert len(folded.text) == len(folded.origin)
    for place, origin in enumerate(folded.origin):
        assert folded.text[place] in fold(text[origin])


def test_every_language_has_its_words() -> None:
    for language in LANGUAGES:
        asking = questions(language)
        assert asking is not None
        assert (len(asking.time.months), len(asking.time.weekdays), len(asking.time.units)) == (12, 7, 5)
    assert questions("xx") is None


def test_understanding_is_quick() -> None:
    ask("What did Weiss say last week?")
    started = datetime.now(UTC)
    for _ in range(100):
        ask("What did Peskov say about the Turkish election in May 2023, according to the Gazette?")
    assert datetime.now(UTC) - started < timedelta(seconds=2)
