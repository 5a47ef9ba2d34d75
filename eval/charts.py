"""Curves as SVG, drawn with the pieces that the charts of a release's card are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from builder.release.svg import COLOURS, QUIET, QUIETER, drawing, line, words

LEFT, TOP, WIDTH, HEIGHT = 60, 20, 520, 300  # of the field that the curves stand in
STEPS = 5  # between the lines of the grid
LEGEND_LINE = 18


@dataclass(frozen=True, slots=True)
class Curve:
    """Points (across, up) that are joined in their order."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """What part of the plane is shown."""

    low: tuple[float, float]
    high: tuple[float, float]

    def place(self, point: tuple[float, float]) -> tuple[float, float]:
        """Where a point is drawn."""
        across, up = (
            (value - low) / (high - low) for value, low, high in zip(point, self.low, self.high, strict=True)
        )
        return LEFT + WIDTH * across, TOP + HEIGHT * (1 - up)


def line_chart(
    title: str,
    across: str,
    up: str,
    curves: Sequence[Curve],
    goal: float | None = None,
    percent: bool = False,
) -> str:
    """Curves over a grid, with a legend below; a `goal` is a line across all of it.

    `across` and `up` name the axes; with `percent` the numbers are shares.
    """
    points = [point for curve in curves for point in curve.points]
    field = _Field(
        (min(one for one, _ in points), _rounded_down([one for _, one in points])),
        (max(one for one, _ in points), max(one for _, one in points)),
    )
    if field.low[0] == field.high[0] or field.low[1] == field.high[1]:
        field = _Field(field.low, (field.low[0] + 1, field.low[1] + 1))
    parts = [*_grid(field, percent), *_axes(across, up)]
    if goal is not None:
        height = field.place((field.low[0], goal))[1]
        parts.append(line(LEFT, height, LEFT + WIDTH, height, QUIET))
        parts.append(words(LEFT + WIDTH, height - 4, f"{goal:.3f}", "end"))
    bottom = TOP + HEIGHT + 50
    for number, curve in enumerate(curves):
        colour = COLOURS[number % len(COLOURS)]
        parts.append(_polyline([field.place(point) for point in curve.points], colour))
        down = bottom + LEGEND_LINE * number
        parts.append(f'<rect x="{LEFT}" y="{down - 10}" width="12" height="12" fill="{colour}"/>')
        parts.append(words(LEFT + 18, down, curve.name, "start"))
    height_of_all = bottom + LEGEND_LINE * len(curves)
    return drawing(LEFT + WIDTH + 2 * TOP, height_of_all, title, parts)


def _rounded_down(values: Sequence[float]) -> float:
    """The lowest of some values; 0 where that is near, so that a grid begins where one expects it."""
    low, high = min(values), max(values)
    return 0.0 if 0 <= low < high / 4 else low


def _grid(field: _Field, percent: bool) -> Iterable[str]:
    for step in range(STEPS + 1):
        at = tuple(low + (high - low) * step / STEPS for low, high in zip(field.low, field.high, strict=True))
        across, up = field.place((at[0], at[1]))
        yield line(across, TOP, across, TOP + HEIGHT, QUIETER)
        yield line(LEFT, up, LEFT + WIDTH, up, QUIETER)
        yield words(across, TOP + HEIGHT + 16, _number(at[0], percent), "middle")
        yield words(LEFT - 6, up + 4, _number(at[1], percent), "end")


def _axes(across: str, up: str) -> Iterable[str]:
    yield line(LEFT, TOP + HEIGHT, LEFT + WIDTH, TOP + HEIGHT)
    yield line(LEFT, TOP, LEFT, TOP + HEIGHT)
    yield words(LEFT + WIDTH / 2, TOP + HEIGHT + 32, across, "middle")
    yield words(LEFT, TOP - 6, up, "start")


def _polyline(points: Sequence[tuple[float, float]], colour: str) -> str:
    joined = " ".join(f"{across:.1f},{up:.1f}" for across, up in points)
    return f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _number(value: float, percent: bool) -> str:
    if percent:
        return f"{100 * value:.0f} %"
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.2f}"
