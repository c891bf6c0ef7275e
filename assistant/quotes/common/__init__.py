"""What every language's extraction shares: quotation marks, names of an article, addressees."""
