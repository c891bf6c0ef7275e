"""The words that name times, in the languages the house speaks: months, weekdays, spans, and what stands around them.

Everything is a fragment of a regular expression over folded text (``assistant.text.fold``: no case, no accents).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.text import fold

NOTHING = r"(?!)"
"""A pattern that never matches: a language that has no such words."""


@dataclass(frozen=True, slots=True, eq=False)
class CalendarWords:
    """How one language speaks of time. All patterns are matched against folded text.

    :ivar months: January to December; the forms of a month apart by spaces. ``weekdays``: Monday to Sunday.
    :ivar units: forms of "day", "week", "month", "quarter" and "year".
    :ivar numbers: the words for 1, 2, 3, ...; the forms of one number apart by "|".
    :ivar ending: what may be joined to a name of a time.
    :ivar at: what stands before a time that something happened at ("in", "on").
    :ivar last: "last", before what it is said of; ``last_after`` behind it. ``this`` likewise.
    :ivar rolling: "the last", "the past", before a count of units; ``rolling_between`` between count and unit.
    :ivar rolling_after: likewise, behind the units. ``rolling_one`` before one unit: "in the past week".
    :ivar ago: before a count of units; ``ago_after`` behind them.
    :ivar since: before a time ("since", "from"); ``since_after`` behind it. The others likewise.
    :ivar at_year: what stands before a year that something happened in.
    :ivar sure_year: what may follow a year and shows that it is one ("yılında").
    :ivar free_year: a year may stand with nothing before it ("Was sagte sie 2022 dazu?"), unless ``bound_year`` does:
        then it belongs to the thing before it.
    :ivar pairs: what stands before, between and behind two times that bound a span.
    """

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    units: dict[str, str]
    numbers: str
    today: str
    yesterday: str
    eve: str = NOTHING
    ending: str = ""
    at: str = NOTHING
    last: str = NOTHING
    last_after: str = NOTHING
    this: str = NOTHING
    this_after: str = NOTHING
    rolling: str = NOTHING
    rolling_between: str = ""
    rolling_one: str = NOTHING
    rolling_after: str = NOTHING
    ago: str = NOTHING
    ago_after: str = NOTHING
    since: str = NOTHING
    since_after: str = NOTHING
    after: str = NOTHING
    after_after: str = NOTHING
    before: str = NOTHING
    before_after: str = NOTHING
    until: str = NOTHING
    until_after: str = NOTHING
    pairs: tuple[tuple[str, str, str], ...] = ()
    day_month: str = ""
    month_year: str = ""
    year_of: str = ""
    at_year: str = NOTHING
    sure_year: str = NOTHING
    free_year: bool = False
    bound_year: str = NOTHING


def _each(text: str) -> tuple[str, ...]:
    return tuple("|".join(sorted(map(re.escape, fold(part).split()), key=len, reverse=True)) for part in text.split(";"))


ENGLISH = CalendarWords(
    months=_each("january jan;february feb;march mar;april apr;may;june jun;july jul;august aug;september sept sep;"
                 "october oct;november nov;december dec"),
    weekdays=_each("monday;tuesday;wednesday;thursday;friday;saturday;sunday"),
    units={"day": "days?", "week": "weeks?", "month": "months?", "quarter": "quarters?", "year": "years?"},
    numbers="one|a|an two|a couple of three four five six seven eight nine ten eleven twelve",
    today="today|tonight|this morning|this afternoon|this evening",
    yesterday="yesterday|last night",
    eve="the day before yesterday",
    at="(?:in|on|during|throughout|early in|late in|back in|of|for|as of|in early|in late|in mid)(?: the)?",
    last="last|previous|the previous",
    this="this|the current",
    rolling="(?:(?:in|over|during|within|for|throughout)\\s+)?(?:the|these)?\\s*(?:last|past|previous)",
    rolling_one="(?:(?:in|over|during|within|for|throughout)\\s+the\\s+(?:last|past)|(?:the\\s+)?past)",
    ago_after="ago",
    since="since|starting(?: in| on)?|from|ever since|beginning(?: in| on)?",
    since_after="onwards?",
    after="after|following",
    before="before|prior to|ahead of|earlier than",
    until="until|till|up to|through|up until|by",
    pairs=((r"between", r"and", ""), (r"from", r"to|until|till|through|up to", ""), (r"", r"to|-|through", "")),
    day_month=r"(?:\s+of)?",
    month_year=r"(?:\s*,|\s+of)?",
    year_of=r"(?:the year\s+)?",
    at_year="in|during|throughout|back in|early in|late in|in early|in late|in mid|for all of",
)  # fmt: skip

GERMAN = CalendarWords(
    months=_each("januar janner janners januars;februar februars;marz;april;mai;juni;juli;august;september;oktober;november;dezember"),
    weekdays=_each("montag montags;dienstag dienstags;mittwoch mittwochs;donnerstag donnerstags;freitag freitags;"
                   "samstag sonnabend samstags;sonntag sonntags"),
    units={"day": "tag(?:e|en|es)?", "week": "wochen?", "month": "monat(?:e|en|s)?", "quarter": "quartal(?:e|en|s)?",
           "year": "jahr(?:e|en|es)?"},
    numbers="ein|eine|einem|einen|einer zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
    today="heute", yesterday="gestern", eve="vorgestern",
    at="im|am|in|in der|wahrend des|vom|des|anfang|mitte|ende",
    last="(?:(?:in|im|am|an|den|der|die|das|dem|des)\\s+)*(?:letzte|vergangene|vorige)[nrsm]?",
    this="(?:in\\s+|im\\s+|am\\s+)?(?:diese[nrsm]?|laufende[nrsm]?)",
    rolling="(?:(?:in|wahrend|seit|innerhalb)\\s+)?(?:den|der|die)?\\s*(?:letzten|vergangenen)",
    ago="vor",
    since="seit(?: dem| der)?|ab(?: dem)?|von", since_after="an",
    after="nach(?: dem| der)?", before="vor(?: dem| der)?", until="bis(?: zum| zu)?",
    pairs=((r"zwischen(?: dem)?", r"und(?: dem)?", ""), (r"von|vom", r"bis(?: zum)?", "")),
    day_month=r"", month_year=r"", year_of=r"(?:(?:dem|den|das|des|im)\s+)?(?:jahr(?:e|es)?\s+)?",
    at_year="anfang|mitte|ende|wahrend", free_year=True,
    bound_year=r"(?<!\w)(?:die|der|das|den|dem|des|zur|zum|bei|beim|im|ein|eine|einer|einem)\s+(?:\w+\s+)?\w+\s+$",
)  # fmt: skip

FRENCH = CalendarWords(
    months=_each("janvier;fevrier;mars;avril;mai;juin;juillet;aout;septembre;octobre;novembre;decembre"),
    weekdays=_each("lundi;mardi;mercredi;jeudi;vendredi;samedi;dimanche"),
    units={"day": "jours?|journee", "week": "semaines?", "month": "mois", "quarter": "trimestres?", "year": "ans?|annees?"},
    numbers="un|une deux trois quatre cinq six sept huit neuf dix onze douze",
    today="aujourd['’]?hui", yesterday="hier", eve="avant-hier",
    at="en|au mois de|au mois d['’]|courant|fin|debut|le|la|les|du|de|au cours de|pendant",
    last_after="derniere?|passee?", this="(?:de )?ce|cette|cet",
    rolling="(?:(?:au cours|lors|durant|pendant|dans|depuis|sur)\\s+)?(?:des|les|ces|de ces)",
    rolling_between="dernier(?:e?s)", rolling_after="(?:derniers|dernieres|passes|passees)", ago="il y a",
    since="depuis(?: le)?|a partir d[eu]|des", after="apres(?: le)?", before="avant(?: le)?",
    until="jusqu['’](?:en|au|a)",
    pairs=((r"entre(?: le)?", r"et(?: le)?", ""), (r"du|de", r"au|a", "")),
    day_month="", month_year=r"(?:\s+de)?", year_of=r"(?:l['’]annee\s+)?", at_year="en|courant|fin|debut|au cours de|pendant",
)  # fmt: skip

SPANISH = CalendarWords(
    months=_each("enero;febrero;marzo;abril;mayo;junio;julio;agosto;septiembre setiembre;octubre;noviembre;diciembre"),
    weekdays=_each("lunes;martes;miercoles;jueves;viernes;sabado;domingo"),
    units={"day": "dias?", "week": "semanas?", "month": "mes(?:es)?", "quarter": "trimestres?", "year": "anos?"},
    numbers="un|una dos tres cuatro cinco seis siete ocho nueve diez once doce",
    today="hoy", yesterday="ayer", eve="anteayer",
    at="en|en el mes de|durante|el|la|del|de|a finales de|a principios de",
    last="(?:el |la )?pasad[oa]|ultim[oa]", last_after="pasad[oa]", this="est[ea]|el actual",
    rolling="(?:(?:en|durante|desde hace)\\s+)?(?:los|las)?\\s*(?:ultim[oa]s|pasad[oa]s)", rolling_after="(?:pasad[oa]s)",
    ago="hace", since="desde(?: el)?|a partir de(?:l)?", after="despues del?|tras(?: el)?", before="antes del?",
    until="hasta(?: el)?",
    pairs=((r"entre(?: el)?", r"y(?: el)?", ""), (r"desde(?: el)?|del?", r"al?|hasta(?: el)?", "")),
    day_month=r"\s+de", month_year=r"(?:\s+del?)?", year_of=r"(?:(?:el\s+)?ano\s+)?", at_year="en|durante|a finales de|a principios de",
)  # fmt: skip

RUSSIAN = CalendarWords(
    months=_each("январь января январе;февраль февраля феврале;март марта марте;апрель апреля апреле;май мая мае;"
                 "июнь июня июне;июль июля июле;август августа августе;сентябрь сентября сентябре;октябрь октября октябре;"
                 "ноябрь ноября ноябре;декабрь декабря декабре"),
    weekdays=_each("понедельник понедельника;вторник вторника;среда среду среды;четверг четверга;пятница пятницу пятницы;"
                   "суббота субботу субботы;воскресенье воскресенья"),
    units={"day": fold("день|дня|дней|сутки|суток"), "week": fold("недел[яиюеь]|недель"), "month": fold("месяц(?:а|ев|е)?"),
           "quarter": fold("квартал(?:а|е|ов)?"), "year": fold("год(?:а|у|ы|ов)?|лет")},
    numbers=fold("один|одну|одного два|две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать"),
    today="сегодня", yesterday="вчера", eve="позавчера",
    ending=r"(?:\s+(?:года|году|год|г\.))?",
    at=fold("в|во|за|на|в течение"),
    last=fold("(?:(?:в|во|на|за)\\s+)?(?:прошл|минувш)(?:ый|ая|ой|ую|ом|ого|ем|его|ее|ую)"),
    this=fold("(?:(?:в|во|на|за)\\s+)?(?:эт(?:от|а|ой|у|ом|ого)|текущ(?:ий|ем|ей))"),
    rolling=fold("(?:(?:за|в)\\s+)?последни[ей]х?"), rolling_one=fold("(?:за\\s+)?последн(?:ий|юю|ие)"), ago_after=fold("назад"),
    since=fold("с|со|начиная с"), after=fold("после"), before=fold("до|перед|раньше"), until=fold("по|вплоть до"),
    pairs=((fold("между"), fold("и"), ""), (fold("с|со"), fold("по|до"), "")),
    day_month="", month_year="", year_of="", at_year=fold("в|за"), sure_year=fold("году"),
)  # fmt: skip

TURKISH = CalendarWords(
    months=_each("ocak;şubat;mart;nisan;mayıs;haziran;temmuz;ağustos;eylül;ekim;kasım;aralık"),
    weekdays=_each("pazartesi;salı;çarşamba;perşembe;cuma;cumartesi;pazar"),
    units={"day": "gun", "week": "hafta", "month": "ay", "quarter": "ceyrek", "year": "yil|sene"},
    numbers="bir iki uc dort bes alti yedi sekiz dokuz on onbir oniki",
    today="bugun", yesterday="dun", eve="evvelsi gun|onceki gun",
    ending=r"(?:['’]?(?:y?[ae]|[dt][ae]n?|n?[iu]n|ki|s[iu]|[iu])\b)?(?:\s+(?:ayinda|yilinda|gunu|ayi|yili))?",
    at=NOTHING,
    last="gecen|gectigimiz", this="bu", rolling="son", rolling_one="son", rolling_after="icinde|boyunca",
    ago_after="once",
    since_after="beri|bu yana|itibaren", after_after="sonra", before_after="once", until_after="kadar",
    pairs=((r"", r"ile|ve", r"arasi(?:nda)?"), (r"", r"-", r"arasi(?:nda)?")),
    day_month="", month_year="", year_of="", sure_year=r"['’]?[dt][ae]|yilinda|['’]?[dt][ae] yilinda",
)  # fmt: skip

ARABIC = CalendarWords(
    months=_each("يناير كانون;فبراير شباط;مارس آذار;أبريل نيسان إبريل;مايو أيار;يونيو حزيران;يوليو تموز;أغسطس آب;"
                 "سبتمبر أيلول;أكتوبر;نوفمبر;ديسمبر"),
    weekdays=_each("الاثنين الإثنين;الثلاثاء;الأربعاء;الخميس;الجمعة;السبت;الأحد"),
    units={"day": fold("يوم(?:ا|ين)?|أيام|الأيام|اليوم"), "week": fold("أسبوع(?:ا|ين)?|أسابيع|الأسبوع|الأسابيع"),
           "month": fold("شهر(?:ا|ين)?|أشهر|شهور|الشهر|الأشهر"), "quarter": fold("ربع|الربع"),
           "year": fold("سنة|سنوات|عام(?:ا|ين)?|أعوام|السنة|العام|السنوات|الأعوام")},
    numbers=fold("واحد|واحدة اثنين|سنتين ثلاثة|ثلاث أربعة|أربع خمسة|خمس ستة|ست سبعة|سبع ثمانية|ثماني تسعة|تسع عشرة|عشر"),
    today=fold("اليوم"), yesterday=fold("أمس"), eve=fold("أول أمس"),
    at=fold("في|خلال|عام|سنة|في عام|في سنة|يوم|في يوم|شهر|في شهر"),
    last_after=fold("الماضي|الماضية|الفائت"), this=fold("(?:في )?هذا|هذه"), this_after=fold("الحالي|الجاري"),
    rolling=fold("(?:(?:في|خلال)\\s+)?(?:آخر)"), rolling_after=fold("الماضية|الأخيرة"), ago=fold("قبل"),
    since=fold("منذ|منذ عام|منذ شهر|ابتداء من"), after=fold("بعد"), before=fold("قبل"), until=fold("حتى"),
    pairs=((fold("بين"), fold("و"), ""), (fold("من"), fold("إلى|حتى"), "")),
    day_month="", month_year=fold(r"(?:\s+عام|\s+سنة)?"), year_of=fold(r"(?:(?:عام|سنة)\s+)?"), at_year=fold("في|خلال"),
)  # fmt: skip

CALENDARS = {
    "en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "ru": RUSSIAN, "tr": TURKISH, "ar": ARABIC,
}  # fmt: skip
