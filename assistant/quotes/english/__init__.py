"""English, by its dependency parse."""
