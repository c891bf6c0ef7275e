"""The web app and the HTTP interface, in one process: adapters that convert requests and responses.

Modules that need a web framework are imported on use, so that the command line does not wait for them.
"""

from __future__ import annotations

import json
import logging
import signal
import socket
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from assistant.errors import SettingsError
from assistant.process import dedicate
from assistant.serve.hosts import Hosts

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.assistant import Assistant
    from assistant.settings import Settings

_log = logging.getLogger(__name__)

SUGGESTED = "suggested.json"
"""In an archive's folder: a JSON list of questions that the page offers."""
_GRACE = 5
"""Seconds that open connections are given to finish when the server stops."""


def suggested_questions(folder: Path) -> tuple[str, ...]:
    """Return the questions that ``suggested.json`` in an archive's folder lists; none if there is no such file.

    :raises SettingsError: if the file is not a JSON list of strings.
    """
    path = folder / SUGGESTED
    if not path.is_file():
        return ()
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise SettingsError(f'{path} must be a JSON list of questions: ["...", "..."]')
    return tuple(item.strip() for item in listed if item.strip())


def create_app(assistant: Assistant, settings: Settings, suggested: Sequence[str] = ()) -> FastAPI:
    """Return the HTTP interface with the web app at ``/``.

    :param suggested: questions that the page offers.
    :raises SettingsError: if the address is public but the settings do not allow that, or give no host names for it.
    """
    hosts = Hosts.of(settings.server)
    from assistant.serve.app import assemble

    return assemble(assistant, suggested, hosts)


def serve(settings: Settings, suggested: Sequence[str] | None = None) -> None:
    """Open the archive and serve it until SIGINT or SIGTERM; then let open requests finish, and close it.

    Process-wide settings are changed for the server (``assistant.process``).

    :param suggested: questions that the page offers; None for those in the archive's folder.
    :raises SettingsError: if the address is in use, or is public but the settings do not allow that.
    """
    Hosts.of(settings.server)
    dedicate()
    from assistant.assistant import Assistant

    questions = suggested_questions(settings.archive) if suggested is None else suggested
    listener = _listen(settings.server.host, settings.server.port)
    previous = signal.signal(signal.SIGTERM, _stop)
    assistant = None
    try:
        assistant = Assistant.open(settings)
        assistant.warm()
        _run(create_app(assistant, settings, questions), listener)
    except KeyboardInterrupt:
        _log.info("stopped")
    finally:
        if assistant is not None:
            assistant.close()
        listener.close()
        signal.signal(signal.SIGTERM, previous)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def _run(app: FastAPI, listener: socket.socket) -> None:
    import uvicorn

    from assistant.serve.connections import raise_file_limit, server_config
    from assistant.serve.logs import throttled

    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    _log.warning("On the Record is at http://%s:%d (stop it with Ctrl+C)", shown, port)
    raise_file_limit()
    with throttled():
        uvicorn.Server(server_config(app, _GRACE)).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    address = host.strip("[]")
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise SettingsError(f"server.host {host!r} is not an address of this machine: {error}") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"cannot listen on {host} port {port}: {error.strerror}. Choose another port with "
            "ONTHERECORD_SERVER__PORT (0 takes a free one)"
        ) from error
    return listener
