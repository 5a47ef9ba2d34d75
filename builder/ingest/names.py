"""Names and messages as records can hold them: any bytes, shown in UTF-8."""

from collections.abc import Iterable
from itertools import islice

LONGEST_KEY = 100  # characters
MOST_KEYS = 10


def printable(name: str) -> str:
    r"""A file's name, or a part of one; no two names are shown alike.

    Bytes that are no UTF-8 become `\xff`; a backslash is doubled so that it is not taken for one.
    """
    return name.replace("\\", "\\\\").encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def encodable(message: str) -> str:
    """A message whose halves of surrogate pairs, which a file's name brings along, are spelt out."""
    return message.encode("utf-8", "backslashreplace").decode()


def listed(keys: Iterable[str]) -> str:
    """The names of fields or columns in a message: the first few, cut off where they are long."""
    return ", ".join(repr(key[:LONGEST_KEY]) for key in islice(keys, MOST_KEYS)) or "none"
