"""Answers in the archive's own sentences."""
