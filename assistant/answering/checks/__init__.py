"""Checks on each sentence from a language model, and on every answer before it goes out."""
