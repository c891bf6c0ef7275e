"""The web app and HTTP interface over the archive that the settings name: ``python app.py``."""

from __future__ import annotations

import logging
import sys

from assistant.errors import OnTheRecordError
from assistant.serve import serve
from assistant.settings import load_settings


def main() -> int:
    """Serve until stopped; return the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    try:
        serve(load_settings())
    except OnTheRecordError as error:
        logging.getLogger("ontherecord").error("%s", error)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
