"""Verify each sentence from a model before it goes out: does what it cites support it?

Every check is strict: a sentence that stays close to the wording of its evidence passes, one that strays from it does
not, whatever it may mean. Anything that cannot be shown to hold counts as not holding.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.answering.checks.alignment import Aligned, align
from assistant.answering.checks.claims import Check, CitedSpan, Judgement
from assistant.answering.checks.entailment import Entailment
from assistant.answering.checks.names import check_names, check_words
from assistant.answering.checks.negation import check_negations
from assistant.answering.checks.numbers import borne_out, check_dates, check_numbers
from assistant.answering.checks.quotations import check_quotations, check_speaker, given_to
from assistant.answering.checks.speaker_spans import Spoken
from assistant.answering.checks.voice import check_joints, check_places, check_voice, check_whole
from assistant.arrays import Vectors

CLOSE = 0.3
"""Least cosine of a claim and one of its cited sentences; ``benchmarks.verifier`` measures its effect."""

_KEPT = 4096
"""Number of sentences whose vectors are cached."""


class Verifier:
    """Judges whether evidence supports a sentence. Thread-safe.

    :param embed: returns the vectors of texts, normalised to length 1.
    :param spoken: returns what an article attributes to a speaker, and to others.
    :param entailment: name or folder of a CrossEncoder for natural language inference, as a further check; "" for none.
    """

    def __init__(self, embed: Callable[[Sequence[str]], Vectors], spoken: Spoken, entailment: str = "") -> None:
        self._embed = embed
        self._spoken = spoken
        self._entails = Entailment(entailment) if entailment else None
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def judge(self, claim: str, cited: Sequence[CitedSpan]) -> Judgement:
        """Judge a sentence against what it cites, stopping at the first check that fails."""
        language = cited[0].article.language if cited else ""
        aligned = align(claim, cited, language) if cited else None
        if aligned is None or not any(token.content for token in aligned.claim):
            detail = "it says nothing that can be compared" if cited else "it cites nothing"
            return Judgement((Check("citation", False, detail),))
        checks: list[Check] = []
        for check in self._by_words(claim, cited, aligned):
            checks.append(check)
            if not check.holds:
                return Judgement(tuple(checks))
        similarity = self._similarity(claim, aligned)
        if similarity < CLOSE:
            detail = f"{similarity:.2f} similarity to the nearest cited sentence; {CLOSE} is needed"
            checks[-1] = Check("similarity", False, detail)
        elif self._entails is not None:
            checks.append(self._entails.check(claim, cited))
        return Judgement(tuple(checks), similarity)

    def _by_words(self, claim: str, cited: Sequence[CitedSpan], aligned: Aligned) -> Iterator[Check]:
        yield check_whole(aligned)
        yield check_quotations(claim, cited)
        yield check_speaker(claim, cited, self._spoken, aligned)
        whole = all(at >= 0 for at in aligned.at)
        dates = [] if whole else borne_out(claim, aligned)
        speakers = [] if whole else given_to(claim, aligned, self._spoken)
        yield check_numbers(aligned, dates)
        yield check_dates(aligned, dates)
        yield check_names(aligned, cited, [*dates, *speakers])
        yield check_negations(aligned)
        yield check_words(aligned, cited)
        yield check_joints(aligned)
        yield check_places(aligned)
        yield check_voice(aligned)

    def _similarity(self, claim: str, aligned: Aligned) -> float:
        """The cosine of the claim and its aligned sentence; if too low, the highest over all cited sentences."""
        texts = [home.text for home in aligned.homes]
        if claim in texts:
            return 1.0
        found = self._cosines(claim, [aligned.homes[aligned.home].text])
        return found if found >= CLOSE or len(texts) == 1 else self._cosines(claim, texts)

    def _cosines(self, claim: str, texts: Sequence[str]) -> float:
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        wanted = list(dict.fromkeys([claim, *(text for text in texts if text not in known)]))
        made = dict(zip(wanted, self._embed(wanted), strict=True))
        with self._lock:
            self._vectors.update(made)
            while len(self._vectors) > _KEPT:
                self._vectors.popitem(last=False)
        return max(float(np.dot(made[claim], known[text] if text in known else made[text])) for text in texts)
