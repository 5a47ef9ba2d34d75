"""A file that holds one JSON array, read and written one element after the other."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from builder.errors import UsageError
from builder.lines import Line, Write, writing_bytes

CHUNK = 1 << 20  # characters read at once
LARGEST = 1 << 26  # characters of one element: no task that people annotate comes near it
BLANKS = re.compile(r"[ \t\r\n]*")


@contextmanager
def writing_array(path: Path) -> Iterator[Write]:
    """A function that appends an element, one a line; the file appears when all of them are written.

    Raises:
        UsageError: the file cannot be written.
    """
    with writing_bytes(path) as write:
        separator = b"["

        def append(row: dict[str, Any]) -> None:
            nonlocal separator
            # In ASCII, because article text may hold half a surrogate pair, which UTF-8 cannot.
            write(separator + b"\n" + json.dumps(row).encode())
            separator = b","

        yield append
        write(b"\n]\n" if separator == b"," else b"[]\n")


def read_array(path: Path) -> Iterator[Line]:
    """The elements of the array, each with the number of the line that it begins on.

    What is no object carries its problem. Where the array itself is broken nothing more can be read:
    the last line says so.

    Raises:
        UsageError: the file cannot be opened, or holds no array.
    """
    try:
        stream = path.open(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    with stream:
        reader = _Reader(stream)
        try:
            if reader.next_mark() != "[":
                raise UsageError(f"{path}: is not a JSON array")
            yield from _elements(reader)
        except UnicodeDecodeError as error:
            yield Line(reader.line, None, f"is not UTF-8 ({error.reason})")


def _elements(reader: "_Reader") -> Iterator[Line]:
    if reader.peek() == "]":
        return
    while True:
        reader.peek()
        number = reader.line
        try:
            value = reader.value()
        except RecursionError:
            yield Line(number, None, "is nested too deeply; what follows it was not read")
            return
        except ValueError as error:
            yield Line(number, None, f"is not JSON: {error}; what follows it was not read")
            return
        yield Line(number, value) if isinstance(value, dict) else Line(number, None, "is not a JSON object")
        mark = reader.next_mark()
        if mark == "]":
            return
        if mark != ",":
            yield Line(reader.line, None, f"expected , or ] (got {mark!r}); what follows it was not read")
            return


class _Reader:
    """A text stream of which only as much is held as the next value needs."""

    def __init__(self, stream: Any) -> None:
        self.line = 1
        self._stream = stream
        self._held = ""
        self._at = 0  # what stands before it was read
        self._decoder = json.JSONDecoder()

    def peek(self) -> str:
        """The next character that is not blank, which stays where it is; empty at the end."""
        while True:
            self._pass(BLANKS.match(self._held, self._at).end())  # type: ignore[union-attr] # always matches
            if self._at < len(self._held) or not self._fill(CHUNK):
                return self._held[self._at : self._at + 1]

    def next_mark(self) -> str:
        """The next character that is not blank."""
        mark = self.peek()
        self._pass(self._at + len(mark))
        return mark

    def value(self) -> Any:
        """The JSON value that begins here.

        Raises:
            ValueError: there is none, or it is too large.
        """
        while True:
            held = len(self._held) - self._at
            try:
                value, end = self._decoder.raw_decode(self._held, self._at)
            except ValueError:
                if held > LARGEST:
                    raise ValueError(f"an element has more than {LARGEST} characters") from None
                # Doubled each time, so that a long element is not parsed again for every chunk.
                if not self._fill(max(CHUNK, held)):
                    raise
                continue
            if end == len(self._held) and self._fill(CHUNK):
                continue  # a number could go on
            self._pass(end)
            return value

    def _fill(self, characters: int) -> bool:
        read = self._stream.read(characters)
        self._held, self._at = self._held[self._at :] + read, 0
        return bool(read)

    def _pass(self, end: int) -> None:
        self.line += self._held.count("\n", self._at, end)
        self._at = end
