"""Speakers that only the layout of a text shows: transcripts, interviews, embedded posts."""
