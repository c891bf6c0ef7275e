"""Train the answer selection model from scratch, and write its weights as the package has them.

::

    python -m training.answer_selection --selqa selqa/ --qamr qamr/ --xquad xquad-r/en.json --out weights.safetensors

needs copies of github.com/emorynlp/selqa and github.com/uwnlp/qamr and the English file of XQuAD-R (in
github.com/google-research-datasets/lareqa). On two cores it takes about an hour. ``--own`` adds a file of one's own
(``training.pairs``): with questions that readers have asked an archive, and sentences of it that do and do not answer
them, the model learns the archive's subjects.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answer_selection.graph import CONTEXT, QUESTION, SENTENCE, SIMILARITIES, SPECIAL
from assistant.answer_selection.model import AnswerSelector, Candidate, padded
from assistant.answer_selection.weights import ENCODER, renamed, rounded
from assistant.embedding.models import model_folder
from benchmarks.common import report
from training.pairs import Example, Group, around_pages, own, qamr, selqa, swapped, xquad

LAYERS = 4
_PAIRS = 64
_RATE = 1.5e-4
_WARM = 150
_POSITIVE = 2.5
"""Weight of a sentence that answers, of which there are fewer."""

_UNSEEN = 0.3
"""Share of pairs that are read without their headline, and without the sentence before."""

_WIDTH = 256


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with one sentence, as the model reads it: token ids with the segment of each."""

    ids: list[int]
    segments: list[int]
    answers: bool
    weight: float


def main(argv: Sequence[str] | None = None) -> None:
    """Train, test and write the weights."""
    parser = argparse.ArgumentParser(
        prog="python -m training.answer_selection", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--selqa", type=Path, help="a copy of SelQA's repository")
    parser.add_argument("--qamr", type=Path, help="a copy of QAMR's repository")
    parser.add_argument("--xquad", type=Path, help="the English file of XQuAD-R")
    parser.add_argument("--own", type=Path, help="a file of one's own: JSON lines")
    parser.add_argument("--epochs", type=float, default=1.3, help="times that each pair is seen [%(default)s]")
    parser.add_argument("--seed", type=int, default=3, help="seed of all random choices [%(default)s]")
    parser.add_argument("--out", type=Path, required=True, help="the file to write: weights.safetensors")
    options = parser.parse_args(argv)
    random.seed(options.seed)
    groups = _read(options)
    if not groups:
        parser.error("there is nothing to train on; give at least one of --selqa, --qamr, --xquad and --own")
    train = [group for group in groups if not group.test]
    test = [group for group in groups if group.test]
    model = _trained([*train, *swapped(train), *around_pages(train)], options)
    report(f"first of its question's sentences, of {len(test)} questions: {_tested(model, test):.3f}")
    _write(model, options.out)


def _read(options: argparse.Namespace) -> list[Group]:
    readers = ((options.selqa, selqa), (options.xquad, xquad), (options.qamr, qamr), (options.own, own))
    return [group for source, reader in readers if source for group in reader(source)]


def _trained(groups: Sequence[Group], options: argparse.Namespace) -> Any:
    """Return the model, trained."""
    import torch

    torch.manual_seed(options.seed)
    model = _model()
    parameters = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=_RATE, weight_decay=0.01)
    total = max(1, int(sum(len(group.examples) for group in groups) / _PAIRS * options.epochs))
    batches, began = _batches(groups), time.monotonic()
    model.train()
    for step in range(total):
        batch = next(batches)
        rate = _RATE * min(1, step / _WARM) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / total)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        answers = torch.tensor([float(pair.answers) for pair in batch])
        weights = torch.tensor([pair.weight for pair in batch]) * (1 + answers * (_POSITIVE - 1))
        losses = torch.nn.functional.binary_cross_entropy_with_logits(
            model(*_tensors(batch)), answers, reduction="none"
        )
        loss = (losses * weights).sum() / weights.sum()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        if step % 50 == 0:
            report(f"step {step} of {total}: loss {loss.item():.3f}, {time.monotonic() - began:.0f} s")
    model.eval()
    return model


