"""The same checks in German, Turkish, Russian and Arabic."""

from __future__ import annotations

import pytest

from tests.answering.test_verifier import article, fault

TEXTS = {
    "de": "Die Bürgermeisterin Ana Berg sagte am Mittwoch, der Hafentunnel werde nicht vor 2027 öffnen. Er koste 5,3 "
    "Millionen Euro, doppelt so viel wie geplant. Tom Hale schlug Rosa Lund mit zwölf Prozent Vorsprung.",
    "tr": "Belediye Başkanı Ayşe Yılmaz çarşamba günü liman tünelinin 2027'den önce açılmayacağını söyledi. Tünel 5,3 "
    "milyon avroya mal olacak. Kaya, Demir'i yüzde 12 farkla yendi.",
    "ru": "Мэр Анна Берг в среду заявила, что портовый туннель не откроется до 2027 года. Он обойдётся в 5,3 миллиона "
    "евро. Иван Петров победил Сергея Волкова с разницей в 12 процентов.",
    "ar": "قالت رئيسة البلدية آنا بيرغ يوم الأربعاء إن نفق الميناء لن يفتح قبل عام 2027. وسيكلف النفق 5.3 مليون يورو. "
    "وفاز توم هيل على روزا لوند بفارق ١٢ صوتا.",
}


@pytest.mark.parametrize(
    ("language", "claim"),
    [
        ("de", "Ana Berg sagte, der Hafentunnel werde nicht vor 2027 öffnen."),
        ("de", "Ana Berg sagte am 5. Mai, der Hafentunnel werde nicht vor 2027 öffnen."),
        ("de", "Er koste 5.300.000 Euro, doppelt so viel wie geplant."),
        ("de", "Hale schlug Lund mit 12 Prozent Vorsprung."),
        ("tr", "Ayşe Yılmaz liman tünelinin 2027'den önce açılmayacağını söyledi."),
        ("tr", "Tünel 5.300.000 avroya mal olacak."),
        ("ru", "Анна Берг заявила, что портовый туннель не откроется до 2027 года."),
        ("ru", "Он обойдется в 5,3 млн евро."),
        ("ru", "Иван Петров победил Волкова с разницей в 12%."),
        ("ar", "قالت آنا بيرغ إن نفق الميناء لن يفتح قبل عام 2027."),
        ("ar", "وفاز توم هيل على روزا لوند بفارق 12 صوتا."),
    ],
)
def test_claims_close_to_their_evidence_are_accepted(language: str, claim: str) -> None:
    assert fault(claim, record=article(TEXTS[language], language)) == ""


@pytest.mark.parametrize(
    ("language", "claim", "name"),
    [
        ("de", "Der Hafentunnel werde vor 2027 öffnen.", "negation"),
        ("de", "Der Hafentunnel werde nicht vor 2027 öffnen.", "speaker"),
        ("de", "Er koste keine 5,3 Millionen Euro.", "negation"),
        ("de", "Der Hafentunnel werde nicht vor 2028 öffnen.", "number"),
        ("de", "Er koste 5,3 Milliarden Euro.", "number"),
        ("de", "Rosa Lund schlug Tom Hale mit zwölf Prozent Vorsprung.", "name"),
        ("de", "Tom Hale sagte am Mittwoch, der Hafentunnel werde nicht vor 2027 öffnen.", "name"),
        ("de", "Ana Berg sagte am Dienstag, der Hafentunnel werde nicht vor 2027 öffnen.", "date"),
        ("tr", "Ayşe Yılmaz liman tünelinin 2028'den önce açılmayacağını söyledi.", "number"),
        ("tr", "Ayşe Yılmaz liman tünelinin 2027'den önce açılacağını söyledi.", "similarity"),
        ("tr", "Tünel 5,3 milyar avroya mal olacak.", "number"),
        ("tr", "Demir, Kaya'yı yüzde 12 farkla yendi.", "name"),
        ("tr", "Mehmet Kaya liman tünelinin 2027'den önce açılmayacağını söyledi.", "name"),
        ("ru", "Портовый туннель откроется до 2027 года.", "negation"),
        ("ru", "Портовый туннель не откроется до 2028 года.", "number"),
        ("ru", "Он обойдётся в 5,3 миллиарда евро.", "number"),
        ("ru", "Сергей Волков победил Ивана Петрова с разницей в 12 процентов.", "name"),
        ("ru", "Иван Петров заявил, что портовый туннель не откроется до 2027 года.", "name"),
        ("ru", "Анна Берг во вторник заявила, что портовый туннель не откроется до 2027 года.", "date"),
        ("ar", "نفق الميناء يفتح قبل عام 2027.", "negation"),
        ("ar", "نفق الميناء لن يفتح قبل عام 2028.", "number"),
        ("ar", "وفاز توم هيل على روزا لوند بفارق ١٣ صوتا.", "number"),
        ("ar", "وفاز روزا لوند على توم هيل بفارق ١٢ صوتا.", "similarity"),
        ("ar", "قال توم هيل إن نفق الميناء لن يفتح قبل عام 2027.", "similarity"),
    ],
)
def test_claims_that_stray_from_it_are_refused(language: str, claim: str, name: str) -> None:
    assert fault(claim, record=article(TEXTS[language], language)) == name


def test_names_in_other_letters_are_the_same() -> None:
    record = article("Владимир Зеленский denied on Wednesday that the tunnel was closed.")
    assert fault("Volodymyr Zelenskyy denied that the tunnel was closed.", record=record) == ""
    assert fault("Zelensky denied that the tunnel was closed.", record=record) == ""
    assert fault("Petrov denied that the tunnel was closed.", record=record) == "name"
