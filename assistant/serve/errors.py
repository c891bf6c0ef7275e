"""Errors as those who ask over HTTP or on the page are told them: a stable code, and nothing of the server's inside."""

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
class Told:
    """What is said of an error.

    :ivar status: of HTTP. ``code``: stable, in snake_case. ``message``: for people.
    """

    status: int
    code: str
    message: str


_INTERNAL = Told(500, "internal_error", "the server failed at this request; its log says how")
_TOLD: tuple[tuple[type[OnTheRecordError], int, str, str], ...] = (
    (BadFilter, 400, "bad_filter", ""),
    (SettingsError, 503, "bad_settings", "a setting of the server is out of order; its log says which"),
    (UsageError, 400, "bad_request", ""),
    (InputError, 400, "bad_input", "what was sent cannot be read"),
    (NotFound, 404, "not_found", "there is no such article, version or speaker in this archive"),
    (NoArchive, 503, "no_archive", "there is no archive where the server looks for it; its log says where"),
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
"""First match wins: subclasses before their bases. Where there is no message, the error's own names no file."""


def told(error: Exception) -> Told:
    """Return what is said of an error.

    Other messages than those about the request itself are for whoever runs the server: they name its files.
    """
    for kind, status, code, message in _TOLD:
        if isinstance(error, kind):
            return Told(status, code, message or str(error))
    return _INTERNAL


def error_response(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return an error in the one shape all errors have."""
    return JSONResponse(as_json(Error(Problem(code, message))), status, dict(headers or {}))


def internal_error() -> JSONResponse:
    """Return what is said of an error that nobody foresaw."""
    return error_response(_INTERNAL.status, _INTERNAL.code, _INTERNAL.message)
