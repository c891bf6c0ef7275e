"""Assemble the application: guard, HTTP interface, web app."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from assistant.assistant import Assistant
from assistant.serve.api import add_fallback, create_api
from assistant.serve.guard import Guard
from assistant.serve.hosts import Hosts
from assistant.serve.web import mount_web

_ICON = Path(__file__).parent / "assets" / "icon.svg"


def assemble(assistant: Assistant, suggested: Sequence[str], hosts: Hosts) -> FastAPI:
    """Return the whole application.

    :param hosts: the names that requests may be addressed to.
    """
    app = create_api(assistant)
    icon = _ICON.read_bytes()

    @app.get("/favicon.ico", include_in_schema=False)
    async def favicon() -> Response:
        return Response(icon, media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})

    add_fallback(app)
    mount_web(app, assistant, suggested)
    # No other site may read our responses; Gradio adds no CORS rules of its own if it finds this middleware.
    app.add_middleware(CORSMiddleware, allow_origins=())
    app.add_middleware(Guard, hosts=hosts)
    return app
