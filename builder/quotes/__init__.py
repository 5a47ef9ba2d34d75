"""Finding quotations: marks and sentences first, then who said what with which words."""
