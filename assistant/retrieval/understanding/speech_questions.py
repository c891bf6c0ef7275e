"""Questions about somebody's words: "what did X say about Y?", in the languages of the archive."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

Form = Literal["said", "mentioned", "changed", "who"]
"""What is asked of somebody's words: what they are, whether they are on something, whether they changed, or whose they
are."""


@dataclass(frozen=True, slots=True)
class SpeechQuestion:
    """Whose words are asked for, and on what.

    :ivar speaker: the name or role as the question has it; "" where it asks who.
    :ivar topic: what the words are to be about; "" for anything.
    :ivar addressee: whom they are to be said to, as the question has it; "" for anybody.
    :ivar sure: it can only mean words; else ("What did the mayor announce?") a fact may answer it as well.
    """

    speaker: str
    topic: str
    form: Form = "said"
    sure: bool = True
    addressee: str = ""

    def readings(self) -> list[SpeechQuestion]:
        """Return this reading and those in which words after the name belong to the topic, longest name first."""
        parts = self.speaker.split()
        return [
            replace(self, speaker=" ".join(parts[:n]).rstrip(","), topic=" ".join([*parts[n:], self.topic]).strip())
            for n in range(len(parts), 0, -1)
        ]


# Patterns read better whole.
_X, _Y = r"(?P<speaker>.+?)", r"(?P<topic>.+?)"
_ON = rf"(?:\s+(?:about|on|regarding|concerning|of|over|to|that|in\s+response\s+to|in\s+reply\s+to)\s+{_Y})?"
_SAY = (
    r"(?:say|says|said|saying|state|states|stated|claim|claims|claimed|tell|tells|told|declare|declares|declared|warn|warns|warned"
    r"|deny|denies|denied)"
)
_HEARERS = r"(?:\s+(?P<addressee>reporters|journalists|the\s+press|the\s+media|us))?"
_TO = r"(?P<addressee>(?!(?:about|on|of|that|regarding|concerning)\b).+?)"
_TO_ABOUT = rf"(?:\s+to\s+do)?(?:\s+(?:about|on|regarding|concerning|over|in\s+response\s+to)\s+{_Y})?"
_STANCE = (
    r"(?:words?|quotes?|quotations?|statements?|comments?|remarks?|position|positions|stance|view|views|opinion|opinions|response|reaction"
    r"|answer|reply|attitude|take|line)"
)
_OWN = r"(?:his|her|its|their|the)"
_CAPITALISED = r"(?-i:[A-ZÇĞİÖŞÜ]\w*)(?:\s+(?-i:[A-ZÇĞİÖŞÜ]\w*))*"
_NAMED = r"(?P<speaker>(?-i:[A-ZÀ-ÖØ-ÞĀ-Ž])[^?]*?)"

_CHANGED = (
    rf"(?:has|have|did)\s+{_X}(?:\s+ever)?\s+(?:changed?|shift(?:ed)?|revers(?:e|ed)|soften(?:ed)?|harden(?:ed)?|revis(?:e|ed))\s+(?:{_OWN}\s+)?"
    rf"(?:position|mind|stance|view|views|tune|opinion|line|attitude){_ON}",
    rf"(?:has|have|did)\s+{_X}(?:['’]s?)\s+{_STANCE}{_ON}\s+(?:changed?|shift(?:ed)?)(?:\s+over\s+time)?",
    rf"how\s+(?:has|have|did)\s+{_X}(?:['’]s?)\s+{_STANCE}{_ON}\s+(?:changed?|shift(?:ed)?|evolved?|develop(?:ed)?)(?:\s+over\s+time)?",
    rf"how\s+(?:has|have|did)\s+{_X}\s+changed?\s+(?:{_OWN}\s+)?(?:position|mind|stance|view|views|tune|opinion){_ON}",
    rf"hat\s+{_X}\s+(?:seine|ihre)\s+(?:position|meinung|haltung)(?:\s+(?:zu|zum|zur|über)\s+{_Y})?\s+geändert",
    rf"{_X},?\s+{_Y}\s+(?:hakkındaki|konusundaki)\s+(?:tutumunu|görüşünü|fikrini)\s+değiştirdi(?:\s+mi)?",
    rf"(?:изменил[аи]?|поменял[аи]?)\s+ли\s+{_X}\s+(?:свою|свое|своё)\s+(?:позицию|мнение)(?:\s+(?:о|об|по)\s+{_Y})?",
    rf"هل\s+(?:غير|غيّر|غيرت|غيّرت)\s+{_X}\s+موقف(?:ه|ها|هم)(?:\s+(?:من|بشأن|حول)\s+{_Y})?",
)
_WHO = (
    rf"who\s+(?:said|says|stated|claimed|declared|insisted|argued|denied|warned|tweeted)(?:\s+(?:that|about|of))?\s+{_Y}",
    rf"wer\s+(?:hat\s+gesagt|sagte|sagt|behauptete|behauptet|erklärte),?(?:\s+dass)?\s+{_Y}",
    rf"кто\s+(?:сказал|заявил|говорил|утверждал)[аи]?,?(?:\s+что)?\s+{_Y}",
    rf"{_Y}\s+(?:diyen|söyleyen)\s+kim",
    rf"من\s+(?:قال|صرح)(?:\s+(?:إن|أن))?\s+{_Y}",
)
_TOLD = (
    rf"what\s+(?:else\s+)?(?:did|does|do|has|have|had)\s+{_X}\s+(?:ever\s+|actually\s+|really\s+)?(?:tell|tells|told|(?:say|says|said)\s+to)\s+{_TO}{_TO_ABOUT}",
    rf"what\s+(?:exactly\s+)?{_NAMED}\s+(?:(?:has\s+|had\s+)?told|tells|(?:has\s+|had\s+)?said\s+to)\s+{_TO}{_TO_ABOUT}",
    rf"was\s+(?:hat|haben)\s+{_X}\s+gegenüber\s+{_TO}(?:\s+(?:über|zu|zum|zur)\s+{_Y})?\s+(?:gesagt|erklärt|behauptet|geäußert)",
    rf"was\s+(?:sagt|sagte|sagten|erklärte)\s+{_X}\s+gegenüber\s+{_TO}(?:\s+(?:über|zu|zum|zur)\s+{_Y})?",
    rf"was\s+hat\s+(?P<speaker>{_CAPITALISED})\s+(?P<addressee>d(?:em|er|en)\s+\S.*?)(?:\s+(?:über|zu|zum|zur)\s+{_Y})?\s+gesagt",
    rf"was\s+(?:sagt|sagte|sagten|erzählte)\s+(?P<speaker>{_CAPITALISED})\s+(?P<addressee>d(?:em|er|en)\s+\S.*?)(?:\s+(?:über|zu|zum|zur)\s+{_Y})?",
)
_SAID = (
    rf"what\s+(?:else\s+)?(?:did|does|do|has|have|had)\s+{_X}\s+(?:ever\s+|actually\s+|really\s+)?{_SAY}{_HEARERS}{_ON}",
    rf"what\s+(?:has|have)\s+{_X}\s+been\s+saying{_ON}",
    rf"what\s+(?:exactly\s+)?{_NAMED}\s+(?:said|says|has\s+said|had\s+said){_ON}",
    rf"what\s+(?:was|were|is|are)\s+{_X}(?:['’]s|['’])\s+{_STANCE}{_ON}",
    rf"what\s+(?:was|were|is|are)\s+the\s+(?:position|stance|views?|opinion|response|reaction|comments?|statements?)\s+of\s+{_X}(?:\s+(?:about|on|to|over|regarding)\s+{_Y})?",
    rf"what\s+(?:does|did|do)\s+{_X}\s+think{_ON}",
    rf"how\s+(?:did|does|has|have)\s+{_X}\s+(?:respond|responded|react|reacted|reply|replied|answer|answered|comment|commented)(?:\s+(?:to|on)\s+{_Y})?",
    rf"{_NAMED}(?:['’]s|['’])\s+(?:position|stance|views?|opinion|response|reaction|comments?|statements?|remarks?|quotes?|words)(?:\s+(?:on|about|to|over|regarding)\s+{_Y})?",
    rf"(?:quotes?|quotations?|statements?|comments?|remarks?|words)\s+(?:by|from|of)\s+{_X}{_ON}",
    rf"was\s+(?:hat|haben)\s+{_X}(?:\s+(?:über|zu|zum|zur)\s+{_Y})?\s+(?:gesagt|erklärt|angekündigt|behauptet|geäußert)",
    rf"was\s+(?:sagt|sagte|sagten|erklärte|meinte|meint)\s+{_X}(?:\s+(?:über|zu|zum|zur)\s+{_Y})?",
    rf"wie\s+(?:hat|haben)\s+{_X}(?:\s+auf\s+{_Y})?\s+reagiert",
    rf"wie\s+(?:reagierte|reagiert|äußerte\s+sich|äußert\s+sich)\s+{_X}(?:\s+(?:auf|zu|zum|zur)\s+{_Y})?",
    rf"(?:was|wie)\s+ist\s+(?:die\s+)?(?:position|haltung|meinung)\s+von\s+{_X}(?:\s+(?:zu|zum|zur)\s+{_Y})?",
    rf"(?P<speaker>{_CAPITALISED}),?\s+{_Y}\s+(?:hakkında|konusunda|için|ile\s+ilgili)\s+ne\s+(?:dedi|söyledi|diyor|açıkladı)",
    rf"{_X}\s+ne\s+(?:dedi|söyledi|diyor|açıkladı)",
    rf"(?P<speaker>{_CAPITALISED}),?\s+{_Y}(?:['’]?[aeıiuü]|['’]?y[aeıiuü]|['’]?[nN][aeıi])?\s+nasıl\s+(?:tepki\s+verdi|yanıt\s+verdi|cevap\s+verdi)",
    rf"что\s+(?:сказал|заявил|говорил|ответил|думает|говорит|сказали|заявили)[аи]?\s+{_X}(?:\s+(?:о|об|обо|про|по\s+поводу|на)\s+{_Y})?",
    rf"что\s+{_X}\s+(?:сказал|заявил|говорил|ответил|обещал|говорит)[аи]?(?:\s+(?:о|об|про|по\s+поводу)\s+{_Y})?",
    rf"как\s+(?:отреагировал|ответил|прокомментировал)[аи]?\s+{_X}(?:\s+(?:на)\s+{_Y})?",
    rf"(?:какова\s+)?позиция\s+{_X}\s+(?:по|о|об)\s+{_Y}",
    rf"(?:ماذا|ما\s+الذي)\s+(?:قال|قالت|قاله|قالته|صرح|صرحت|يقول|تقول)\s+{_X}(?:\s+(?:عن|حول|بشأن|في)\s+{_Y})?",
    rf"كيف\s+(?:رد|ردت|علق|علقت)\s+{_X}(?:\s+على\s+{_Y})?",
    rf"ما\s+(?:هو\s+)?موقف\s+{_X}\s+(?:من|بشأن|حول)\s+{_Y}",
    rf"qu['’]a\s+(?:dit|déclaré)\s+{_X}(?:\s+(?:sur|à\s+propos\s+de)\s+{_Y})?",
    rf"comment\s+{_X}\s+a(?:-t-il|-t-elle)?\s+(?:réagi|répondu)(?:\s+(?:à|au|aux)\s+{_Y})?",
    rf"qué\s+(?:dijo|ha\s+dicho|declaró|opina)\s+{_X}(?:\s+(?:sobre|acerca\s+de)\s+{_Y})?",
)
_MENTIONED = (
    rf"(?:did|has|have|does)\s+{_X}\s+(?:ever\s+)?(?:mention|mentioned|comment|commented|talk|talked|speak|spoke|spoken|say\s+anything|said\s+anything|say\s+something)"
    rf"(?:\s+(?:on|about|of))?(?:\s+{_Y})?",
    rf"(?:hat|haben)\s+{_X}\s+(?:jemals\s+|je\s+)?(?:etwas\s+)?(?:über|zu|zum|zur)\s+{_Y}\s+(?:gesagt|gesprochen)",
    rf"hat\s+(?P<speaker>{_CAPITALISED})\s+(?:jemals\s+|je\s+)?{_Y}\s+erwähnt",
    rf"(?P<speaker>{_CAPITALISED})\s+hiç\s+{_Y}['’]?(?:den|dan|ten|tan)?\s+(?:bahsetti|söz\s+etti)(?:\s+mi)?",
    rf"(?:упоминал|говорил|комментировал)[аи]?\s+ли\s+{_X}(?:\s+(?:о|об|про)\s+{_Y})?",
    rf"هل\s+(?:ذكر|ذكرت|تحدث|تحدثت|علق|علقت)\s+{_X}(?:\s+(?:عن|حول|على)\s+{_Y})?",
)
_PERHAPS = (
    rf"what\s+(?:did|does|do|has|have|had)\s+{_X}\s+(?:announce|announced|promise|promised){_ON}",
    rf"what\s+did\s+{_X}\s+(?:accuse|blame|allege|demand|propose|suggest|admit|confirm|reveal|concede|pledge|vow)(?:\s+{_Y})?(?:\s+of)?",
)
_FORMS: tuple[tuple[Form, bool, tuple[str, ...]], ...] = (
    ("changed", True, _CHANGED), ("who", False, _WHO), ("said", True, _TOLD), ("said", True, _SAID),
    ("mentioned", True, _MENTIONED), ("said", False, _PERHAPS),
)  # fmt: skip
_PATTERNS = tuple(
    (form, sure, re.compile(pattern, re.IGNORECASE)) for form, sure, listed in _FORMS for pattern in listed
)
_POLITE = re.compile(
    r"(?:please\s+|(?:can|could)\s+you\s+)?(?:tell|show|give)\s+me\s+|(?:list|find)\s+(?:all\s+)?(?=quotes|statements|comments"
    r"|what)|(?:do\s+you\s+know|i\s+want\s+to\s+know)\s+",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    """he she they it you we i us me him her them people anyone someone er sie es on elle il ella el он она они o bu это
    the""".split()
)
_NOT_A_NAME = re.compile(
    r"(?:what|who|when|where|why|how|which|is|are|was|were|did|does|do|has|have|had|can|the\s+\w+\s+word)\b",
    re.IGNORECASE,
)
_OF_THE_YEAR = re.compile(r"of\s+the\s+(?:year|month|week|day)\b|the\s+(?:year|month|week)\b", re.IGNORECASE)


def speech_question(question: str) -> SpeechQuestion | None:
    """Return whose words a question asks for; None when it asks for something else."""
    asked = _POLITE.sub("", question.strip().strip(" ?¿؟.!"), count=1).strip()
    for form, sure, pattern in _PATTERNS:
        match = pattern.fullmatch(asked)
        if match is None:
            continue
        found = match.groupdict()
        speaker = re.sub(r"\s+(?:dazu|darüber)$", "", (found.get("speaker") or "").strip())
        topic = (found.get("topic") or "").strip()
        if _OF_THE_YEAR.match(topic):  # Merriam-Webster's word of the year
            continue
        named = speaker.casefold() not in _NOBODY and len(speaker) <= 80 and not _NOT_A_NAME.match(speaker)
        if (form == "who" and len(topic.split()) > 1) or (form != "who" and named):
            addressee = (found.get("addressee") or "").strip()
            return SpeechQuestion(speaker, topic, form, sure, "" if addressee.casefold() in _NOBODY else addressee)
    return None
