"""The command line, ``ontherecord``: converts what was typed, calls the assistant, prints what came back.

Nothing heavy is imported before a command runs: ``--help`` answers at once.
"""

from assistant.cli.app import main

__all__ = ["main"]
