"""What each sentence of a language model, and every answer before it goes out, must pass."""
