"""The charts on the card, as SVG: the same numbers, the same bytes."""

from collections.abc import Iterable, Sequence
from html import escape

from builder.release.quality import Bin, Quality
from builder.release.statistics import Statistics, TargetCounts

FOLDER = "charts"
LABELS, CALIBRATION = f"{FOLDER}/labels.svg", f"{FOLDER}/calibration.svg"

# Told apart by people with any colour vision: Okabe and Ito 2008, "Color Universal Design".
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442")
ACCEPTED, UNDECIDED = "#808080", "#cccccc"
MOST_TARGETS = 40  # as many bars as one looks at; the card's table has them all

WIDTH, MARGIN, LINE = 720, 20, 24
NAMES = 220  # wide enough for some thirty letters
LETTERS = 30
SIDE = 300  # of the calibration plot
FONT = 'font-family="sans-serif" font-size="12"'


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
    shown = sorted(targets, key=lambda one: (-one.rows, one.id))[:MOST_TARGETS]
    labels = [label for label, _ in shown[0].labels]
    colours = [*(COLOURS[number % len(COLOURS)] for number in range(len(labels))), ACCEPTED, UNDECIDED]
    parts = list(_legend([*labels, "by the model", "undecided"], colours))
    for number, target in enumerate(shown):
        accepted = target.rows - target.unlabelled - target.reviewed_rows
        counts = [*(rows for _, rows in target.reviewed), accepted, target.unlabelled]
        parts += _bar(target, counts, colours, 2 * MARGIN + LINE * (number + 1))
    return _svg(WIDTH, 3 * MARGIN + LINE * (len(shown) + 1), "Labels by target", parts)


def calibration_chart(bins: Iterable[Bin]) -> str:
    """How often the model was right, against its confidence; the area of a point is its number of rows."""
    left, bottom = 3 * MARGIN, MARGIN + SIDE
    parts = [_line(left, bottom, left + SIDE, bottom), _line(left, bottom, left, bottom - SIDE)]
    parts.append(_line(left, bottom, left + SIDE, bottom - SIDE, UNDECIDED))
    for step in range(0, 101, 20):
        offset = SIDE * step / 100
        parts.append(_text(left + offset, bottom + 16, f"{step} %", "middle"))
        parts.append(_text(left - 6, bottom - offset + 4, f"{step} %", "end"))
    parts.append(_text(left + SIDE / 2, bottom + 36, "confidence of the model", "middle"))
    parts.append(_text(left, MARGIN - 6, "share that people confirmed", "start"))
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
    return _svg(left + SIDE + 2 * MARGIN, bottom + 3 * MARGIN, "Calibration of the stance model", parts)


def _legend(names: Sequence[str], colours: Sequence[str]) -> Iterable[str]:
    across = float(NAMES)
    for name, colour in zip(names, colours, strict=True):
        yield f'<rect x="{across:.1f}" y="{MARGIN}" width="12" height="12" fill="{colour}"/>'
        yield _text(across + 17, MARGIN + 10, name, "start")
        across += 34 + 7 * len(name)


def _bar(target: TargetCounts, counts: Sequence[int], colours: Sequence[str], top: float) -> Iterable[str]:
    name = target.name if len(target.name) <= LETTERS else target.name[: LETTERS - 1] + "…"
    yield _text(NAMES - 10, top + 13, name, "end")
    across, room = float(NAMES), WIDTH - NAMES - 3 * MARGIN
    for count, colour in zip(counts, colours, strict=True):
        width = room * count / target.rows
        if count:
            yield f'<rect x="{across:.1f}" y="{top}" width="{width:.1f}" height="16" fill="{colour}"/>'
        across += width
    yield _text(across + 6, top + 13, str(target.rows), "start")


def _text(across: float, down: float, text: str, anchor: str) -> str:
    return f'<text x="{across:.1f}" y="{down:.1f}" text-anchor="{anchor}" {FONT}>{escape(text)}</text>'


def _line(left: float, top: float, right: float, bottom: float, colour: str = "#000000") -> str:
    ends = f'x1="{left:.1f}" y1="{top:.1f}" x2="{right:.1f}" y2="{bottom:.1f}"'
    return f'<line {ends} stroke="{colour}"/>'


def _svg(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img">',
            f"<title>{escape(title)}</title>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            *parts,
            "</svg>\n",
        ]
    )
