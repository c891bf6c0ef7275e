"""Benchmarks; run a script with ``python -m benchmarks.NAME``, see ``README.md``."""
