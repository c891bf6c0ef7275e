"""What is promised in figures, measured: run a script with ``python -m benchmarks.NAME``, see ``README.md``."""
