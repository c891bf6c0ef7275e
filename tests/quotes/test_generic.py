"""French, Spanish, Russian, Turkish and Arabic by data files; any other language keeps its direct quotations."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.quotes.generic.extract import extract_generic

Row = tuple[str, str, str | None, str | None, str | None]
"""Kind, content, source, cue, speaker."""


def rows(text: str, language: str) -> list[Row]:
    return [
        (
            found.kind,
            text[slice(*found.content)],
            text[slice(*found.source)] if found.source else None,
            text[slice(*found.cue)] if found.cue else None,
            found.speaker,
        )
        for found in extract_generic(text, language)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "« Nous ne céderons pas », a déclaré mardi le ministre des Transports, Jean Vernier.",
            ("direct", "« Nous ne céderons pas »", "le ministre des Transports", "a déclaré", "Jean Vernier"),
        ),
        (
            "La maire de Rives, Anne Petit, a affirmé : « La ville est prête. »",
            ("direct", "« La ville est prête. »", "La maire de Rives", "a affirmé", "Anne Petit"),
        ),
        (
            "« Nous irons », a-t-elle ajouté, « jusqu’au bout ».",
            ("direct", "« Nous irons », a-t-elle ajouté, « jusqu’au bout »", "elle", "a-t-elle ajouté", "elle"),
        ),
        (
            "« Nous irons, dit-il, jusqu’au bout de cette affaire », et il partit.",
            ("direct", "« Nous irons, dit-il, jusqu’au bout de cette affaire »", "il", "dit-il", "il"),
        ),
        (
            "« C’est une honte », s’exclame Mme Petit.",
            ("direct", "« C’est une honte »", "Mme Petit", "s’exclame", "Mme Petit"),
        ),
        (
            "Le président Paul Martin a annoncé que la réforme serait reportée.",
            ("indirect", "que la réforme serait reportée", "Le président Paul Martin", "a annoncé", "Paul Martin"),
        ),
        (
            "Selon la police, deux personnes ont été blessées.",
            ("indirect", "deux personnes ont été blessées", "la police", "Selon", "police"),
        ),
        (
            "La réforme est morte, selon Paul Martin.",
            ("indirect", "La réforme est morte", "Paul Martin", "selon", "Paul Martin"),
        ),
    ],
)
def test_french(text: str, expected: Row) -> None:
    assert rows(text, "fr") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "«No vamos a ceder», dijo el ministro de Transportes, Juan Roble.",
            ("direct", "«No vamos a ceder»", "el ministro de Transportes", "dijo", "Juan Roble"),
        ),
        (
            "La alcaldesa Ana Luna afirmó: «La ciudad está preparada».",
            ("direct", "«La ciudad está preparada»", "La alcaldesa Ana Luna", "afirmó", "Ana Luna"),
        ),
        (
            "“Iremos”, ha añadido Roble, “hasta el final”.",
            ("direct", "“Iremos”, ha añadido Roble, “hasta el final”", "Roble", "ha añadido", "Roble"),
        ),
        ('"Es una vergüenza", lamentó ella ayer.', ("direct", '"Es una vergüenza"', "ella", "lamentó", "ella")),
        (
            "El presidente Luis Gama anunció que la reforma se aplazará.",
            ("indirect", "que la reforma se aplazará", "El presidente Luis Gama", "anunció", "Luis Gama"),
        ),
        (
            "Según la policía, dos personas resultaron heridas.",
            ("indirect", "dos personas resultaron heridas", "la policía", "Según", "policía"),
        ),
    ],
)
def test_spanish(text: str, expected: Row) -> None:
    assert rows(text, "es") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "«Мы не уступим», — заявил во вторник министр транспорта Иван Берёзов.",
            ("direct", "«Мы не уступим»", "министр транспорта Иван Берёзов", "заявил", "Иван Берёзов"),
        ),
        (
            "Мэр города Анна Лугова сказала: «Город готов».",
            ("direct", "«Город готов»", "Мэр города Анна Лугова", "сказала", "Анна Лугова"),
        ),
        (
            "«Мы пойдем, — добавил он, — до конца».",
            ("direct", "«Мы пойдем, — добавил он, — до конца»", "он", "добавил", "он"),
        ),
        (
            "Лугова также отметила: «Работы начнутся в мае».",
            ("direct", "«Работы начнутся в мае»", "Лугова", "отметила", "Лугова"),
        ),
        (
            "Президент Павел Орлов сообщил, что реформа будет отложена.",
            ("indirect", "что реформа будет отложена", "Президент Павел Орлов", "сообщил", "Павел Орлов"),
        ),
        (
            "По словам полиции, два человека пострадали.",
            ("indirect", "два человека пострадали", "полиции", "По словам", "полиции"),
        ),
    ],
)
def test_russian(text: str, expected: Row) -> None:
    assert rows(text, "ru") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ulaştırma Bakanı Ali Yıldız, “Geri adım atmayacağız” dedi.",
            ("direct", "“Geri adım atmayacağız”", "Ulaştırma Bakanı Ali Yıldız", "dedi", "Ali Yıldız"),
        ),
        (
            "Bakan Yıldız şöyle konuştu: “Yolun sonuna kadar gideceğiz.”",
            ("direct", "“Yolun sonuna kadar gideceğiz.”", "Bakan Yıldız", "konuştu", "Bakan Yıldız"),
        ),
        ("“Bu bir utançtır” dedi Demir.", ("direct", "“Bu bir utançtır”", "Demir", "dedi", "Demir")),
        (
            "“Şehir hazır” diyen Belediye Başkanı Ayşe Demir törene katıldı.",
            ("direct", "“Şehir hazır”", "Belediye Başkanı Ayşe Demir", "diyen", "Ayşe Demir"),
        ),
        (
            "Yıldız, çalışmaların mayısta başlayacağını belirtti.",
            ("indirect", "çalışmaların mayısta başlayacağını", "Yıldız", "belirtti", "Yıldız"),
        ),
        (
            "Polise göre iki kişi yaralandı.",
            ("indirect", "iki kişi yaralandı", "Polise", "göre", "Polise"),
        ),
        # A comma sets the subject off; a word that merely begins a sentence, or stands in a case, is none.
        (
            "Emekli öğretmen Nimet Poyraz, habere şaşırmadığını belirtti.",
            ("indirect", "habere şaşırmadığını", "Emekli öğretmen Nimet Poyraz", "belirtti", "Nimet Poyraz"),
        ),
        (
            "Altı partinin adayı Can Demir seçimi kazandı. Altı partinin adayı Demir, rakibini yalan yaymakla suçlamıştı.",
            ("indirect", "rakibini yalan yaymakla", "Altı partinin adayı Demir", "suçlamıştı", "Can Demir"),
        ),
        (
            "Seçim kaybedilirse muhalefetin kazanacağını belirtti. Ona göre seçimi kimse kazanamaz.",
            ("indirect", "Seçim kaybedilirse muhalefetin kazanacağını", None, "belirtti", None),
        ),
        (
            "İstanbul’da yağmurun durduğunu belirtti.",
            ("indirect", "İstanbul’da yağmurun durduğunu", None, "belirtti", None),
        ),
        (
            "Gönüllü kütüphaneci Sevda Erkut’a göre kitap çok.",
            ("indirect", "kitap çok", "Gönüllü kütüphaneci Sevda Erkut’a", "göre", "Sevda Erkut"),
        ),
    ],
)
def test_turkish(text: str, expected: Row) -> None:
    assert expected in rows(text, "tr")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'قال وزير النقل أحمد علي: "لن نتراجع عن قرارنا".',
            ("direct", '"لن نتراجع عن قرارنا"', "وزير النقل أحمد علي", "قال", "وزير النقل أحمد علي"),
        ),
        (
            '"المدينة مستعدة تماما"، قالت رئيسة البلدية ليلى حسن.',
            ("direct", '"المدينة مستعدة تماما"', "رئيسة البلدية ليلى حسن", "قالت", "رئيسة البلدية ليلى حسن"),
        ),
        (
            'وأضاف علي في مؤتمر صحفي "سنمضي حتى النهاية".',
            ("direct", '"سنمضي حتى النهاية"', "علي", "وأضاف", "علي"),
        ),
        (
            "«سنمضي»، أضاف الوزير، «حتى النهاية».",
            ("direct", "«سنمضي»، أضاف الوزير، «حتى النهاية»", "الوزير", "أضاف", "الوزير"),
        ),
        (
            "وأعلن المتحدث باسم الشرطة أن شخصين أصيبا في الحادث.",
            ("indirect", "أن شخصين أصيبا في الحادث", "المتحدث باسم الشرطة", "وأعلن", "المتحدث باسم الشرطة"),
        ),
        (
            "بحسب وزارة الصحة، أصيب شخصان في الحادث.",
            ("indirect", "أصيب شخصان في الحادث", "وزارة الصحة", "بحسب", "وزارة الصحة"),
        ),
    ],
)
def test_arabic(text: str, expected: Row) -> None:
    assert rows(text, "ar") == [expected]


def test_names_are_completed_within_the_article() -> None:
    text = "Le ministre Jean Vernier est à Rives. « Nous irons », a déclaré Vernier. « Demain », a-t-il précisé."
    assert [row[4] for row in rows(text, "fr")] == ["Jean Vernier", "Jean Vernier"]
    text = "Мэр Анна Лугова открыла мост. «Город готов», — сказала Лугова. «Мост открыт», — добавила она."
    assert [row[4] for row in rows(text, "ru")] == ["Анна Лугова", "Анна Лугова"]


@pytest.mark.parametrize(
    ("language", "text", "content", "source"),
    [
        ("fr", "Comme l’a dit Anne Petit, la ville est prête.", "la ville est prête", "Anne Petit"),
        ("es", "Según informó Ana Luna, la ciudad está preparada.", "la ciudad está preparada", "Ana Luna"),
        ("ru", "Как сообщила Анна Лугова, дорогу закроют в мае.", "дорогу закроют в мае", "Анна Лугова"),
        ("ar", "كما أكد الوزير، العمل سيستمر غدا.", "العمل سيستمر غدا", "الوزير"),
    ],
)
def test_as_somebody_said(language: str, text: str, content: str, source: str) -> None:
    assert [row[:3] for row in rows(text, language)] == [("indirect", content, source)]


def test_naming_something_in_the_speakers_word() -> None:
    assert rows("Ruiz calificó la propuesta de «disparate».", "es")[0][:3] == ("direct", "«disparate»", "Ruiz")
    assert rows("Берёзов назвал решение «ошибкой».", "ru")[0][:3] == ("direct", "«ошибкой»", "Берёзов")


def test_titles_in_quotation_marks_are_not_speech() -> None:
    assert rows("Il a lu « Le Monde » mardi à Rives.", "fr") == []
    assert rows("Leyó «El Faro» en casa.", "es") == []


def test_language_without_a_file_keeps_its_direct_quotations() -> None:
    text = "Han sa: ”Vi bygger bron i maj.” Tidningen ”Bladet” skrev om det."
    assert rows(text, "sv") == [("direct", "”Vi bygger bron i maj.”", None, None, None)]
    assert rows("„Budujemy most w maju tego roku.“", "") == [
        ("direct", "„Budujemy most w maju tego roku.“", None, None, None)
    ]


@pytest.mark.parametrize("language", ["../de", "de.toml", "x" * 300, "FR", "\0"])
def test_strange_language_codes_are_harmless(language: str) -> None:
    assert rows("Plain words.", language) == []


PIECES = [
    "a dit", "dit-il", "Paul Martin", "dijo", "сказал он", "Иван", "dedi", "göre", "قال", "بحسب", "que", "что", "selon",
    ", ", ": ", ". ", "« ", " »", "“", "”", "„", '"', " — ", "\n\n", "ki", "(", "gideceğini söyledi", "İ", "ß", "😀",
    "...", "'", "à la presse", "a los periodistas", "журналистам", "للصحفيين", "a déclaré", "dijo", "сообщил",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=50).map(" ".join) | st.text(max_size=120),
    st.sampled_from(["fr", "es", "ru", "tr", "ar", "sv", ""]),
)
def test_offsets_hold_in_any_text(text: str, language: str) -> None:
    for found in extract_generic(text, language):
        for span in (found.content, found.source, found.cue, found.addressee):
            if span is not None:
                assert 0 <= span[0] < span[1] <= len(text)
        assert (found.source is None) == (found.speaker is None)
        start, end = found.addressee or (len(text), len(text))
        assert all(span is None or span[1] <= start or end <= span[0] for span in (found.source, found.cue))


def test_a_cue_of_two_words_is_found_whole() -> None:
    assert rows("Ayşe Demir, köprünün kapanacağını ifade etti.", "tr") == [
        ("indirect", "köprünün kapanacağını", "Ayşe Demir", "ifade etti", "Ayşe Demir")
    ]


def test_vowel_signs_do_not_hide_a_cue() -> None:
    with_signs, without = (rows(f"{verb} الوزير أن الميناء سيفتح غدا.", "ar") for verb in ("صرّح", "صرح"))
    assert [row[:3] for row in with_signs] == [row[:3] for row in without] != []
    assert with_signs[0][3] == "صرّح"
