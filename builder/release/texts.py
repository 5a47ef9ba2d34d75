"""Long texts on their way to a release, kept in a file beside the rows that are sorted.

A context can be a whole article. Rows that hold only where their texts lie can be sorted in little
memory, and the texts are read again as the sorted rows are written.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

Place = tuple[int, int]
"""Where a text lies: the offset in the file, and the length, in bytes of UTF-8."""


class Texts:
    """A file that texts are appended to and read from."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def appending(self) -> Iterator["Appender"]:
        """Opens the file for a stretch of appending."""
        with self._path.open("ab") as stream:
            yield Appender(stream)

    @contextmanager
    def reading(self) -> Iterator["Reader"]:
        """Opens the file for a stretch of reading."""
        with self._path.open("rb") as stream:
            yield Reader(stream)


class Appender:
    """Appends texts to an open file; a text that equals the one before it in its column is kept once."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._last: dict[str, tuple[str, Place]] = {}

    def append(self, column: str, text: str) -> Place:
        """Lays down a text of a column."""
        last, place = self._last.get(column, ("", (0, 0)))
        if text != last:
            data = text.encode()
            place = (self._stream.tell(), len(data))
            self._stream.write(data)
            self._last[column] = (text, place)
        return place


class Reader:
    """Reads texts from an open file."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, places: Sequence[Place]) -> list[str]:
        """The texts that lie in some places."""
        return [self._read(*place) for place in places]

    def _read(self, offset: int, length: int) -> str:
        self._stream.seek(offset)
        return self._stream.read(length).decode()
