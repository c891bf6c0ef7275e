"""Retrieval: understand the question, find passages, rank them."""
