"""The part of a text in which quotations stand, cut into pieces that are marked with their roles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from .metrics.attribution import Attribution

Role = Literal["source", "cue", "content"]
ROLES: tuple[Role, ...] = ("content", "source", "cue")  # a later one is shown where two overlap
CONTEXT = 200  # characters that are shown around either end of every span, within its paragraph


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one role, or of none; a `gap` stands for text that is not shown.

    `differs` says that the other side leaves it out of its content.
    """

    text: str
    role: Role | None = None
    differs: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a text that is shown."""

    start: int
    end: int


def windows_around(text: str, shown: Iterable[Attribution]) -> list[Window]:
    """What to show of a text: the surroundings of all ends of spans, however long the spans are."""
    ends = sorted(
        {
            min(max(end, 0), len(text))
            for one in shown
            for role in ROLES
            for span in one.given.get(role) or ()
            for end in span
        }
    )
    windows: list[Window] = []
    for end in ends:
        start, stop = _surroundings(text, end)
        if windows and not text[windows[-1].end : start].strip():
            windows[-1] = Window(windows[-1].start, max(stop, windows[-1].end))
        else:
            windows.append(Window(start, stop))
    return windows


def _surroundings(text: str, position: int) -> tuple[int, int]:
    """Up to the limits of the paragraph or, if these are far, to a blank near the limit of the context."""
    low, high = max(position - CONTEXT, 0), min(position + CONTEXT, len(text))
    start = max(text.rfind("\n", low, position) + 1, low)
    stop = text.find("\n", position, high)
    stop = stop if stop >= 0 else high
    if _is_inside(text, start):
        blank = text.find(" ", start, position)
        start = blank + 1 if blank >= 0 else start
    if _is_inside(text, stop):
        blank = text.rfind(" ", position, stop)
        stop = blank if blank >= 0 else stop
    return start, stop


def _is_inside(text: str, position: int) -> bool:
    """Whether a paragraph goes on across a position."""
    return 0 < position < len(text) and "\n" not in text[position - 1 : position + 1]


def pieces(
    text: str, windows: Sequence[Window], one: Attribution, elsewhere: frozenset[int] | None = None
) -> list[Piece]:
    """The shown part of the text with a quotation marked, and what of its content the other side leaves out.

    `elsewhere` are the letters of that; without it nothing differs.
    """
    role_at = _roles(text, one)
    differing = one.letters - elsewhere if elsewhere else frozenset()
    cut: list[Piece] = []
    for number, window in enumerate(windows):
        if number or _is_inside(text, window.start):
            cut.append(Piece("", gap=True))
        marked = []
        differs, before = False, None
        for position in range(window.start, window.end):
            role = role_at.get(position)
            # Marks and blanks go with the letter before them, or with the next one where a role begins.
            if role != before or text[position].isalnum():
                differs = _next_letter(text, position, window.end) in differing
            marked.append((role, differs and role == "content", text[position]))
            before = role
        for (role, differs_here), run in groupby(marked, key=lambda one: one[:2]):
            cut.append(Piece("".join(character for *_, character in run), role, differs_here))
    if windows and _is_inside(text, windows[-1].end):
        cut.append(Piece("", gap=True))
    return cut


def _next_letter(text: str, position: int, end: int) -> int | None:
    return next((one for one in range(position, end) if text[one].isalnum()), None)


def _roles(text: str, one: Attribution) -> dict[int, Role]:
    return {
        position: role
        for role in ROLES
        for start, end in one.given.get(role) or ()
        for position in range(max(start, 0), min(end, len(text)))
    }
