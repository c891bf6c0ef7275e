"""Change an archive while it is being queried: add made-up articles, correct some, and delete the oldest.

Each step runs the command line in a process of its own. The ``Ledger`` records when each step began and when it was
acknowledged, so that an answer can be judged by what the archive contained at the time.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.common import CLI, Failed, checked
from benchmarks.data import write

EVERY = 30.0
"""Seconds from the start of one round to the start of the next."""
_NEW = 3
"""Articles added in each round."""
_KEPT = 6
"""Made-up articles kept in the archive. When there are more, the oldest are deleted, so that it does not grow."""
_LIMIT = 300.0
"""Seconds that a command may take."""
_NEVER = float("inf")
_ID = re.compile(r"soak-\d+")
_SYLLABLES = ("bral", "kel", "mor", "tan", "vik", "lud", "fen", "gor", "hal", "nim", "pok", "ryd")


@dataclass(slots=True)
class Story:
    """A made-up article and its history; times are those of ``time.monotonic``, infinite for "not yet".

    :ivar place: a name that occurs in this article only, and in the question about it.
    :ivar engineer: a name that occurs in this article only, and in no question.
    :ivar added: when its ingest was acknowledged; so ``corrected`` and ``deleted``.
    :ivar correcting: when its correction began; so ``deleting``.
    """

    number: int
    place: str
    engineer: str
    added: float = _NEVER
    correcting: float = _NEVER
    corrected: float = _NEVER
    deleting: float = _NEVER
    deleted: float = _NEVER

    @classmethod
    def of(cls, number: int) -> Story:
        """Make up an article; the same number always yields the same one."""
        parts = [_SYLLABLES[number // 12**place % 12] for place in range(3)]
        return cls(number, "".join(parts).capitalize(), "".join((*parts[::-1], "ström")).capitalize())

    @property
    def id(self) -> str:
        """The article's id."""
        return f"soak-{self.number:05}"

    @property
    def question(self) -> str:
        """A question that the article answers."""
        return f"What will the {self.place} tunnel cost?"

    def article(self, version: int) -> dict[str, str]:
        """Return the record to ingest, of the first or second version."""
        cost = 1_000 * version + self.number
        return {
            "id": self.id,
            "headline": f"{self.place} gets a tunnel",
            "outlet": "Soak Post",
            "published": "2026-05-02",
            "text": f"The {self.place} tunnel will cost {cost:,} million crowns, the engineer Ottla {self.engineer} "
            f"said on Friday.\n\n“We begin on Monday,” Ms {self.engineer} said. Boats will use the old harbour until "
            f"the {self.place} tunnel is opened in 2031.",
        }


@dataclass(slots=True)
class Ledger:
    """What was written to the archive, and when.

    :ivar stories: all made-up articles by id, oldest first.
    :ivar errors: commands that failed.
    """

    stories: dict[str, Story] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    ingests: int = 0

    def wrong(self, body: str, sent: float) -> Iterator[str]:
        """Yield which articles an answer shows although they were deleted before the request was sent."""
        for name in sorted(set(_ID.findall(body))):
            story = self.stories.get(name)
            if story is not None and story.deleted < sent:
                yield f"shows {name}, deleted {sent - story.deleted:.2f} s before"

    def stale(self, answer: Any, sent: float) -> Iterator[str]:
        """Yield which articles an answer shows in a corrected version not marked as superseded."""
        for shown in _articles(answer):
            story = self.stories.get(str(shown["article_id"]))
            if story and story.corrected < sent and shown["version"] == 1 and not shown.get("superseded"):
                yield f"shows version 1 of {story.id} as the latest, corrected {sent - story.corrected:.2f} s before"

    def counts(self) -> dict[str, int]:
        """Return how many ingests, articles, corrections and deletions were acknowledged."""
        stories = self.stories.values()
        acknowledged = {
            name: sum(getattr(story, name) < _NEVER for story in stories) for name in ("added", "corrected", "deleted")
        }
        return {"ingests": self.ingests, **acknowledged}


def _articles(answer: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every object in an answer that shows a version of an article."""
    if isinstance(answer, Mapping):
        if "article_id" in answer and "version" in answer:
            yield answer
        answer = list(answer.values())
    if isinstance(answer, list):
        for one in answer:
            yield from _articles(one)


class Writer(threading.Thread):
    """Changes the archive in rounds until told to stop.

    :param work: folder for the files to ingest.
    :param stop: set to stop it after the current round.
    """

    def __init__(self, archive: Path, work: Path, ledger: Ledger, stop: threading.Event) -> None:
        super().__init__(name="writer")
        self._archive, self._work = archive, work
        self._ledger = ledger
        self._stop_asked = stop

    def run(self) -> None:
        """Run rounds until told to stop."""
        while not self._stop_asked.is_set():
            began = time.monotonic()
            try:
                self._round()
            except Failed as error:
                self._ledger.errors.append(str(error)[-400:])
            self._stop_asked.wait(max(0.0, EVERY - (time.monotonic() - began)))

    def _round(self) -> None:
        stories = self._ledger.stories
        there = [story for story in stories.values() if story.added < _NEVER and story.deleting == _NEVER]
        uncorrected = [story for story in there if story.correcting == _NEVER][-1:]
        new = [Story.of(len(stories) + number) for number in range(_NEW)]
        stories.update((story.id, story) for story in new)
        self._ingest(new, uncorrected)
        for story in there[: max(0, len(there) + _NEW - _KEPT)]:
            story.deleting = time.monotonic()
            self._command("delete", story.id, "--yes")
            story.deleted = time.monotonic()

    def _ingest(self, new: Sequence[Story], corrected: Sequence[Story]) -> None:
        rows = [*(story.article(1) for story in new), *(story.article(2) for story in corrected)]
        path = write(self._work / "coming.jsonl", rows)
        for story in corrected:
            story.correcting = time.monotonic()
        told = json.loads(self._command("ingest", path, "--json"))
        if (told["added"], told["updated"], told["rejected"]) != (len(new), len(corrected), 0):
            raise Failed(f"of {len(new)} new and {len(corrected)} corrected articles came {told}")
        self._ledger.ingests += 1
        for story in corrected:
            story.corrected = time.monotonic()
        for story in new:
            story.added = time.monotonic()

    def _command(self, *arguments: str | Path) -> str:
        return checked([*CLI, "--archive", self._archive, *arguments], _LIMIT).output
