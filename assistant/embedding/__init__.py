"""Text -> vectors, and pairs of texts -> scores."""
