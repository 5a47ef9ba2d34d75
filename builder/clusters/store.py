"""The hashed 5-grams of many texts in a temporary file, at hand by number."""

import os
from array import array
from collections.abc import Iterable
from typing import BinaryIO

BYTES = array("Q").itemsize


class GramStore:
    """Hashed 5-grams by the number of their text; sixteen bytes of memory a text."""

    def __init__(self, stream: BinaryIO, texts: int) -> None:
        self._stream = stream
        self._places = array("Q", [0]) * texts
        self._counts = array("Q", [0]) * texts

    def add(self, number: int, hashes: Iterable[int]) -> None:
        """Keeps the hashes of a text."""
        data = array("Q", hashes)
        self._places[number] = self._stream.seek(0, os.SEEK_END)
        self._counts[number] = len(data)
        self._stream.write(data.tobytes())

    def grams(self, number: int) -> set[int]:
        """The hashes of a text; none if it was not added."""
        self._stream.seek(self._places[number])
        data = array("Q")
        data.frombytes(self._stream.read(self._counts[number] * BYTES))
        return set(data)
