"""The HTTP interface: ``/v1/...``, ``/healthz``, ``/readyz``, ``/openapi.json``.

Routes convert the request, call the assistant in a bounded pool of threads, and convert the result. Every error has
the shape ``{"error": {"code": ..., "message": ...}}``.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from threading import Event
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from assistant import __version__, schemas
from assistant.assistant import Assistant
from assistant.errors import ArchiveError, OnTheRecordError
from assistant.serve.errors import error_response, internal_error, public_error
from assistant.serve.events import EventStream
from assistant.serve.examples import ANSWER, READINESS, example, problems
from assistant.serve.pool import Overloaded, Pool
from assistant.serve.quotes_api import add_quotes
from assistant.serve.requests import AskRequest, SearchRequest
from assistant.types import Answer, AskOptions, Freshness, Part

_log = logging.getLogger(__name__)

_HTTP_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}

_DESCRIPTION = (
    "Answers from a news archive, in words that can be quoted. `article.text[start:end] == text` holds for every "
    "citation and hit, in the version it names, in Unicode code points."
)


def create_api(assistant: Assistant) -> FastAPI:
    """Return the HTTP interface over ``assistant``, without the web app.

    All routes share one ``Pool``, which is closed when the application shuts down.
    """
    pool = Pool()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        pool.close()

    api = FastAPI(
        title="On the Record",
        version=__version__,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    _add_questions(api, assistant, pool)
    _add_articles(api, assistant, pool)
    add_quotes(api, assistant, pool)
    _add_health(api, assistant, pool)
    _add_errors(api)
    return api


def _add_questions(api: FastAPI, assistant: Assistant, pool: Pool) -> None:
    answered = {**example(ANSWER), "text/event-stream": {"schema": {"type": "string"}}}
    responses = {200: {"content": answered}, **problems(400, 413, 422, 503)}

    @api.post("/v1/ask", response_model=Answer, responses=responses, tags=["questions"])
    async def ask(request: AskRequest) -> Any:
        """Answer a question in sentences with citations: all at once, or one by one as they are verified."""
        options = AskOptions(
            filters=request.filters(),
            as_of=request.asked_at(assistant.zone),
            without=request.without,
            history=request.history,
            model=request.model,
        )

        def answering(cancelled: Event) -> Iterator[Part | Answer]:
            return assistant.stream(request.question, options, cancelled=cancelled)

        if request.stream:
            return EventStream(answering, pool)
        return await pool.run(lambda: assistant.ask(request.question, options))

    @api.post(
        "/v1/search", response_model=schemas.SearchResults, responses=problems(400, 413, 422, 503), tags=["questions"]
    )
    async def search(request: SearchRequest) -> Any:
        """Find passages, by relevance or by date."""
        filters, as_of = request.filters(), request.asked_at(assistant.zone)

        def work() -> schemas.SearchResults:
            hits = assistant.search(
                request.query,
                filters=filters,
                sort=request.sort,
                limit=request.limit,
                as_of=as_of,
                without=request.without,
            )
            return schemas.SearchResults(tuple(map(schemas.hit, hits)), assistant.freshness())

        return await pool.run(work)


def _add_articles(api: FastAPI, assistant: Assistant, pool: Pool) -> None:
    @api.get(
        "/v1/articles/{id:path}", response_model=schemas.Article, responses=problems(404, 422, 503), tags=["articles"]
    )
    async def article(
        id: Annotated[str, Path(description="The article's id, percent-encoded.", max_length=2_048)],
        version: Annotated[int | None, Query(ge=1, le=2**31, description="1, 2, ...; the latest by default.")] = None,
    ) -> Any:
        """Return one version of an article, with the text that offsets refer to."""
        return await pool.run(lambda: schemas.article(assistant.article(id, version)))


def _add_health(api: FastAPI, assistant: Assistant, pool: Pool) -> None:
    @api.get("/healthz", response_model=schemas.Health, tags=["health"])
    async def healthz() -> Any:
        """Report that the process is running."""
        return schemas.Health("ok")

    ready = {200: {"content": example(READINESS)}, **problems(503)}

    @api.get("/readyz", response_model=schemas.Readiness, responses=ready, tags=["health"])
    async def readyz() -> Any:
        """Report whether questions can be answered: an article is read, and both indexes are searched."""

        def work() -> Freshness:
            try:
                assistant.probe()
                return assistant.freshness()
            except OnTheRecordError:
                raise
            except Exception as error:
                raise ArchiveError(f"the archive cannot be read: {error}") from error

        return schemas.Readiness("ready", await pool.run(work))


def add_fallback(api: FastAPI) -> None:
    """Answer all other paths below ``/v1/`` with an error; to be added after all routes."""
    methods = {"/v1/ask": "POST", "/v1/search": "POST", "/v1/quotes": "GET, POST"}

    refused = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    @api.api_route("/v1/{rest:path}", methods=refused, include_in_schema=False)
    async def nowhere(request: Request) -> JSONResponse:
        path = request.url.path
        reading = path.startswith(("/v1/articles/", "/v1/speakers"))
        allowed = "GET" if reading else methods.get(path.rstrip("/"))
        if allowed and request.method not in allowed.split(", "):
            return error_response(405, "method_not_allowed", f"{path} takes {allowed}", {"Allow": allowed})
        return error_response(404, "not_found", f"there is nothing at {path}; /openapi.json lists the paths that exist")


def _add_errors(api: FastAPI) -> None:
    @api.exception_handler(OnTheRecordError)
    async def ours(request: Request, error: OnTheRecordError) -> JSONResponse:
        what = public_error(error)
        if what.status >= 500:
            _log.error("%s %r: %s", request.method, request.url.path, error)
        return error_response(what.status, what.code, what.message)

    @api.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [(".".join(map(str, fault["loc"][1:])) or "body", fault["msg"]) for fault in error.errors()]
        message = "; ".join(f"{place}: {what}" for place, what in faults[:10])
        return error_response(422, "invalid_request", message[:2_000])

    @api.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        code = _HTTP_CODES.get(error.status_code, "http_error")
        return error_response(error.status_code, code, str(error.detail), error.headers)

    @api.exception_handler(Overloaded)
    async def overloaded(request: Request, error: Overloaded) -> JSONResponse:
        message = "too many requests are waiting; try again in a few seconds"
        return error_response(503, "overloaded", message, {"Retry-After": "5"})

    @api.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        _log.error("%s %r failed", request.method, request.url.path, exc_info=error)
        return internal_error()
