"""Glob patterns, matched one name at a time, so that a search enters no folder in vain.

A pattern is the list of its parts between slashes. A place in it is the number of parts that are
matched; several can be reached by the same names. As in a shell, `**` stands for any number of
folders, and names that begin with a dot match only parts that do; what lies in a folder that the
whole pattern matches is matched too.
"""

import glob
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

ANY_FOLDERS = "**"

Places = frozenset[int]


def before_any(parts: Sequence[str]) -> Places:
    """The places reached before any name."""
    return _passed_over(parts, [0])


def after(parts: Sequence[str], places: Places, name: str) -> Places:
    """The places reached by one more name; none if nothing below it can match."""
    return _passed_over(parts, (found for place in places for found in _next(parts, place, name)))


def is_matched(parts: Sequence[str], places: Places, name: str) -> bool:
    """Whether a file of that name matches, in a folder that reaches `places`."""
    return any(_ends(parts[place:], name) for place in places)


def _next(parts: Sequence[str], place: int, name: str) -> list[int]:
    if place == len(parts) or parts[place] == ANY_FOLDERS:
        return [] if name.startswith(".") else [place]
    return [place + 1] if _fits(name, parts[place]) else []


def _ends(rest: Sequence[str], name: str) -> bool:
    # A `**` at the end stands for files too, but what is before it for folders only.
    if all(part == ANY_FOLDERS for part in rest):
        return not name.startswith(".")
    return len(rest) == 1 and _fits(name, rest[0])


def _fits(name: str, part: str) -> bool:
    if not glob.has_magic(part):
        return name == part
    return fnmatchcase(name, part) and (part.startswith(".") or not name.startswith("."))


def _passed_over(parts: Sequence[str], places: Iterable[int]) -> Places:
    """The places, and those behind each `**`, which may stand for no folder at all."""
    found = set()
    for start in places:
        place = start
        found.add(place)
        while place < len(parts) and parts[place] == ANY_FOLDERS:
            place += 1
            found.add(place)
    return frozenset(found)
