"""One reader a format: bytes -> records -> articles."""
