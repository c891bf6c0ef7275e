"""What kind of answer a question asks for: a fact, somebody's words, a timeline, a summary, a comparison, yes or no."""

from __future__ import annotations

import re

from assistant.retrieval.query import Kind
from assistant.text import fold

_TIMELINE = (
    r"(?:time ?line|chronology|chronicle) (?:of|for|on)\b|\bhow (?:did|has|have) .+ (?:unfold|develop|evolve|come about|progress|play out)",
    r"\bhow (?:things|events) (?:unfolded|developed)|\b(?:sequence|course|chain) of events\b|^what happened (?:when|step by step)\b",
    r"\bchronologie\b|\bzeitleiste\b|\bwie (?:hat|haben) sich .+ entwickelt|\bwie (?:verlief|verliefen|entwickelte|entwickelten) |\bablauf der ereignisse",
    r"\bkronoloji|\bzaman cizelgesi|\bnasil gelisti|\bnasil ilerledi|\bsureci nasil",
    r"\bхронолог|\bкак (?:развивал|разворачивал|проходил|протекал)|\bход событий",
    r"التسلسل الزمني|تسلسل الاحداث|كيف تطور|كيف تطورت|كيف جرت",
    r"\bcomment (?:s['’ ]est|se sont|a evolue|ont evolue)\b.*(?:deroule|developpe|evolue)?|\bfil des evenements|\bchronologie de",
    r"\bcronologia\b|\bcomo (?:se desarroll|evolucion|se ha desarrollado|ha evolucionado)",
)
_COMPARISON = (
    r"\bhow (?:do|did|does) .+ differ\b|^compare\b|\bcompar(?:e|ed|ison) .*\b(?:coverage|reporting|reports|accounts)\b",
    r"\bdiffer(?:ence|ences|ently)? .*\b(?:coverage|reporting|between)\b|\bwhat (?:do|did) .+ (?:say|report|write) (?:and|versus|vs) ",
    r"^vergleich|\bwie unterscheide[nt]|\bunterschied .*\bberichterstattung|\bim vergleich zu",
    r"\bkarsilastir|\bhaberleri? nasil farkli|\bfarkli? .*\bhaber(?:lestir|ler)|arasindaki fark",
    r"^сравни|\bчем отлича|\bкак отлича|\bразниц[аыуе] между",
    r"^قارن|مقارنة|كيف تختلف|كيف يختلف|ما الفرق",
    r"^comparez?\b|\bcomment .+ diffe?rent|\bdifference entre", r"^compar[ae]\b|\bcomo (?:se )?difer|\bdiferencia entre",
)  # fmt: skip
_SUMMARY = (
    r"\bwhat (?:has|have|was|were|is|had) (?:been |being )?(?:reported|published|written|said in the (?:press|news|media))\b(?! by)",
    r"^(?:please )?(?:summari[sz]e|sum up|give (?:me )?(?:a |an )?(?:summary|overview|recap)|recap)\b|\b(?:summary|overview|round-?up|recap) of\b",
    r"^what(?:['’]s| is| was) (?:new|the latest|going on|happening|known)\b|\bwhat do we know\b|^(?:latest|news) (?:on|about|from)\b|^tell me about\b",
    r"\bwas wurde .+ (?:berichtet|geschrieben|gemeldet)|\bfasse? .+ zusammen|\bzusammenfassung\b|\buberblick uber|\bwas ist (?:uber|zu) .+ bekannt|\bwas gibt es neues",
    r"\bozetle|\bozeti\b|\bhakkinda neler (?:yazildi|bildirildi|haber)|\bne(?:ler)? (?:yazildi|haberlestirildi|biliniyor)|\bson durum",
    r"\bчто (?:сообща|писа|пишут|известно)|\bобобщи|\bрезюм(?:е|ируи)|\bкратко о\b|\bподведи итог",
    r"^لخص|ملخص|ماذا (?:كتب|نشر|ذكر) عن|ما الذي (?:نشر|كتب)|ماذا نعرف|ما اخر (?:اخبار|التطورات)",
    r"\bqu['’](?:a-t-on|est-ce qui a ete) (?:dit|rapporte|ecrit|publie)|\bresume[rz]?\b|\bque sait-on",
    r"\bque se (?:ha|sabe|dijo|informo|publico)|\bresum(?:e|en|ir)\b",
)
_YESNO = {
    "en": r"^(?:and |so |but )?(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would|should|must|may|might|isn['’]t|wasn['’]t|didn['’]t|hasn['’]t"
          r"|is it true that)\b",
    "de": r"^(?:und |aber )?(?:hat|haben|hatte|hatten|ist|sind|war|waren|wird|werden|wurde|wurden|kann|konnen|konnte|gibt|gab|soll|sollen|sollte|muss|mussen"
          r"|darf|durfen|will|wollen|stimmt|trifft|bleibt|kommt|geht|steht|macht|fordert|plant)\b",
    "fr": r"^est-ce que?\b|^(?:a|ont|est|sont|peut|etait|fut|sera)-t?-?(?:il|elle|on|ils|elles)\b|\b(?:a|ont|est|sont|peut|avait|etait|sera|va)-(?:t-)?(?:il|elle|ils|elles)\b",
    "es": r"^(?:es|son|fue|fueron|ha|han|hay|hubo|esta|estan|puede|pueden|va|van|sera|seran|era|habia|tiene|tienen|hizo|dijo|es cierto que)\b",
    "ru": r"\bли\b|^правда\b|^верно\b",
    "tr": r"(?<!\w)m[iu](?:yd[iu]|d[iu]r|s[iu]n(?:iz)?|y[iu]m|ym[iu]s)?\s*\??$|(?<!\w)m[iu](?:yd[iu]|d[iu]r)?\s+\w+\s*\??$",
    "ar": r"^و?هل(?!\w)",
}  # fmt: skip
_CHOICE = re.compile(r"[^,]*\b(?:or|oder|ou|или|yoksa|veya)\b|\s(?:ام|او)\s")


_ASKING = re.compile(r"(?:que|qu['’]|qui|quoi|quand|ou|pourquoi|comment|combien|quel(?:le)?s?|was)(?!\w)")
"""What a question begins with that asks for more than yes, though a verb stands where yes or no would put it."""


def _compiled(sources: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{fold(source)})" for source in sources))


_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("timeline", _compiled(_TIMELINE)),
    ("comparison", _compiled(_COMPARISON)),
    ("summary", _compiled(_SUMMARY)),
)
_YESNO_PATTERNS = {language: re.compile(fold(source)) for language, source in _YESNO.items()}


def kind_of(question: str, language: str) -> Kind:
    """Return what kind of answer a question asks for; "speech" is not told here.

    :param language: ISO 639-1; whether a question can be answered with yes is told by its language's grammar, and
        where that is not known by English's.
    """
    text = fold(question).strip(" ¿¡?!.؟\"'")
    for kind, pattern in _PATTERNS:
        if pattern.search(text):
            return kind
    return "yesno" if _asks_yes(text, language) else "fact"


def _asks_yes(text: str, language: str) -> bool:
    pattern = _YESNO_PATTERNS.get(language or "en", _YESNO_PATTERNS["en"])
    found = pattern.search(text)
    if found is None or _CHOICE.match(text):
        return False
    return not _ASKING.match(text)
