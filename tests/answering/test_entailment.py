"""A model for entailment, run for real: a tiny CrossEncoder whose bias says what it votes, made here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.answering.checks.claims import CitedSpan
from assistant.answering.checks.final import Verifier
from assistant.errors import SettingsError
from tests.answering.test_verifier import article, embed, nobody

CLAIM = "It will cost 5.3 million euros, twice what was planned."


def tiny(folder: Path, labels: Sequence[str], votes: int) -> str:
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(3)
    folder.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    names = {"id2label": dict(enumerate(labels)), "label2id": {label: place for place, label in enumerate(labels)}}
    shape = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    model = BertForSequenceClassification(
        BertConfig(vocab_size=len(words), max_position_embeddings=256, **names, **shape)
    )
    with torch.no_grad():
        model.classifier.bias[votes] = 9.0
    model.save_pretrained(folder)
    return str(folder)


@pytest.mark.parametrize(("votes", "holds"), [(0, False), (1, True), (2, False)])
def test_it_has_a_vote_where_all_else_holds(tmp_path: Path, votes: int, holds: bool) -> None:
    model = tiny(tmp_path / "nli", ["contradiction", "entailment", "neutral"], votes)
    verifier = Verifier(embed, nobody, model)
    record = article()
    cited = [CitedSpan(record, 0, len(record.text))]
    judgement = verifier.judge(CLAIM, cited)
    assert judgement.holds is holds
    assert [(check.name, check.holds) for check in judgement.checks][-1] == ("entailment", holds)
    other = verifier.judge(CLAIM.replace("5.3", "5.4"), cited)
    assert "entailment" not in [check.name for check in other.checks]


def test_one_that_is_not_there_or_tells_something_else_is_named(tmp_path: Path) -> None:
    record = article()
    cited = [CitedSpan(record, 0, len(record.text))]
    with pytest.raises(SettingsError, match="nowhere"):
        Verifier(embed, nobody, str(tmp_path / "nowhere")).judge(CLAIM, cited)
    model = tiny(tmp_path / "moods", ["sad", "glad"], 0)
    with pytest.raises(SettingsError, match="sad, glad"):
        Verifier(embed, nobody, model).judge(CLAIM, cited)
