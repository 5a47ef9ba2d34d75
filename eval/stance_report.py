"""The report of a stance classifier's weak spots as Markdown and as HTML, with its charts as SVG.

The cases quote the corpora: keep a report out of the repository.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.release.charts import calibration_chart
from builder.release.markdown import escaped, table
from builder.release.quality import Bin

from .charts import Curve, line_chart
from .report_pages import Table, as_part, to_page, write_files

TEMPLATE = "stance.html.j2"
AROUND = 300  # characters of context that are shown on either side of a quotation

LEGEND = (
    "F1 is the mean over the labels that occur. The calibration error (ECE) is told from chance where it is "
    "above the 95th percentile of that of a classifier whose confidences are exactly right. AURC is the mean "
    "share of errors among the most confident answers, over all shares of them. Accepted is what needs no "
    "person where the threshold is chosen on half of the labels, by the exact bound, and tried on the rest."
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotation in its context: what stands before it, itself, what follows."""

    before: str
    quotation: str
    after: str


@dataclass(frozen=True, slots=True)
class Case:
    """A wrong answer."""

    id: str
    facts: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and the name of its file."""

    file: str
    caption: str
    svg: str


@dataclass(frozen=True, slots=True)
class Section:
    """All about one corpus."""

    corpus: str
    tables: dict[str, Table]
    charts: tuple[Chart, ...]
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What both forms show."""

    title: str
    legend: str
    overview: Table
    sections: tuple[Section, ...]


def write_report(figures: Mapping[str, Any], folder: Path) -> list[str]:
    """Writes stance.md, stance.html and the charts of each corpus; returns the paths.

    Raises:
        UsageError: the folder cannot be written to.
    """
    report = make_report(figures)
    charts = {chart.file: chart.svg for section in report.sections for chart in section.charts}
    pages = {"stance.md": to_markdown(report), "stance.html": to_page(TEMPLATE, report)}
    return write_files(folder, pages | charts)


def make_report(figures: Mapping[str, Any]) -> Report:
    """The report of what `python -m eval stance` measured."""
    sections = tuple(_section(corpus, found) for corpus, found in figures["corpora"].items())
    return Report(f"{figures['model']}, {figures['split']}", LEGEND, overview(figures["corpora"]), sections)


def overview(corpora: Mapping[str, Mapping[str, Any]]) -> Table:
    """One line a corpus."""
    header = ("corpus", "rows", "missing", "F1", "right", "ECE", "by chance", "AURC", "accepted")
    rows = [
        (
            corpus,
            str(one["n"]),
            str(one["missing"]),
            _number(one["macro_f1"]),
            _number(one["accuracy"]),
            _number(one["ece"]),
            f"up to {_number(one['ece_by_chance'])}",
            _number(one["aurc"]),
            f"{one['accepted']['coverage']:.1%}",
        )
        for corpus, one in corpora.items()
    ]
    return Table(header, tuple(rows))


def tables_of(found: Mapping[str, Any]) -> dict[str, Table]:
    """The tables of one corpus, by their captions."""
    return {
        "By label": _labels(found["by_label"]),
        "Confusion": _confusion(found["confusion"]),
        **{f"By {name}": _groups(name, groups) for name, groups in found["by"].items()},
        "Confidence and what it is worth": _reliability(found["reliability"]),
        "Errors among the surest": _risks(found["risk_coverage"]),
        "Accepted without a person, the threshold chosen on half of the labels": _accepted(found["accepted"]),
    }


def _labels(by_label: Mapping[str, Mapping[str, float]]) -> Table:
    rows = [
        (
            label,
            str(one["gold"]),
            str(one["answered"]),
            *(_number(one[name]) for name in ("precision", "recall", "f1")),
        )
        for label, one in by_label.items()
    ]
    return Table(("label", "rows", "answered", "precision", "recall", "F1"), tuple(rows))


def _confusion(confusion: Mapping[str, Mapping[str, int]]) -> Table:
    columns = tuple(next(iter(confusion.values()), {}))
    rows = [(label, *(str(counts[one]) for one in columns)) for label, counts in confusion.items()]
    return Table(("labelled as", *(f"answered {one}" for one in columns)), tuple(rows))


def _groups(name: str, groups: Mapping[str, Mapping[str, float]]) -> Table:
    rows = [
        (
            group,
            str(one["n"]),
            *(_number(one[figure]) for figure in ("macro_f1", "accuracy", "confidence")),
        )
        for group, one in groups.items()
    ]
    return Table((name, "rows", "F1", "right", "mean confidence"), tuple(rows))


