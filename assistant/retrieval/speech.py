"""Questions about somebody's words: "what did X say about Y?", in the languages of the archive."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpeechQuestion:
    """Whose words are asked for, and on what.

    :ivar speaker: the name or role as the question has it.
    :ivar topic: what the words are to be about; "" for anything.
    """

    speaker: str
    topic: str

    def readings(self) -> list[SpeechQuestion]:
        """Return this reading and those in which words after the name belong to the topic, longest name first."""
        parts = self.speaker.split()
        return [
            SpeechQuestion(" ".join(parts[:count]).rstrip(","), " ".join([*parts[count:], self.topic]).strip())
            for count in range(len(parts), 0, -1)
        ]


_ON = r"(?:\s+(?:about|on|regarding|concerning|of|over|to|that)\s+(?P<topic>.+?))?"
_CAPITALISED = r"(?-i:[A-ZÇĞİÖŞÜ]\w*)(?:\s+(?-i:[A-ZÇĞİÖŞÜ]\w*))*"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"what\s+(?:else\s+)?(?:did|does|do|has|have|had)\s+(?P<speaker>.+?)\s+"
        rf"(?:say|said|state|stated|claim|claimed|tell|told|announce|announced|declare|declared|promise|promised|warn|warned|deny|denied){_ON}",
        r"what\s+did\s+(?P<speaker>.+?)\s+(?:accuse|blame|allege|demand|propose|suggest|admit|confirm|reveal|concede|pledge|vow)"
        r"(?:\s+(?P<topic>.+?))?(?:\s+of)?",
        rf"what\s+(?:has|have)\s+(?P<speaker>.+?)\s+been\s+saying{_ON}",
        rf"what\s+(?:was|were|is|are)\s+(?P<speaker>.+?)(?:'s|’s|')\s+(?:words?|statements?|comments?|position|view|views|response|reaction|answer){_ON}",
        r"how\s+did\s+(?P<speaker>.+?)\s+(?:respond|react|reply|answer)(?:\s+to\s+(?P<topic>.+?))?",
        r"(?:did|has)\s+(?P<speaker>.+?)\s+(?:ever\s+)?(?:mention|mentioned|comment|commented|talk|talked|speak|spoke|spoken)"
        r"(?:\s+(?:on|about|of))?(?:\s+(?P<topic>.+?))?",
        r"was\s+(?:hat|haben)\s+(?P<speaker>.+?)(?:\s+(?:über|zu|zum|zur)\s+(?P<topic>.+?))?\s+(?:gesagt|erklärt|angekündigt|behauptet)",
        r"was\s+(?:sagt|sagte|sagten|erklärte|meinte)\s+(?P<speaker>.+?)(?:\s+(?:über|zu|zum|zur)\s+(?P<topic>.+?))?",
        rf"(?P<speaker>{_CAPITALISED}),?\s+(?P<topic>.+?)\s+(?:hakkında|konusunda|için|ile\s+ilgili)\s+ne\s+(?:dedi|söyledi|diyor|açıkladı)",
        r"(?P<speaker>.+?)\s+ne\s+(?:dedi|söyledi|diyor|açıkladı)",
        r"что\s+(?:сказал[аи]?|заявил[аи]?|говорил[аи]?|говорит|ответил[аи]?)\s+(?P<speaker>.+?)"
        r"(?:\s+(?:о|об|про|по поводу)\s+(?P<topic>.+?))?",
        r"что\s+(?P<speaker>.+?)\s+(?:сказал[аи]?|заявил[аи]?|говорил[аи]?|говорит|ответил[аи]?|обещал[аи]?)"
        r"(?:\s+(?:о|об|про|по поводу)\s+(?P<topic>.+?))?",
        r"ماذا\s+(?:قال|قالت|صرح|صرحت)\s+(?P<speaker>.+?)(?:\s+(?:عن|حول|بشأن)\s+(?P<topic>.+?))?",
        r"qu['’]a\s+(?:dit|déclaré)\s+(?P<speaker>.+?)(?:\s+(?:sur|à propos de)\s+(?P<topic>.+?))?",
        r"qué\s+(?:dijo|ha\s+dicho|declaró)\s+(?P<speaker>.+?)(?:\s+(?:sobre|acerca\s+de)\s+(?P<topic>.+?))?",
    )
)
_NOBODY = frozenset(
    "he she they it you we i people anyone someone er sie es on elle il ella el он она они o bu".split()
)


def speech_question(question: str) -> SpeechQuestion | None:
    """Return whose words a question asks for; None when it asks for something else."""
    asked = question.strip().strip(" ?¿؟.!")
    for pattern in _PATTERNS:
        match = pattern.fullmatch(asked)
        if match and match["speaker"].casefold() not in _NOBODY and len(match["speaker"]) <= 80:
            speaker = re.sub(r"\s+(?:dazu|darüber)$", "", match["speaker"].strip())
            return SpeechQuestion(speaker, (match.groupdict().get("topic") or "").strip())
    return None
