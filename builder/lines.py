"""JSON Lines files: reading with line numbers, writing whole or not at all."""

import codecs
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import jsonlines

from builder.errors import UsageError


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its number from 1, and its object, or what is wrong with it."""

    number: int
    value: dict[str, Any] | None
    problem: str = ""


class Write(Protocol):
    """Appends one object as a line."""

    def __call__(self, row: dict[str, Any]) -> None:
        """Writes `row`."""


def read_lines(path: Path) -> Iterator[Line]:
    """The lines of a file that are not blank, one JSON object each; bad ones carry their problem.

    Raises:
        UsageError: the file cannot be opened.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    with stream:
        for number, raw in enumerate(stream, 1):
            if raw.removeprefix(codecs.BOM_UTF8).strip():
                yield parse_line(number, raw)


def read_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file whose every line must be good, each with its line number.

    Raises:
        UsageError: the file cannot be opened, or a line is not a JSON object; names the line.
    """
    for line in read_lines(path):
        if line.value is None:
            raise UsageError(f"{path}:{line.number}: {line.problem}")
        yield line.number, line.value


@contextmanager
def writing_lines(path: Path) -> Iterator[Write]:
    """A function that appends objects to `path`, which appears when all of them are written.

    What is there and is no regular file, such as a pipe or /dev/stdout, is written to as it is.

    Raises:
        UsageError: the file cannot be written.
    """
    with writing_bytes(path) as write:
        yield lambda row: _write(write, row)


@contextmanager
def writing_bytes(path: Path) -> Iterator[Callable[[bytes], int]]:
    """A function that appends bytes to `path`; else as `writing_lines`."""
    target = path.resolve()
    is_special = target.exists() and not target.is_file()
    written = target if is_special else target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        stream = written.open("wb")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    try:
        with stream:
            yield stream.write
        if not is_special:
            written.replace(target)
    finally:
        if not is_special:
            written.unlink(missing_ok=True)


def parse_line(number: int, raw: bytes) -> Line:
    """The object that one line holds; `number` is the line's, from 1."""
    try:
        # utf-8-sig: some programs begin a file with a byte order mark.
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        return Line(number, jsonlines.Reader([text]).read(type=dict))
    except UnicodeDecodeError as error:
        return Line(number, None, f"is not UTF-8 (byte {error.start})")
    except jsonlines.InvalidLineError as error:
        return Line(number, None, "is not a JSON object: " + str(error).removesuffix(" (line 1)"))
    except RecursionError:
        return Line(number, None, "is not a JSON object: nested too deeply")


def _write(write: Callable[[bytes], int], row: dict[str, Any]) -> None:
    try:
        line = json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which UTF-8 cannot hold but JSON can
        line = json.dumps(row).encode()
    write(line + b"\n")
