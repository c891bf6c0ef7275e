"""``/v1/quotes`` and ``/v1/speakers``: who said what, with the same JSON as the command line's."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Path, Query

from assistant import schemas
from assistant.assistant import Assistant
from assistant.serve.examples import problems
from assistant.serve.pool import Pool
from assistant.serve.requests import MAX_LIMIT, QuotesRequest


def add_quotes(api: FastAPI, assistant: Assistant, pool: Pool) -> None:
    """Add the routes of quotes and speakers."""
    add_speakers(api, assistant, pool)
    errors = problems(400, 413, 422, 503)

    async def listed(request: QuotesRequest) -> Any:
        filters = request.filters()

        def work() -> schemas.Quotes:
            found = assistant.quotes(
                request.query,
                speaker=request.speaker,
                filters=filters,
                kind=request.kind,
                limit=request.limit,
                variants=request.variants,
            )
            return schemas.quotes(found)

        return await pool.run(work)

    @api.get("/v1/quotes", response_model=schemas.Quotes, responses=errors, tags=["quotes"])
    async def get_quotes(request: Annotated[QuotesRequest, Query()]) -> Any:
        """List who said what."""
        return await listed(request)

    @api.post("/v1/quotes", response_model=schemas.Quotes, responses=errors, tags=["quotes"])
    async def post_quotes(request: QuotesRequest) -> Any:
        """List who said what."""
        return await listed(request)


def add_speakers(api: FastAPI, assistant: Assistant, pool: Pool) -> None:
    """Add the routes of speakers."""

    @api.get("/v1/speakers", response_model=schemas.Speakers, responses=problems(422, 503), tags=["quotes"])
    async def speakers(
        name: Annotated[str, Query(max_length=200, description="Only those who may be called so.")] = "",
        limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Speakers at most.")] = 50,
    ) -> Any:
        """List those who are quoted most, each with all its names."""
        return await pool.run(lambda: schemas.speakers(assistant.speakers(name, limit=limit)))

    @api.get(
        "/v1/speakers/{name:path}", response_model=schemas.Profile, responses=problems(404, 422, 503), tags=["quotes"]
    )
    async def speaker(
        name: Annotated[str, Path(description="Any of its names, percent-encoded.", max_length=200)],
    ) -> Any:
        """Return a speaker: every name and role it is given, and since when it is quoted."""
        return await pool.run(lambda: schemas.profile(assistant.profile(name)))
