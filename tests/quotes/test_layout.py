"""Speakers whom only the layout names: transcripts, interviews, embedded posts."""

from __future__ import annotations

import pytest

from assistant.quotes.extract import attribution_payload, extract

DEBATE = """\
TOMAS HALE, HOST: Good evening. Minister, when will the bridge open?

CLARA WENGER, TRANSPORT MINISTER: In May. The steel has arrived.

It came by ship on Sunday.

PAUL WENGER, MP: I have heard May before. Last year it was May too.

HALE: Minister?

C. WENGER: He knows why. The storm took the crane.

TEXT: Bridge to open in May

(END VIDEO CLIP)

WENGER: So it did.

HALE: 6:30, and now the weather."""


def said(text: str, language: str = "en", headline: str = "", byline: str = "") -> list[tuple[str | None, str]]:
    return [(one.speaker, text[slice(*one.content)]) for one in extract(text, language, headline, byline)]


def test_turns_of_a_transcript_are_their_speakers_words() -> None:
    assert said(DEBATE) == [
        ("Tomas Hale", "Good evening. Minister, when will the bridge open?"),
        ("Clara Wenger", "In May. The steel has arrived."),
        ("Clara Wenger", "It came by ship on Sunday."),
        ("Paul Wenger", "I have heard May before. Last year it was May too."),
        ("Tomas Hale", "Minister?"),
        ("Clara Wenger", "He knows why. The storm took the crane."),
        ("Wenger", "So it did."),
        ("Tomas Hale", "6:30, and now the weather."),
    ]


def test_a_turn_is_direct_and_its_label_the_source() -> None:
    first = extract(DEBATE, "en")[0]
    payload = attribution_payload(first, DEBATE)
    assert payload["direct"]
    assert payload["cue"] is None
    assert DEBATE[slice(*payload["source"])] == "TOMAS HALE"


def test_a_long_turn_is_several_quotes_of_whole_sentences() -> None:
    answer = "I walked along the quay and counted the cranes once more. " * 12
    text = f"ROSA VANN, HOST: What did you see?\n\nOTTO KEMP, HARBOUR MASTER: {answer}\n\nVANN: Thank you."
    words = [words for speaker, words in said(text) if speaker == "Otto Kemp"]
    assert len(words) == 2
    assert all(words.startswith("I walked") and words.endswith("once more.") for words in words)


@pytest.mark.parametrize(
    "text",
    [
        "Note: The office is shut.\n\nUpdate: It is open again.\n\nNote: It shuts at six.\n\nUpdate: At seven.",
        "Oslo: Snow fell on the town.\n\nTurin: The fair opened.\n\nOslo: The trams stood still.\n\nTurin: Rain fell.",
        "WASHINGTON (AP): The vote is off.\n\nWASHINGTON (AP): The vote is on again.",
        "LYON, FRANCE - MAY 08: A ship at the quay.\n\nLYON, FRANCE - MAY 09: The same ship.",
        "Director: Ann Holt\n\nRating: Four stars\n\nDirector: Per Lund\n\nRating: Two stars",
        "The ferry left at 4:57, and Holt said nothing.",
    ],
)
def test_headings_datelines_and_lists_are_nobody(text: str) -> None:
    assert said(text) == []


def test_an_interviewer_without_a_name_is_nobody() -> None:
    text = (
        "Island Gazette: Why did you sell the boat?\n\nMoreau: Because I could not see the buoys.\n\n"
        "Island Gazette: And now?\n\nMoreau: Now my son tells me where they are."
    )
    assert said(text, headline="Jean Moreau on the sea") == [
        ("Jean Moreau", "Because I could not see the buoys."),
        ("Jean Moreau", "Now my son tells me where they are."),
    ]


QUESTIONS = """\
Edith Marlow has tuned pianos since 1970. Our reporter Hans Roth met her in her workshop.

Q: Who taught you?

A: My father. He could hear a loose string from the street.

Q: And whom do you teach?

A: My niece. She hears more than I do."""