def _batches(groups: Sequence[Group]) -> Iterator[list[Pair]]:
    """Yield batches without end: pairs of like length together, the groups in a new order each time."""
    reader = AnswerSelector()
    order = list(groups)
    while True:
        random.shuffle(order)
        for start in range(0, len(order), 6 * _PAIRS):
            pairs = [
                _pair(reader, group, _less(example))
                for group in order[start : start + 6 * _PAIRS]
                for example in group.examples
            ]
            pairs.sort(key=lambda pair: len(pair.ids))
            batches = [pairs[at : at + _PAIRS] for at in range(0, len(pairs), _PAIRS)]
            random.shuffle(batches)
            yield from batches


def _less(example: Example) -> Example:
    """An example, now and then without what is beside the sentence."""
    headline = "" if random.random() < _UNSEEN else example.headline
    before = "" if random.random() < _UNSEEN else example.before
    return Example(example.answers, example.sentence, headline, before)


def _pair(reader: AnswerSelector, group: Group, example: Example) -> Pair:
    ids, segments = reader.pair(group.question, Candidate(example.sentence, example.headline, example.before))
    return Pair(ids, segments, example.answers, group.weight)


def _tensors(pairs: Sequence[Pair]) -> list[Any]:
    import torch

    return [torch.from_numpy(values) for values in padded([(pair.ids, pair.segments) for pair in pairs])]


def _tested(model: Any, groups: Sequence[Group]) -> float:
    """Return the share of questions whose likeliest sentence answers, of those kept for testing."""
    import torch

    reader = AnswerSelector()
    first = 0
    for group in groups:
        with torch.inference_mode():
            scores = model(*_tensors([_pair(reader, group, one) for one in group.examples]))
        first += group.examples[int(scores.argmax())].answers
    return first / max(1, len(groups))


def _model() -> Any:
    """Return the model that is trained: what ``graph.build`` builds, in torch."""
    import torch
    from torch import nn
    from transformers import AutoModel

    class Model(nn.Module):  # type: ignore[misc]  # torch is not followed
        def __init__(self) -> None:
            super().__init__()
            self.encoder = AutoModel.from_pretrained(model_folder(ENCODER), local_files_only=True)
            self.encoder.pooler = None
            self.encoder.encoder.layer = self.encoder.encoder.layer[:LAYERS]
            for name, parameter in self.encoder.embeddings.named_parameters():
                parameter.requires_grad_("token_type" in name)
            dim = self.encoder.config.hidden_size
            self.wide, self.narrow = nn.Linear(4 * dim + 3, _WIDTH), nn.Linear(_WIDTH, 1)
            self.dropout = nn.Dropout(0.1)

        def forward(self, ids: Any, segments: Any, mask: Any) -> Any:
            typed = ((segments > SPECIAL) & (segments < CONTEXT)).long()
            hidden = self.encoder(input_ids=ids, token_type_ids=typed, attention_mask=mask).last_hidden_state
            question, sentence = (((segments == which) & (mask > 0)).float() for which in (QUESTION, SENTENCE))
            asked, said = (_mean(hidden, members) for members in (question, sentence))
            unit = nn.functional.normalize(hidden, dim=-1)
            alike = (unit @ unit.transpose(1, 2)).masked_fill(sentence[:, None, :] == 0, -1.0)
            best = alike.max(2).values * question
            matched = best.sum(1) / question.sum(1).clamp(min=1)
            least = torch.where(question > 0, best, torch.ones_like(best)).min(1).values
            near = nn.functional.cosine_similarity(asked, said)
            similar = SIMILARITIES * torch.stack([matched, least, near], 1)
            both = torch.cat([asked * said, (asked - said).abs(), asked, hidden[:, 0], similar], 1)
            return self.narrow(self.dropout(nn.functional.gelu(self.wide(both)))).squeeze(-1)

    def _mean(hidden: Any, members: Any) -> Any:
        return (hidden * members[..., None]).sum(1) / members.sum(1, keepdim=True).clamp(min=1)

    return Model()


def _write(model: Any, path: Path) -> None:
    """Write the weights of a model in the format of the package."""
    from safetensors.numpy import save_file

    weights = {name: values.numpy().astype(np.float32) for name, values in model.state_dict().items()}
    encoder = {name.removeprefix("encoder."): values for name, values in weights.items() if name.startswith("encoder.")}
    head = {f"head.{name}": values for name, values in weights.items() if not name.startswith("encoder.")}
    stored = rounded({**renamed(encoder), **head})
    save_file({name: np.ascontiguousarray(values) for name, values in stored.items()}, path)
    report(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
