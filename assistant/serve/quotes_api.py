"""``/v1/quotes`` and ``/v1/speakers``: who said what, in the same JSON as on the command line."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Path, Query

from assistant import schemas
from assistant.assistant import Assistant
from assistant.serve.examples import problems
from assistant.serve.pool import Pool
from assistant.serve.requests import MAX_LIMIT, QuotesRequest


def add_quotes(api: FastAPI, assistant: Assistant, pool: Pool) -> None:
    """Add the routes for quotes and speakers."""
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
    """Add the routes for speakers."""

    @api.get("/v1/speakers", response_model=schemas.Speakers, responses=problems(422, 503), tags=["quotes"])
    async def speakers(
        name: Annotated[str, Query(max_length=200, description="Only speakers that this name may refer to.")] = "",
        limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Maximum number of speakers.")] = 50,
    ) -> Any:
        """List the most quoted speakers, each with all its names."""
        return await pool.run(lambda: schemas.speakers(assistant.speakers(name, limit=limit)))

    @api.get(
        "/v1/speakers/{name:path}", response_model=schemas.Profile, responses=problems(404, 422, 503), tags=["quotes"]
    )
    async def speaker(
        name: Annotated[str, Path(description="Any of the speaker's names, percent-encoded.", max_length=200)],
    ) -> Any:
        """Return a speaker: every name and role that articles use, and the dates of the first and last quote."""
        return await pool.run(lambda: schemas.profile(assistant.profile(name)))
