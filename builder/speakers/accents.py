"""Text without its accents: one writer's "Erdoğan" is another's "Erdogan"."""

import unicodedata


def without_accents(text: str) -> str:
    """A text whose letters are decomposed for compatibility (NFKD) and whose combining marks are left out."""
    if text.isascii():
        return text
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
