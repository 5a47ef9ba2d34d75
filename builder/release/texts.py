"""Long texts on their way to a release, kept in files beside the rows that are sorted.

A context can be a whole article. Rows that hold only where their texts lie can be sorted in little
memory, and the texts are read again as the sorted rows are written.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

Place = tuple[int, int]
"""Where a text lies within a file: the offset, and the length, in bytes of UTF-8."""

OPEN_FILES = 64  # at once; a process may commonly have a thousand, and there can be as many shards


class Texts:
    """Texts of many shards: a file for each, that is appended to and read from."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def appending(self, shard: int) -> Iterator["Appender"]:
        """Opens the file of a shard anew for a stretch of appending."""
        with self._file(shard).open("wb") as stream:
            yield Appender(stream)

    @contextmanager
    def reading(self) -> Iterator["Reader"]:
        """Opens the files, as they are needed, for a stretch of reading."""
        reader = Reader(self._file)
        try:
            yield reader
        finally:
            reader.close()

    def _file(self, shard: int) -> Path:
        return self._path.with_name(f"{self._path.name}-{shard:05}")


class Appender:
    """Appends texts to an open file; a text that equals the one before it in its column is kept once."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._end = stream, 0
        self._last: dict[str, tuple[str, Place]] = {}

    def append(self, column: str, text: str) -> Place:
        """Lays down a text of a column."""
        last, place = self._last.get(column, ("", (0, 0)))
        if text != last:
            data = text.encode()
            place = (self._end, len(data))
            self._end += self._stream.write(data)
            self._last[column] = (text, place)
        return place


class Reader:
    """Reads texts, in UTF-8, from files that are open."""

    def __init__(self, file_of: Callable[[int], Path]) -> None:
        self._file_of = file_of
        self._open: dict[int, BinaryIO] = {}

    def read(self, places: Iterable[tuple[int, Place]]) -> list[bytes]:
        """The texts that lie in some places, each with the shard whose file it is in."""
        return [self._read(shard, *place) for shard, place in places]

    def close(self) -> None:
        """Closes the files."""
        for stream in self._open.values():
            stream.close()
        self._open.clear()

    def _read(self, shard: int, offset: int, length: int) -> bytes:
        stream = self._open.get(shard) or self._opened(shard)
        return os.pread(stream.fileno(), length, offset)

    def _opened(self, shard: int) -> BinaryIO:
        if len(self._open) == OPEN_FILES:
            self._open.pop(next(iter(self._open))).close()  # the one that was opened first
        stream = self._open[shard] = self._file_of(shard).open("rb")
        return stream
