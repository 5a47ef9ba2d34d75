"""The charts on the card, as SVG: the same numbers, the same bytes."""

from collections.abc import Iterable, Sequence

from builder.release.quality import Bin, Quality
from builder.release.statistics import Statistics, TargetCounts, of_most_rows
from builder.release.svg import COLOURS, QUIET, QUIETER, drawing, line, words

FOLDER = "charts"
LABELS, CALIBRATION = f"{FOLDER}/labels.svg", f"{FOLDER}/calibration.svg"

ACCEPTED, UNDECIDED = QUIET, QUIETER
MOST_TARGETS = 40  # as many bars as one looks at

WIDTH, MARGIN, LINE = 720, 20, 24
NAMES = 220  # wide enough for some thirty letters
LETTERS = 30
SIDE = 300  # of the calibration plot


def charts_of(statistics: Statistics, quality: Quality) -> dict[str, str]:
    """The charts that there is something to draw for, by their paths within the release."""
    charts = {}
    if statistics.targets:
        charts[LABELS] = label_chart(statistics.targets)
    if quality.bins:
        charts[CALIBRATION] = calibration_chart(quality.bins)
    return charts


def label_chart(targets: Sequence[TargetCounts]) -> str:
    """A bar for each target: labels by people, what was accepted from the model, what is undecided."""
    shown = of_most_rows(targets, MOST_TARGETS)
    labels = [label for label, _ in shown[0].labels]
    colours = [*(COLOURS[number % len(COLOURS)] for number in range(len(labels))), ACCEPTED, UNDECIDED]
    parts = list(_legend([*labels, "by the model", "undecided"], colours))
    for number, target in enumerate(shown):
        accepted = target.rows - target.unlabelled - target.reviewed_rows
        counts = [*(rows for _, rows in target.reviewed), accepted, target.unlabelled]
        parts += _bar(target, counts, colours, 2 * MARGIN + LINE * (number + 1))
    return drawing(WIDTH, 3 * MARGIN + LINE * (len(shown) + 1), "Labels by target", parts)


def calibration_chart(bins: Iterable[Bin]) -> str:
    """How often the model was right, against its confidence; the area of a point is its number of rows."""
    left, bottom = 3 * MARGIN, MARGIN + SIDE
    parts = [line(left, bottom, left + SIDE, bottom), line(left, bottom, left, bottom - SIDE)]
    parts.append(line(left, bottom, left + SIDE, bottom - SIDE, UNDECIDED))
    for step in range(0, 101, 20):
        offset = SIDE * step / 100
        parts.append(words(left + offset, bottom + 16, f"{step} %", "middle"))
        parts.append(words(left - 6, bottom - offset + 4, f"{step} %", "end"))
    parts.append(words(left + SIDE / 2, bottom + 36, "confidence of the model", "middle"))
    parts.append(words(left, MARGIN - 6, "share that people confirmed", "start"))
    some = list(bins)
    most = max(one.rows for one in some)
    for one in some:
        across, up = left + SIDE * one.confidence, bottom - SIDE * one.right / one.rows
        radius = 3 + 9 * (one.rows / most) ** 0.5
        told = f"confidence {one.confidence:.2f}, {one.right} of {one.rows} right"
        parts.append(
            f'<circle cx="{across:.1f}" cy="{up:.1f}" r="{radius:.1f}" fill="{COLOURS[0]}" '
            f'fill-opacity="0.7"><title>{told}</title></circle>'
        )
    return drawing(left + SIDE + 2 * MARGIN, bottom + 3 * MARGIN, "Calibration of the stance model", parts)


def _legend(names: Sequence[str], colours: Sequence[str]) -> Iterable[str]:
    across = float(NAMES)
    for name, colour in zip(names, colours, strict=True):
        yield f'<rect x="{across:.1f}" y="{MARGIN}" width="12" height="12" fill="{colour}"/>'
        yield words(across + 17, MARGIN + 10, name, "start")
        across += 34 + 7 * len(name)


def _bar(target: TargetCounts, counts: Sequence[int], colours: Sequence[str], top: float) -> Iterable[str]:
    name = target.name if len(target.name) <= LETTERS else target.name[: LETTERS - 1] + "…"
    yield words(NAMES - 10, top + 13, name, "end")
    across, room = float(NAMES), WIDTH - NAMES - 3 * MARGIN
    for count, colour in zip(counts, colours, strict=True):
        width = room * count / target.rows
        if count:
            yield f'<rect x="{across:.1f}" y="{top}" width="{width:.1f}" height="16" fill="{colour}"/>'
        across += width
    yield words(across + 6, top + 13, str(target.rows), "start")
