"""Whether the archive answers: scores, confidence, verdict."""
