"""Who said a quotation: the names in a document, and which of them its source means."""
