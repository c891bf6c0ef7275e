"""A model for entailment, run for real: a tiny CrossEncoder whose bias says what it votes, made here."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering.checks.claims import CitedSpan
from assistant.answering.checks.final import Verifier
from assistant.errors import SettingsError
from tests.answering.test_verifier import article, embed, nobody
from tests.embedding.tiny import tiny_cross_encoder

CLAIM = "It will cost 5.3 million euros, twice what was planned."


@pytest.mark.parametrize(("votes", "holds"), [(0, False), (1, True), (2, False)])
def test_it_has_a_vote_where_all_else_holds(tmp_path: Path, votes: int, holds: bool) -> None:
    model = str(tiny_cross_encoder(tmp_path / "nli", ["contradiction", "entailment", "neutral"], votes))
    verifier = Verifier(embed, nobody, model)
    record = article()
    cited = [CitedSpan(record, 0, len(record.text))]
    judgement = verifier.judge(CLAIM, cited)
    assert judgement.holds is holds
    assert [(check.name, check.holds) for check in judgement.checks][-1] == ("entailment", holds)
    other = verifier.judge(CLAIM.replace("5.3", "5.4"), cited)
    assert "entailment" not in [check.name for check in other.checks]


def test_a_missing_or_unsuitable_model_is_named(tmp_path: Path) -> None:
    record = article()
    cited = [CitedSpan(record, 0, len(record.text))]
    with pytest.raises(SettingsError, match="nowhere"):
        Verifier(embed, nobody, str(tmp_path / "nowhere")).judge(CLAIM, cited)
    model = str(tiny_cross_encoder(tmp_path / "moods", ["sad", "glad"], 0))
    with pytest.raises(SettingsError, match="sad, glad"):
        Verifier(embed, nobody, model).judge(CLAIM, cited)
