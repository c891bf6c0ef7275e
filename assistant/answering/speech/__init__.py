"""Answers in a speaker's own words, and the listing of quotes."""
