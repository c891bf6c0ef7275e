"""The command line, ``ontherecord``: parses arguments, calls the assistant and prints the results.

Nothing heavy is imported before a command runs, so ``--help`` is instant.
"""

from assistant.cli.app import main

__all__ = ["main"]
