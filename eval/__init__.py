"""Measures the product; run with `python -m eval`, never installed."""
