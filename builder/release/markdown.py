"""Text of the data within Markdown: on one line, without a character that Markdown would read."""

import re

SPECIAL = re.compile(r"([\\`*_\[\]<>|#&~])")


def escaped(text: str) -> str:
    """A text as Markdown shows it verbatim."""
    return SPECIAL.sub(r"\\\1", on_one_line(text))


def on_one_line(text: str) -> str:
    """A text with every stretch of blanks and line breaks as one blank."""
    return " ".join(text.split())
