"""Evaluation of retrieval and answers: datasets, runs, measures, comparison, report.

It uses the pipeline as any other client does. The same input gives the same bytes: resampling is seeded, nothing is
timestamped, and latencies can be left out.
"""
