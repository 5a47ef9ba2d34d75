"""The language of a text."""

import re

import py3langid

SHORTEST = 20  # letters without which a language is a guess
ENOUGH = 3000  # characters after which more change no answer, but take time

_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9-]+)?", re.IGNORECASE)


def language_of(paragraphs: list[str]) -> str | None:
    """The ISO 639-1 code of the language of most of the text; None for hardly any text.

    Of a long text, paragraphs from the whole of it are looked at, so that an introduction or a
    quotation in another language does not decide.
    """
    size = sum(map(len, paragraphs))
    text = "\n".join(paragraphs[:: size // ENOUGH + 1])[: 2 * ENOUGH]
    if sum(map(str.isalpha, text[: SHORTEST * SHORTEST])) < SHORTEST:
        return None
    return str(py3langid.classify(text)[0])


def given_language(name: str | None) -> str | None:
    """The code in what a source says of the language ("en-GB"), or None where it is no code."""
    found = _CODE.fullmatch(name.strip()) if name else None
    return found[1].lower() if found else None
