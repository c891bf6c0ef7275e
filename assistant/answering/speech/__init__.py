"""Answers in a speaker's own words, and lists of quotes."""
