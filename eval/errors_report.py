"""The report of errors as Markdown and as HTML: the same tables and the same cases.

Everything in it comes from articles or from other programs and is escaped.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.release.markdown import escaped, table

from .errors import CATEGORIES, GROUPINGS, OF, Category, Outcome, Side, Traits, counts_by, sample, ways
from .excerpts import Piece, pieces, windows_around
from .report_pages import Table, as_part, to_page, write_files

TEMPLATE = "errors.html.j2"
MEANING: dict[Category, str] = {
    "missed": "Annotated, and no prediction shares half of the words with it.",
    "spurious": "Predicted, and no annotated one shares half of the words with it.",
    "wrong source": "Found, but the sources do not meet.",
    "wrong boundary": "Found, but the contents have not the same letters.",
}
LEGEND = (
    "Each case is shown once as annotated and once as predicted; what is marked as content, source and cue "
    "says so. “Only here” is content that the other side leaves out. “…” stands for text that is left out."
)


@dataclass(frozen=True, slots=True)
class Version:
    """One side's reading of the passage; without pieces if that side has nothing there."""

    label: str
    facts: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """An error in context."""

    document: str
    facts: str
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """All about one category; `count` of its cases there are, some of which are shown."""

    category: Category
    meaning: str
    count: int
    ways: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What both forms show; each table stands under its caption."""

    title: str
    legend: str
    tables: dict[str, Table]
    sections: tuple[Section, ...]


def write_report(title: str, outcomes: Sequence[Outcome], number: int, folder: Path) -> dict[str, Any]:
    """Writes errors.md and errors.html with `number` cases of each category; returns the counts.

    Raises:
        UsageError: the folder cannot be written to.
    """
    report = make_report(title, outcomes, number)
    files = write_files(folder, {"errors.md": to_markdown(report), "errors.html": to_html(report)})
    return {
        "files": files,
        "ways": {category: dict(sorted(counts.items())) for category, counts in ways(outcomes).items()},
        "by": {
            name: {key: dict(sorted(counts.items())) for key, counts in counts_by(outcomes, group).items()}
            for name, group in GROUPINGS.items()
        },
    }


def make_report(title: str, outcomes: Sequence[Outcome], number: int) -> Report:
    """The tables, and `number` cases of each category."""
    tables = {_caption(name): _table(name, outcomes, group) for name, group in GROUPINGS.items()}
    return Report(title, LEGEND, tables, tuple(_section(one, outcomes, number) for one in CATEGORIES))


def _table(name: str, outcomes: Sequence[Outcome], group: Callable[[Traits], str]) -> Table:
    rows = []
    for key, counts in counts_by(outcomes, group).items():
        shares = {category: _share(counts[category], counts[OF[category]]) for category in CATEGORIES}
        found = _share(counts["found"], counts["gold"])
        rows.append(
            (
                key,
                str(counts["gold"]),
                found,
                shares["missed"],
                shares["wrong source"],
                shares["wrong boundary"],
                str(counts["predicted"]),
                shares["spurious"],
            )
        )
    header = (
        name,
        "annotated",
        "found",
        "missed",
        "wrong source, of found",
        "wrong boundary, of found",
        "predicted",
        "spurious, of predicted",
    )
    return Table(header, tuple(rows))


def _caption(grouping: str) -> str:
    return "Counts" if grouping == "all" else f"By {grouping}"


def _share(part: int, whole: int) -> str:
    return f"{part} ({100 * part / whole:.1f} %)" if whole else str(part)


def _section(category: Category, outcomes: Sequence[Outcome], number: int) -> Section:
    how = ways(outcomes)[category]
    listed = ", ".join(f"{way}: {count}" for way, count in sorted(how.items()))
    cases = tuple(_case(outcome, category) for outcome in sample(outcomes, category, number))
    return Section(category, MEANING[category], how.total(), listed, cases)


def _case(outcome: Outcome, category: Category) -> Case:
    traits = outcome.shown.traits
    facts = (
        traits.publisher,
        traits.kind,
        traits.length,
        f"source: {traits.source_type}",
        outcome.errors[category],
    )
    return Case(outcome.document, " · ".join(facts), tuple(_versions(outcome)))


def _versions(outcome: Outcome) -> Iterator[Version]:
    annotated = [outcome.gold] if outcome.gold else outcome.near
    predicted = [outcome.predicted] if outcome.predicted else outcome.near
    windows = windows_around(outcome.text, (side.attribution for side in (*annotated, *predicted)))
    for label, sides, others in (
        ("annotated", annotated, predicted),
        ("predicted", predicted, annotated),
    ):
        elsewhere = frozenset[int]().union(*(side.attribution.letters for side in others))
        if not sides:
            yield Version(label, "", ())
        for side in sides:
            found = pieces(outcome.text, windows, side.attribution, elsewhere)
            yield Version(label, _facts(side), tuple(found))


def _facts(side: Side) -> str:
    confidence = side.attribution.given.get("confidence")
    return "" if confidence is None else f"confidence {confidence:.2f}"


def to_markdown(report: Report) -> str:
    """The report as Markdown."""
    parts = [f"# Errors: {escaped(report.title)}\n", f"{report.legend}\n"]
    parts += [f"## {caption}\n\n{table(one.header, one.rows)}" for caption, one in report.tables.items()]
    for section in report.sections:
        parts.append(f"## {section.category.capitalize()}: {section.count}\n\n{section.meaning}\n")
        if section.ways:
            parts.append(f"{section.ways.capitalize()}.\n")
        parts += [_case_in_markdown(number, case) for number, case in enumerate(section.cases, 1)]
    return "\n".join(parts)


def _case_in_markdown(number: int, case: Case) -> str:
    lines = [f"### {number}. {escaped(case.document)}\n", f"{escaped(case.facts)}\n"]
    for version in case.versions:
        facts = f" ({version.facts})" if version.facts else ""
        passage = "".join(_piece_in_markdown(piece) for piece in version.pieces)
        lines.append(f"- {version.label}{facts}: {escaped(passage) or 'nothing'}")
    return "\n".join(lines) + "\n"


def _piece_in_markdown(piece: Piece) -> str:
    if piece.gap:
        return " … "
    text = as_part(piece.text)
    if piece.role is None:
        return text
    return f"⟦{piece.role}{', only here' if piece.differs else ''}: {text}⟧"


def to_html(report: Report) -> str:
    """The report as one HTML page."""
    return to_page(TEMPLATE, report)
