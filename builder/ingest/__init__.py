"""Ingest: whatever articles come in becomes documents, or rejects with a reason."""
