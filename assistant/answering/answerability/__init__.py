"""Decide whether the archive answers a question: scores, confidence, verdict."""
