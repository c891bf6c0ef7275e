"""Every error this package raises on purpose.

::

    OnTheRecordError
    ├── UsageError                 the caller asked for something that cannot be: exit code 2
    │   ├── SettingsError          a setting is unknown, malformed or out of range
    │   └── BadFilter              a date or filter that cannot be understood
    ├── InputError                 what was handed in cannot be read: exit code 3
    │   ├── UnreadableSource       a file, folder, archive member or stream
    │   └── BadRecord              one record of a source; counted, the rest goes in
    ├── ArchiveError               the archive itself: exit code 4
    │   ├── NoArchive              there is none at this place
    │   ├── ArchiveBusy            another process is writing
    │   ├── ArchiveTooNew          written by a later release
    │   ├── ArchiveReplaced        another lies where the one in use was opened
    │   ├── ArchiveDamaged         the file is not what was written to it
    │   │   └── ArticleDamaged     one version of an article is not; the others are
    │   ├── NoSpace                the disk is full
    │   └── NotFound               no such article or version: exit code 5
    ├── RetrievalIndexError                an index cannot be used: exit code 6
    │   ├── WrongModel             built with another embedding model
    │   ├── DimensionMismatch      vectors of another width
    │   └── TornIndex              digest, count or archive differ; rebuilt from the archive
    ├── MissingDependency          an optional package is not installed: exit code 7
    └── ModelError                 a language model cannot be used: exit code 8; an answer is made without it
        ├── ModelUnavailable       it cannot be reached, refuses, or broke off
        ├── ModelTimeout           it is slower than the settings allow
        └── ModelBudget            what it is given does not fit, or the budget of tokens is spent

A message says what happened, with both values, where, and what to do next.
"""


class OnTheRecordError(Exception):
    """The root of all errors raised on purpose; ``exit_code`` is the command line's."""

    exit_code = 1


class UsageError(OnTheRecordError):
    """The caller asked for something that cannot be."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting is unknown, malformed or out of range."""


class BadFilter(UsageError):
    """A date or filter that cannot be understood."""


class InputError(OnTheRecordError):
    """What was handed in cannot be read."""

    exit_code = 3


class UnreadableSource(InputError):
    """A file, folder, archive member or stream that cannot be read."""


class BadRecord(InputError):
    """One record that cannot become an article."""


class ArchiveError(OnTheRecordError):
    """The archive itself cannot do what was asked."""

    exit_code = 4


class NoArchive(ArchiveError):
    """There is no archive at this place."""


class ArchiveBusy(ArchiveError):
    """Another process is writing to the archive."""


class ArchiveTooNew(ArchiveError):
    """The archive was written by a later release."""


class ArchiveReplaced(ArchiveError):
    """Another archive, or none, lies where the one in use was opened."""


class ArchiveDamaged(ArchiveError):
    """The archive's file is not what was written to it."""


class ArticleDamaged(ArchiveDamaged):
    """A version of an article is not what was written; it is withheld."""


class NoSpace(ArchiveError):
    """The disk is full."""


class NotFound(ArchiveError):
    """No such article, version or passage."""

    exit_code = 5


class RetrievalIndexError(OnTheRecordError):
    """An index cannot be used as it is."""

    exit_code = 6


class WrongModel(RetrievalIndexError):
    """The archive's vectors were made by another embedding model."""


class DimensionMismatch(RetrievalIndexError):
    """Vectors of another width than the index holds."""


class TornIndex(RetrievalIndexError):
    """An index file's digest, count or archive is not the one its manifest names."""


class MissingDependency(OnTheRecordError):
    """An optional package is not installed.

    :param package: what is missing, as it is imported.
    :param extra: the extra of ``ontherecord`` that brings it.
    """

    exit_code = 7

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed; add it with: pip install 'ontherecord[{extra}]'")
        self.package = package
        self.extra = extra


class ModelError(OnTheRecordError):
    """A language model cannot be used; an answer is made without it."""

    exit_code = 8


class ModelUnavailable(ModelError):
    """It cannot be reached, refuses, or broke off."""


class ModelTimeout(ModelError):
    """It is slower than the settings allow."""


class ModelBudget(ModelError):
    """What it is given does not fit its window, or the budget of tokens is spent."""
