"""Models that turn text into vectors, and pairs of texts into scores."""
