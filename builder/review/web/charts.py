"""The geometry of the session page's charts, which its templates draw as SVG.

Units are those of the drawing, 1 being a pixel where it has its natural width.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 340, 210
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 30  # room for the axes
BAR, BETWEEN = 22, 14
NUMBERS = 84  # room for number and share behind the bars
NAMES = 84  # room for the labels beside the bars
EDGE = 2  # below the last bar, whose round corners are cut otherwise


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a drawing, with what stands there in words."""

    x: float
    y: float
    meaning: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    place: float
    text: str


@dataclass(frozen=True, slots=True)
class Trace:
    """A line through points; `path` is its SVG path."""

    name: str
    points: tuple[Point, ...]
    path: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """Traces over two axes; `ideal` is the path of a line to compare them with, empty for none."""

    traces: tuple[Trace, ...]
    across: tuple[Tick, ...]
    upward: tuple[Tick, ...]
    ideal: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar, with its name, its number and its share of all."""

    name: str
    y: float
    width: float
    number: int
    share: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars, one below the other: where they begin, and the room that they have."""

    bars: tuple[Bar, ...]
    left: float
    room: float
    height: float


def bar_chart(numbers: Mapping[str, int]) -> BarChart:
    """Shares as bars, in the order of `numbers`."""
    total, most = sum(numbers.values()) or 1, max(numbers.values(), default=0) or 1
    room = WIDTH - NAMES - NUMBERS
    step = BAR + BETWEEN
    drawn = [
        Bar(name, index * step, room * number / most, number, number / total)
        for index, (name, number) in enumerate(numbers.items())
    ]
    return BarChart(tuple(drawn), NAMES, room, max(len(drawn) * step - BETWEEN, BAR) + EDGE)


def time_chart(shares: Sequence[tuple[float, str]]) -> LineChart:
    """Shares one after the other, each with its meaning in words, as a line from left to right."""
    last = max(len(shares) - 1, 1)
    points = [(index / last, share, meaning) for index, (share, meaning) in enumerate(shares)]
    return LineChart(
        traces=(_trace("", points),),
        across=(Tick(_x(0), "first answers"), Tick(_x(1), "latest")),
        upward=_shares_upward(),
    )


def confidence_chart(series: Mapping[str, Sequence[tuple[float, float, str]]]) -> LineChart:
    """A line for each series of confidence, share of people who agree and meaning; and the diagonal."""
    return LineChart(
        traces=tuple(_trace(name, points) for name, points in series.items()),
        across=tuple(Tick(_x(tenth / 10), f"{10 * tenth} %") for tenth in (0, 5, 10)),
        upward=_shares_upward(),
        ideal=_path([(_x(0.0), _y(0.0)), (_x(1.0), _y(1.0))]),
    )


def _trace(name: str, points: Sequence[tuple[float, float, str]]) -> Trace:
    placed = tuple(Point(_x(x), _y(y), meaning) for x, y, meaning in points)
    return Trace(name, placed, _path([(point.x, point.y) for point in placed]))


def _shares_upward() -> tuple[Tick, ...]:
    return tuple(Tick(_y(quarter / 4), f"{25 * quarter} %") for quarter in range(0, 5, 2))


def _x(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _y(share: float) -> float:
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) if points else ""