@pytest.mark.parametrize(
    ("headline", "text", "speaker"),
    [
        ("“I hear with my hands”: Edith Marlow on old pianos", QUESTIONS, "Edith Marlow"),
        ("Old pianos", QUESTIONS.replace("Our reporter Hans Roth", "We"), "Edith Marlow"),
        ("", QUESTIONS.replace("Our reporter Hans Roth met her", "Hans Roth spoke with Edith Marlow"), "Edith Marlow"),
    ],
)
def test_answers_are_the_words_of_whom_the_article_names(headline: str, text: str, speaker: str) -> None:
    assert said(text, headline=headline, byline="Hans Roth") == [
        (speaker, "My father. He could hear a loose string from the street."),
        (speaker, "My niece. She hears more than I do."),
    ]


def test_answers_of_an_outlet_to_its_readers_are_nobodys() -> None:
    text = "Q: Where is the port?\n\nA: In the north.\n\nQ: When is it open?\n\nA: At all hours."
    assert said(text, headline="Edith Marlow opens the new port") == []


def test_questions_as_paragraphs_of_their_own() -> None:
    text = (
        "The Gazette spoke with Edith Marlow in her workshop.\n\nWho taught you?\n\nMy father did.\n\n"
        "What do you listen for?\n\nI listen for the third string.\nIt is never in tune.\n\n"
        "Whom do you teach?\n\nMy niece."
    )
    assert said(text) == [
        ("Edith Marlow", "My father did."),
        ("Edith Marlow", "I listen for the third string."),
        ("Edith Marlow", "It is never in tune."),
        ("Edith Marlow", "My niece."),
    ]


def test_rhetorical_questions_are_no_interview() -> None:
    text = (
        "Edith Marlow opened a school.\n\nDo you need a piano?\n\nI do not think so.\n\n"
        "Do you need two?\n\nThe school has four.\n\nWould you buy one?\n\nMy shop is shut."
    )
    assert said(text, headline="Pianos of Marlow") == []


def test_a_post_is_the_words_of_who_signed_it() -> None:
    text = (
        "The harbour master answered at once.\n\n"
        "I told them that the lamp was out. Nobody came.\nNow the lamp is lit. https://t.co/x1\n\n"
        "— Otto Kemp (@ottokemp) March 3, 2025\n\nThe port did not answer."
    )
    assert said(text) == [("Otto Kemp", "I told them that the lamp was out. Nobody came.\nNow the lamp is lit.")]


def test_a_reporters_signature_is_no_post() -> None:
    assert said("The lamp is lit again, to the relief of the port.\n\n- Hans Roth (@hansroth)") == []


UPDATES = """\
Vera Holt asked for calm. “Stay at home,” she said, “and keep your lamps lit until the morning.”

- Hans Roth

Nora Quist said that the dyke held.

- Hans Roth"""


def test_a_reporters_name_under_an_update_is_no_speaker() -> None:
    assert [speaker for speaker, _ in said(UPDATES)] == ["Vera Holt", "Vera Holt", "Nora Quist"]


def test_a_name_under_each_quotation_is_its_speaker() -> None:
    text = "“The dyke held all night.”\n\n- Nora Quist\n\n“It will hold tomorrow, too.”\n\n- Nora Quist"
    assert [speaker for speaker, _ in said(text)] == ["Nora Quist", "Nora Quist"]


@pytest.mark.parametrize(
    ("byline", "speaker"), [("By Hans Roth", "Nora Quist"), ("", "Hans Roth Quist"), ("Ida Munk", "Hans Roth Quist")]
)
def test_a_byline_glued_to_the_text_is_no_part_of_a_name(byline: str, speaker: str) -> None:
    text = "Nora Quist came early.\n\nHans Roth Quist said that the dyke held."
    assert said(text, byline=byline) == [(speaker, "that the dyke held")]
