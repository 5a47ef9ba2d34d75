"""The cheapest reading of all marks of a text together.

Reading a mark as opening, closing or none of both has a cost (`builder.quotes.glyphs`); so have a
mark without its partner, a quotation within another of the same marks, and a quotation that runs
into the next paragraph. The reading with the least sum is found by dynamic programming over the
marks (Viterbi), where the state is the stack of marks that are open. Pairs cannot cross because a
stack closes its last mark first. Time and memory grow with the number of marks: the number of
states kept is bounded.
"""

from collections.abc import Sequence
from enum import Enum

from builder.quotes.glyphs import IMPOSSIBLE, PARTNERS, SINGLE, Mark
from builder.quotes.paragraphs import Paragraph


class Role(Enum):
    """What one mark does."""

    OPENS = "opens"
    CLOSES = "closes"
    REOPENS = "reopens"  # opens anew what the paragraph before left open
    REOPENS_UNCLOSED = "reopens unclosed"  # and nothing closes it
    UNCLOSED = "unclosed"  # opens, and nothing closes
    UNOPENED = "unopened"  # closes, and nothing opened
    NONE = "none"  # no quotation mark: an apostrophe, inches, a slip


# The costs below are on the scale of `Mark`: 0 usual, 1 unusual, 3 a typing error.
UNPAIRED = 4.0  # a mark without its partner
SAME_MARKS_NESTED = 3.0  # within another with the same marks, or single marks within single ones
OTHER_DOUBLE_NESTED = 0.5  # double marks within other double marks
REOPENED = 0.3  # running on into a paragraph that opens anew
RUNS_ON_IN_WRAPPED_LINE = 1.0  # running on into the next line of text broken to a width
RUNS_ON = 6.0  # running on into a paragraph that does not open anew
DEPTH = 3  # more levels are not read
# States kept from one mark to the next: more never changed a reading of real text. A paragraph with
# very many marks is no prose, and gets a quicker look.
BEAM, SLACK = 8, 10.0
MANY_MARKS, NARROW_BEAM = 500, 2

Stack = tuple[str, ...]  # the open marks, outermost first
State = tuple[Stack, int]  # and how many of the innermost are still to be opened anew
Path = tuple["Path", Role] | None  # the role of the last mark, and how it was reached
Reached = dict[State, tuple[float, Path]]  # the cheapest way to each state


def read(lines: Sequence[tuple[Paragraph, Sequence[Mark]]]) -> list[list[Role]]:
    """The role of each mark, paragraph by paragraph."""
    reached: Reached = {((), 0): (0.0, None)}
    for paragraph, marks in lines:
        reached = _enter(reached, paragraph, marks)
        for number, mark in enumerate(marks):
            reached = _prune(_step(reached, mark), BEAM if number < MANY_MARKS else NARROW_BEAM)
    _, path = reached[((), 0)]
    roles: list[Role] = []
    while path is not None:
        path, role = path
        roles.append(role)
    roles.reverse()
    left = iter(roles)
    return [[next(left) for _ in marks] for _, marks in lines]


def _enter(reached: Reached, paragraph: Paragraph, marks: Sequence[Mark]) -> Reached:
    """The states at the start of a paragraph, from those at the end of the one before."""
    entered: Reached = {}
    for (stack, awaited), (cost, path) in reached.items():
        if awaited:
            continue  # the paragraph before should have opened anew and did not
        if not stack:
            _keep(entered, (stack, 0), cost, path)
            continue
        if marks and marks[0].start == paragraph.start:
            _keep(entered, (stack, len(stack)), cost + REOPENED, path)
        _keep(entered, (stack, 0), cost + (RUNS_ON_IN_WRAPPED_LINE if paragraph.wrapped else RUNS_ON), path)
    return entered


def _step(reached: Reached, mark: Mark) -> Reached:
    """The states after a mark, from those before it."""
    after: Reached = {}
    for (stack, awaited), (cost, path) in reached.items():
        if awaited:
            if _may_reopen(stack[-awaited], mark.glyph):
                _keep(after, (stack, awaited - 1), cost, (path, Role.REOPENS))
                if len(stack) == 1:
                    _keep(after, ((), 0), cost + UNPAIRED, (path, Role.REOPENS_UNCLOSED))
            continue
        _keep(after, (stack, 0), cost + mark.ignored, (path, Role.NONE))
        if mark.opens < IMPOSSIBLE and len(stack) < DEPTH:
            nested = cost + mark.opens + _nesting_cost(stack, mark.glyph)
            _keep(after, ((*stack, mark.glyph), 0), nested, (path, Role.OPENS))
        if stack and mark.glyph in PARTNERS[stack[-1]]:
            closed = cost + mark.closes + PARTNERS[stack[-1]][mark.glyph]
            _keep(after, (stack[:-1], 0), closed, (path, Role.CLOSES))
        if not stack and mark.opens < IMPOSSIBLE and mark.glyph not in "'’`´":
            _keep(after, (stack, 0), cost + mark.opens + UNPAIRED, (path, Role.UNCLOSED))
        if not stack and mark.closes < IMPOSSIBLE and not mark.single:
            _keep(after, (stack, 0), cost + mark.closes + UNPAIRED, (path, Role.UNOPENED))
    return after


def _keep(reached: Reached, state: State, cost: float, path: Path) -> None:
    known = reached.get(state)
    if known is None or cost < known[0]:
        reached[state] = (cost, path)


def _may_reopen(opened: str, glyph: str) -> bool:
    # French typesetting begins the paragraphs of a long quotation with its closing mark.
    return glyph == opened or {glyph, opened} in ({"«", "»"}, {"‹", "›"})


def _nesting_cost(stack: Stack, glyph: str) -> float:
    if not stack:
        return 0.0
    if glyph in stack or (glyph in SINGLE and stack[-1] in SINGLE):
        return SAME_MARKS_NESTED
    return OTHER_DOUBLE_NESTED if glyph not in SINGLE and stack[-1] not in SINGLE else 0.0


def _prune(reached: Reached, beam: int) -> Reached:
    """The best states, and always the one with nothing open: it can go on whatever follows."""
    if len(reached) <= 1:
        return reached
    nothing_open: State = ((), 0)
    limit = min(cost for cost, _ in reached.values()) + SLACK
    ranked = sorted(reached.items(), key=lambda item: (item[1][0], item[0]))
    return {
        state: way
        for rank, (state, way) in enumerate(ranked)
        if state == nothing_open or (rank < beam and way[0] <= limit)
    }
