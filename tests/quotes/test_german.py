"""German: direct, indirect, reported and free indirect speech, and whose words they are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.attributions import Attribution
from assistant.quotes.extract import extract
from assistant.quotes.german.extract import extract_german

Row = tuple[str, str, str | None, str | None]
"""Kind, content, source, speaker."""


def rows(text: str) -> list[Row]:
    return [
        (
            found.kind,
            text[slice(*found.content)],
            text[slice(*found.source)] if found.source else None,
            found.speaker,
        )
        for found in extract_german(text)
    ]


def cue(text: str, found: Attribution) -> str | None:
    return text[slice(*found.cue)] if found.cue else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "„Wir bauen die Brücke im Mai“, sagte Bürgermeisterin Karla Wendt.",
            ("direct", "„Wir bauen die Brücke im Mai“", "Bürgermeisterin Karla Wendt", "Karla Wendt"),
        ),
        (
            "Karla Wendt sagte: „Die Brücke wird im Mai gebaut.“",
            ("direct", "„Die Brücke wird im Mai gebaut.“", "Karla Wendt", "Karla Wendt"),
        ),
        (
            "»Das Geld fehlt uns«, so der Kämmerer der Stadt.",
            ("direct", "»Das Geld fehlt uns«", "der Kämmerer der Stadt", "Kämmerer der Stadt"),
        ),
        (
            "Am Montag teilte die Polizei mit: „Niemand wurde bei dem Brand verletzt.“",
            ("direct", "„Niemand wurde bei dem Brand verletzt.“", "die Polizei", "Polizei"),
        ),
        (
            "Der Verband bezeichnete den Entwurf als „faulen Kompromiss“.",
            ("direct", "„faulen Kompromiss“", "Der Verband", "Verband"),
        ),
    ],
)
def test_direct_quotations(text: str, expected: Row) -> None:
    assert expected in rows(text)


@pytest.mark.parametrize(
    ("text", "content", "source"),
    [
        (
            "Der Sprecher sagte, dass die Brücke gesperrt bleibt.",
            "dass die Brücke gesperrt bleibt",
            "Der Sprecher",
        ),
        ("Der Sprecher sagte, die Brücke bleibe gesperrt.", "die Brücke bleibe gesperrt", "Der Sprecher"),
        ("Die Brücke bleibe gesperrt, sagte der Sprecher am Montag.", "Die Brücke bleibe gesperrt", "der Sprecher"),
        (
            "Die Stadt kündigte am Dienstag an, die Brücke neu zu bauen.",
            "die Brücke neu zu bauen",
            "Die Stadt",
        ),
        (
            "Wie das Amt mitteilte, ist die Brücke wieder frei.",
            "ist die Brücke wieder frei",
            "das Amt",
        ),
        ("Die Brücke ist wieder frei, wie das Amt mitteilte.", "Die Brücke ist wieder frei", "das Amt"),
        (
            "Die Ministerin geht davon aus, dass das Geld reicht.",
            "dass das Geld reicht",
            "Die Ministerin",
        ),
        (
            "Der Verein hat gestern erklärt, die Halle werde verkauft.",
            "die Halle werde verkauft",
            "Der Verein",
        ),
        (
            "Tom Berg, der den Verein seit Jahren leitet, versicherte, niemand müsse gehen.",
            "niemand müsse gehen",
            "Tom Berg",
        ),
        (
            "Nachdem die Wahl vorbei war, forderte der Verband, die Steuer zu senken.",
            "die Steuer zu senken",
            "der Verband",
        ),
        (
            "Der Anwalt vertritt die Ansicht, sein Mandant sei unschuldig.",
            "sein Mandant sei unschuldig",
            "Der Anwalt",
        ),
        (
            "Die Forderung der Opposition, die Steuer zu senken, fand keine Mehrheit.",
            "die Steuer zu senken",
            "der Opposition",
        ),
    ],
)
def test_indirect_speech(text: str, content: str, source: str) -> None:
    assert (content, source) in [(row[1], row[2]) for row in rows(text) if row[0] == "indirect"]


@pytest.mark.parametrize(
    ("text", "content", "source"),
    [
        ("Laut Polizei sind die Täter geflohen.", "sind die Täter geflohen", "Polizei"),
        (
            "Nach Angaben der Feuerwehr brannten drei Häuser.",
            "brannten drei Häuser",
            "Angaben der Feuerwehr",
        ),
        ("Medienberichten zufolge tritt er zurück.", "tritt er zurück", "Medienberichten"),
        (
            "Der Fluss steigt nach Einschätzung des Amtes weiter.",
            "Der Fluss steigt nach Einschätzung des Amtes weiter",
            "Einschätzung des Amtes",
        ),
        (
            "Aus Sicht des Verbandes fehlen die Lehrer.",
            "fehlen die Lehrer",
            "Sicht des Verbandes",
        ),
    ],
)
def test_according_to(text: str, content: str, source: str) -> None:
    assert (content, source) in [(row[1], row[2]) for row in rows(text)]


def test_nach_is_not_always_according_to() -> None:
    assert rows("Nach der Sitzung des Rates fuhr der Bürgermeister nach Kassel.") == []


def test_subjunctive_carries_on_the_last_speaker() -> None:
    text = (
        "Ministerin Karla Wendt sagte, das Geld reiche nicht. Es fehle an allem. Auch die Lehrer seien müde. "
        "Die Schule liegt am Rand der Stadt."
    )
    assert rows(text) == [
        ("indirect", "das Geld reiche nicht", "Ministerin Karla Wendt", "Karla Wendt"),
        ("indirect", "Es fehle an allem. Auch die Lehrer seien müde.", "Ministerin Karla Wendt", "Karla Wendt"),
    ]


def test_indicative_and_conditional_sentences_are_nobodys_words() -> None:
    text = "Die Brücke wurde 1910 gebaut. Sie könnte bald gesperrt werden. Die Züge gingen trotzdem pünktlich."
    assert rows(text) == []


def test_soll_carries_on_what_somebody_said() -> None:
    text = "Die Polizei teilte mit, dass ein Mann festgenommen wurde. Er soll zwei Autos gestohlen haben."
    assert rows(text)[-1] == ("indirect", "Er soll zwei Autos gestohlen haben.", "Die Polizei", "Polizei")
    assert rows("Das Museum soll im Mai öffnen.") == []


def test_content_ends_before_the_next_cue() -> None:
    text = "Er sagte, die Stadt brauche Geld und fügte hinzu: „Der Bund muss helfen.“"
    assert [row[:2] for row in rows(text)] == [
        ("indirect", "die Stadt brauche Geld"),
        ("direct", "„Der Bund muss helfen.“"),
    ]


def test_quotation_within_reported_speech_is_mixed_and_direct() -> None:
    text = "Der Chef sagte, das Werk sei „ein Fass ohne Boden“."
    assert [row[:2] for row in rows(text)] == [
        ("mixed", "das Werk sei „ein Fass ohne Boden“"),
        ("direct", "„ein Fass ohne Boden“"),
    ]


def test_act_of_speech_without_a_clause() -> None:
    text = "Der Verband fordert den Rücktritt des Ministers."
    (found,) = extract_german(text)
    assert (text[slice(*found.content)], found.speaker, cue(text, found)) == (text, "Verband", "fordert")


def test_sentence_that_points_back() -> None:
    text = "Die Brücke wird im Mai gesperrt. Das bestätigte Sprecher Tom Berg am Montag."
    (found,) = extract_german(text)
    assert text[slice(*found.content)] == "Die Brücke wird im Mai gesperrt. Das"
    assert found.speaker == "Tom Berg"


def test_names_and_titles_in_quotation_marks_are_not_speech() -> None:
    text = "Die Zeitung „Der Tag“ erscheint seit 1950. Im Kino läuft „Die lange Nacht der kurzen Filme“."
    assert rows(text) == []


def test_quotation_that_stands_alone_belongs_to_the_last_speaker() -> None:
    text = "„Wir warten ab“, sagte Trainer Uwe Lang. „Mehr gibt es heute nicht zu sagen.“"
    assert [row[3] for row in rows(text)] == ["Uwe Lang", "Uwe Lang"]


@pytest.mark.parametrize(
    ("mention", "speaker"),
    [
        ("Wendt", "Karla Wendt"),
        ("Sie", "Karla Wendt"),
        ("Die Ministerin", "Karla Wendt"),
        ("Er", "Uwe Lang"),
        ("Lang", "Uwe Lang"),
    ],
)
def test_mentions_are_named_in_full(mention: str, speaker: str) -> None:
    text = (
        "Trainer Uwe Lang und Sportministerin Karla Wendt besuchten das Stadion. "
        f"{mention} sagte, dass der Rasen neu ist."
    )
    assert rows(text)[-1][2:] == (mention, speaker)


def test_apposition_names_a_role() -> None:
    text = "„Es gab keine Verletzten“, sagte ein Sprecher der Polizei, Uwe Lang."
    assert rows(text) == [("direct", "„Es gab keine Verletzten“", "ein Sprecher der Polizei", "Uwe Lang")]


def test_separated_and_joined_prefixes_give_the_same_cue() -> None:
    for text in ("Er gab bekannt, dass er geht.", "Weil er bekannt gab, dass er geht, ist die Stelle frei."):
        assert [cue(text, found) for found in extract_german(text)] == ["gab"]


PIECES = [
    "sagte", "Karla Wendt", "der Sprecher", ", ", ": ", ". ", "„", "“", "»", "«", "(", ")", "dass", "sei", "habe",
    "laut", "nach Angaben", "zufolge", "wie", "so", "die Polizei", "teilte", "mit", " – ", "\n\n", "er", "fordert",
    "werde", "zu gehen", "bezeichnete", "als", "Das", "12.", "ö", "\u00ad", "😀", "Demnach", "…", "der", "Forderung",
    "dem Sender", "gegenüber der Zeitung", "der dpa",
]  # fmt: skip
SOUP = st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join) | st.text(max_size=200)


@settings(max_examples=150, deadline=None)
@given(SOUP)
def test_offsets_hold_in_any_text(text: str) -> None:
    found = extract(text, "de")
    assert found == extract(text, "de")
    assert [item.content for item in found] == sorted(item.content for item in found)
    for item in found:
        for span in (item.content, item.source, item.cue, item.addressee):
            if span is not None:
                assert 0 <= span[0] < span[1] <= len(text)
        assert (item.source is None) == (item.speaker is None)
        start, end = item.addressee or (len(text), len(text))
        assert all(span is None or span[1] <= start or end <= span[0] for span in (item.source, item.cue))
        if item.kind == "direct":
            assert not text[item.content[0]].isalnum()


@settings(max_examples=40, deadline=None)
@given(SOUP)
def test_text_before_shifts_the_offsets_of_what_follows(text: str) -> None:
    alone = extract_german("\n\n" + text)
    behind = extract_german("Die Sonne scheint.\n\n" + text)
    assert [(item.content[0] + 18, item.content[1] + 18) for item in alone] == [item.content for item in behind]


@pytest.mark.parametrize("piece", [", sagte er", "„a“ ", "Er sei da. ", "laut Polizei ", "a,", "„", "der ", "sagte "])
def test_work_grows_with_the_length_of_the_text(piece: str) -> None:
    found = extract_german(piece * (10_000 // len(piece)))
    assert len(found) < 10_000
