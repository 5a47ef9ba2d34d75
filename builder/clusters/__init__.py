"""Near-duplicate documents: the same story on many sites is found by comparing texts, and kept."""
