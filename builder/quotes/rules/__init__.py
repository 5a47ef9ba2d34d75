"""Finding quotations by rules about sentences: what `[quotes] extractor = "fast"` selects; no model."""
