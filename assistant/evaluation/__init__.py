"""Measuring what the assistant finds and says: datasets, runs, measures, comparison, report.

A client of the pipeline like the others. Same input, same bytes: resampling is seeded, nothing is stamped with a time,
and latencies can be left out.
"""
