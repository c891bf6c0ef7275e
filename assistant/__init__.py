"""On the Record: answers from a news archive, in words that can be quoted.

::

    from assistant import Assistant, AskOptions, Filters, load_settings

    with Assistant.open(load_settings()) as assistant:
        answer = assistant.ask("What did the minister say about the harbour?")
        for citation in answer.citations:
            article = assistant.article(citation.article_id, citation.version)
            assert article.text[citation.start : citation.end] == citation.text

The names listed here are the public ones. Each is imported when it is first used: importing the package alone costs
nothing. CONTRIBUTING.md says what the modules below it are for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "ArchiveBusy",
    "ArchiveDamaged",
    "ArchiveError",
    "ArchiveReplaced",
    "ArchiveTooNew",
    "Article",
    "ArticleDamaged",
    "AskOptions",
    "Assistant",
    "BadFilter",
    "BadRecord",
    "Citation",
    "DimensionMismatch",
    "Filters",
    "Hit",
    "InputError",
    "MissingDependency",
    "ModelBudget",
    "ModelError",
    "ModelTimeout",
    "ModelUnavailable",
    "NoArchive",
    "NoSpace",
    "NotFound",
    "OnTheRecordError",
    "Part",
    "Quote",
    "RetrievalIndexError",
    "SettingsError",
    "TornIndex",
    "UnreadableSource",
    "UsageError",
    "WrongModel",
    "__version__",
    "load_settings",
    "parse_date",
]

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.dates import parse_date
    from assistant.errors import (
        ArchiveBusy,
        ArchiveDamaged,
        ArchiveError,
        ArchiveReplaced,
        ArchiveTooNew,
        ArticleDamaged,
        BadFilter,
        BadRecord,
        DimensionMismatch,
        InputError,
        MissingDependency,
        ModelBudget,
        ModelError,
        ModelTimeout,
        ModelUnavailable,
        NoArchive,
        NoSpace,
        NotFound,
        OnTheRecordError,
        RetrievalIndexError,
        SettingsError,
        TornIndex,
        UnreadableSource,
        UsageError,
        WrongModel,
    )
    from assistant.settings import load_settings
    from assistant.types import Answer, Article, AskOptions, Citation, Filters, Hit, Part, Quote
else:  # a type checker that saw this function would take any name for one of the package's
    _HOMES = {
        "assistant.assistant": ("Assistant",),
        "assistant.dates": ("parse_date",),
        "assistant.settings": ("load_settings",),
        "assistant.types": ("Answer", "Article", "AskOptions", "Citation", "Filters", "Hit", "Part", "Quote"),
    }

    def __getattr__(name):
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        home = next((home for home, names in _HOMES.items() if name in names), "assistant.errors")
        found = globals()[name] = getattr(import_module(home), name)
        return found

    def __dir__():
        return sorted(__all__)
