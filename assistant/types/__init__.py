"""The types that are passed between packages. Imported everywhere; imports only ``dates`` and ``inferences``.

Offsets count characters (Unicode code points) of the stored text, start inclusive, end exclusive. ``Outgoing`` types
are sent as JSON exactly as declared here; ``assistant.schemas`` has the rest of the JSON.
"""

from assistant.types.answers import (
    Answer,
    Checked,
    Citation,
    Freshness,
    Part,
    QuoteAttribution,
    Sentence,
    Status,
    Wording,
)
from assistant.types.articles import Article, Fragment, Hit, Passage, QuotationKind, Quote, StoredArticle, Telling
from assistant.types.questions import (
    MAX_HISTORY,
    MAX_HISTORY_CHARACTERS,
    AnswerKind,
    AskOptions,
    Filters,
    Inference,
    Sort,
)

__all__ = [
    "MAX_HISTORY",
    "MAX_HISTORY_CHARACTERS",
    "Answer",
    "AnswerKind",
    "Article",
    "AskOptions",
    "Checked",
    "Citation",
    "Filters",
    "Fragment",
    "Freshness",
    "Hit",
    "Inference",
    "Part",
    "Passage",
    "QuotationKind",
    "Quote",
    "QuoteAttribution",
    "Sentence",
    "Sort",
    "Status",
    "StoredArticle",
    "Telling",
    "Wording",
]
