"""Answers that a language model words from the evidence."""
