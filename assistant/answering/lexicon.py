"""Words that turn, doubt or bound what a sentence says, those that stand for a name, and those that name a day."""

from __future__ import annotations

from assistant.text import fold

_Lists = dict[str, str]

_NEGATIONS: _Lists = {
    "en": """not no never none nor neither nobody nothing nowhere cannot without hardly barely scarcely deny denies
        denied denying fail fails failed failing refuse refuses refused refusing reject rejects rejected
        rejecting lack lacks lacked unable unlikely halt halts halted prevent prevents prevented avoid avoids
        avoided cancel cancels cancelled canceled""",
    "de": """nicht kein keine keinen keinem keiner keines nie niemals niemand nichts weder ohne kaum bestreitet
        bestritt dementiert dementierte verweigert verweigerte lehnt ablehnt""",
    "fr": "ne pas jamais aucun aucune sans ni rien non dément nie",
    "es": "no sin ni nunca jamás ningún ninguno ninguna nada nadie tampoco niega negó",
    "ru": "не нет ни никогда никто ничего без отрицает отрицал опроверг",
    "tr": "değil yok hiç asla hiçbir yalanladı reddetti",
    "ar": "لا لم لن ليس ليست دون غير بدون نفى نفت",
}
_HEDGES: _Lists = {
    "en": """may might could would should perhaps maybe probably possibly likely allegedly reportedly alleged
        supposedly suspected accused if unless almost nearly wants wanted plans planned hopes hoped expected
        expects considering""",
    "de": """könnte könnten dürfte dürften würde würden soll sollen sollte angeblich mutmaßlich mutmaßliche
        vielleicht wahrscheinlich vermutlich falls wenn fast beinahe""",
    "fr": "pourrait pourraient peut-être si serait seraient probablement",
    "es": "si podría podrían quizás sería serían probablemente",
    "ru": "возможно якобы вероятно если бы почти",
    "tr": "belki muhtemelen eğer",
    "ar": "ربما قد إذا",
}
_BOUNDS: _Lists = {
    "en": """more less fewer over under above below least most up down before after since until till only except all
        every always each entire whole any against despite""",
    "de": """mehr weniger über unter mindestens höchstens vor nach seit bis nur außer alle allen jeder jede jedes
        immer ganze ganzen gegen trotz""",
    "fr": "plus moins avant après depuis contre tous toutes seulement",
    "es": "más menos antes después desde contra todos todas sólo solo",
    "ru": "больше меньше более менее до после с против все только",
    "tr": "fazla az önce sonra karşı sadece bütün",
    "ar": "أكثر أقل قبل بعد منذ ضد كل فقط",
}
_PRONOUNS: _Lists = {
    "en": """he she it they him her them his hers its their theirs who which that this these those i we me us my our
        you your""",
    "de": "er sie es ihm ihn ihr ihnen sein seine seinen ihre ihren der die das dieser diese dieses",
    "fr": "il elle ils elles lui leur son sa ses",
    "es": "él ella ellos ellas su sus",
    "ru": "он она оно они его ее ей им их",
    "tr": "o onlar onun",
    "ar": "هو هي هم",
}
_SAYING: _Lists = {
    "en": "say says said saying add adds added tell tells told state stated according write writes wrote",
    "de": "sagt sagte sagten erklärt erklärte teilte zufolge laut",
    "fr": "dit déclaré affirmé",
    "es": "dijo afirmó",
    "ru": "сказал сказала сказали заявил заявила сообщил сообщила",
    "tr": "söyledi dedi belirtti",
    "ar": "قال قالت أعلن",
}
_LIGHT: _Lists = {
    "en": """mr mrs ms dr sir lord lady however also meanwhile moreover thus therefore then according said stated
        reported noted explained including namely been being there here""",
    "de": "herr frau zudem außerdem",
    "fr": "monsieur madame",
    "es": "señor señora",
    "ru": "господин",
    "tr": "sayın",
    "ar": "السيد",
}
_DAYS: _Lists = {
    "en": """january february march april may june july august september october november december jan feb mar apr
        jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday yesterday
        today tomorrow""",
    "de": """januar februar märz april mai juni juli august september oktober november dezember montag dienstag
        mittwoch donnerstag freitag samstag sonnabend sonntag gestern heute morgen""",
    "fr": """janvier février mars avril mai juin juillet août septembre octobre novembre décembre lundi mardi
        mercredi jeudi vendredi samedi dimanche hier""",
    "es": """enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes
        miércoles jueves viernes sábado domingo ayer hoy mañana""",
    "ru": """января февраля марта апреля мая июня июля августа сентября октября ноября декабря понедельник вторник
        среду среда четверг пятницу пятница субботу суббота воскресенье вчера сегодня завтра""",
    "tr": """ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık pazartesi salı çarşamba
        perşembe cuma cumartesi pazar dün bugün yarın""",
    "ar": "أمس اليوم غدا الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
}


class Cues:
    """Lists of words by language; a language without lists has those of all."""

    def __init__(self, lists: _Lists) -> None:
        self._of = {code: frozenset(fold(word) for word in words.split()) for code, words in lists.items()}
        self.all = frozenset[str]().union(*self._of.values())

    def has(self, word: str, language: str) -> bool:
        """Tell whether a folded word is one."""
        return word in self._of.get(language, self.all)


NEGATIONS = Cues(_NEGATIONS)
HEDGES = Cues(_HEDGES)
BOUNDS = Cues(_BOUNDS)
PRONOUNS = Cues(_PRONOUNS)
LIGHT = Cues(_LIGHT)
DAYS = Cues(_DAYS)
SAYING = Cues(_SAYING).all
