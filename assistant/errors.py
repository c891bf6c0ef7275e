"""All errors this package raises on purpose.

::

    OnTheRecordError
    ├── UsageError                 the request is invalid: exit code 2
    │   ├── SettingsError          a setting is unknown, malformed or out of range
    │   └── BadFilter              a date or filter cannot be understood
    ├── InputError                 the input cannot be read: exit code 3
    │   ├── UnreadableSource       a file, folder, archive member or stream
    │   └── BadRecord              one record of a source; it is counted, the others are ingested
    ├── ArchiveError               a problem with the archive itself: exit code 4
    │   ├── NoArchive              there is no archive at this path
    │   ├── ArchiveBusy            another process is writing
    │   ├── ArchiveTooNew          written by a later release
    │   ├── ArchiveReplaced        the archive in use was replaced or removed on disk
    │   ├── ArchiveDamaged         the file does not match what was written
    │   │   └── ArticleDamaged     one version of an article does not; the others do
    │   ├── NoSpace                the disk is full
    │   └── NotFound               no such article or version: exit code 5
    ├── RetrievalIndexError        an index cannot be used: exit code 6
    │   ├── WrongModel             built with another embedding model
    │   ├── DimensionMismatch      vectors of a different dimension
    │   └── TornIndex              digest, count or archive differ; rebuilt from the archive
    ├── MissingDependency          an optional package is not installed: exit code 7
    └── ModelError                 a language model cannot be used: exit code 8; answers are made without it
        ├── ModelUnavailable       it cannot be reached, refuses the request, or stops half-way
        ├── ModelTimeout           it is slower than the settings allow
        └── ModelBudget            the prompt does not fit, or the token budget is spent

A message says what happened, where, which values differ, and what to do next.
"""


class OnTheRecordError(Exception):
    """Base class of all errors raised on purpose; ``exit_code`` is the command line's exit code."""

    exit_code = 1


class UsageError(OnTheRecordError):
    """The request is invalid."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting is unknown, malformed or out of range."""


class BadFilter(UsageError):
    """A date or filter that cannot be understood."""


class InputError(OnTheRecordError):
    """The input cannot be read."""

    exit_code = 3


class UnreadableSource(InputError):
    """A file, folder, archive member or stream that cannot be read."""


class BadRecord(InputError):
    """One record that cannot become an article."""


class ArchiveError(OnTheRecordError):
    """The archive cannot do what was asked."""

    exit_code = 4


class NoArchive(ArchiveError):
    """There is no archive at this path."""


class ArchiveBusy(ArchiveError):
    """Another process is writing to the archive."""


class ArchiveTooNew(ArchiveError):
    """The archive was written by a later release."""


class ArchiveReplaced(ArchiveError):
    """The archive in use was replaced or removed on disk."""


class ArchiveDamaged(ArchiveError):
    """The archive's file does not match what was written."""


class ArticleDamaged(ArchiveDamaged):
    """A version of an article does not match what was written; it is withheld."""


class NoSpace(ArchiveError):
    """The disk is full."""


class NotFound(ArchiveError):
    """There is no such article, version or passage."""

    exit_code = 5


class RetrievalIndexError(OnTheRecordError):
    """An index cannot be used as it is."""

    exit_code = 6


class WrongModel(RetrievalIndexError):
    """The archive's vectors were made with a different embedding model."""


class DimensionMismatch(RetrievalIndexError):
    """The vectors' dimension differs from the index's."""


class TornIndex(RetrievalIndexError):
    """An index file's digest, count or archive differs from its manifest."""


class MissingDependency(OnTheRecordError):
    """An optional package is not installed.

    :param package: the missing package, by its import name.
    :param extra: the extra of ``ontherecord`` that installs it.
    """

    exit_code = 7

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed; add it with: pip install 'ontherecord[{extra}]'")
        self.package = package
        self.extra = extra


class ModelError(OnTheRecordError):
    """A language model cannot be used; answers are made without it."""

    exit_code = 8


class ModelUnavailable(ModelError):
    """The model cannot be reached, refuses the request, or stops half-way."""


class ModelTimeout(ModelError):
    """The model is slower than the settings allow."""


class ModelBudget(ModelError):
    """The prompt does not fit the model's window, or the token budget is spent."""
