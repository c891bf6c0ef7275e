"""Who said what in English: shapes of speech, offsets, speakers."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.attributions import Attribution
from assistant.quotes.english.extract import carriers, extract_english
from assistant.quotes.extract import attribution_payload, extract
from assistant.text import Span

ARTICLE = """\
Harbour Minister Anna Berg rejected claims on Monday that the tunnel would be late. “We will open in June,” \
she said, “and not a day later.”

Engineer Jonas Ek warned that old mines still lie in the sea bed. Berg accused the opposition of spreading \
“cheap and easy fear” before the vote. According to a report by the port authority, clearing the mines takes \
two years.

Ek added: “Nobody asked us. We would have told them.”

“First we looked at the north shore.

“Then we looked at the south shore,” he said. “It was worse.”

Asked about the cost, the minister declined to comment."""


def shown(text: str, span: Span | None) -> str | None:
    return None if span is None else text[slice(*span)]


def find(text: str, cue: str) -> Attribution:
    found = [a for a in extract_english(text) if shown(text, a.cue) == cue]
    assert found, f"no attribution by {cue!r}"
    return found[0]


def test_broken_quotation_is_one() -> None:
    quote = find(ARTICLE, "said")
    assert shown(ARTICLE, quote.content) == "“We will open in June,” she said, “and not a day later.”"
    assert shown(ARTICLE, quote.source) == "she"
    assert quote.kind == "direct"
    assert quote.speaker == "Anna Berg"


def test_indirect_speech_with_its_clause() -> None:
    warning = find(ARTICLE, "warned")
    assert shown(ARTICLE, warning.content) == "that old mines still lie in the sea bed"
    assert shown(ARTICLE, warning.source) == "Engineer Jonas Ek"
    assert (warning.kind, warning.speaker) == ("indirect", "Jonas Ek")


def test_accusation_with_a_quotation_is_mixed() -> None:
    charge = find(ARTICLE, "accused")
    assert shown(ARTICLE, charge.content) == "the opposition of spreading “cheap and easy fear” before the vote"
    assert (charge.kind, charge.speaker) == ("mixed", "Anna Berg")


def test_according_to_a_document() -> None:
    report = find(ARTICLE, "According to")
    assert shown(ARTICLE, report.content) == "clearing the mines takes two years"
    assert shown(ARTICLE, report.source) == "a report by the port authority"


def test_colon_and_second_sentence() -> None:
    quote = find(ARTICLE, "added")
    assert shown(ARTICLE, quote.content) == "“Nobody asked us. We would have told them.”"
    assert quote.speaker == "Jonas Ek"


def test_quotation_over_paragraphs_and_beyond_its_cue() -> None:
    start, end = ARTICLE.index("“First we"), ARTICLE.index("“It was worse.”") + len("“It was worse.”")
    (quote,) = [a for a in extract_english(ARTICLE) if a.content[0] == start]
    assert quote.content == (start, end)
    assert quote.speaker == "Jonas Ek"


def test_role_stands_for_its_holder() -> None:
    silence = find(ARTICLE, "declined")
    assert shown(ARTICLE, silence.content) == "to comment"
    assert (shown(ARTICLE, silence.source), silence.speaker) == ("the minister", "Anna Berg")


@pytest.mark.parametrize(
    ("text", "cue", "content", "source"),
    [
        ("“It is over,” said Ann Lee, a teacher.", "said", "“It is over,”", "Ann Lee, a teacher"),
        (
            "This is a failure of the whole port, in Lee’s view.",
            "in Lee’s view",
            "This is a failure of the whole port",
            "Lee’s",
        ),
        ("The bridge, officials said, is safe.", "said", "The bridge, officials said, is safe", "officials"),
        ("The bridge is safe, officials said.", "said", "The bridge is safe", "officials"),
        ("The poll found that voters prefer trains.", "found", "that voters prefer trains", "The poll"),
        ("Lee called for a new vote.", "called for", "a new vote", "Lee"),
        ("Lee promised to cut taxes.", "promised", "to cut taxes", "Lee"),
        ("The mayor praised the firemen for their courage.", "praised", "the firemen for their courage", "The mayor"),
        ("Prices will fall, according to the bank.", "according to", "Prices will fall", "the bank"),
        ("“Why now?” Ann Lee asked.", "asked", "“Why now?”", "Ann Lee"),
        ("''We are ready,'' Mr. Lee said. ''We waited.''", "said", None, "Mr. Lee"),
    ],
)
def test_shapes(text: str, cue: str, content: str | None, source: str) -> None:
    found = find(text, cue)
    assert shown(text, found.content) == (content or "''We are ready,'' Mr. Lee said. ''We waited.''")
    assert (shown(text, found.source) or "").rstrip(",") == source


@pytest.mark.parametrize(
    ("text", "content", "source"),
    [
        # A space before the closing mark, behind a quotation within.
        ("\"They wrote, 'It is over,' \" said Ann Lee, a nurse.", "\"They wrote, 'It is over,' \"", "Ann Lee, a nurse"),
        # The quotation itself is never its speaker.
        ('"My apologies, I am sorry," Lee said after the vote.', '"My apologies, I am sorry,"', "Lee"),
        ('"Meh," wrote a woman from Bonn.', '"Meh,"', "a woman"),
        # Something between the name and the verb, which the parser loses.
        ("“It is not clear that all is well,” Gene Roe, a top adviser to Lee, said on Monday.", None, "Gene Roe"),
        ("“How are you today?” Miller, a retired worker from a mill, said into the phone.", None, "Miller"),
        ("Lee, exasperated, famously replied: “What difference does it make?”", None, "Lee"),
        # Verbs that are no cues by themselves.
        ("“They came for the free bread,” Bennett shot back with a laugh.", None, "Bennett"),
        ("“If she wants to lead, she must come to us,” the editorial went on.", None, "the editorial"),
        # Who acts before a colon, behind another cue.
        ("Asked which town he liked best, he demurred: “Whichever one I am in.”", None, "he"),
        ("Voters agree - Carl Roe: “One lesson was a simple one, keep on calling.”", None, "Carl Roe"),
        # The words said end before those of another speaker.
        ("Lee warned that the dam may break, while Roe said that it “will hold for a hundred years”.", None, "Roe"),
        # Who goes on is who spoke, not who was spoken of.
        ("De Roe said the move was made by the harbour master and said it “will not be undone” soon.", None, "De Roe"),
        (
            "A strategist said Lee will have to choose her side, saying, “She has to come out in May.”",
            None,
            "A strategist",
        ),
        ("LONDON (Reuters) - Ann Lee said that the bridge was “a ruin of steel and rust”.", None, "Ann Lee"),
        (
            "LONDON (Agency) -- Ann Lee said Roe, whom she met, had left “a ruin of steel and rust” to her.",
            None,
            "Ann Lee",
        ),
        # A verb that the parser takes for a noun, and a name that it takes for something else.
        ("“If they want the port, they should come and see it,” the editorial read.", None, "the editorial"),
        ("Roe is away. “Look at what he left behind in the hall,” Conway notes.", None, "Conway"),
        ("“Ferries are late again, and nobody knows why. #Harbour,” he wrote in May.", None, "he"),
        (
            "In a note to the port, her senior adviser, Jan Ekman, said: “Lee thinks that boats matter.”",
            None,
            "her senior adviser, Jan Ekman",
        ),
        (
            "When a man shouted, “Boats!” Roe joked, using another accent, “Come on board now, brother!”",
            None,
            "a man,Roe",
        ),
        ("His last word: “The tide is not so bad,” he said.", None, "he"),
        ("They won.\n\nAdds Ann Lee: “It was a fine day for all of us here.’’\n\nRoe left.", None, "Ann Lee"),
        # What is added belongs to who spoke; what stands in a message, to who sent it.
        (
            "Roe told the port that Ann Lee “had a mad plan that went nowhere,” adding, “She lost all of it.”",
            None,
            "Roe,Roe",
        ),
        (
            "His office sent a text message to friends saying: “We have just won all the seats here!”",
            None,
            "His office",
        ),
        ("Roe seemed ready to talk about the flood, telling the crowd, “Some people get wet, you know.”", None, "Roe"),
        (
            "You need to go back years to see a port defending the idea that “old boats can be the best.”",
            None,
            "a port",
        ),
        (
            "Roe hailed the vote, telling reporters during a trip to Bonn that he thinks it is “a fine thing.”",
            None,
            "Roe",
        ),
        ("Lee released a short film that said, “We are going to have the best harbours here.”", None, "Lee"),
        # Who reports what others say or do.
        ("The port won't be closed but may move, Lee says. “If it goes, we all go with it.”", None, "Lee"),
        ("She is sure that keeping Roe in port will only make him louder: “They are breeding a storm.”", None, "She"),
        ("Lee said he replied: “When you have a boat, you cannot wait.”", None, "Lee"),
        (
            "Roe told friends that the mayor knew of it and thought the blame was a “badge of honour for him”.",
            None,
            "Roe",
        ),
        (
            "When Roe left in May, the mayor issued this statement:\n\n“We shall miss him in all our harbours.”",
            None,
            "the mayor",
        ),
        ("“The nets do not hold me back at all,” Lee said as she accepted her prize.", None, "Lee"),
        ("After Jan Roe left a debate, Lee shot back, “I could have stayed at home and baked.”", None, "Lee"),
        ("Lee called for Roe to step down for not calling the spill “a crime against the sea”.", None, "Lee"),
        (
            "Lee explained the mayor’s refusal to call the spill a result of “wilful neglect” is a weakness.",
            None,
            "Lee",
        ),
        (
            "Asked by Roe on Monday, Lee, who told the house when asked about it: “That is being looked at.”",
            None,
            "Lee, who",
        ),
    ],
)
def test_a_quotation_has_the_right_speaker(text: str, content: str | None, source: str) -> None:
    found = [a for a in extract_english(text) if a.kind != "indirect"]
    given = ",".join((shown(text, a.source) or "").split(", a ")[0].rstrip(",") for a in found)
    assert given == source.split(", a ")[0]
    if content is not None:
        assert shown(text, found[0].content) == content


@pytest.mark.parametrize(
    ("text", "contents"),
    [
        ("Lee praised Jan Roe, who vowed to build a new port.", ["Jan Roe", "to build a new port"]),
        ("Lee pushed for a new port , which Roe said is the best.", ["a new port", "which Roe said is the best"]),
        ("Lee said the port is closed, noting that the crane fell.", ["the port is closed", "that the crane fell"]),
        (
            "Lee said she regretted the flood and promised to stay out of it.",
            ["she regretted the flood", "to stay out of it"],
        ),
        ("Roe mused in Monday's debate that Lee was not fit to lead.", ["that Lee was not fit to lead"]),
    ],
)
def test_words_end_where_more_is_said(text: str, contents: list[str]) -> None:
    assert [shown(text, a.content) for a in extract_english(text)] == contents


def test_a_quotation_does_not_belong_to_the_speaker_of_the_next_paragraph() -> None:
    text = "“He is sharp.” Roe said so. “You may not agree, but he went there.”\n\nLee added, “I think he is a star.”"
    last = extract_english(text)[-1]
    assert (shown(text, last.content), shown(text, last.source)) == ("“I think he is a star.”", "Lee")
    assert not [a for a in extract_english(text)[:-1] if shown(text, a.source) == "Lee"]


@pytest.mark.parametrize(
    "text",
    [
        "The port paid for a series, “The Baker and the Boat,” for its friends.",
        "In town, doubts arise over nets that are merely “pretty good for an old boat,” and over nothing else.",
    ],
)
def test_titles_and_labels_are_not_speech(text: str) -> None:
    assert not [a for a in extract_english(text) if a.kind == "direct"]


def test_speech_within_a_quotation_is_not_the_articles() -> None:
    text = "“My brother said that the ferry sank, and my aunt denied that it did,” Ann Lee said."
    (only,) = extract_english(text)
    assert shown(text, only.source) == "Ann Lee"


def test_names_get_their_full_form_across_spellings() -> None:
    text = (
        "Kemal Kilicdaroglu spoke in Ankara. Kılıçdaroğlu said that he would win. "
        "Kremlin spokesman Dmitry Peskov disagreed. Mr Peskov said that nobody knows."
    )
    speakers = [a.speaker for a in extract_english(text) if shown(text, a.cue) == "said"]
    assert speakers == ["Kemal Kilicdaroglu", "Dmitry Peskov"]


def test_namesakes_are_told_apart_by_their_titles() -> None:
    text = (
        "Anna Berg and her brother Karl Berg run the port. Ms. Berg said that trade is slow. "
        "Mr. Berg said that trade is fine."
    )
    speakers = [a.speaker for a in extract_english(text) if shown(text, a.cue) == "said"]
    assert speakers == ["Anna Berg", "Karl Berg"]


def test_sentences_that_cannot_carry_speech_are_not_parsed() -> None:
    text = "Rain fell all day. Ann Lee said that it was wet. The river rose by two metres."
    assert [text[slice(*span)] for span in carriers(text)] == ["Ann Lee said that it was wet."]


def apart(a: Attribution) -> bool:
    """Whether whom the words are said to stands apart from source and cue, and from the words as ``model.py`` says."""
    if a.addressee is None or a.cue is None:
        return a.addressee is None
    start, end = a.addressee
    parted = all(s is None or end <= s[0] or s[1] <= start for s in (a.source, a.cue))
    outside = end <= a.content[0] or a.content[1] <= start
    return parted and (outside or a.content[0] <= a.cue[0] < a.content[1] or a.content[0] == start)


def check(text: str, found: list[Attribution]) -> None:
    """What must hold of the attributions of any text."""
    for a in found:
        assert apart(a)
        for span in (a.content, a.source, a.cue, a.addressee):
            assert span is None or 0 <= span[0] < span[1] <= len(text)
            assert span is None or text[slice(*span)] == text[slice(*span)].strip()
        assert a.speaker is None or a.speaker.strip()
        assert (a.source is None) == (a.speaker is None) or a.source is not None
        assert attribution_payload(a, text)["content"] == list(a.content)


def test_offsets_hold_in_an_article() -> None:
    found = extract_english(ARTICLE)
    check(ARTICLE, found)
    assert found == sorted(found, key=lambda a: a.content)


FRAGMENTS = st.sampled_from(
    ["Ann Lee", "she", "said", " that ", "it rains", "“", "”", '"', "''", ",", ".", "?", "\n\n", " ", "according to",
     "the minister", "accused", "him of", "lying", ":", "’s", "— ", "1.5", "é", "\u00a0", "#", "(", ")", "told", "claim",
     "reporters", "to", "in an interview with", "asked", "urged", "Congress to act"]
)  # fmt: skip


@given(st.lists(FRAGMENTS, max_size=40).map(" ".join) | st.text(max_size=120))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_taken(text: str) -> None:
    check(text, extract_english(text))


def test_according_to_without_a_source_is_not_an_attribution() -> None:
    assert extract_english("according to   , Ann Lee") == []


def test_a_text_that_ends_anywhere_is_read() -> None:
    said = "“Close the gate,” Ann Lee said"
    assert [shown(said, one.cue) for one in extract_english(said)] == ["said"]
    for end in range(len(ARTICLE)):
        check(ARTICLE[:end], extract_english(ARTICLE[:end]))


def test_extract_never_raises_and_sorts() -> None:
    assert extract("", "en") == []
    assert extract(ARTICLE, "en-GB") == sorted(extract_english(ARTICLE), key=lambda a: (a.content, a.cue or (0, 0)))


def test_payload_counts_three_words_as_a_quotation() -> None:
    text = "Moscow “firmly rejects” it, Lee said. Lee said it was “a very bad day”."
    direct = [attribution_payload(a, text)["direct"] for a in extract_english(text)]
    assert direct == [False, True]


def test_he_is_whose_words_the_sentence_before_was_about() -> None:
    text = (
        "Tomas Peltonen, the spokesman, denied it. “He is mistaken,” Mr Peltonen said.\n\n"
        "Mr Adrian Roth’s warning had been posted on Monday. “Leave us alone,” it said; he meant it, he wrote."
    )
    speakers = {text[slice(*said.content)]: said.speaker for said in extract(text, "en")}
    assert speakers["“He is mistaken,”"] == "Tomas Peltonen"
    assert speakers["“Leave us alone,”"] == "Adrian Roth"


def test_words_before_a_semicolon_do_not_belong_to_the_speaker_after_it() -> None:
    text = "Mr Roth blamed the port for the delays; Tomas Peltonen, its spokesman, denied any fault."
    assert not any("blamed" in text[slice(*said.content)] for said in extract(text, "en"))


def test_a_colon_is_not_a_speaker(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Yun: Expect that it rains."
    parsed = [
        Attribution(content=(12, 25), source=source, cue=(5, 11), kind="indirect", speaker=None)
        for source in ((3, 4), (0, 3), None)
    ]
    monkeypatch.setattr("assistant.quotes.extract._extracted", lambda text, language: parsed)
    assert [one.source for one in extract(text, "en")] == [(0, 3), None]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        # A place, a body or an event is nobody; who it is may stand further off.
        ("Ingrid Halvor packed seven boxes. The drawing of the North Quay is gone. “I was wrong,” she said.", "Ingrid Halvor"),
        ("Tom Roe left early.\n\nThe vote in New Hampshire was close. “We lost,” he said.", "Tom Roe"),
        ("Voters in New Hampshire and at the Copa Marina were out early. “We lost,” he said.", "he"),
        ("Ebba Lindqvist spoke first. The Great Recession was long over. “It is not,” she said. Lindqvist left.", "Ebba Lindqvist"),
        # One whose first name says nothing is somebody where a role stands with it, or the last name alone elsewhere.
        ("Mr Roe shook hands.\n\nAccording to the secretary, Quill Omond, it was late. “Very late,” he said.", "Quill Omond"),
        ("Quill Omond shook hands. “It is late,” he said.", "Quill Omond"),
        # What is somebody's speaks for them; who is somebody's does not.
        ("Ann Lee lost the vote. Her statement said that “the count was wrong from the start”.", "Ann Lee"),
        ("Ann Lee lost the vote. Her lawyer said that “the count was wrong from the start”.", "Her lawyer"),
        ("Ann Lee lost. Her lawyer, Tom Roe, said that “the count was wrong from the start”.", "Tom Roe"),
        ("Tom Roe lost. His wife, Laura, who watched, said that “the count was wrong from the start”.", "Laura"),
        ("Tom Roe lost. His friend Ann Lee said that “the count was wrong from the start”.", "Ann Lee"),
        ("Tom Roe lost. His critics said that “the count was right from the start”.", "His critics"),
    ],
)  # fmt: skip
def test_nobody_is_given_somebody_elses_words(text: str, speaker: str) -> None:
    assert [quote.speaker for quote in extract(text, "en") if quote.kind != "indirect"] == [speaker]


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        # The subject of the sentence before, whether or not that is about speech, not whoever was named last.
        ("Ingrid Voss met Clara Diaz at noon. She accused her of haste.", ["Ingrid Voss"]),
        ("Clara Diaz and Ingrid Voss sat down. Diaz spoke. Voss nodded. “The key was yours,” she told her.", ["Ingrid Voss"]),
        # Of two people, the one whom a pronoun behind does not contradict.
        ("Robin Hale admires Clara Diaz. She calls him “a lamp in the fog of the town”. He says she is “a rare bird”.",
         ["Robin Hale", "Clara Diaz", "Robin Hale"]),
        # Forward, to somebody whom the article names there first.
        ("After she warned that the dyke was thin, Nora Quist added: “We will build a second one.”", ["Nora Quist"] * 2),
        ("Clara Diaz left. After she warned that the dyke was thin, Diaz added that it would hold.", ["Clara Diaz"] * 2),
        # A surname with a title is somebody, an adjective of a place is not.
        ("President Holt spoke to Ivar Munk. Holt said that it was late. He added that it rained.", ["Holt", "Holt"]),
        # The whole of a title, and a title alone.
        ("Secretary of State Nora B. Quist said that it was late.", ["Nora B. Quist"]),
        ("Senator from Vermont says that it is late.", ["Senator from Vermont"]),
        # A name that begins the clause of the cue, whatever the parser takes for its subject.
        ("It is late. “The dyke will hold,” Quist, the engineer, said Thursday morning on the radio.", ["Quist"]),
        ("The lamps were lit. “They burn all night, and it is good,” Sen. Nora B. Quist (D-Vt.) said.", ["Nora B. Quist"]),
        # The name of a programme is not what is said.
        ("On “The Harbour Hour,” Gov. Nora Quist said that the dyke would hold.", ["Nora Quist"]),
        # What a thing says is nobody's, what somebody's advice shows is theirs.
        ("Hundreds came with flags that read “No more dykes here”.", [None]),
        ("Nora Quist builds dykes. Her advice to towns shows that she is careful.", ["Nora Quist", "Nora Quist"]),
        ("The board was criticised by the court because “its use of the sand was careless”.", ["the court"]),
    ],
)  # fmt: skip
def test_who_is_meant(text: str, speakers: list[str | None]) -> None:
    assert [quote.speaker for quote in extract(text, "en")] == speakers


@pytest.mark.parametrize(
    "text",
    [
        "Instead of giving the sailors “warmth and rest”, the port puts them in sheds.",
        "Far from being “a friend of the sea”, the engineer builds walls.",
    ],
)
def test_borrowed_words_in_a_phrase_are_nobodys(text: str) -> None:
    assert [quote for quote in extract(text, "en") if quote.kind != "indirect"] == []


def test_a_source_is_the_name_and_sung_words_end_with_their_marks() -> None:
    text = "On Monday night Nora Quist said that it rained. The crew sang “We have lost the shore” until it was dark."
    said, sung = extract(text, "en")
    assert said.source is not None
    assert text[slice(*said.source)] == "Nora Quist"
    assert text[slice(*sung.content)] == "“We have lost the shore”"