def _reliability(bins: Sequence[Mapping[str, float]]) -> Table:
    rows = [
        (
            f"{one['low']:.2f} to {one['high']:.2f}",
            str(one["rows"]),
            _number(one["confidence"]),
            _number(one["right"] / one["rows"]),
        )
        for one in bins
    ]
    return Table(("confidence", "rows", "mean confidence", "right"), tuple(rows))


def _risks(points: Sequence[Mapping[str, float]]) -> Table:
    rows = [
        (f"{point['coverage']:.0%}", _number(point["confidence"]), _number(point["risk"])) for point in points
    ]
    return Table(("share answered", "least confidence", "errors"), tuple(rows))


def _accepted(found: Mapping[str, Any]) -> Table:
    error = "–" if found["error"] is None else f"{found['error']:.1%}"
    rows = [
        ("labels that it is chosen on", str(found["labels"])),
        ("accepted of the other half, on average", f"{found['coverage']:.1%}"),
        ("in nine of ten draws", f"{found['lowest']:.1%} to {found['highest']:.1%}"),
        ("errors among what is accepted", error),
        ("draws in which nothing can be accepted", f"{found['nothing']:.0%}"),
        ("accepted with all labels", f"{found['all']:.1%}"),
    ]
    return Table(("", "share"), tuple(rows))


def _number(value: float) -> str:
    return f"{value:.3f}"


def _section(corpus: str, found: Mapping[str, Any]) -> Section:
    cases = tuple(_case(one) for one in found["worst"])
    return Section(corpus, tables_of(found), tuple(_charts(corpus, found)), cases)


def _charts(corpus: str, found: Mapping[str, Any]) -> Iterator[Chart]:
    if found["reliability"]:
        drawn = calibration_chart(Bin(**one) for one in found["reliability"])
        yield Chart(f"{corpus}-reliability.svg", "Share of right answers by confidence", drawn)
        points = tuple((one["coverage"], one["risk"]) for one in found["risk_coverage"])
        title = f"Risk and coverage on {corpus}"
        axes = "share answered, the surest first", "share of errors among these"
        drawn = line_chart(title, *axes, [Curve(corpus, points)], percent=True)
        yield Chart(f"{corpus}-risk-coverage.svg", "Errors by share of answers", drawn)


def _case(one: Mapping[str, Any]) -> Case:
    facts = (
        f"labelled {one['label']}, answered {one['answer']} ({one['confidence']:.2f})",
        f"toward {one['target']}",
        f"said by {one['speaker']}" if one["speaker"] else "speaker unknown",
    )
    return Case(str(one["id"]), " · ".join(facts), passage_of(one["text"], one["context"]))


def passage_of(text: str, context: str) -> Passage:
    """A quotation in its context; where it does not stand there in one piece, the context follows it."""
    start = context.find(text)
    if start < 0:
        return Passage("", text, f" ({_cut_end(context, 2 * AROUND)})" if context else "")
    end = start + len(text)
    return Passage(_cut_start(context[:start], AROUND), text, _cut_end(context[end:], AROUND))


def _cut_start(text: str, most: int) -> str:
    return text if len(text) <= most else f"…{text[-most:]}"


def _cut_end(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def to_markdown(report: Report) -> str:
    """The report as Markdown; the charts lie beside it."""
    parts = [f"# Stance: {escaped(report.title)}\n", f"{report.legend}\n"]
    parts.append(table(report.overview.header, report.overview.rows))
    for section in report.sections:
        parts.append(f"## {escaped(section.corpus)}\n")
        parts += [
            f"### {caption}\n\n{table(one.header, one.rows)}" for caption, one in section.tables.items()
        ]
        parts += [f"![{chart.caption}]({chart.file})\n" for chart in section.charts]
        if section.cases:
            parts.append("### The errors it was surest of\n")
        parts += [_case_in_markdown(number, case) for number, case in enumerate(section.cases, 1)]
    return "\n".join(parts)


def _case_in_markdown(number: int, case: Case) -> str:
    before, quotation, after = map(as_part, (case.passage.before, case.passage.quotation, case.passage.after))
    passage = escaped(f"{before}⟦{quotation}⟧{after}")
    return f"{number}. {escaped(case.id)}: {escaped(case.facts)}\n   {passage}\n"
