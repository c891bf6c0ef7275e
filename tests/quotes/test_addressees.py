"""Whom words are said to: the shapes that say so, and those that only look like it."""

from __future__ import annotations

import pytest

from assistant.quotes.extract import attribution_payload, extract


def spoken(text: str, language: str = "en") -> list[str]:
    """The addressees of a text, in its order; checked to be apart from source and cue, and from content as promised."""
    found = extract(text, language)
    for one in found:
        if one.addressee is None:
            continue
        start, end = one.addressee
        assert 0 <= start < end <= len(text)
        assert all(span is None or end <= span[0] or span[1] <= start for span in (one.source, one.cue))
        assert one.cue is not None
        broken = one.content[0] <= one.cue[0] < one.content[1]
        assert broken or end <= one.content[0] or one.content[1] <= start or one.content[0] == start
        assert attribution_payload(one, text)["addressee"] == [start, end]
    return [text[slice(*one.addressee)] for one in found if one.addressee]


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ("Ann Lee told Jan Roe that the harbour must close.", "Jan Roe"),
        ("“We will stay,” Lee told reporters in the town hall on Monday.", "reporters"),
        ("“We will stay,” Lee told Harbour News.", "Harbour News"),
        ("“We will stay,” Lee told Time.", "Time"),
        ("“We will stay,” Lee told CNN’s Jan Roe on Thursday.", "CNN’s Jan Roe"),
        ("“We will stay,” Lee told Roe, “and you will go.”", "Roe"),
        ("Lee told reporters: “We will stay here.”", "reporters"),
        ("Lee told members of parliament and the press that it was late.", "members of parliament and the press"),
        ("Lee told him that it was late.", "him"),
        ("Reporters were told by Lee that it was late.", "Reporters"),
        ("He was told by a doctor that he was ill.", "He"),
        ("Lee asked Roe whether it was late.", "Roe"),
        ("Lee asked the court to block the law.", "the court"),
        ("Lee urged Congress to act.", "Congress"),
        ("Lee warned Congress that money was short.", "Congress"),
        ("Lee assured the president of France that it would pay.", "the president of France"),
        ("Lee reminded voters that the harbour was old.", "voters"),
        ("Lee said to reporters that it was late.", "reporters"),
        ("Lee wrote to the mayor that it was late.", "the mayor"),
        ("“It is late,” Lee said in an interview with the Harbour Post on Sunday.", "the Harbour Post"),
        ("In an interview with the Harbour Post, Lee said the plan was bad.", "the Harbour Post"),
        ("Lee told the Guardian in an interview with his wife that he was ill.", "the Guardian"),
        ("Lee said in a letter to shareholders that profit fell.", "shareholders"),
        ("Addressing the crowd, Lee said it was late.", "the crowd"),
        ("Speaking to supporters in Ohio, Lee said it was late.", "supporters"),
    ],
)
def test_english(text: str, addressee: str) -> None:
    assert spoken(text) == [addressee]


@pytest.mark.parametrize(
    "text",
    [
        "Lee is said to be ill.",
        "According to Lee, it is late.",
        "The hymn was sung, Lee said, to the tune of a march.",
        "“It is late,” Lee said to applause.",
        "Lee warned of a flood.",
        "Lee called Roe a liar.",
        "Lee accused Roe of lying.",
        "Lee asked for help.",
        "“Why?” asked Lee.",
        "Lee told the truth: “It is late for all of us.”",
        "Lee told himself that it was late.",
        "In response to the criticism, Lee said it was late.",
        "Lee said that in an interview with the Post Roe lied.",
        "“I told Roe that it was late,” Lee said.",
        "Lee said the flood had come to the city.",
        "Lee promised a tax cut.",
        "Addressing the shortage, Lee said it was late.",
    ],
)
def test_english_traps(text: str) -> None:
    assert extract(text, "en"), "something is said"
    assert spoken(text) == []


@pytest.mark.parametrize(
    ("language", "text", "addressee"),
    [
        ("de", "„Das ist falsch“, sagte der Minister dem Sender ntv.", "dem Sender ntv"),
        ("de", "Anna Wendt sagte gegenüber der BBC, dass sie komme.", "der BBC"),
        ("de", "Das Ministerium teilte der dpa mit, dass es regne.", "der dpa"),
        ("de", "Wendt sagte der Deutschen Presse-Agentur am Montag, sie komme.", "der Deutschen Presse-Agentur"),
        ("de", "Wendt sagte der „Rheinischen Post“, sie komme.", "der „Rheinischen Post“"),
        ("fr", "« C'est faux », a déclaré le ministre à l'AFP.", "l'AFP"),
        ("fr", "Le ministre a déclaré à la presse que c'était faux.", "la presse"),
        ("fr", "« C'est faux », a dit Anne Roy aux journalistes présents.", "journalistes"),
        ("es", "El ministro dijo a los periodistas que era falso.", "los periodistas"),
        ("es", "Ana Ruiz dijo al diario El País que era falso.", "diario El País"),
        ("ru", "Песков сообщил журналистам, что это не так.", "журналистам"),
        ("ru", "Песков заявил газете «Известия», что это не так.", "газете «Известия»"),
        ("ar", "وقال الوزير للصحفيين إن ذلك غير صحيح.", "للصحفيين"),
    ],
)
def test_other_languages(language: str, text: str, addressee: str) -> None:
    assert spoken(text, language) == [addressee]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "„Das ist falsch“, sagte ein Sprecher der Zeitung."),  # a genitive, or not: not plain
        ("de", "Wendt sagte vor dem Parlament, sie komme."),
        ("de", "Wendt sagte in der Zeitung, sie komme."),
        ("fr", "Anne Roy a déclaré à Paris que c'était faux."),
        ("es", "Ana Ruiz dijo a gritos que era falso."),
        ("ru", "Песков сказал в агентству, что это не так."),
        ("ar", "قال الوزير للشعب إن ذلك غير صحيح."),
        ("tr", "Bakan gazetecilere limanın kapanacağını söyledi."),  # left out: the verb comes last
    ],
)
def test_other_languages_traps(language: str, text: str) -> None:
    assert extract(text, language), "something is said"
    assert spoken(text, language) == []
