"""Errors as clients of the HTTP interface and the page see them: a stable code, and no details of the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import JSONResponse

from assistant.errors import (
    ArchiveBusy,
    ArchiveError,
    BadFilter,
    InputError,
    MissingDependency,
    NoArchive,
    NotFound,
    OnTheRecordError,
    RetrievalIndexError,
    SettingsError,
    UsageError,
)
from assistant.schemas import Error, Problem, as_json


@dataclass(frozen=True, slots=True)
class PublicError:
    """An error as clients see it.

    :ivar status: HTTP status. ``code``: stable, in snake_case. ``message``: for people.
    """

    status: int
    code: str
    message: str


_INTERNAL = PublicError(500, "internal_error", "the server could not handle this request; its log says why")
_PUBLIC: tuple[tuple[type[OnTheRecordError], int, str, str], ...] = (
    (BadFilter, 400, "bad_filter", ""),
    (SettingsError, 503, "bad_settings", "a setting of the server is invalid; its log says which"),
    (UsageError, 400, "bad_request", ""),
    (InputError, 400, "bad_input", "the input cannot be read"),
    (NotFound, 404, "not_found", "there is no such article, version or speaker in this archive"),
    (NoArchive, 503, "no_archive", "the server has no archive where it expects one; its log says where"),
    (ArchiveBusy, 503, "archive_busy", "the archive is being written to; try again in a few seconds"),
    (ArchiveError, 503, "archive_unavailable", "the archive cannot be read; the server's log says why"),
    (
        RetrievalIndexError,
        503,
        "index_unavailable",
        "an index cannot be used; the server's log says why",
    ),
    (MissingDependency, 503, "missing_dependency", ""),
)
"""The first match counts, so subclasses come before their bases. Without a message here, the error's own is used: it
names no file."""


def public_error(error: Exception) -> PublicError:
    """Return an error as clients see it.

    Only messages about the request itself are passed on; the others name the server's files and are for its log.
    """
    for kind, status, code, message in _PUBLIC:
        if isinstance(error, kind):
            return PublicError(status, code, message or str(error))
    return _INTERNAL


def error_response(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return an error in the shape that all errors have."""
    return JSONResponse(as_json(Error(Problem(code, message))), status, dict(headers or {}))


def internal_error() -> JSONResponse:
    """Return the response to an unexpected error."""
    return error_response(_INTERNAL.status, _INTERNAL.code, _INTERNAL.message)
