"""Answers made of the archive's own sentences."""
